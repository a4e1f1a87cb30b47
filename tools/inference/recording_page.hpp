#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tools/base/workers.hpp"
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

/// The scores over time, with the limit, the labelled events as spans and the alarms as dots: what the model
/// flags, of votes the voted scores. Scores far above the limit are drawn at the upper edge.
Chart score_chart(const RecordingPage& recording);

/// How often scores have which height, of normal and of odd examples where labels tell, with the limit.
Histogram score_histogram(const RecordingPage& recording);

/// The page: scores, recording, the oddest examples with the readings that make them odd, examples beside
/// their reconstructions, samples and hidden units.
Page make_page(const RecordingPage& recording, const Workers& workers);

}  // namespace tool
