#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace tool {

/// Allocates whole cache lines: vector registers that straddle two of them made training a third slower.
template <class T>
struct CacheAligned {
  using value_type = T;
  static constexpr std::align_val_t alignment{64};

  CacheAligned() = default;
  template <class Other>
  CacheAligned(const CacheAligned<Other>&) {}

  T* allocate(std::size_t count) { return static_cast<T*>(::operator new(count * sizeof(T), alignment)); }
  void deallocate(T* pointer, std::size_t) { ::operator delete(pointer, alignment); }

  friend bool operator==(CacheAligned, CacheAligned) { return true; }
  friend bool operator!=(CacheAligned, CacheAligned) { return false; }
};

/// A vector whose storage begins at a cache line.
template <class T>
using AlignedVector = std::vector<T, CacheAligned<T>>;

/// Leaves new elements as they are in memory: a large vector then has no pages until they are written to.
struct CacheAlignedBytes : CacheAligned<unsigned char> {
  template <class Other>
  struct rebind {
    using other = CacheAlignedBytes;
  };
  void construct(unsigned char*) {}
};

/// Memory that nobody has touched, from a cache line on.
using UntouchedBytes = std::vector<unsigned char, CacheAlignedBytes>;

}  // namespace tool
