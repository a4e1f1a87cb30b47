#pragma once

#include "tools/base/workers.hpp"
#include "tools/inference/recording_shown.hpp"
#include "tools/output/page.hpp"

namespace tool {

/// The scores over time, with the limit, the labelled events as spans and the alarms as dots: what the model
/// flags, of votes the voted scores. Scores far above the limit are drawn at the upper edge.
Chart score_chart(const RecordingPage& recording);

/// How often scores have which height, of normal and of odd examples where labels tell, with the limit.
Histogram score_histogram(const RecordingPage& recording);

/// The page: scores, recording, the oddest examples with the readings that make them odd, examples beside
/// their reconstructions, samples and hidden units.
Page make_page(const RecordingPage& recording, const Workers& workers);

}  // namespace tool
