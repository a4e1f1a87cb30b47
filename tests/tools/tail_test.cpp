// Limits for a rate of false alarms, on data that are drawn.
#include "tools/inference/tail.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace {

/// The chance of at most `count` of `trials` where each has the chance p, exactly.
double at_most(std::size_t count, std::size_t trials, double p) {
  double sum = 0;
  for (std::size_t k = 0; k <= count; ++k)
    sum += std::exp(std::lgamma(static_cast<double>(trials) + 1) - std::lgamma(static_cast<double>(k) + 1) -
                    std::lgamma(static_cast<double>(trials - k) + 1) + static_cast<double>(k) * std::log(p) +
                    static_cast<double>(trials - k) * std::log1p(-p));
  return sum;
}

using Draw = std::function<double(std::mt19937_64&)>;

tool::PlacedScores drawn(std::size_t count, std::mt19937_64& random, const Draw& draw) {
  tool::PlacedScores normal;
  for (std::size_t n = 0; n < count; ++n) normal.scores.push_back(draw(random)), normal.places.push_back(n);
  return normal;
}

/// In how many of `repeats` the next score after `count` ones is above the limit for a share.
std::size_t false_alarms(std::size_t repeats, std::size_t count, double share, const Draw& draw) {
  std::mt19937_64 random(count + repeats);
  std::size_t found = 0;
  for (std::size_t n = 0; n < repeats; ++n) {
    const tool::Calibration tail = tool::calibrate(drawn(count, random, draw), share);
    found += draw(random) > tail.limit;
  }
  return found;
}

double exponential(std::mt19937_64& random) {
  return std::exponential_distribution<>(0.25)(random) - 30;
}
double normal(std::mt19937_64& random) {
  return std::normal_distribution<>(5, 3)(random);
}

}  // namespace

TEST_CASE(
    "tail: of exponential scores, the share asked for is what is above the limit, however few there are") {
  constexpr std::size_t repeats = 20000;
  for (const std::size_t count : {10, 15, 52, 300})
    for (const double share : {0.001, 0.01, 0.05, 0.3}) {
      const std::size_t found = false_alarms(repeats, count, share, exponential);
      CAPTURE(count);
      CAPTURE(share);
      CAPTURE(found);
      CHECK(at_most(found, repeats, share) > 1e-6);
      CHECK(1 - at_most(found, repeats, share) + 1e-12 > 1e-6);
    }
}

TEST_CASE("tail: of normal scores, whose tail is lighter, fewer are above, but not many fewer") {
  constexpr std::size_t repeats = 20000;
  for (const std::size_t count : {30, 52, 200, 1000}) {
    const std::size_t found = false_alarms(repeats, count, 0.01, normal);
    CAPTURE(count);
    CAPTURE(found);
    CHECK(1 - at_most(found, repeats, 0.01) > 1e-6);
    CHECK(at_most(found, repeats, count < 100 ? 0.0015 : 0.005) > 1 - 1e-6);
  }
}

TEST_CASE(
    "tail: of scores with outliers, whose tail is heavier, the share asked for is above the limit too") {
  const Draw heavy = [](std::mt19937_64& random) {
    return 1 / (1 - std::uniform_real_distribution<>()(random));  // above s with the chance 1 / s
  };
  constexpr std::size_t repeats = 4000;
  for (const double share : {0.01, 0.002}) {
    const std::size_t found = false_alarms(repeats, 1000, share, heavy);
    CAPTURE(share);
    CAPTURE(found);
    CHECK(at_most(found, repeats, 1.6 * share) < 1 - 1e-6);
    CHECK(at_most(found, repeats, 0.8 * share) > 1e-6);
  }
  // The shape and scale of the distribution itself: above a threshold t, (1 + x / t)^-1.
  std::mt19937_64 random(5);
  const tool::Calibration tail = tool::calibrate(drawn(100000, random, heavy), 0.001);
  CHECK(tail.count == doctest::Approx(1).epsilon(0.05));
  CHECK(tail.excess == doctest::Approx(tail.threshold).epsilon(0.05));
}

TEST_CASE("tail: few scores widen the limit") {
  // Scores of 1, 2, ... have the same mean excess over the same threshold, which fewer of them tell.
  tool::Calibration tail;
  tail.threshold = 3, tail.excess = 2, tail.share = 0.1;
  double wider = std::numeric_limits<double>::infinity();
  for (const double count : {1, 3, 10, 100, 1000000}) {
    tail.count = count;
    const double limit = tool::limit_for(tail, 0.001);
    CHECK(limit < wider);
    CHECK(tool::chance_above(tail, limit) == doctest::Approx(0.001));
    wider = limit;
  }
  CHECK(wider == doctest::Approx(3 + 2 * std::log(100.0)).epsilon(1e-4));  // the exponential itself
  CHECK(tool::chance_above(tail, 3) == 0.1);
  CHECK(tool::chance_above(tail, -1e9) == 0.1);
}

TEST_CASE("tail: threshold, excess and share are those of the largest scores") {
  std::vector<double> scores(199);
  std::iota(scores.begin(), scores.end(), 1);
  std::shuffle(scores.begin(), scores.end(), std::mt19937_64(4));
  tool::PlacedScores normal{scores, std::vector<std::size_t>(199), 1};
  std::iota(normal.places.begin(), normal.places.end(), 0);
  const tool::Calibration tail = tool::calibrate(normal, 0.01);
  CHECK(tail.threshold == 179);
  CHECK(tail.excess == doctest::Approx(10.5));  // of a lighter tail than the exponential
  CHECK(tail.count == 20);
  CHECK(tail.share == doctest::Approx(21.0 / 200));
  CHECK(tail.false_alarms == 0.01);
  CHECK(tail.limit == doctest::Approx(tool::limit_for(tail, 0.01)));
  // A share above a tenth lowers the threshold, and needs no tail.
  CHECK(tool::calibrate(normal, 0.5).limit == doctest::Approx(99).epsilon(0.02));
}

TEST_CASE("tail: scores that saw the same readings count once, and their share stays") {
  // Peaks of three scores, 10 apart, and nothing else.
  tool::PlacedScores normal;
  for (std::size_t n = 0; n < 300; ++n) {
    normal.scores.push_back(n % 10 < 3 ? 10 + static_cast<double>(n % 7) : 0);
    normal.places.push_back(4 * n);
  }
  normal.reach = 16;
  const tool::Calibration tail = tool::calibrate(normal, 0.299);
  CHECK(tail.count == 30);
  CHECK(tail.threshold == 0);
  CHECK(tail.share == doctest::Approx(91.0 / 301));
  CHECK(tool::scores_a_cluster(normal, tail) == 3);
  normal.reach = 28;  // from the third of a peak to the first of the next: still far enough
  CHECK(tool::calibrate(normal, 0.299).count == 30);
  normal.reach = 40;
  CHECK(tool::calibrate(normal, 0.299).count == 1);
  CHECK(tool::calibrate(normal, 0.01).limit > tail.limit);
}

TEST_CASE("tail: equal scores, as integers may be, are below the limit and any other is above") {
  tool::PlacedScores normal{std::vector<double>(50, 7), std::vector<std::size_t>(50), 1};
  const tool::Calibration tail = tool::calibrate(normal, 0.01);
  CHECK(tail.limit >= 7);
  CHECK(tail.limit < 7.001);
  CHECK(tool::chance_above(tail, 8) < 1e-5);
}

TEST_CASE("voted: the second largest of the last three, which the first ones are not") {
  const double none = -std::numeric_limits<double>::infinity();
  const std::vector<double> scores{5, 1, 9, 2, 2, 8};
  CHECK((tool::voted(scores, 2, 3) == std::vector<double>{none, 1, 5, 2, 2, 2}));
  CHECK((tool::voted(scores, 1, 1) == scores));
  CHECK((tool::voted(scores, 3, 3) == std::vector<double>{none, none, 1, 1, 2, 2}));
  CHECK((tool::voted(scores, 1, 2) == std::vector<double>{5, 5, 9, 9, 2, 8}));
}
