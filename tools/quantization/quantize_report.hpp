#pragma once

#include "tools/model/c_header_files.hpp"
#include "tools/output/facts.hpp"
#include "tools/quantization/quantizer.hpp"

namespace tool {

/// Adds the bytes of flash and RAM that a quantized model takes.
void add_memory(Facts& facts, const QuantizedModel& model);

/// What there is to tell of a quantization and the header that it went to.
Facts quantization_facts(const Quantization& made, const HeaderTarget& target);

}  // namespace tool
