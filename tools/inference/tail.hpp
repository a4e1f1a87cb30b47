#pragma once

#include <cstddef>
#include <vector>

#include "tools/model/calibration.hpp"

namespace tool {

/// Scores in the order of time, with their places: rows of a recording, or the number of the example.
struct PlacedScores {
  std::vector<double> scores;
  std::vector<std::size_t> places;  ///< [scores], ascending
  std::size_t reach = 1;            ///< scores nearer than this to each other saw some of the same readings
};

/// The `votes`-th largest of the last `of` scores, for each score: what counts as the score where several
/// must agree. The first ones have fewer before them, and those that are missing count as -infinity.
/// 1 <= votes <= of.
std::vector<double> voted(const std::vector<double>& scores, unsigned votes, unsigned of);

/// The fewest scores that a tail is fitted to.
inline constexpr std::size_t fewest_scores = 10;

/// The tail of the scores of normal examples that the model has not learned; the limit is where the share
/// `false_alarms`, between 0 and 1, of normal ones is expected above. Scores of -infinity are left out; at
/// least `fewest_scores` others are needed.
///
/// The threshold is the largest score that a tenth of all exceed, but at least 10, and at least the share
/// asked for. Scores above it that are nearer to each other than `reach` are one cluster, of which one is
/// independent of the rest (declustering by runs: Coles 2001, section 5.3.2). For exponential scores that are
/// independent of each other, the chance that the next one is above the limit is the share asked for, however
/// few they are: with the largest score that k of n exceed as the threshold, the next is above it with the
/// chance (k + 1) / (n + 1), and its excess divided by the mean excess has the F distribution of 2 and 2k
/// degrees of freedom.
///
/// Where at least 20 excesses refuse the exponential, as those of readings with outliers do, their form is a
/// generalized Pareto distribution of the shape s and the scale a (Zhang and Stephens 2009). Then `excess` is
/// a and `count` 1 / (s + 1 / k).
Calibration calibrate(const PlacedScores& normal, double false_alarms);

/// The chance that the score of a normal example is above this one: Calibration's p(s). Below the threshold
/// the tail says nothing, and it is the share of those above the threshold.
double chance_above(const Calibration& tail, double score);

/// The score that a normal example exceeds with this chance, which is at most the tail's share.
double limit_for(const Calibration& tail, double chance);

/// The mean number of scores above the threshold that a cluster holds.
double scores_a_cluster(const PlacedScores& normal, const Calibration& tail);

}  // namespace tool
