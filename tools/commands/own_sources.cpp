#include "tools/commands/own_sources.hpp"

namespace tool {

// A file of its own: it is compiled again whenever any source changes.
std::uint32_t own_sources() {
  return
#include "source_checksum.inc"
      ;
}

}  // namespace tool
