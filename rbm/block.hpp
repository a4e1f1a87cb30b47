/// Sums of rows in registers, the kernel of the products and of the gradient.
#pragma once

#include <stddef.h>

#include "bits.hpp"
#include "config.hpp"

namespace rbm {

namespace detail {

/// A register of floats, in the vector type of GCC and Clang. GCC does not keep an array of plain floats in
/// registers over a loop, which made the same loop five times slower.
typedef float Lanes __attribute__((__vector_size__(4 * vector_lanes)));

/// Reads a register of floats from any address. It copies, because a template's argument loses the attributes
/// that would allow an unaligned pointer.
template <class Lane>
RBM_INLINE Lane load_lanes(const float* from) {
  Lane lane;
  __builtin_memcpy(&lane, from, sizeof lane);
  return lane;
}

/// Sums of neighbouring columns, 0 at first, held in registers while rows are added: each row costs one load
/// and one addition a register.
template <class Lane, unsigned Registers>
struct Block {
  using Register = Lane;
  static constexpr unsigned registers = Registers;
  static constexpr size_t lanes = sizeof(Lane) / sizeof(float);
  static constexpr size_t columns = Registers * lanes;
  Lane sum[Registers] = {};

  RBM_INLINE void load(const float* from) {
    for (unsigned r = 0; r < Registers; ++r) sum[r] = load_lanes<Lane>(from + r * lanes);
  }
  RBM_INLINE void scale(float factor) {
    for (unsigned r = 0; r < Registers; ++r) sum[r] = factor * sum[r];
  }
  RBM_INLINE void store(float* to) const { __builtin_memcpy(to, sum, sizeof sum); }
  /// sum += factor * row, over the rows that x lists. `first` points to this block's first column in row 0.
  RBM_INLINE void add_rows(const float* RBM_RESTRICT first, size_t stride, ActiveUnits x) {
    if (x.factors)
      for (size_t n = 0; n < x.count; ++n) {
        const float* const row = first + x.units[n] * stride;
        for (unsigned r = 0; r < Registers; ++r) sum[r] += x.factors[n] * load_lanes<Lane>(row + r * lanes);
      }
    else
      for (size_t n = 0; n < x.count; ++n) {
        const float* const row = first + x.units[n] * stride;
        for (unsigned r = 0; r < Registers; ++r) sum[r] += load_lanes<Lane>(row + r * lanes);
      }
  }
};

/// Calls body for one block of `registers` registers, at most `Registers`, that begins at `column`. The
/// compiler needs the number as a constant, so that every number from `Registers` down is tried.
template <class Lane, unsigned Registers, class Body>
RBM_INLINE void for_rest(size_t registers, size_t column, const Body& body) {
  if constexpr (Registers > 0) {
    if (registers == Registers) {
      Block<Lane, Registers> block;
      body(block, column);
    } else {
      for_rest<Lane, Registers - 1>(registers, column, body);
    }
  }
}

/// Calls body for whole blocks from `column` on, then for one block of the whole registers that remain.
/// Returns the first column that is not covered.
template <class Lane, unsigned Registers, class Body>
RBM_INLINE size_t for_lanes(size_t column, size_t columns, const Body& body) {
  constexpr size_t width = sizeof(Lane) / sizeof(float);
  for (size_t blocks = (columns - column) / (Registers * width); blocks > 0; --blocks) {
    Block<Lane, Registers> block;
    body(block, column);
    column += Registers * width;
  }
  const size_t rest = (columns - column) / width;
  for_rest<Lane, Registers - 1>(rest, column, body);
  return column + rest * width;
}

/// Registers of a whole block.
inline constexpr unsigned block_registers = 4;

/// Calls body(block, column) for blocks that together cover all columns, the widest first. With registers of
/// 8 floats, 77 columns are two blocks of 4 registers (0 and 32), one of 1 register (64), one of 4 floats
/// (72) and one of 1 float (76).
template <class Body>
RBM_INLINE void for_each_block(size_t columns, const Body& body) {
  size_t column = 0;
  if constexpr (vector_lanes > 1) column = for_lanes<Lanes, block_registers>(column, columns, body);
  for_lanes<float, block_registers>(column, columns, body);
}

}  // namespace detail

}  // namespace rbm
