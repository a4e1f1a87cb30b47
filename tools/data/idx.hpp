#pragma once

#include <string>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// Reads a whole IDX file, the format of MNIST, of bytes or of floats. `name` is what messages call it.
/// Without a maximum, 255 means 1 in bytes, and 1 in floats. Throws Failure.
Dataset read_idx(std::vector<unsigned char> file, const std::string& name, const Reading& reading);

}  // namespace tool
