#pragma once

#include <string>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// Reads a whole file of numbers, a row a line, separated by commas, semicolons, tabs or spaces; a first line
/// of headings is left out. Messages call the file `name`; without a maximum, 1 means 1. Throws Failure.
Dataset read_csv(const std::vector<unsigned char>& file, const std::string& name, const Reading& reading);

}  // namespace tool
