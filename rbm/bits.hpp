/// States of units: packed bits, and the list of units that are on.
///
/// A binary state is stored as bits where memory matters, and used as a list: kernels walk the list and never
/// look at a unit that is off. A real-valued state is the same list with a factor for each unit.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "config.hpp"

namespace rbm {

/// The number of a unit in its layer, or of a state in a batch, where each sample has two states.
using Unit = uint16_t;
inline constexpr size_t most_units = 65535, most_samples = 32767;
/// The most samples of a batch with labels, of which each counts three times.
inline constexpr size_t most_labelled_samples = most_units / 3;

/// 32-bit words that hold `bits` packed bits.
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
  /// Appends a unit that is on (1). Units are added in ascending order.
  void add(size_t unit) {
    if (factors != nullptr) factors[count] = 1.0f;
    units[count++] = static_cast<Unit>(unit);
  }
};

/// The states of a batch, one list for each sample. A transposed batch has one list for each unit: the
/// samples in which the unit is on.
struct UnitLists {
  Unit* units;     ///< [rows][capacity]
  float* factors;  ///< [rows][capacity], or null for binary states
  Unit* counts;    ///< [rows]
  size_t rows, capacity;

  /// Row n to read.
  ActiveUnits row(size_t n) const {
    return {units + n * capacity, factors ? factors + n * capacity : nullptr, counts[n]};
  }
  /// Replaces row n: calls write(list) with an empty list, and keeps what it wrote.
  template <class Write>
  RBM_INLINE void write_row(size_t n, const Write& write) const {
    UnitList list{units + n * capacity, factors ? factors + n * capacity : nullptr, 0};
    write(list);
    counts[n] = static_cast<Unit>(list.count);
  }
  /// Appends a unit that is on (1) to row n. Units are added in ascending order.
  void add(size_t n, size_t unit) const {
    RBM_ASSERT(counts[n] < capacity);
    const size_t place = n * capacity + counts[n]++;
    units[place] = static_cast<Unit>(unit);
    if (factors != nullptr) factors[place] = 1.0f;
  }
  /// Makes row n a copy of a state, binary where there are no factors.
  void assign(size_t n, ActiveUnits state) const {
    RBM_ASSERT(n < rows && state.count <= capacity && (factors != nullptr || state.factors == nullptr));
    write_row(n, [&](UnitList& list) {
      for (size_t m = 0; m < state.count; ++m) {
        list.add(state.units[m]);
        if (factors != nullptr) list.factors[m] = state.factor(m);
      }
    });
  }
};

namespace detail {

/// For each byte, the numbers of its 1 bits, and their count: without an instruction that counts bits, GCC
/// would call a function.
struct BitNumbers {
  uint8_t bits[256][8] = {}, count[256] = {};

  constexpr BitNumbers() {
    for (unsigned byte = 0; byte < 256; ++byte)
      for (unsigned bit = 0; bit < 8; ++bit)
        if (byte >> bit & 1u) bits[byte][count[byte]++] = static_cast<uint8_t>(bit);
  }
};
inline constexpr BitNumbers bit_numbers{};

}  // namespace detail

/// Lists the units that are on in a packed state of `units` units; returns their number. `list` must have
/// room for `units` entries.
inline size_t list_units_on(Unit* RBM_RESTRICT list, const uint32_t* RBM_RESTRICT bits, size_t units) {
  size_t count = 0, word = 0;
  // A loop over the bits of a random word ends where no processor can predict. It takes half the time to
  // write eight entries for each byte and keep as many as the byte has bits. A small device has no room for
  // the table that this needs.
  if constexpr (vector_lanes > 1)
    for (; word < units / 32; ++word)
      for (unsigned byte = 0; byte < 4; ++byte) {
        const uint32_t on = bits[word] >> 8 * byte & 255u;
        for (unsigned n = 0; n < 8; ++n)
          list[count + n] = static_cast<Unit>(32 * word + 8 * byte + detail::bit_numbers.bits[on][n]);
        count += detail::bit_numbers.count[on];
      }
  for (; word < words_for(units); ++word)
    for (uint32_t rest = bits[word]; rest != 0; rest &= rest - 1)
      list[count++] = static_cast<Unit>(32 * word + static_cast<size_t>(__builtin_ctz(rest)));
  return count;
}

/// Units of a layer that are never divided among workers: those of one word of packed bits.
inline constexpr size_t granule = 32;

/// Granules of a layer of `units` units.
constexpr size_t granules(size_t units) {
  return words_for(units);
}

/// Packed states of a batch, granule by granule: the workers who own them write apart from each other.
struct PackedStates {
  uint32_t* words;  ///< [granules][samples]
  size_t samples;

  /// The words of granule `at`, one a sample.
  uint32_t* granule(size_t at) const { return words + at * samples; }
};

/// Lists the units that are on in sample n, of `units` units.
inline void list_state(UnitList& list, const PackedStates& states, size_t n, size_t units) {
  constexpr size_t chunk = 32;  // granules; bounds the stack
  uint32_t bits[chunk];
  list.count = 0;
  for (size_t first = 0; first < granules(units); first += chunk) {
    const size_t left = granules(units) - first, count = left < chunk ? left : chunk;
    for (size_t at = 0; at < count; ++at) bits[at] = states.granule(first + at)[n];
    const size_t base = granule * first, rest = units - base;
    Unit* const added = list.units + list.count;
    const size_t on = list_units_on(added, bits, rest < granule * count ? rest : granule * count);
    for (size_t m = 0; base > 0 && m < on; ++m) added[m] = static_cast<Unit>(added[m] + base);
    list.count += on;
  }
  for (size_t m = 0; list.factors != nullptr && m < list.count; ++m) list.factors[m] = 1.0f;
}

/// The number of listed units below `unit`. It compares every entry, which vectorizes and does not branch. No
/// processor predicts a binary search: with one, products were 2% slower on one thread and 8% on two.
inline size_t units_below(ActiveUnits x, size_t unit) {
  const Unit bound = static_cast<Unit>(unit < most_units ? unit : most_units);
  Unit below = 0;
  for (size_t n = 0; n < x.count; ++n) below = static_cast<Unit>(below + (x.units[n] < bound));
  return below;
}

/// For each unit from `begin` up to `end`, appends the samples 0 to `samples` - 1 in which it is on, in
/// ascending order and numbered from `number` on.
inline void append_transposed(const UnitLists& by_unit, const UnitLists& by_sample, size_t samples,
                              size_t number, size_t begin, size_t end) {
  RBM_ASSERT(samples <= by_sample.rows && end <= by_unit.rows && number + samples <= by_unit.capacity);
  for (size_t sample = 0; sample < samples; ++sample) {
    const ActiveUnits state = by_sample.row(sample);
    for (size_t n = units_below(state, begin); n < state.count && state.units[n] < end; ++n) {
      const size_t unit = state.units[n];
      const size_t place = unit * by_unit.capacity + by_unit.counts[unit]++;
      by_unit.units[place] = static_cast<Unit>(number + sample);
      if (by_unit.factors) by_unit.factors[place] = state.factor(n);
    }
  }
}

}  // namespace rbm
