#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/data/dataset.hpp"

namespace tool {

/// A type of elements that can be read.
struct NpyType {
  enum class Kind { boolean, unsigned_integer, signed_integer, float_number };

  std::string name;  ///< that NumPy has for it
  Kind kind;
  std::size_t size;  ///< of an element, in bytes: 1, 2, 4 or 8
  bool big_endian;

  /// The element in these `size` bytes.
  double decode(const unsigned char* element) const;
};

/// What the header of an NPY file says. Whether the elements are there is not yet checked.
struct NpyArray {
  NpyType type;
  std::vector<std::uint64_t> extents;
  bool fortran_order;  ///< stored column by column
  std::size_t offset;  ///< of the first element in the file
};

/// Reads the header of a file that begins with the magic of NPY; `name` is what messages call it. Throws
/// Failure.
NpyArray parse_npy(const unsigned char* file, std::size_t size, const std::string& name);

/// Reads a whole file of one array. `name` is what messages call it. Without a
/// maximum, 255 means 1 in bytes, and 1 in other numbers. Throws Failure.
Dataset read_npy(std::vector<unsigned char> file, const std::string& name, const Reading& reading);

/// Writes the beginning of a file of rows x columns floats, which follow row by row through write_floats().
void write_npy_header(platform::OutputFile& file, std::size_t rows, std::size_t columns);

}  // namespace tool
