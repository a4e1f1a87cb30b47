#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// Reads a whole IDX file, the format of MNIST, of bytes or of floats. `name` is what messages call it,
/// `maximum` the value that means 1; without it, 255 for bytes and 1 for floats. Throws Failure.
Dataset read_idx(std::vector<unsigned char> file, const std::string& name, std::optional<float> maximum);

}  // namespace tool
