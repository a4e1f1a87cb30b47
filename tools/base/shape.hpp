#pragma once

#include <cstddef>
#include <string>

namespace tool {

/// Height and width of a picture, in pixels.
struct Shape {
  std::size_t height;
  std::size_t width;
};

/// The shape in which to draw this many values where nothing else is known: a square if they fill one, else a
/// line.
Shape default_shape(std::size_t columns);

/// 28 x 28: height, then width.
std::string to_text(Shape shape);

}  // namespace tool
