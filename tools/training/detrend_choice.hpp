#pragma once

#include <array>
#include <string>

#include "tools/base/workers.hpp"
#include "tools/data/dataset.hpp"

namespace tool {

/// What is to be taken away from windows, and how well artificial disturbances are found with each: see
/// choose_detrend().
struct DetrendChoice {
  Detrend detrend = Detrend::level;
  std::array<double, 5> areas{};  ///< in the order of Detrend; 0 where windows were too few to try
};

/// Tries what is best taken away from windows of a recording. One Gaussian over all readings learns from
/// three quarters of the normal windows. In the last quarter, of blocks spread over the recording, each level
/// is moved by as much as two normal windows' levels differ, as levels go on to wander. Then windows are
/// disturbed in nine ways that sensors and what they watch are: a step, a bump, a spike, a ramp (5 times the
/// root mean square of the change from one reading to the next), noise of that size, 1.5 times the deviation
/// from the mean, a flat line, the rest of another window, and a level that is off. The area under the curve
/// is the mean over them of the chance that a disturbed window gets a higher score than one that is not.
///
/// In the order level, start, none, trend, differences the first is chosen that comes within 0.03 of the
/// best: it takes away what wanders and keeps shapes. With fewer than 40 normal windows it is the level.
DetrendChoice choose_detrend(const Dataset& recording, const Windows& windows, const Workers& workers);

/// What was tried, to follow a choice in a line: `; artificial disturbances found, AUC: none 0.55, ...`.
/// Empty where nothing was.
std::string to_text(const DetrendChoice& choice);

}  // namespace tool
