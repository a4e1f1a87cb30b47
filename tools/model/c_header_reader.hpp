#pragma once

#include <string>
#include <string_view>

#include "tools/model/c_header_form.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// A generated header as it was read back.
struct HeaderContent {
  std::string name;      ///< of the model in C
  std::string included;  ///< the runtime, or the header of a pair's source; empty if it stands alone
  QuantizedModel model;
  std::uint32_t checksum;
};

/// Reads back what header_text() made, or the source of a header_pair(); `file_name` is what messages call
/// it. Layout does not matter, nor do comments, attributes, linkage and other declarations. The result has
/// the checksum that the file states, and find_fault() finds nothing in it. Throws Failure, one line. Memory
/// grows with the text, not with the sizes that it states.
HeaderContent read_c_header(std::string_view text, const std::string& file_name);

}  // namespace tool
