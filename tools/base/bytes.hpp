#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

#include "platform/desktop/files.hpp"
#include "platform/desktop/mapped_file.hpp"

namespace tool {

/// The unsigned integer in `size` (1 to 8) bytes, least significant first, on any host.
inline std::uint64_t load_little(const unsigned char* bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i) value = value << 8 | bytes[i - 1];
  return value;
}

/// The unsigned integer in `size` (1 to 8) bytes, most significant first, on any host.
inline std::uint64_t load_big(const unsigned char* bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes[i];
  return value;
}

/// Stores the low `size` bytes of value, least significant first.
inline void store_little(void* destination, std::uint64_t value, std::size_t size) {
  auto* bytes = static_cast<unsigned char*>(destination);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<unsigned char>(value >> 8 * i);
}

/// Bytes that somebody else holds.
struct ByteView {
  ByteView(const std::vector<unsigned char>& bytes) : data(bytes.data()), size(bytes.size()) {}
  ByteView(const platform::FileBytes& bytes) : data(bytes.data()), size(bytes.size()) {}

  const unsigned char* data;
  std::size_t size;
};

/// Whether a file begins with these bytes.
inline bool begins_with(const std::vector<unsigned char>& file, std::string_view magic) {
  return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
}

/// The float of IEEE 754 with these 32 bits.
inline float float_from_bits(std::uint64_t bits) {
  const auto word = static_cast<std::uint32_t>(bits);
  float value;
  std::memcpy(&value, &word, sizeof value);
  return value;
}

/// The double of IEEE 754 with these 64 bits.
inline double double_from_bits(std::uint64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

/// The value of IEEE 754's 16 bits: sign, 5 of exponent, 10 of fraction. A NaN loses its payload.
inline double half_from_bits(std::uint64_t bits) {
  constexpr int fraction_bits = 10, bias = 15, special = 31;
  const int exponent = static_cast<int>(bits >> fraction_bits & special);
  const auto fraction = static_cast<double>(bits & 0x3ff);
  constexpr double implicit_one = 1 << fraction_bits;
  using Limits = std::numeric_limits<double>;
  double value;
  if (exponent == special) {
    value = fraction > 0 ? Limits::quiet_NaN() : Limits::infinity();
  } else if (exponent == 0) {
    value = std::ldexp(fraction, 1 - bias - fraction_bits);
  } else {
    value = std::ldexp(fraction + implicit_one, exponent - bias - fraction_bits);
  }
  return (bits >> 15 & 1) != 0 ? -value : value;
}

/// The 32 bits of a float.
inline std::uint32_t bits_of_float(float value) {
  std::uint32_t word;
  std::memcpy(&word, &value, sizeof word);
  return word;
}

/// Writes floats as 4 bytes each, least significant first, on any host.
inline void write_floats(platform::OutputFile& file, const float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    unsigned char element[sizeof(float)];
    store_little(element, bits_of_float(values[i]), sizeof element);
    file.write(element, sizeof element);
  }
}

}  // namespace tool
