#pragma once

#include "tools/model/c_header_files.hpp"
#include "tools/output/facts.hpp"
#include "tools/quantization/model_quantizer.hpp"

namespace tool {

/// What there is to tell of a quantization and the header that it went to.
Facts quantization_facts(const Quantization& made, const HeaderTarget& target);

}  // namespace tool
