// Figures of labels, worked out by hand.
#include "tools/inference/label_figures.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace {

/// Three labels; an example a row, with the probabilities of the three.
tool::Classification said(const std::vector<std::array<float, 3>>& rows) {
  tool::Classification found(3, rows.size());
  for (std::size_t n = 0; n < rows.size(); ++n)
    for (std::size_t y = 0; y < 3; ++y) {
      found.probabilities[3 * n + y] = rows[n][y];
      found.log_probabilities[3 * n + y] = std::log(rows[n][y]);
    }
  return found;
}

}  // namespace

TEST_CASE("label figures: counts, accuracy, nats, confusions and mistakes, the surest first") {
  const tool::LabelFigures found = tool::label_figures(said({{0.8f, 0.1f, 0.1f},
                                                             {0.2f, 0.7f, 0.1f},
                                                             {0.05f, 0.9f, 0.05f},
                                                             {0.4f, 0.4f, 0.2f},
                                                             {0.1f, 0.3f, 0.6f},
                                                             {0.3f, 0.3f, 0.4f}}),
                                                       {0, 0, 2, 0, tool::no_label, 1});
  CHECK(found.examples == 5);
  CHECK(found.right == 2);  // of equals the first is said
  CHECK(found.counts == std::vector<std::size_t>{2, 1, 0, 0, 0, 1, 0, 1, 0});
  CHECK(found.given(0) == 3);
  CHECK(found.recall(0) == doctest::Approx(2.0 / 3));
  CHECK(found.recall(1) == 0);
  CHECK(found.accuracy.value == doctest::Approx(0.4));
  CHECK(found.accuracy.standard_error == doctest::Approx(std::sqrt(0.4 * 0.6 / 4)));
  CHECK(
      found.log_loss.value ==
      doctest::Approx(-(std::log(0.8) + std::log(0.2) + std::log(0.05) + std::log(0.4) + std::log(0.3)) / 5));
  REQUIRE(found.mistakes.size() == 3);
  CHECK(found.mistakes[0].row == 2);
  CHECK(found.mistakes[0].given == 2);
  CHECK(found.mistakes[0].said == 1);
  CHECK(found.mistakes[0].probability == 0.9f);
  CHECK(found.mistakes[1].row == 1);
  CHECK(found.mistakes[2].row == 5);
  REQUIRE(found.confusions().size() == 3);
  CHECK(found.confusions()[0].given == 0);
}

TEST_CASE("label figures: calibration is what probabilities are off, by tenths") {
  const tool::LabelFigures found = tool::label_figures(
      said({{0.81f, 0.1f, 0.09f}, {0.1f, 0.85f, 0.05f}, {0.55f, 0.4f, 0.05f}, {0.0f, 0.0f, 1.0f}}),
      {0, 2, 0, 2});
  // [0.8, 0.9): 0.83 said, a half right; [0.5, 0.6): 0.55 said, all right; [0.9, 1]: 1 said, all right.
  CHECK(found.calibration_error == doctest::Approx((2 * (0.83 - 0.5) + (1 - 0.55)) / 4));
  CHECK(found.bins[8].examples == 2);
  CHECK(found.bins[8].probability == doctest::Approx(0.83));
  CHECK(found.bins[8].right == doctest::Approx(0.5));
  CHECK(found.bins[9].examples == 1);
  CHECK(found.bins[9].to == 1);
  CHECK(found.bins[0].examples == 0);
  CHECK(found.bins[0].probability == 0);
}

TEST_CASE("label figures: none where no example has a label") {
  const tool::LabelFigures found = tool::label_figures(said({{1, 0, 0}}), {tool::no_label});
  CHECK(found.examples == 0);
  CHECK(found.accuracy.value == 0);
  CHECK(found.mistakes.empty());
  CHECK(found.confusions().empty());
  CHECK(tool::label_figures(said({{1, 0, 0}}), {}).examples == 0);
}
