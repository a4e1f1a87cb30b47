#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "tools/base/false_alarms.hpp"

namespace tool {

/// What scores of normal examples are like that the model has not learned, and from where on one counts as
/// odd. A score is the free energy in nats; of votes, the `votes`-th largest of the last `of` ones.
///
/// Above `threshold` scores are taken to be exponential, and the excess is known from `count` independent
/// ones with the mean `excess`. Then the chance that a normal score is above s (the predictive distribution)
/// is
///
///     p(s) = share (1 + (s - threshold) / (count * excess))^-count
///
/// A lower count is a heavier tail, which few scores cannot rule out, or which many show: p(s) is a
/// generalized Pareto distribution of the shape 1 / count.
struct Calibration {
  double limit = 0;         ///< a score above it is odd
  double false_alarms = 0;  ///< the share of normal examples that shall be above it
  double threshold = 0, excess = 1, count = 0, share = 0;  ///< of the tail; count 0: there is no calibration
  unsigned votes = 1, of = 1;
};

/// The entries of a model's metadata that hold a calibration: numbers in nats and shares, as `limit` 12.5,
/// `false_alarms` 0.01, `tail` of threshold, excess, count and share, `votes` as 2 of 3.
inline constexpr std::array<const char*, 4> calibration_keys{"limit", "false_alarms", "tail", "votes"};

/// Writes a calibration into the metadata of a model.
void describe(const Calibration& calibration, std::map<std::string, std::string>& metadata);

/// Reads it back; nothing where metadata have no limit. `name` is what messages call the file. Throws Failure
/// where an entry makes no sense.
std::optional<Calibration> calibration_in(const std::map<std::string, std::string>& metadata,
                                          const std::string& name);

}  // namespace tool
