#include "tools/inference/recording_page.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <random>

#include "tests/support/fixtures.hpp"
#include "tests/support/strict_html.hpp"

namespace {

// Windows of four readings of one channel, hop 2, of a recording whose rows 60 to 69 are labelled odd and
// stand out.
struct Recorded {
  tool::Model model{4, 2, {1, 4}};
  tool::Dataset recording;
  tool::Examples examples{{}, rbm::VisibleUnits::real, 1};
  tool::RecordingPage page;

  Recorded() {
    std::mt19937 random(1);
    model.set_groups({{rbm::VisibleKind::real, 0, 4}}, 0);
    model.meaning.windows = {4, 2, 1, 1, tool::Detrend::none};
    model.meaning.interval = 5;
    for (float& weight : model.weights) weight = fixture::bell(random);
    recording.kind = tool::DataKind::readings;
    recording.rows = 100;
    recording.columns = recording.width = recording.height = 1;
    recording.time.interval = 5;
    recording.labels.assign(100, 0);
    for (std::size_t row = 0; row < 100; ++row) {
      recording.labels[row] = row >= 60 && row < 70;
      recording.values.push_back(fixture::bell(random) + (recording.labels[row] != 0 ? 20.0f : 0.0f));
    }
    tool::Dataset& data = examples.data;
    data.name = "pump.csv";
    data.kind = tool::DataKind::readings;
    data.columns = data.width = 4;
    data.height = 1;
    data.windows = model.meaning.windows;
    data.time = recording.time;
    for (std::size_t begin = 0; begin + 4 <= 100; begin += 2) {
      data.values.insert(data.values.end(), recording.values.begin() + static_cast<std::ptrdiff_t>(begin),
                         recording.values.begin() + static_cast<std::ptrdiff_t>(begin + 4));
      data.ends.push_back(begin + 3);
      data.labels.push_back(begin + 4 > 60 && begin < 70);
      page.scores.push_back(data.labels.back() != 0 ? 50.0 + static_cast<double>(begin)
                                                    : 1.0 + 0.1 * static_cast<double>(begin % 7));
      ++data.rows;
    }
    page.title = "pump.csv";
    page.model = &model;
    page.examples = &examples;
    data.recording = std::make_shared<tool::Dataset>(recording);
    page.calibration = tool::Calibration{};
    page.calibration->limit = 10;
  }

  std::string html() const {
    platform::Threads threads(1);
    platform::Progress progress(true);
    return tool::to_html(tool::make_page(page, {threads, progress}));
  }
};

}  // namespace

TEST_CASE("recording: scores stand at the time of the window's end, events at that of their rows") {
  const Recorded recorded;
  const tool::Chart chart = tool::score_chart(recorded.page);
  CHECK(chart.across == tool::Across::seconds);
  REQUIRE(chart.series.size() == 1);
  REQUIRE(chart.series[0].points.size() == recorded.page.scores.size());
  CHECK(chart.series[0].points[1].x == 5.0 * 5);
  CHECK(chart.series[0].points[1].y == recorded.page.scores[1]);
  REQUIRE(chart.spans.size() == 1);
  CHECK(chart.spans[0].begin == 60 * 5.0);
  CHECK(chart.spans[0].end == 69 * 5.0);
  CHECK(chart.limit == 10.0);
  std::size_t odd = 0;
  for (const std::uint8_t label : recorded.examples.data.labels) odd += label;
  CHECK(chart.alarms.size() == odd);
}

TEST_CASE("recording: without times, rows are counted; without the recording, odd windows are events") {
  Recorded recorded;
  recorded.examples.data.recording.reset();
  recorded.examples.data.time = {};
  const tool::Chart chart = tool::score_chart(recorded.page);
  CHECK(chart.across == tool::Across::counts);
  CHECK(chart.series[0].points[0].x == 4);
  REQUIRE(chart.spans.size() == 1);
  CHECK(chart.spans[0].begin == 59);  // the first odd window has rows 59 to 62
  CHECK(chart.spans[0].end == 72);
}

TEST_CASE("recording: alarms are voted, and a gap breaks the line") {
  Recorded recorded;
  recorded.page.calibration->votes = 2;
  recorded.page.calibration->of = 2;
  recorded.examples.data.time.gaps = {20};
  const tool::Chart chart = tool::score_chart(recorded.page);
  std::size_t odd = 0, breaks = 0;
  for (const std::uint8_t label : recorded.examples.data.labels) odd += label;
  for (const tool::Point& point : chart.series[0].points) breaks += std::isnan(point.y);
  CHECK(chart.alarms.size() == odd - 1);
  CHECK(breaks == 1);
}

TEST_CASE("recording: far scores do not flatten the rest, and both kinds are counted") {
  Recorded recorded;
  recorded.page.scores[31] = 1e9;
  const tool::Chart chart = tool::score_chart(recorded.page);
  REQUIRE(chart.y_range);
  CHECK(chart.y_range->second < 100);
  CHECK(chart.caption.find("are drawn there") != std::string::npos);
  const tool::Histogram histogram = tool::score_histogram(recorded.page);
  std::uint64_t normal = 0, odd = 0;
  for (const std::uint64_t count : histogram.counts) normal += count;
  for (const std::uint64_t count : histogram.odd_counts) odd += count;
  CHECK(normal + odd == recorded.page.scores.size());
  CHECK(odd > 0);
  CHECK(histogram.odd_counts.back() > 0);
  recorded.examples.data.labels.clear();
  CHECK(tool::score_histogram(recorded.page).odd_counts.empty());
}

TEST_CASE("recording: the page is whole, the same each time, and shows the oddest windows apart") {
  const Recorded recorded;
  const std::string text = recorded.html();
  const fixture::Html html(text);
  CHECK(text == recorded.html());
  for (const char* part : {"Scores over time", "The oddest", "Examples and what the model makes of them",
                           "Hidden units", "makes it odd", "labelled odd", "flagged", "Made up"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  // The highest score is that of the window that begins in row 68; the next one shown ends before it.
  CHECK(text.find("118.0 nats, at 0:05:55") != std::string::npos);
  CHECK(text.find("116.0 nats") == std::string::npos);
  CHECK(text.find("114.0 nats") != std::string::npos);
}

TEST_CASE("recording: a model of bits has scores alone") {
  Recorded recorded;
  tool::Model bits(4, 2, {1, 4});
  recorded.page.model = &bits;
  const std::string text = recorded.html();
  const fixture::Html html(text);
  CHECK(html.count("h2") == 1);
}
