#include "tools/output/surface.hpp"

#include <algorithm>

namespace tool {

Pen pen_of(Ink ink) {
  constexpr double line = 1.6;
  constexpr Pen pens[] = {{0x5c, 0x63, 0x6e, 1.0},    {0x1b, 0x1e, 0x23, 1.25}, {0xe4, 0xe4, 0xdf, 1.0},
                          {0x5c, 0x63, 0x6e, 1, 0.6}, {0x7d, 0x9f, 0xc4, line}, {0xe0, 0x8a, 0x3a, line},
                          {0xb3, 0x26, 0x1e, 1.2},    {0xb3, 0x26, 0x1e, line}, {0x1f, 0x5f, 0xa6, line},
                          {0xc2, 0x56, 0x1a, line},   {0x2b, 0x7a, 0x58, line}, {0x7b, 0x4a, 0xa0, line}};
  return pens[static_cast<std::size_t>(ink)];
}

double text_width(const std::string& text) {
  constexpr double letter_width = 6.2;
  // Of UTF-8, the bytes that begin a letter.
  return letter_width * static_cast<double>(std::count_if(text.begin(), text.end(), [](char byte) {
           return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
         }));
}

Line rectangle(double left, double top, double right, double bottom) {
  return {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
}

}  // namespace tool
