#pragma once

#include <string>
#include <vector>

#include "tools/output/surface.hpp"

namespace tool {

/// A text (UTF-8) as strokes of a pen, in letters of our own drawing. A capital letter is 1 high and stands
/// on y = 0; here y grows up. Has the letters of ASCII and what numbers and units need (−, ×, ±, °, µ, ∞ and
/// superscript digits); any other letter is an empty box.
std::vector<Line> written(const std::string& text);

/// How wide it is, in heights of a capital letter.
double written_width(const std::string& text);

}  // namespace tool
