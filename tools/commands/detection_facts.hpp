#pragma once

#include <vector>

#include "tools/inference/detector.hpp"
#include "tools/output/facts.hpp"

namespace tool {

/// Adds what detectors, of which the first one is the model, make of labelled data, and says in a sentence
/// where a simpler one does as well. `data` are those that `labelled` was made of.
void add_detection(Facts& facts, const LabelledData& labelled, const Dataset& data,
                   const std::vector<Detector>& detectors);

}  // namespace tool
