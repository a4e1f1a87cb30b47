#include "tools/base/shape.hpp"

namespace tool {

Shape default_shape(std::size_t columns) {
  std::size_t side = 0;
  while (side * side < columns) ++side;
  return side * side == columns ? Shape{side, side} : Shape{1, columns};
}

std::string to_text(Shape shape) {
  return std::to_string(shape.height) + " x " + std::to_string(shape.width);
}

}  // namespace tool
