// The page of a training run, and what it is made of.
#include "tools/page.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "fixtures.hpp"
#include "folder.hpp"
#include "png_reader.hpp"
#include "strict_html.hpp"
#include "tools/markup.hpp"
#include "tools/run_page.hpp"

using namespace fixture;

namespace {

constexpr double gap = tool::EpochFigures::none;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t n = text.find(part); n != std::string::npos; n = text.find(part, n + 1)) ++count;
  return count;
}

tool::Chart chart_of(const std::vector<double>& values) {
  tool::Chart chart{"Loss", "", "epoch", "nats", {{"training", {}}}};
  for (std::size_t n = 0; n < values.size(); ++n)
    chart.series[0].points.push_back({static_cast<double>(n + 1), values[n]});
  return chart;
}

// The d of the path of this kind; empty if there is none.
std::string path(const std::string& drawing, const std::string& kind) {
  const std::string begin = "<path class=\"" + kind + "\" d=\"";
  const std::size_t place = drawing.find(begin);
  if (place == std::string::npos) return "";
  return drawing.substr(place + begin.size(), drawing.find('"', place + begin.size()) - place - begin.size());
}

tool::Model small_model() {
  tool::Model model(4, 3, {2, 2});
  for (std::size_t n = 0; n < model.weights.size(); ++n) model.weights[n] = static_cast<float>(n) / 12 - 0.5f;
  return model;
}

tool::TrainingRun full_run(const tool::Model& model) {
  tool::TrainingRun run;
  run.title = "a <b> & \"c\".safetensors";
  run.data_name = "data/x&y";
  run.examples = 60000;
  run.validation_examples = 10000;
  run.model = &model;
  for (std::size_t epoch = 1; epoch <= 12; ++epoch) {
    const double x = static_cast<double>(epoch);
    run.epochs.push_back({epoch, -x, 0.1 / x, 0.2 / x, x / 10, -90 + x, -91 + x,
                          epoch % 5 == 0 ? -100 + x : gap, epoch % 5 == 0 ? -101 + x : gap});
  }
  run.log_likelihood_method = "exact";
  run.activities = {0.1f, 0.5f, 0.9f};
  run.samples = std::vector<float>(8, 0.5f);
  run.samples_caption = "two chains";
  run.originals = run.reconstructions = std::vector<float>(12, 1.0f);
  run.options = {{"--hidden", "3"}, {"--out", "<here>"}};
  run.command = "rbm train 'data/x&y' --out '<here>'";
  return run;
}

}  // namespace

TEST_CASE("markup: what HTML would take for its own is escaped") {
  CHECK(tool::escaped("a<b>&\"c\" 'd'\n\t−é") == "a&lt;b&gt;&amp;&quot;c&quot; 'd'\n\t−é");
  CHECK(tool::escaped("&amp;") == "&amp;amp;");
  CHECK(tool::escaped(std::string("\0\x1b\x7f", 3)) == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(tool::escaped("a\xff") == "a\xef\xbf\xbd");
}

TEST_CASE("base64: the vectors of RFC 4648, and every byte") {
  const auto encoded = [](const std::string& text) { return tool::base64({text.begin(), text.end()}); };
  CHECK(encoded("") == "");
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foob") == "Zm9vYg==");
  CHECK(encoded("fooba") == "Zm9vYmE=");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(tool::base64({0xfb, 0xff, 0xbf}) == "+/+/");
  CHECK(tool::base64({0, 0, 0, 0xff}) == "AAAA/w==");
}

TEST_CASE("charts: a line is broken where a value is not finite, and a point alone is a dot") {
  const std::string whole = tool::drawing(chart_of({1, 2, 3, 4, 5, 6}));
  CHECK(count_of(path(whole, "line s0"), "M") == 1);
  CHECK(path(whole, "dot s0").empty());
  const std::string broken = tool::drawing(chart_of({gap, 1, 2, gap, HUGE_VAL, 3, gap, 4, 5, -HUGE_VAL}));
  CHECK(count_of(path(broken, "line s0"), "M") == 2);
  CHECK(count_of(path(broken, "dot s0"), "M") == 1);
  for (const std::string& drawing : {whole, broken}) {
    CHECK_FALSE(has(drawing, "nan"));
    CHECK_FALSE(has(drawing, "inf"));
  }
  CHECK(tool::has_data(chart_of({gap, 1})));
  CHECK_FALSE(tool::has_data(chart_of({gap, HUGE_VAL, 1e300})));
  CHECK_FALSE(tool::has_data(chart_of({})));
}

TEST_CASE("charts: the line passes through its points") {
  // The axes are 0 to 10 and 1 to 3: the second point lies in the middle of both.
  const std::string line = path(tool::drawing(chart_of({0, 5, 10})), "line s0");
  std::vector<double> numbers;
  for (std::size_t n = 0; n < line.size();) {
    if (line[n] == 'M' || line[n] == 'L' || line[n] == ',' || line[n] == ' ') {
      ++n;
      continue;
    }
    std::size_t used = 0;
    numbers.push_back(std::stod(line.substr(n), &used));
    n += used;
  }
  REQUIRE(numbers.size() == 6);
  CHECK(numbers[2] == doctest::Approx((numbers[0] + numbers[4]) / 2).epsilon(0.001));
  CHECK(numbers[3] == doctest::Approx((numbers[1] + numbers[5]) / 2).epsilon(0.001));
  CHECK(numbers[0] < numbers[4]);
  CHECK(numbers[1] > numbers[5]);  // up is less
}

TEST_CASE("charts: 10,000 points take little room, and no extreme is lost") {
  std::vector<double> values(10000, 0.0);
  values[4321] = 1, values[7654] = -1;
  const std::string drawing = tool::drawing(chart_of(values));
  CHECK(drawing.size() < 50000);
  const std::string line = path(drawing, "line s0");
  tool::Chart flat = chart_of({0, 1, -1});
  const std::string ends = path(tool::drawing(flat), "line s0");
  const auto height = [](const std::string& text, std::size_t comma) {
    return text.substr(comma + 1, text.find_first_of(" L\"", comma) - comma - 1);
  };
  const std::size_t second = ends.find(',', ends.find('L')), third = ends.find(',', second + 1);
  CHECK(has(line, "," + height(ends, second)));
  CHECK(has(line, "," + height(ends, third)));
}

TEST_CASE("charts: values that never change, or are negative, zero, tiny or huge") {
  for (const double value : {0.0, 0.05, -196.3, 1e-30, -1e30, 1e99}) {
    for (const std::size_t count : {1u, 2u, 100u}) {
      const std::string drawing = tool::drawing(chart_of(std::vector<double>(count, value)));
      CHECK(path(drawing, count == 1 ? "dot s0" : "line s0").size() > 3);
      CHECK_FALSE(has(drawing, "nan"));
    }
  }
}

TEST_CASE("histograms: every finite value is counted once, in the bin that holds it") {
  std::mt19937 random(1);
  std::vector<float> values{fixture::nan, infinity, -infinity, 0.5f, -0.25f};
  for (int n = 0; n < 5000; ++n) values.push_back(bell(random));
  tool::Histogram histogram{"", "", "", "", 0, 1, {}};
  tool::count_values(histogram, values, 40);
  CHECK(histogram.counts.size() <= 40);
  CHECK(histogram.counts.size() >= 15);
  std::vector<std::uint64_t> expected(histogram.counts.size());
  for (const float value : values)
    if (std::isfinite(value))
      ++expected.at(static_cast<std::size_t>(
          std::floor((static_cast<double>(value) - histogram.low) / histogram.bin + 1e-12)));
  CHECK(histogram.counts == expected);
  CHECK(tool::has_data(histogram));

  tool::count_values(histogram, {0.0f, 1.0f, 0.3f}, 50, {0, 1});
  CHECK(histogram.low == 0);
  CHECK(histogram.bin == doctest::Approx(0.02));
  REQUIRE(histogram.counts.size() == 50);
  CHECK(histogram.counts.front() == 1);
  CHECK(histogram.counts.back() == 1);
  CHECK(histogram.counts[15] == 1);

  tool::count_values(histogram, {fixture::nan}, 50);
  CHECK_FALSE(tool::has_data(histogram));
  tool::count_values(histogram, {}, 50, {0, 1});
  CHECK_FALSE(tool::has_data(histogram));
}

TEST_CASE("page: a full one is well-formed, alone, and the same each time") {
  const tool::Model model = small_model();
  const tool::TrainingRun run = full_run(model);
  const std::string text = tool::html_of(tool::page_of(run));
  const Html html(text);
  CHECK(html.count("svg") == 5 + 2);
  CHECK(html.count("img") == 3);
  CHECK(html.count("h1") == 1);
  CHECK(html.count("h2") == 5);
  CHECK(has(text, "<h1>a &lt;b&gt; &amp; &quot;c&quot;.safetensors</h1>"));
  CHECK(has(text, "rbm train 'data/x&amp;y' --out '&lt;here&gt;'</code>"));
  CHECK(has(text, "<dt>--hidden</dt><dd>3</dd>"));
  CHECK(has(text, "60,000 examples of data/x&amp;y, judged on 10,000 held out"));
  CHECK(has(text, "prefers-color-scheme: dark"));
  for (const char* elsewhere : {"http", "<script", "<link", "@import", "url(", "nan<", "inf<"})
    CHECK_FALSE(has(text, elsewhere));
  CHECK(tool::html_of(tool::page_of(run)) == text);

  const Folder folder;
  platform::OutputFile file(folder.path("run.html"));
  tool::write_page(file, tool::page_of(run));
  CHECK_FALSE(folder.has("run.html"));
  file.commit();
  CHECK((folder.read("run.html") == text));
}

TEST_CASE("page: pictures are whole PNG files inside it") {
  tool::Page page;
  page.title = "Pictures";
  page.pictures.push_back({"One", "", {2, 1, {0, 0, 0, 255, 0, 0}}});
  const std::string text = tool::html_of(page);
  CHECK(has(text, "src=\"data:image/png;base64," + tool::base64(tool::encode_png(page.pictures[0].picture)) +
                      "\""));
  const std::vector<unsigned char> bytes = tool::encode_png(page.pictures[0].picture);
  const Png png(std::string(bytes.begin(), bytes.end()));
  CHECK(png.at(1, 0) == std::array<int, 3>{255, 0, 0});
}

TEST_CASE("page: what is empty is left out") {
  tool::Page nothing;
  nothing.title = "Empty";
  const std::string text = tool::html_of(nothing);
  const Html html(text);
  for (const char* name : {"h2", "h3", "svg", "img", "dl", "ul", "pre", "footer", "figure", "p", "div"})
    CHECK(html.count(name) == 0);

  const tool::Model model = small_model();
  const auto headings = [&](const auto& change) {
    tool::TrainingRun run = full_run(model);
    change(run);
    const std::string page = tool::html_of(tool::page_of(run));
    const Html checked(page);
    return page;
  };
  using Run = tool::TrainingRun;
  const auto without = [](double tool::EpochFigures::*measure) {
    return [measure](Run& run) {
      for (tool::EpochFigures& figures : run.epochs) figures.*measure = gap;
    };
  };
  CHECK_FALSE(has(headings([](Run& run) { run.epochs.clear(); }), "Learning curves"));
  CHECK_FALSE(has(headings(without(&tool::EpochFigures::free_energy_gap)), "Free-energy gap"));
  CHECK(has(headings(without(&tool::EpochFigures::log_likelihood)), ">Log-likelihood<"));
  CHECK_FALSE(has(headings(without(&tool::EpochFigures::log_likelihood)), "Log-likelihood, training"));
  CHECK_FALSE(has(headings([](Run& run) { run.activities.clear(); }), "Mean activities"));
  CHECK_FALSE(has(headings([](Run& run) { run.samples.clear(); }), ">Samples<"));
  CHECK_FALSE(has(headings([](Run& run) { run.originals.clear(); }), "beside reconstructions"));
  CHECK_FALSE(has(headings([](Run& run) { run.options.clear(); }), ">Options<"));
  CHECK_FALSE(has(headings([](Run& run) { run.command.clear(); }), "To repeat it"));
  CHECK_FALSE(has(headings([](Run& run) { run.validation_examples = 0; }), "held out"));
}
