#include "tools/data/elements.hpp"

namespace tool {

void Elements::decode(std::size_t index, std::size_t first, std::size_t count, double* out) const {
  if (columns.empty()) return type.decode(row(index) + first * type.size, count, out);
  for (std::size_t j = 0; j < count; ++j) out[j] = at(index, columns[first + j]);
}

void Pass::reach(std::size_t row) {
  constexpr std::size_t most_held = std::size_t{4} << 20;  // bytes
  if (row < begin_ || (row - begin_) * elements_.stride * elements_.type.size > most_held) {
    release();
    begin_ = row;
  }
  end_ = row + 1;
}

void Pass::release() const {
  const std::size_t size = elements_.stride * elements_.type.size;
  elements_.bytes.release(elements_.offset + begin_ * size, elements_.offset + end_ * size);
}

}  // namespace tool
