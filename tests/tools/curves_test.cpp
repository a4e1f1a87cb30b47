#include "tools/inference/curves.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace {

// Windows of three readings of two channels, half a second apart.
tool::Model windowed() {
  tool::Model model(6, 2, {1, 6});
  model.set_groups({{rbm::VisibleKind::real, 0, 6}}, 0);
  model.offset = {1, 2, 3, 4, 5, 6};
  model.scale = {2, 2, 2, 10, 10, 10};
  for (std::size_t n = 0; n < 12; ++n) model.weights[n] = static_cast<float>(n);
  model.meaning.windows = {3, 1, 5, 2, tool::Detrend::level};
  model.meaning.interval = 0.1;
  model.meaning.columns.names = {"humidity", "temperature"};
  model.metadata["scale"] = "each";
  return model;
}

tool::Model of_rows(const char* scale_rule) {
  tool::Model model(2, 1, {1, 2});
  model.set_groups({{rbm::VisibleKind::real, 0, 2}}, 0);
  model.offset = {100, -5};
  model.scale = {10, 0.5f};
  model.weights = {3, 4};
  model.metadata["scale"] = scale_rule;
  return model;
}

const std::vector<float> example{1, 2, 3, 40, 50, 60};

}  // namespace

TEST_CASE("curves: a chart for each channel of a window, over time, in readings") {
  const tool::Model model = windowed();
  const tool::Curves curves(model);
  CHECK(curves.channels() == 2);
  const std::vector<tool::Chart> charts = curves.charts("7", {{"example", example.data()}});
  REQUIRE(charts.size() == 2);
  CHECK(charts[0].title == "7, humidity");
  CHECK(charts[1].title == "7, temperature");
  CHECK(charts[1].across == tool::Across::seconds);
  CHECK(charts[1].y_label == "reading less the window's mean");
  REQUIRE(charts[1].series.size() == 1);
  REQUIRE(charts[1].series[0].points.size() == 3);
  CHECK(charts[1].series[0].points[2].x == doctest::Approx(1.0));  // two of five rows at 0.1 s
  CHECK(charts[1].series[0].points[2].y == 60);
  CHECK(charts[0].series[0].points[0].y == 1);
}

TEST_CASE("curves: rows of readings over their number; of different sensors in scales") {
  const std::vector<float> row{110, -6};
  const tool::Model same = of_rows("all"), each = of_rows("each");
  const tool::Chart readings = tool::Curves(same).charts("", {{"", row.data()}})[0];
  CHECK(readings.across == tool::Across::counts);
  CHECK(readings.y_label == "reading");
  CHECK(readings.series[0].points[0].x == 1);
  CHECK(readings.series[0].points[0].y == 110);
  const tool::Chart scales = tool::Curves(each).charts("", {{"", row.data()}})[0];
  CHECK(scales.y_label == "(reading − offset) / scale");
  CHECK(scales.series[0].points[0].y == 1);
  CHECK(scales.series[0].points[1].y == -2);
}

TEST_CASE("curves: a filter is what the unit adds to the readings") {
  const tool::Model windows = windowed(), each = of_rows("each"), all = of_rows("all");
  const std::vector<tool::Chart> charts = tool::Curves(windows).filter(1);
  REQUIRE(charts.size() == 2);
  CHECK(charts[0].series[0].points[1].y == 7 * 2);
  CHECK(charts[1].series[0].points[0].y == 9 * 10);
  CHECK(tool::Curves(each).filter(0)[0].series[0].points[1].y == 4);
  CHECK(tool::Curves(all).filter(0)[0].series[0].points[1].y == 2);
  CHECK(tool::filters_grid(windows, 10).charts.size() == 4);
  CHECK(tool::filters_grid(windows, 1).charts.size() == 2);
}

TEST_CASE("curves: what was filled in has a colour and a band, and is joined to its neighbours") {
  const tool::Model model = windowed();
  const std::vector<float> deviations{0, 0, 0, 0, 0, 5};
  const std::vector<tool::Chart> charts = tool::Curves(model).filled("1", example.data(), deviations.data());
  REQUIRE(charts.size() == 2);
  const auto& known = charts[1].series[0].points;
  const auto& found = charts[1].series[1].points;
  CHECK(known[1].y == 50);
  CHECK(std::isnan(known[2].y));
  CHECK(std::isnan(found[0].y));
  CHECK(found[1].y == 50);
  CHECK(found[2].y == 60);
  REQUIRE(charts[1].bands.size() == 2);
  CHECK(charts[1].bands[1].low[2].y == 55);
  CHECK(charts[1].bands[1].high[2].y == 65);
  CHECK(charts[1].bands[1].high[1].y == 50);
  for (const tool::Point& point : charts[0].series[1].points) CHECK(std::isnan(point.y));

  // What stands on the axis: the level may have been added to windows again.
  std::string without = charts[0].y_label;
  CHECK(without != "reading");
  CHECK(tool::filled_grid(model, example, deviations, false).charts[0].y_label == without);
  for (const tool::Chart& chart : tool::filled_grid(model, example, deviations, true).charts)
    CHECK(chart.y_label == "reading");
}

TEST_CASE("curves: axes are those of the channel; shading goes half way to the neighbours") {
  const tool::Model model = windowed();
  const tool::Curves curves(model);
  const std::vector<float> other{-1, 0, 0, 0, 0, 100};
  const tool::ChartGrid pairs = tool::pairs_grid(model, example, other);
  REQUIRE(pairs.charts.size() == 2);
  CHECK(pairs.in_a_row == 2);
  CHECK(pairs.charts[0].y_range == std::pair{-1.0, 3.0});
  CHECK(pairs.charts[1].y_range == std::pair{0.0, 100.0});
  std::vector<tool::Chart> charts = curves.charts("", {{"", example.data()}});
  curves.shade(charts, {0, 0.5, 0, 0, 0, 1});
  REQUIRE(charts[0].spans.size() == 1);
  CHECK(charts[0].spans[0].begin == doctest::Approx(0.25));
  CHECK(charts[0].spans[0].end == doctest::Approx(0.75));
  CHECK(charts[0].spans[0].weight == 0.5);
  REQUIRE(charts[1].spans.size() == 1);
  CHECK(charts[1].spans[0].end == doctest::Approx(1.0));  // the window ends there
}

TEST_CASE("curves: not of bits, and not of pictures") {
  CHECK(tool::draws_curves(windowed()));
  CHECK_FALSE(tool::draws_curves(tool::Model(4, 2, {1, 4})));
  tool::Model picture(4, 2, {2, 2});
  picture.set_groups({{rbm::VisibleKind::real, 0, 4}}, 0);
  CHECK_FALSE(tool::draws_curves(picture));
}
