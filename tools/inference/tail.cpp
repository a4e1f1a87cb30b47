#include "tools/inference/tail.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>

namespace tool {
namespace {

constexpr double usual_share = 0.1;
constexpr std::size_t usual_least = 10;
constexpr std::size_t fewest_for_shape = 20;  // excesses; fewer tell next to nothing of it
constexpr double missing = -std::numeric_limits<double>::infinity();

struct Exceedances {
  double sum = 0;  // of what is above the threshold
  std::size_t count = 0, clusters = 0;
};

Exceedances exceedances(const PlacedScores& normal, double threshold) {
  Exceedances found;
  std::size_t last = 0;
  for (std::size_t n = 0; n < normal.scores.size(); ++n) {
    if (!(normal.scores[n] > threshold)) continue;
    found.clusters += found.count == 0 || normal.places[n] - last >= normal.reach;
    last = normal.places[n];
    found.sum += normal.scores[n] - threshold;
    ++found.count;
  }
  return found;
}

// A generalized Pareto distribution of excesses: p(above x) = (1 + shape x / scale)^(-1 / shape).
struct HeavyTail {
  double shape, scale;
};

// The estimate of Zhang and Stephens (2009): a posterior mean over a grid of theta = -shape / scale.
HeavyTail fit_heavy_tail(std::vector<double> excesses) {
  std::sort(excesses.begin(), excesses.end());
  const auto count = static_cast<double>(excesses.size());
  const double quarter = excesses[static_cast<std::size_t>(std::max(0.0, count / 4 - 0.5))];
  const auto shape_for = [&](double theta) {
    double sum = 0;
    for (const double excess : excesses) sum += std::log1p(-theta * excess);
    return sum / count;
  };
  const std::size_t places = 20 + static_cast<std::size_t>(std::sqrt(count));
  std::vector<double> thetas, log_likelihoods;
  for (std::size_t n = 0; n < places; ++n) {
    const double spread = 1 - std::sqrt(static_cast<double>(places) / (static_cast<double>(n) + 0.5));
    const double theta = 1 / excesses.back() + spread / (3 * quarter), shape = shape_for(theta);
    thetas.push_back(theta);
    log_likelihoods.push_back(count * (std::log(-theta / shape) - shape - 1));
  }
  const double most = *std::max_element(log_likelihoods.begin(), log_likelihoods.end());
  double weights = 0, theta = 0;
  for (std::size_t n = 0; n < places; ++n) {
    const double weight = std::exp(log_likelihoods[n] - most);
    weights += weight;
    theta += weight * thetas[n];
  }
  theta /= weights;
  const double shape = shape_for(theta);
  return {shape, -shape / theta};
}

// Puts the form of a heavy tail in the place of the exponential one, where that is refused by two standard
// errors of the shape, which are 1 / root of the count where it is 0.
void allow_for_heavy_tail(const PlacedScores& normal, Calibration& tail) {
  std::vector<double> excesses;
  for (const double score : normal.scores)
    if (score > tail.threshold) excesses.push_back(score - tail.threshold);
  if (excesses.size() < fewest_for_shape || !(tail.count > 1)) return;
  const HeavyTail heavy = fit_heavy_tail(std::move(excesses));
  if (!(heavy.shape * std::sqrt(tail.count) > 2) || !(heavy.scale > 0)) return;
  tail.excess = heavy.scale;
  tail.count = 1 / (heavy.shape + 1 / tail.count);
}

}  // namespace

std::vector<double> voted(const std::vector<double>& scores, unsigned votes, unsigned of) {
  std::vector<double> found(scores.size()), last(of, missing), descending(of);
  for (std::size_t n = 0; n < scores.size(); ++n) {
    last[n % of] = scores[n];
    descending = last;
    std::sort(descending.begin(), descending.end(), std::greater<>());
    found[n] = descending[votes - 1];
  }
  return found;
}

Calibration calibrate(const PlacedScores& normal, double false_alarms) {
  std::vector<double> descending;
  std::copy_if(normal.scores.begin(), normal.scores.end(), std::back_inserter(descending),
               [](double score) { return score > missing; });
  std::sort(descending.begin(), descending.end(), std::greater<>());
  const std::size_t all = descending.size();
  const auto share_of_all = [&](double share) {
    return static_cast<std::size_t>(std::ceil(share * static_cast<double>(all + 1)));
  };
  const std::size_t above = std::max({usual_least, share_of_all(usual_share), share_of_all(false_alarms)});
  Calibration tail;
  tail.false_alarms = false_alarms;
  tail.threshold = descending[std::min(above, all - 1)];
  const Exceedances found = exceedances(normal, tail.threshold);
  // Where scores are all the same, as of integers they may be, any other one is unusual.
  const double least = 1e-6 * (1 + std::fabs(tail.threshold));
  const auto count = static_cast<double>(found.count);
  tail.excess = std::max(least, found.count > 0 ? found.sum / count : 0);
  tail.count = static_cast<double>(std::max<std::size_t>(found.clusters, 1));
  tail.share = (count + 1) / (static_cast<double>(all) + 1);
  allow_for_heavy_tail(normal, tail);
  tail.limit = limit_for(tail, std::min(false_alarms, tail.share));
  return tail;
}

double chance_above(const Calibration& tail, double score) {
  if (!(score > tail.threshold)) return tail.share;
  return tail.share *
         std::exp(-tail.count * std::log1p((score - tail.threshold) / (tail.count * tail.excess)));
}

double limit_for(const Calibration& tail, double chance) {
  return tail.threshold + tail.count * tail.excess * std::expm1(std::log(tail.share / chance) / tail.count);
}

double scores_a_cluster(const PlacedScores& normal, const Calibration& tail) {
  const Exceedances found = exceedances(normal, tail.threshold);
  return found.count == 0 ? 1 : static_cast<double>(found.count) / static_cast<double>(found.clusters);
}

}  // namespace tool
