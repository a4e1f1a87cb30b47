// Whatever a file holds is read in full or refused by a Failure, and what was read can be written and read
// again without a change.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tools/base/failure.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/c_header_writer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const tool::HeaderContent content = tool::read_c_header(text, "fuzz");
    const std::string again = tool::header_text(content.model, content.name, tool::Runtime::included);
    if (tool::read_c_header(again, "again").checksum != content.checksum) std::abort();
  } catch (const tool::Failure&) {
  }
  return 0;
}
