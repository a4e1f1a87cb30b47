#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/data/dataset.hpp"
#include "tools/inference/recorded_scores.hpp"
#include "tools/model/calibration.hpp"

namespace tool {

/// The scores of all examples, and what they are.
struct Scored {
  std::string what;  ///< as the table's heading and JSON name it
  std::vector<double> scores;
  std::optional<Calibration> calibration;
  Judged judged;  ///< by the calibration, if there is one
};

/// The row of the file, from 0, that an example is or that completed a window.
std::size_t row_of(const Dataset& data, std::size_t n);

/// Where it stands, in words: `at 2026-11-27 10:05:00`, `at 12.5 s`, or `at row 12` where no times are known.
std::string place_of(const Dataset& data, std::size_t n);

/// Writes the scores with a line an example: the row that it is or that completed a window, from 1; its time
/// where that is known; its score; with a calibration the voted score where there are votes, the number of
/// normal examples of which one is as odd, and 1 where it is flagged. An array has the numbers from the score
/// on.
void write_scores(const std::string& path, const Dataset& data, const Scored& scored);

}  // namespace tool
