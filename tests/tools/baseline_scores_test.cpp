// What simple densities make of examples that they have not seen, against densities in closed form.
#include "tools/inference/baseline_scores.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tests/support/mixed_model.hpp"
#include "tests/support/random_model.hpp"

namespace {

constexpr double pi = 3.14159265358979323846;

/// Two readings with deviations 1 and 2 and the correlation 0.8.
tool::Dataset correlated(std::size_t rows, std::size_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<> draw;
  tool::Dataset data;
  data.rows = rows;
  data.columns = data.width = 2;
  data.height = 1;
  data.kind = tool::DataKind::readings;
  for (std::size_t n = 0; n < rows; ++n) {
    const double one = draw(random), other = 0.8 * one + 0.6 * draw(random);
    data.values.push_back(static_cast<float>(5 + one));
    data.values.push_back(static_cast<float>(2 * other));
  }
  return data;
}

const std::vector<tool::BaselineColumn> both_real{{true, 1}, {true, 1}};

struct Work {
  platform::Threads threads{2};
  platform::Progress progress{true};
  operator tool::Workers() { return {threads, progress}; }
};

}  // namespace

TEST_CASE("baseline scores: -log p by what was learned from the normal examples") {
  Work work;
  const tool::Dataset normal = correlated(20000, 1);
  tool::Dataset data = correlated(1, 2);
  data.values = {6, -2};  // 1 and -1 deviations
  const tool::BaselineScores found = tool::baseline_scores(normal, data, both_real, work);
  CHECK(found.independent[0] == doctest::Approx(std::log(2 * pi * 2) + 1).epsilon(0.01));
  // With the correlation r, (1 + 1 + 2 r) / (2 (1 - r^2)) = 5.
  CHECK(found.full[0] == doctest::Approx(std::log(2 * pi * 2 * 0.6) + 5).epsilon(0.02));
}

TEST_CASE("baseline scores: each quarter is scored by what was learned from the others") {
  Work work;
  tool::Dataset normal = correlated(40, 3);
  const tool::BaselineScores held_out = tool::held_out_baseline_scores(normal, both_real, work);
  REQUIRE(held_out.independent.size() == 40);
  for (std::size_t part = 0; part < 4; ++part) {
    tool::Dataset rest = normal, own = normal;
    const auto begin = static_cast<std::ptrdiff_t>(20 * part);
    own.values = {normal.values.begin() + begin, normal.values.begin() + begin + 20};
    rest.values.erase(rest.values.begin() + begin, rest.values.begin() + begin + 20);
    own.rows = 10, rest.rows = 30;
    const tool::BaselineScores expected = tool::baseline_scores(rest, own, both_real, work);
    for (std::size_t n = 0; n < 10; ++n) {
      CHECK(held_out.independent[10 * part + n] == expected.independent[n]);
      CHECK(held_out.full[10 * part + n] == expected.full[n]);
    }
  }
}

TEST_CASE("baseline scores: columns are the model's units, and many readings have no covariances") {
  using namespace fixture;
  const MixedModel mixed(mixed_kinds(), 4, 2, 0.6f, 51);
  const std::vector<tool::BaselineColumn> columns = tool::baseline_columns(to_tool_model(mixed));
  REQUIRE(columns.size() == 7);
  for (std::size_t j = 0; j < 7; ++j) {
    CHECK(columns[j].is_real == mixed.exact().is_real[j]);
    if (columns[j].is_real)
      CHECK(columns[j].least_variance == doctest::Approx(mixed.scale[j] * mixed.scale[j]));
  }
  Work work;
  tool::Dataset wide;
  wide.rows = 8;
  wide.columns = tool::most_covariant_readings + 1;
  wide.values.assign(wide.rows * wide.columns, 1);
  const std::vector<tool::BaselineColumn> all(wide.columns, {true, 1});
  CHECK(tool::held_out_baseline_scores(wide, all, work).full.empty());
  CHECK(tool::held_out_baseline_scores(wide, all, work).independent.size() == 8);
}
