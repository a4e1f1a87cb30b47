#pragma once

#include <cstddef>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// How much an example of each label counts where all labels are to weigh alike [labels]: examples that have
/// a label / (labels x examples of this one). The mean over these examples is 1. A label without examples
/// has 0. `counts` are those of label_counts() [labels].
std::vector<float> balanced_weights(const std::vector<std::size_t>& counts);

/// The biases of labels that give each its frequency where hidden units tell nothing [labels]: the logarithm
/// of its share, with one example more of each, so that none is impossible. Where labels weigh alike, 0.
std::vector<float> label_biases(const std::vector<std::size_t>& counts, bool balanced);

/// The examples that have a label.
std::vector<std::size_t> labelled_rows(const Dataset& data);

}  // namespace tool
