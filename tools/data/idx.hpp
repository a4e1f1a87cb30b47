#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "platform/desktop/mapped_file.hpp"
#include "tools/data/dataset.hpp"
#include "tools/data/number_type.hpp"

namespace tool {

/// What the header of an IDX file says. Whether the elements are there is not yet checked.
struct IdxArray {
  NumberType type;
  std::vector<std::uint64_t> extents;
  std::size_t offset;  ///< of the first element in the file
};

/// Reads the header of a file that begins with two bytes of 0; `name` is what messages call it. Throws
/// Failure.
IdxArray parse_idx(const unsigned char* file, std::size_t size, const std::string& name);

/// Reads a whole IDX file, the format of MNIST, of integers or of floats. `name` is what messages call it.
/// Without a maximum, 255 means 1 in unsigned bytes, and 1 in other numbers. Throws Failure.
Dataset read_idx(platform::FileBytes file, const std::string& name, const Reading& reading);

}  // namespace tool
