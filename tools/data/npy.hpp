#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "platform/desktop/files.hpp"
#include "platform/desktop/mapped_file.hpp"
#include "tools/data/dataset.hpp"
#include "tools/data/number_type.hpp"

namespace tool {

/// What the header of an NPY file says. Whether the elements are there is not yet checked.
struct NpyArray {
  NumberType type;
  std::string type_name;  ///< that NumPy has for it
  std::vector<std::uint64_t> extents;
  bool fortran_order;  ///< stored column by column
  std::size_t offset;  ///< of the first element in the file
};

/// Reads the header of a file that begins with the magic of NPY; `name` is what messages call it. Throws
/// Failure.
NpyArray parse_npy(const unsigned char* file, std::size_t size, const std::string& name);

/// Reads a whole file of one array. `name` is what messages call it. Without a
/// maximum, 255 means 1 in bytes, and 1 in other numbers. Throws Failure.
Dataset read_npy(platform::FileBytes file, const std::string& name, const Reading& reading);

/// Writes the beginning of a file of rows x columns floats, which follow row by row through write_floats().
void write_npy_header(platform::OutputFile& file, std::size_t rows, std::size_t columns);

}  // namespace tool
