#pragma once

#include <string>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// Gives data the labels that stand in a file of their own, one for each row: IDX (MNIST's label files as
/// they are) or NumPy of one dimension, or a column of text, with or without a heading. `name` is what
/// messages call it. Throws Failure where it is none of these, holds fewer or more labels than the data have
/// rows, or what LabelCollector refuses.
void add_labels(const std::vector<unsigned char>& file, const std::string& name, const Reading& reading,
                Dataset& data);

}  // namespace tool
