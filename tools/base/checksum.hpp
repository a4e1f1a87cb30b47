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

/// The FNV-1a hash of 32-bit words, taken word by word.
class WordHash {
 public:
  void add(std::uint32_t word) { value_ = (value_ ^ word) * 0x100000001b3u; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace tool
