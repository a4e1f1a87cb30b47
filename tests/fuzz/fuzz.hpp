/// What the fuzz targets share: each reads one input as a user's file, and may only succeed or throw Failure,
/// within a small multiple of the input's size in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include <sanitizer/allocator_interface.h>

#include "tools/base/failure.hpp"
#include "tools/data/dataset.hpp"

namespace fuzz {

inline bool watching = false;
inline std::ptrdiff_t allocated = 0, most_allocated = 0;

inline void count_allocation(const volatile void*, std::size_t size) {
  if (!watching) return;
  allocated += static_cast<std::ptrdiff_t>(size);
  if (allocated > most_allocated) most_allocated = allocated;
}
inline void count_release(const volatile void* block) {
  if (watching && block != nullptr)
    allocated -= static_cast<std::ptrdiff_t>(__sanitizer_get_allocated_size(const_cast<const void*>(block)));
}

inline void require(bool condition) {
  if (!condition) std::abort();
}

/// Reads one input by read(bytes), which may throw Failure and nothing else.
template <class Read>
int run(const std::uint8_t* data, std::size_t size, const Read& read) {
  // Of a CSV file's two bytes a field takes sixteen, and a vector that grows three times its size.
  constexpr std::ptrdiff_t most_a_byte = 32, beside = 1 << 16;
  static const int installed = __sanitizer_install_malloc_and_free_hooks(count_allocation, count_release);
  require(installed != 0);
  std::vector<unsigned char> bytes(data, data + size);
  allocated = most_allocated = 0;
  watching = true;
  try {
    read(std::move(bytes));
  } catch (const tool::Failure&) {
  }
  watching = false;
  require(most_allocated <= most_a_byte * static_cast<std::ptrdiff_t>(size) + beside);
  return 0;
}

/// A table that was read holds what it says, from 0 to 1.
inline void check(const tool::Dataset& dataset) {
  require(dataset.rows >= 1 && dataset.columns >= 1 && dataset.columns <= 65535);
  require(dataset.height * dataset.width == dataset.columns);
  std::vector<float> row(dataset.columns);
  for (std::size_t n = 0; n < dataset.rows; ++n) {
    dataset.row(n, row.data());
    for (const float value : row) require(value >= 0 && value <= 1);
  }
}

}  // namespace fuzz
