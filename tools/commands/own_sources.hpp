#pragma once

#include <cstdint>

namespace tool {

/// A checksum of the sources that this program was built from, by tools/scripts/source_checksum.sh.
std::uint32_t own_sources();

}  // namespace tool
