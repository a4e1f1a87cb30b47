#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/inference/inference.hpp"
#include "tools/model/calibration.hpp"
#include "tools/model/model.hpp"
#include "tools/output/page.hpp"

namespace tool {

/// What a model makes of a recording, or of examples in the order of time. What is empty is left out.
struct RecordingPage {
  std::string title;  ///< such as the data's name
  std::string subtitle;
  const Model* model = nullptr;
  const Examples* examples =
      nullptr;                 ///< windows with their recording, or rows; with labels and times where known
  std::vector<double> scores;  ///< [examples], nats, none of them NaN
  std::string score_name = "free energy";  ///< what they are
  std::optional<Calibration> calibration;  ///< its limit is of these scores
  std::vector<Figure> summary;             ///< figures that the caller found
  Report options;
  std::string command;
};

}  // namespace tool
