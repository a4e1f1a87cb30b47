#pragma once

#include <cstddef>

namespace tool {

/// How the numbers of an array are stored.
struct NumberType {
  enum class Kind { boolean, unsigned_integer, signed_integer, float_number };

  Kind kind;
  std::size_t size;  ///< of an element, in bytes: 1, 2, 4 or 8
  bool big_endian;

  /// The element in these `size` bytes.
  double decode(const unsigned char* element) const;
};

}  // namespace tool
