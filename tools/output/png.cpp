#include "tools/output/png.hpp"

#include <cstdint>
#include <string_view>

#include "tools/base/checksum.hpp"
#include "tools/base/deflate.hpp"

namespace tool {
namespace {

void append_big(std::vector<unsigned char>& out, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<unsigned char>(value >> shift));
}

void append_chunk(std::vector<unsigned char>& out, std::string_view type,
                  const std::vector<unsigned char>& data) {
  append_big(out, data.size());
  const std::size_t checked = out.size();
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), data.begin(), data.end());
  append_big(out, cyclic_redundancy_check(out.data() + checked, out.size() - checked));
}

bool is_grey(const Picture& picture) {
  const std::vector<unsigned char>& pixels = picture.pixels;
  for (std::size_t i = 0; i < pixels.size(); i += 3) {
    if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2]) return false;
  }
  return true;
}

/// The rows, each after the number of its filter: 0, none, because our pictures repeat more than they slope.
std::vector<unsigned char> scan_lines(const Picture& picture, bool grey) {
  std::vector<unsigned char> lines;
  const std::size_t row_size = 3 * picture.width;
  for (std::size_t y = 0; y < picture.height; ++y) {
    lines.push_back(0);
    const unsigned char* const row = picture.pixels.data() + y * row_size;
    for (std::size_t i = 0; i < row_size; i += grey ? 3 : 1) lines.push_back(row[i]);
  }
  return lines;
}

}  // namespace

std::vector<unsigned char> encode_png(const Picture& picture) {
  constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
  constexpr unsigned char bit_depth = 8, grey_type = 0, rgb_type = 2;
  const bool grey = is_grey(picture);
  std::vector<unsigned char> header;
  append_big(header, picture.width);
  append_big(header, picture.height);
  // The zeros: the only compression, the only set of filters, no interlacing.
  header.insert(header.end(), {bit_depth, grey ? grey_type : rgb_type, 0, 0, 0});
  std::vector<unsigned char> file(signature.begin(), signature.end());
  append_chunk(file, "IHDR", header);
  append_chunk(file, "IDAT", deflate(scan_lines(picture, grey)));
  append_chunk(file, "IEND", {});
  return file;
}

void write_png(platform::OutputFile& file, const Picture& picture) {
  const std::vector<unsigned char> bytes = encode_png(picture);
  file.write(bytes.data(), bytes.size());
}

}  // namespace tool
