#pragma once

#include "tools/base/workers.hpp"
#include "tools/inference/recording_shown.hpp"
#include "tools/output/page.hpp"

namespace tool {

/// The examples with the highest scores that have no row in common, beside their reconstructions; readings
/// that make them odd are shaded. The model must draw curves.
Section oddest_section(const RecordingPage& page, const Workers& workers);

/// Normal examples, evenly spread, beside their reconstructions, and what the model makes up.
Section usual_section(const RecordingPage& page, const Workers& workers);

}  // namespace tool
