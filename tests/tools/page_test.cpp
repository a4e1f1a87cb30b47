// The page of a training run, and what it is made of.
#include "tools/output/page.hpp"

#include <doctest/doctest.h>

#include "tests/support/folder.hpp"
#include "tests/support/png_reader.hpp"
#include "tests/support/strict_html.hpp"
#include "tools/output/markup.hpp"
#include "tools/training/training_page.hpp"

using namespace fixture;

namespace {

constexpr double gap = tool::EpochFigures::none;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

tool::Model small_model() {
  tool::Model model(4, 3, {2, 2});
  for (std::size_t n = 0; n < model.weights.size(); ++n) model.weights[n] = static_cast<float>(n) / 12 - 0.5f;
  return model;
}

tool::TrainingPage full_run(const tool::Model& model) {
  tool::TrainingPage run;
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
  run.pictures.activities = {0.1f, 0.5f, 0.9f};
  run.pictures.samples = std::vector<float>(8, 0.5f);
  run.pictures.samples_caption = "two chains";
  run.pictures.originals = run.pictures.reconstructions = std::vector<float>(12, 1.0f);
  run.options = {{"--hidden", "3"}, {"--out", "<here>"}};
  run.command = "rbm train 'data/x&y' --out '<here>'";
  return run;
}

}  // namespace

TEST_CASE("page: a full one is well-formed, alone, and the same each time") {
  const tool::Model model = small_model();
  const tool::TrainingPage run = full_run(model);
  const std::string text = tool::to_html(tool::make_page(run));
  const Html html(text);
  CHECK(html.count("svg") == 5 + 2);
  CHECK(html.count("img") == 3);
  CHECK(html.count("h1") == 1);
  CHECK(html.count("h2") == 5);
  CHECK(has(text, "<h1>a &lt;b&gt; &amp; &quot;c&quot;.safetensors</h1>"));
  CHECK(has(text, "rbm train 'data/x&amp;y' --out '&lt;here&gt;'</code>"));
  CHECK(has(text, "<dt>--hidden</dt><dd>3</dd>"));
  CHECK(has(text, "60,000 examples of data/x&amp;y, judged on up to 1,000 of 10,000 held out"));
  CHECK(has(text, "prefers-color-scheme: dark"));
  for (const char* elsewhere : {"http", "<script", "<link", "@import", "url(", "nan<", "inf<"})
    CHECK_FALSE(has(text, elsewhere));
  CHECK(tool::to_html(tool::make_page(run)) == text);

  const Folder folder;
  platform::OutputFile file(folder.path("run.html"));
  tool::write_page(file, tool::make_page(run));
  CHECK_FALSE(folder.has("run.html"));
  file.commit();
  CHECK((folder.read("run.html") == text));
}

TEST_CASE("page: pictures are whole PNG files inside it") {
  tool::Page page;
  page.title = "Pictures";
  page.sections.push_back({"All", {}, {}, {{"One", "", {2, 1, {0, 0, 0, 255, 0, 0}}}}});
  const std::string text = tool::to_html(page);
  CHECK(has(text, "src=\"data:image/png;base64," +
                      tool::base64(tool::encode_png(page.sections[0].pictures[0].picture)) + "\""));
  const std::vector<unsigned char> bytes = tool::encode_png(page.sections[0].pictures[0].picture);
  const Png png(std::string(bytes.begin(), bytes.end()));
  CHECK(png.at(1, 0) == std::array<int, 3>{255, 0, 0});
}

TEST_CASE("page: small pictures stand in rows above their titles, tables above charts") {
  tool::Page page;
  page.title = "Labels";
  tool::Section section{"Mistakes"};
  const tool::Picture picture{1, 1, {0, 0, 0}};
  section.small_pictures = {{"8 <-> 3", "92 %", picture}, {"1 <-> 7", "", picture}};
  section.tables = {{"What is taken for what", "how to read it", {"a", "b"}, {3, 1, 0, 4}},
                    {"Empty", "", {"a"}, {0}}};
  section.charts = {{"Chart", "", "x", "y", {{"", {{1, 2}, {2, 3}}}}}};
  page.sections.push_back(section);
  const std::string text = tool::to_html(page);
  const Html html(text);
  CHECK(html.count("img") == 2);
  CHECK(html.count("svg") == 2);
  CHECK(has(text, "<figcaption><b>8 &lt;-&gt; 3</b><p>92 %</p></figcaption>"));
  CHECK(has(text, "<figcaption><b>1 &lt;-&gt; 7</b></figcaption>"));
  CHECK(text.find("What is taken for what") < text.find(">Chart<"));
  CHECK_FALSE(has(text, "Empty"));
}

TEST_CASE("page: charts tell in a legend what is drawn, and grids stand in it as drawings") {
  tool::Chart chart{"Scores", "", "row", "nats", {{"score", {{1, 2}, {2, 3}}}}};
  chart.limit = 2.5;
  chart.alarms = {{2, 3}};
  chart.alarms_name = "flagged <now>";
  chart.spans = {{1, 1.5}};
  chart.spans_name = "labelled odd";
  chart.wide = true;
  tool::Page page;
  page.title = "Watch";
  page.sections.push_back({"Scores", {chart}});
  page.sections.push_back({"Grid", {}, {}, {}, {{"Small ones", {chart, chart}, 1, "how to read them"}}});
  page.sections.push_back({"Nothing"});
  const std::string text = tool::to_html(page);
  const Html html(text);
  CHECK(html.count("svg") == 2);
  CHECK(html.count("h2") == 2);
  CHECK(has(text, "<i class=\"s0\"></i>score <b>3.000</b>"));
  CHECK(has(text, "<i class=\"limit\"></i>limit <b>2.500</b>"));
  CHECK(has(text, "<i class=\"odd\"></i>labelled odd"));
  CHECK(has(text, "<i class=\"alarm\"></i>flagged &lt;now&gt;"));
  CHECK(has(text, "how to read them"));
}

TEST_CASE("page: what is empty is left out") {
  tool::Page nothing;
  nothing.title = "Empty";
  const std::string text = tool::to_html(nothing);
  const Html html(text);
  for (const char* name : {"h2", "h3", "svg", "img", "dl", "ul", "pre", "footer", "figure", "p", "div"})
    CHECK(html.count(name) == 0);

  const tool::Model model = small_model();
  const auto headings = [&](const auto& change) {
    tool::TrainingPage run = full_run(model);
    change(run);
    const std::string page = tool::to_html(tool::make_page(run));
    const Html checked(page);
    return page;
  };
  using Run = tool::TrainingPage;
  const auto without = [](double tool::EpochFigures::*measure) {
    return [measure](Run& run) {
      for (tool::EpochFigures& figures : run.epochs) figures.*measure = gap;
    };
  };
  CHECK_FALSE(has(headings([](Run& run) { run.epochs.clear(); }), "Learning curves"));
  CHECK_FALSE(has(headings(without(&tool::EpochFigures::free_energy_gap)), "Free-energy gap"));
  CHECK(has(headings(without(&tool::EpochFigures::log_likelihood)), ">Log-likelihood<"));
  CHECK_FALSE(has(headings(without(&tool::EpochFigures::log_likelihood)), "Log-likelihood, training"));
  CHECK_FALSE(has(headings([](Run& run) { run.pictures.activities.clear(); }), "Mean activities"));
  CHECK_FALSE(has(headings([](Run& run) { run.pictures.samples.clear(); }), ">Samples<"));
  CHECK_FALSE(has(headings([](Run& run) { run.pictures.originals.clear(); }), "beside reconstructions"));
  CHECK_FALSE(has(headings([](Run& run) { run.options.clear(); }), ">Options<"));
  CHECK_FALSE(has(headings([](Run& run) { run.command.clear(); }), "To repeat it"));
  CHECK_FALSE(has(headings([](Run& run) { run.validation_examples = 0; }), "held out"));
}
