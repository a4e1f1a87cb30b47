#pragma once

#include <cstddef>
#include <vector>

#include "platform/desktop/files.hpp"

namespace tool {

/// A picture of width x height pixels, row by row from the top: red, green and blue, 0 to 255 each.
struct Picture {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<unsigned char> pixels;
};

/// The bytes of a PNG file: 8-bit greys where all pixels are grey, else 8-bit RGB. Neither side may be 0. The
/// same picture gives the same bytes everywhere.
std::vector<unsigned char> encode_png(const Picture& picture);

/// Writes a PNG file.
void write_png(platform::OutputFile& file, const Picture& picture);

}  // namespace tool
