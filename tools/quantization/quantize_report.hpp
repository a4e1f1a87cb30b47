#pragma once

#include <cstdio>

#include "tools/base/statistics.hpp"
#include "tools/model/c_header_files.hpp"
#include "tools/quantization/quantizer.hpp"

namespace tool {

/// Prints a table for people.
void print_quantization(const Quantization& made, const HeaderTarget& target, std::FILE* stream);

/// Prints one JSON object.
void print_quantization_json(const Quantization& made, const HeaderTarget& target);

}  // namespace tool
