#pragma once

#include <cstddef>

namespace tool {

/// How the numbers of an array are stored.
struct NumberType {
  enum class Kind { boolean, unsigned_integer, signed_integer, float_number };

  Kind kind = Kind::unsigned_integer;
  std::size_t size = 1;  ///< of an element, in bytes: 1, 2, 4 or 8
  bool big_endian = false;

  /// The element in these `size` bytes.
  double decode(const unsigned char* element) const;

  /// `count` elements that follow each other.
  void decode(const unsigned char* elements, std::size_t count, double* out) const;

  /// Whether an element is a number from 0 to 255, or a boolean, in a byte.
  bool is_byte() const { return size == 1 && (kind == Kind::unsigned_integer || kind == Kind::boolean); }

  /// Whether an element is a float as this machine has it in memory.
  bool is_native_float() const;
};

}  // namespace tool
