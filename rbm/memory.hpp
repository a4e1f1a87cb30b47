/// Working memory, handed out from storage that the caller owns.
///
/// A chain or a trainer takes its buffers from an Arena in its constructor, the one place that states their
/// shapes. chain_bytes() runs the same constructor without storage, so that the bytes are known at compile
/// time:
///
///     static rbm::Memory<rbm::chain_bytes({64, 24})> memory;
///     rbm::Chain chain(memory, {64, 24});
#pragma once

#include <stddef.h>

#include "matrix.hpp"
#include "panels.hpp"

namespace rbm {

/// Columns rounded up to whole vector registers.
constexpr size_t padded(size_t columns) {
  return (columns + vector_lanes - 1) / vector_lanes * vector_lanes;
}

/// Hands out storage from front to back, aligned for vectors; without storage (base null) it only counts.
/// Taking more than is available breaks the contract.
struct Arena {
  unsigned char* base = nullptr;
  size_t used = 0;       ///< bytes handed out
  size_t available = 0;  ///< bytes there are

  template <class T>
  constexpr T* take(size_t count) {
    constexpr size_t alignment = 4 * vector_lanes;
    used = (used + alignment - 1) / alignment * alignment;
    T* const taken = base != nullptr ? reinterpret_cast<T*>(base + used) : nullptr;
    used += count * sizeof(T);
    RBM_ASSERT(base == nullptr || used <= available);
    return taken;
  }

  constexpr VectorView<float> vector(size_t size) { return {take<float>(size), size}; }
  /// A matrix with aligned rows, an odd number of registers apart. At even distances, above all at powers of
  /// two, the same column of many rows would compete for few sets of the cache.
  constexpr MatrixView<float> matrix(size_t rows, size_t columns) {
    const size_t stride = vector_lanes == 1 ? columns : (padded(columns) / vector_lanes | 1) * vector_lanes;
    return {take<float>(rows * stride), rows, columns, stride};
  }
  /// Columns `begin` up to `end` of a matrix with that many rows, in panels.
  constexpr PanelView<float> panels(size_t rows, size_t begin, size_t end) {
    return {take<float>(rows * (end - begin)), rows, begin, end};
  }
  constexpr UnitList list(size_t units, bool with_factors = false) {
    Unit* const taken = take<Unit>(units);
    return {taken, with_factors ? take<float>(units) : nullptr, 0};
  }
  /// Lists for `rows` states of up to `capacity` units each, with room for factors where `with_factors`.
  constexpr UnitLists lists(size_t rows, size_t capacity, bool with_factors) {
    Unit* const units = take<Unit>(rows * capacity);
    float* const factors = with_factors ? take<float>(rows * capacity) : nullptr;
    return {units, factors, take<Unit>(rows), rows, capacity};
  }
  /// Packed states of `samples` samples of a layer of `units` units.
  constexpr PackedStates packed_states(size_t samples, size_t units) {
    return {take<uint32_t>(granules(units) * samples), samples};
  }
};

/// Storage for an Arena. It is best static, because most stacks are too small for it.
template <size_t Bytes>
struct Memory {
  alignas(4 * vector_lanes) unsigned char bytes[Bytes];

  operator Arena() { return {bytes, 0, Bytes}; }
};

}  // namespace rbm
