#include "tools/training/reading_charts.hpp"

#include <doctest/doctest.h>

namespace {

// Two readings of different sensors, as a model's scales have them.
tool::Model model_of_readings(const char* scale_rule) {
  tool::Model model(2, 1, {1, 2});
  model.set_groups({{rbm::VisibleKind::real, 0, 2}}, 0);
  model.offset = {100, -5};
  model.scale = {10, 0.5f};
  model.metadata["scale"] = scale_rule;
  return model;
}

const tool::ModelPictures pictures{{}, {100, -4}, "", {110, -6, 90, -5}, {105, -5, 95, -5}};

}  // namespace

TEST_CASE("examples of one signal are drawn in the readings' units, beside their reconstructions") {
  const std::vector<tool::Chart> charts = tool::reading_charts(model_of_readings("all"), pictures);
  REQUIRE(charts.size() == 3);
  CHECK(charts[0].y_label == "reading");
  REQUIRE(charts[0].series.size() == 2);
  REQUIRE(charts[0].series[0].points.size() == 2);
  CHECK(charts[0].series[0].points[0].x == 1);
  CHECK(charts[0].series[0].points[0].y == 110);
  CHECK(charts[0].series[1].points[1].y == -5);
  CHECK(charts[1].series[0].points[0].y == 90);
  REQUIRE(charts[2].series.size() == 1);
  CHECK(charts[2].series[0].points[1].y == -4);
}

TEST_CASE("without examples and samples there is nothing to draw") {
  CHECK(tool::reading_charts(model_of_readings("all"), {}).empty());
}
