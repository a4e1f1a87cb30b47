#pragma once

#include <string>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// Reads a whole file of numbers, a row a line, separated by commas, semicolons, tabs or spaces, in UTF-8 or
/// UTF-16. What is certain to be a heading is left out, and so are columns of row numbers, times and labels,
/// unless the reading asks for columns; notes say what. Messages call the file `name`; without a maximum, 1
/// means 1. Throws Failure, Misuse where reading.columns is no list.
Dataset read_csv(const std::vector<unsigned char>& file, const std::string& name, const Reading& reading);

}  // namespace tool
