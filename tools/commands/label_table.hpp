#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/data/dataset.hpp"
#include "tools/inference/classification.hpp"
#include "tools/inference/recorded_scores.hpp"

namespace tool {

/// The labels that a model gives to examples, and how unusual it finds them.
struct Labelled {
  std::vector<std::string> names;  ///< of the labels
  Classification said{0, 0};
  bool with_score = true;        ///< whether F(v) says how unusual an example is
  std::optional<Judged> judged;  ///< where the model has a calibration of F(v)
  std::optional<double> reject;  ///< the share of usual examples that are to be none of the labels

  std::size_t examples() const { return said.examples(); }

  /// Whether example n is none of the labels.
  bool rejected(std::size_t n) const { return judged && reject && judged->flagged[n] != 0; }

  /// The name of the likeliest label, or `none`.
  std::string label(std::size_t n) const { return rejected(n) ? none : names[said.likeliest(n)]; }

  static constexpr const char* none = "none";
};

/// Writes a line an example: the row that it is or that completed a window, from 1; its time where that is
/// known; its label, and the label that the data give where they do; the likeliest label's probability and
/// that of each label; F(v) where it is a score, and with a calibration of how many usual examples one is as
/// unusual. An array has the number of the label, from 0, -1 for none, and the numbers behind it.
void write_labels(const std::string& path, const Dataset& data, const Labelled& labelled);

}  // namespace tool
