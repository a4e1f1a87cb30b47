#pragma once

#include <cstddef>
#include <vector>

#include "platform/desktop/mapped_file.hpp"
#include "tools/data/number_type.hpp"

namespace tool {

/// An array as its file holds it, row by row: rows are decoded when they are asked for. Copies are of the
/// same bytes.
struct Elements {
  platform::FileBytes bytes{};
  std::size_t offset = 0;  ///< of the first element, in bytes
  NumberType type{};
  std::size_t stride = 0;              ///< elements that a row has in the file
  std::vector<std::size_t> columns{};  ///< those of them that are taken, counted from 0; empty: all

  /// Where a row begins.
  const unsigned char* row(std::size_t index) const {
    return bytes.data() + offset + index * stride * type.size;
  }

  /// The element of a row in this column of the file.
  double at(std::size_t index, std::size_t column) const {
    return type.decode(row(index) + column * type.size);
  }

  /// `count` elements of a row that are taken, from the one at `first` on.
  void decode(std::size_t index, std::size_t first, std::size_t count, double* out) const;
};

/// A pass over rows from the first to the last, which lets go of the memory of those that it left behind. So
/// one over a mapped file takes little memory, however large that is.
class Pass {
 public:
  explicit Pass(const Elements& elements) : elements_(elements) {}
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;
  ~Pass() { release(); }

  /// Comes to a row: those before it are done with.
  void reach(std::size_t row);

 private:
  void release() const;

  const Elements& elements_;
  std::size_t begin_ = 0, end_ = 0;  // rows that were looked at and whose memory is held
};

}  // namespace tool
