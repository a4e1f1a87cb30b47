#pragma once

#include <string>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// Reads a whole IDX file, the format of MNIST, of integers or of floats. `name` is what messages call it.
/// Without a maximum, 255 means 1 in unsigned bytes, and 1 in other numbers. Throws Failure.
Dataset read_idx(std::vector<unsigned char> file, const std::string& name, const Reading& reading);

}  // namespace tool
