#pragma once

#include <cstdint>
#include <vector>

#include "tools/data/dataset.hpp"
#include "tools/inference/tail.hpp"
#include "tools/model/calibration.hpp"

namespace tool {

/// Where scores of all examples stand in a recording: the rows that completed windows, or the examples
/// themselves. Windows that have rows in common are within reach of each other.
PlacedScores placed(const Dataset& data, std::vector<double> scores);

/// Seconds from one example to the next; 0 where the times are not known.
double seconds_between(const Dataset& data);

/// The calibration by the scores [examples] of normal data that the model has not learned, with voting. A
/// number of false alarms in a time means alarms, which go on for as many
/// scores as clusters of the tail have. Throws Failure, naming the data, where examples are too few, or where
/// times are needed and not known.
Calibration calibrate(const Dataset& normal, const std::vector<double>& scores, const FalseAlarms& allowed,
                      const Votes& votes);

/// What a calibration makes of scores in the order of time.
struct Judged {
  std::vector<double> voted;          ///< what counts as the score
  std::vector<double> chance;         ///< that of a normal example to be above it; 1 before there are votes
  std::vector<std::uint8_t> flagged;  ///< 1: above the limit
};
Judged judge(const Calibration& calibration, const std::vector<double>& scores);

}  // namespace tool
