#pragma once

#include <cstddef>
#include <cstdint>

namespace tool {

/// The CRC-32 of PNG and ZIP.
inline std::uint32_t cyclic_redundancy_check(const unsigned char* bytes, std::size_t count) {
  std::uint32_t remainder = 0xffffffff;
  for (std::size_t i = 0; i < count; ++i) {
    remainder ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) remainder = remainder >> 1 ^ (remainder & 1 ? 0xedb88320u : 0);
  }
  return ~remainder;
}

}  // namespace tool
