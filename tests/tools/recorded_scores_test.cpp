// Scores in the time of a recording: what is near to what, alarms in a time, votes.
#include "tools/inference/recorded_scores.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tools/base/failure.hpp"

namespace {

/// Rows of nothing, one each `interval` seconds.
tool::Dataset rows(std::size_t count, double interval) {
  tool::Dataset data;
  data.name = "normal.csv";
  data.rows = count;
  data.columns = 1;
  data.time.interval = interval;
  return data;
}

/// Windows of 8 rows, one each 2 * 3 rows.
tool::Dataset windows(std::size_t count, double interval) {
  tool::Dataset data = rows(count, interval);
  data.windows = {4, 3, 2, 1, tool::Detrend::none};
  for (std::size_t n = 0; n < count; ++n) data.ends.push_back(7 + 6 * n);
  return data;
}

std::vector<double> exponential(std::size_t count, std::size_t seed) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<> draw;
  std::vector<double> scores(count);
  for (double& score : scores) score = draw(random);
  return scores;
}

}  // namespace

TEST_CASE("recorded scores: rows stand alone, windows reach as far as they share rows") {
  const tool::PlacedScores alone = tool::placed(rows(3, 0), {1, 2, 3});
  CHECK((alone.places == std::vector<std::size_t>{0, 1, 2}));
  CHECK(alone.reach == 1);
  const tool::PlacedScores shared = tool::placed(windows(3, 0), {1, 2, 3});
  CHECK((shared.places == std::vector<std::size_t>{7, 13, 19}));
  CHECK(shared.reach == 8);
  CHECK(tool::seconds_between(rows(3, 0.5)) == 0.5);
  CHECK(tool::seconds_between(windows(3, 0.5)) == 3);
  CHECK(tool::seconds_between(windows(3, 0)) == 0);
}

TEST_CASE("recorded scores: alarms in a time become the share of scores that they are") {
  const std::vector<double> scores = exponential(4000, 1);
  // 4,000 rows at one a minute; 3 alarms a day are 3 of 1,440 scores, which stand alone.
  const tool::Calibration found = tool::calibrate(rows(4000, 60), scores, {3, 86400}, {});
  CHECK(found.false_alarms == doctest::Approx(3.0 / 1440));
  CHECK(found.limit == doctest::Approx(tool::calibrate(rows(4000, 60), scores, {3.0 / 1440, 0}, {}).limit));
  // Alarms that go on for three scores each: three times the share.
  std::vector<double> lasting;
  for (std::size_t n = 0; n < 4000; ++n) lasting.push_back(scores[n / 3]);
  tool::Dataset near = windows(4000, 10);  // one a minute
  near.windows.length = 8;                 // two in turn share rows
  CHECK(tool::calibrate(near, lasting, {3, 86400}, {}).false_alarms ==
        doctest::Approx(9.0 / 1440).epsilon(0.25));

  CHECK_THROWS_WITH_AS(tool::calibrate(rows(4000, 0), scores, {3, 86400}, {}),
                       "normal.csv: nothing tells the time from one row to the next, which a rate of false "
                       "alarms in a time needs: --time-column or --rate says it",
                       tool::Failure);
  CHECK_THROWS_WITH_AS(tool::calibrate(rows(4000, 60), scores, {61, 3600}, {}),
                       "normal.csv: so many false alarms are more than there are examples, one each 60 s",
                       tool::Failure);
}

TEST_CASE("recorded scores: few scores set no limit") {
  CHECK_THROWS_WITH_AS(tool::calibrate(rows(9, 0), exponential(9, 3), {}, {}),
                       "normal.csv: has 9 normal examples; a limit needs at least 10", tool::Failure);
  CHECK_THROWS_WITH_AS(tool::calibrate(windows(10, 0), exponential(10, 3), {}, {2, 2}),
                       "normal.csv: has 9 normal windows; a limit needs at least 10", tool::Failure);
}

TEST_CASE("recorded scores: a vote flags what two of three scores are above") {
  const tool::Calibration voting = tool::calibrate(rows(3000, 0), exponential(3000, 4), {}, {2, 3});
  CHECK(voting.votes == 2);
  CHECK(voting.of == 3);
  CHECK(voting.limit < tool::calibrate(rows(3000, 0), exponential(3000, 4), {}, {}).limit);
  tool::Calibration limit = voting;
  limit.limit = 5;
  const tool::Judged judged = tool::judge(limit, {9, 1, 2, 9, 1, 9, 9, 1, 1});
  CHECK((judged.flagged == std::vector<std::uint8_t>{0, 0, 0, 0, 0, 1, 1, 1, 0}));
  CHECK(judged.chance[0] == 1);  // one score is no vote of two
  CHECK(judged.chance[5] == tool::chance_above(limit, 9));
  CHECK(judged.voted[3] == 2);
  // The share that was asked for, on other scores.
  const std::vector<std::uint8_t> flagged = tool::judge(voting, exponential(100000, 5)).flagged;
  double share = 0;
  for (const std::uint8_t flag : flagged) share += flag / 1e5;
  CHECK(share == doctest::Approx(0.01).epsilon(0.5));
}
