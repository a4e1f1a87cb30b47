// How well scores tell odd from normal, against counting of all pairs and generated data.
#include "tools/inference/detection.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace {

struct Sample {
  tool::Truth truth;
  std::vector<double> scores, others;  // odd ones are higher by 1 in both
};

/// Every example stands `copies` times in turn.
Sample drawn(std::size_t count, std::size_t copies, std::mt19937_64& random) {
  std::normal_distribution<> normal;
  Sample sample;
  for (std::size_t n = 0; n < count; ++n) {
    const bool odd = n % 3 == 0;
    const double shared = normal(random) + odd, score = shared + 0.7 * normal(random),
                 other = shared + 0.7 * normal(random);
    for (std::size_t copy = 0; copy < copies; ++copy) {
      sample.truth.odd.push_back(odd);
      sample.truth.blocks.push_back(n);
      sample.scores.push_back(score);
      sample.others.push_back(other);
    }
  }
  return sample;
}

double pairs_in_order(const Sample& sample, const std::vector<double>& scores) {
  double right = 0, pairs = 0;
  for (std::size_t n = 0; n < scores.size(); ++n)
    for (std::size_t m = 0; m < scores.size(); ++m) {
      if (!sample.truth.odd[n] || sample.truth.odd[m]) continue;
      right += scores[n] > scores[m] ? 1 : scores[n] < scores[m] ? 0 : 0.5;
      ++pairs;
    }
  return right / pairs;
}

}  // namespace

TEST_CASE("detection: the AUC is the share of pairs in order, where equal ones count half") {
  std::mt19937_64 random(1);
  Sample sample = drawn(200, 1, random);
  for (double& score : sample.others) score = std::round(2 * score);
  const tool::Areas found = tool::areas_under_curves(sample.truth, {sample.scores, sample.others});
  REQUIRE(found.areas.size() == 2);
  REQUIRE(found.differences.size() == 1);
  CHECK(found.areas[0] == doctest::Approx(pairs_in_order(sample, sample.scores)));
  CHECK(found.areas[1] == doctest::Approx(pairs_in_order(sample, sample.others)));
  CHECK(found.differences[0].value == doctest::Approx(found.areas[0] - found.areas[1]));
}

TEST_CASE("detection: standard errors are the deviation of differences over many samples, of blocks too") {
  constexpr std::size_t repeats = 2000;
  for (const std::size_t copies : {std::size_t{1}, std::size_t{4}}) {
    std::mt19937_64 random(copies);
    double squares = 0, predicted = 0, significant = 0;
    for (std::size_t n = 0; n < repeats; ++n) {
      const Sample sample = drawn(120, copies, random);
      const tool::Mean difference =
          tool::areas_under_curves(sample.truth, {sample.scores, sample.others}).differences[0];
      squares += difference.value * difference.value / repeats;  // whose mean is 0
      predicted += difference.standard_error * difference.standard_error / repeats;
      significant += tool::is_significant(difference);
    }
    CHECK(std::sqrt(predicted / squares) == doctest::Approx(1).epsilon(0.06));
    // 5 % and five standard errors of a share of so many repeats.
    CHECK(significant / repeats > 0.02);
    CHECK(significant / repeats < 0.08);
  }
}

TEST_CASE("detection: nothing is significant where one block is all there is of a kind") {
  const tool::Truth truth{{1, 1, 0, 0, 0}, {0, 0, 1, 2, 3}};
  const tool::Areas found = tool::areas_under_curves(truth, {{5, 6, 1, 2, 3}, {1, 1, 2, 3, 4}});
  CHECK(found.areas[0] == 1);
  CHECK(found.areas[1] == 0);
  CHECK_FALSE(tool::is_significant(found.differences[0]));
}

TEST_CASE("detection: events are runs of labels, which gaps part") {
  const std::vector<tool::Event> events = tool::events_of({1, 0, 1, 1, 1, 1, 0, 1}, {4});
  REQUIRE(events.size() == 4);
  const std::vector<std::size_t> begins{0, 2, 4, 7}, ends{1, 4, 6, 8};
  for (std::size_t n = 0; n < 4; ++n) {
    CHECK(events[n].begin == begins[n]);
    CHECK(events[n].end == ends[n]);
  }
  CHECK(tool::events_of({0, 0}, {}).empty());
}

TEST_CASE(
    "detection: the delay counts from an event's first row to the end of a flagged window with a row of it") {
  const std::vector<tool::Event> events{{10, 12}, {20, 40}, {50, 51}, {58, 60}};
  std::vector<tool::WindowPlace> windows;
  for (std::size_t end = 7; end < 64; end += 4) windows.push_back({end, 8});  // rows 0..7, 4..11, ...
  std::vector<std::uint8_t> flagged(windows.size());
  flagged[2] = 1;   // rows 8..15
  flagged[3] = 1;   // rows 12..19: of no event
  flagged[7] = 1;   // rows 28..35
  flagged[8] = 1;   // rows 32..39
  flagged[14] = 1;  // rows 56..63
  CHECK((tool::delays(events, windows, flagged) == std::vector<std::size_t>{5, 15, tool::missed, 5}));
}
