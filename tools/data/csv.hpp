#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// Reads a whole file of numbers between commas, semicolons, tabs or spaces, a row a line, below a line of
/// headings or none. `name` is what messages call it, `maximum` the value that means 1; without it, 1. Throws
/// Failure.
Dataset read_csv(const std::vector<unsigned char>& file, const std::string& name,
                 std::optional<float> maximum);

}  // namespace tool
