/// States of units: packed bits, and the list of units that are on.
///
/// A binary state is kept as bits where memory matters and as a list where it is used: kernels walk the list
/// and never look at a unit that is off. A real-valued state is the same list with a factor for each unit.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "config.hpp"

namespace rbm {

/// The number of a unit in its layer, or of a sample in its batch: at most 65,535 of each.
using Unit = uint16_t;
inline constexpr size_t most_units = 65535;

/// Words that hold so many packed bits.
constexpr size_t words_for(size_t bits) {
  return (bits + 31) / 32;
}

/// A packed binary state; unit u is bit u % 32 of word u / 32, and the bits beyond the last unit are 0.
template <size_t Units>
struct Bits {
  uint32_t words[words_for(Units)] = {};

  constexpr bool operator[](size_t unit) const { return (words[unit / 32] >> (unit % 32)) & 1u; }
  constexpr void set(size_t unit, bool on) {
    const uint32_t bit = 1u << (unit % 32);
    words[unit / 32] = on ? words[unit / 32] | bit : words[unit / 32] & ~bit;
  }
};

/// A state as kernels read it: the units that are not 0, in ascending order, with their values.
struct ActiveUnits {
  const Unit* units;
  const float* factors;  ///< [count], or null where every listed unit is 1
  size_t count;

  float factor(size_t n) const { return factors ? factors[n] : 1.0f; }
  /// Entries `begin` up to `end` of the list.
  ActiveUnits part(size_t begin, size_t end) const {
    return {units + begin, factors ? factors + begin : nullptr, end - begin};
  }
};

/// A state that can be written: room for the units of one layer.
struct UnitList {
  Unit* units;
  float* factors;  ///< null for binary states
  size_t count;

  operator ActiveUnits() const { return {units, factors, count}; }
};

/// The states of a batch, a list for each sample (or, transposed, for each unit the samples in which it is
/// on).
struct UnitLists {
  Unit* units;     ///< [rows][capacity]
  float* factors;  ///< [rows][capacity], or null for binary states
  Unit* counts;    ///< [rows]
  size_t rows, capacity;

  ActiveUnits row(size_t n) const {
    return {units + n * capacity, factors ? factors + n * capacity : nullptr, counts[n]};
  }
};

/// Lists the units that are on in a packed state of `words` words; returns their number. `list` has room for
/// all.
inline size_t list_units_on(Unit* RBM_RESTRICT list, const uint32_t* RBM_RESTRICT bits, size_t words) {
  size_t count = 0;
  for (size_t w = 0; w < words; ++w)
    for (uint32_t rest = bits[w]; rest != 0; rest &= rest - 1)
      list[count++] = static_cast<Unit>(32 * w + static_cast<size_t>(__builtin_ctz(rest)));
  return count;
}

/// For each unit from `begin` up to `end`, the samples 0 to `samples` - 1 in which it is on, in ascending
/// order.
inline void transpose_lists(const UnitLists& by_unit, const UnitLists& by_sample, size_t samples,
                            size_t begin, size_t end) {
  RBM_ASSERT(samples <= by_unit.capacity && end <= by_unit.rows);
  for (size_t unit = begin; unit < end; ++unit) by_unit.counts[unit] = 0;
  for (size_t sample = 0; sample < samples; ++sample) {
    const ActiveUnits state = by_sample.row(sample);
    size_t n = 0;
    for (size_t above = state.count; n < above;) {  // binary search for the first unit of the range
      const size_t middle = n + (above - n) / 2;
      if (state.units[middle] < begin)
        n = middle + 1;
      else
        above = middle;
    }
    for (; n < state.count && state.units[n] < end; ++n) {
      const size_t unit = state.units[n];
      const size_t place = unit * by_unit.capacity + by_unit.counts[unit]++;
      by_unit.units[place] = static_cast<Unit>(sample);
      if (by_unit.factors) by_unit.factors[place] = state.factors[n];
    }
  }
}

}  // namespace rbm
