#include "tools/inference/recorded_scores.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

bool is_cut(const Dataset& data) {
  return data.windows.length > 0;
}

// The share of examples that this number of alarms in a time is, where an alarm lasts some examples.
double share_of(const FalseAlarms& allowed, const Dataset& normal, double examples_an_alarm) {
  const double seconds = seconds_between(normal);
  if (!(seconds > 0))
    throw Failure(normal.name +
                  ": nothing tells the time from one row to the next, which a rate of false "
                  "alarms in a time needs: --time-column or --rate says it");
  const double share = allowed.number / allowed.seconds * seconds * examples_an_alarm;
  if (!(share < 1))
    throw Failure(normal.name + ": so many false alarms are more than there are examples, one each " +
                  significant(seconds, 3) + " s");
  return share;
}

}  // namespace

PlacedScores placed(const Dataset& data, std::vector<double> scores) {
  PlacedScores found{std::move(scores), data.ends, 1};
  if (is_cut(data)) {
    found.reach = data.windows.rows();
  } else {
    found.places.resize(data.rows);
    std::iota(found.places.begin(), found.places.end(), std::size_t{0});
  }
  return found;
}

double seconds_between(const Dataset& data) {
  const std::size_t rows = is_cut(data) ? data.windows.hop * data.windows.decimation : 1;
  return data.time.interval * static_cast<double>(rows);
}

Calibration calibrate(const Dataset& normal, const std::vector<double>& scores, const FalseAlarms& allowed,
                      const Votes& votes) {
  PlacedScores all = placed(normal, voted(scores, votes.votes, votes.of)), kept;
  kept.reach = all.reach;
  for (std::size_t n = 0; n < scores.size(); ++n) {
    if (!std::isfinite(all.scores[n])) continue;
    kept.scores.push_back(all.scores[n]);
    kept.places.push_back(all.places[n]);
  }
  if (kept.scores.size() < fewest_scores)
    throw Failure(normal.name + ": has " +
                  counted(kept.scores.size(), is_cut(normal) ? "normal window" : "normal example") +
                  "; a limit needs at least " + std::to_string(fewest_scores));
  double share = allowed.number;
  if (allowed.seconds > 0)
    share = share_of(allowed, normal, scores_a_cluster(kept, tool::calibrate(kept, 0.01)));
  Calibration found = tool::calibrate(kept, share);
  found.votes = votes.votes, found.of = votes.of;
  return found;
}

Judged judge(const Calibration& calibration, const std::vector<double>& scores) {
  Judged found;
  found.voted = voted(scores, calibration.votes, calibration.of);
  for (const double score : found.voted) {
    found.chance.push_back(std::isfinite(score) ? chance_above(calibration, score) : 1);
    found.flagged.push_back(score > calibration.limit);
  }
  return found;
}

}  // namespace tool
