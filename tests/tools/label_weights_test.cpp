// What follows from how often labels are.
#include "tools/training/label_weights.hpp"

#include <doctest/doctest.h>

#include <cmath>

TEST_CASE("label weights: balanced weights make all labels weigh alike, and an example 1 in the mean") {
  const std::vector<std::size_t> counts{60, 30, 10, 0};
  const std::vector<float> weights = tool::balanced_weights(counts);
  double all = 0;
  for (std::size_t y = 0; y < 3; ++y) {
    CHECK(static_cast<double>(weights[y]) * static_cast<double>(counts[y]) == doctest::Approx(25));
    all += static_cast<double>(weights[y]) * static_cast<double>(counts[y]);
  }
  CHECK(all == doctest::Approx(75));  // the fourth has nothing to weigh
  CHECK(weights[3] == 0);
}

TEST_CASE("label weights: biases give each label its share, and none is impossible") {
  const std::vector<float> biases = tool::label_biases({59, 29, 9, 0}, false);
  const double shares[] = {0.6, 0.3, 0.1, 0.01};
  double sum = 0;
  for (std::size_t y = 0; y < 4; ++y) {
    CHECK(std::exp(static_cast<double>(biases[y])) == doctest::Approx(shares[y]).epsilon(0.02));
    sum += std::exp(static_cast<double>(biases[y]));
  }
  CHECK(sum == doctest::Approx(1));
  for (const float bias : tool::label_biases({59, 29, 9, 0}, true)) CHECK(bias == 0);
}

TEST_CASE("label weights: rows that have a label") {
  tool::Dataset data;
  data.label_names = {"no", "yes"};
  data.classes = {1, tool::no_label, 0, 1, tool::no_label};
  CHECK((tool::labelled_rows(data) == std::vector<std::size_t>{0, 2, 3}));
  CHECK(tool::labelled_rows({}).empty());
}
