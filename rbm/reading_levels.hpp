/// Levels of a reading: the number of the step, of K equal ones from the least to the largest reading, in
/// which it lies. So a reading is a choice (choice.hpp), whose density may have any shape.
///
///     level = floor(K (reading - least) / (most - least)), within 0 to K - 1
///
/// Where least and largest reading are not known beforehand, they are those of the first readings:
///
///     rbm::ReadingLevels<int16_t> levels{{}, 300};
///     rbm::follow(levels, reading);
///     size_t level = rbm::level(levels, reading, 64);
///
/// A reading is an integer of 16 bits, or a float.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "config.hpp"

namespace rbm {

/// A span of readings, in a type that holds their differences: int32_t, or float.
template <class Reading>
struct ReadingSpan {
  using Wide = decltype(Reading{} * int32_t{});
  Wide least = 0, most = 0;

  constexpr Wide size() const { return most - least; }
  /// Takes a reading in; the first one is the whole span.
  constexpr void take_in(Reading reading, bool first) {
    if (first || reading < least) least = reading;
    if (first || reading > most) most = reading;
  }
};

/// The span that levels divide. With `learned` 0 it stays as given.
template <class Reading>
struct ReadingLevels {
  ReadingSpan<Reading> span{};  ///< after learning, of the readings learned from
  uint16_t learned = 0;         ///< readings from which the span is to be learned; 0: it is known
  uint16_t seen = 0;            ///< readings that it was learned from, at most `learned`
};

/// Learns the span while there are fewer than `learned` readings.
template <class Reading>
constexpr void follow(ReadingLevels<Reading>& levels, Reading reading) {
  if (levels.seen == levels.learned) return;
  levels.span.take_in(reading, levels.seen == 0);
  ++levels.seen;
}

/// The level of a reading, of `count` (at most 8,192). A learned span counts as three times as wide, by its
/// own size to either side, as later readings may lie beyond; those farther out have the first or the last
/// level.
template <class Reading>
constexpr size_t level(const ReadingLevels<Reading>& levels, Reading reading, size_t count) {
  using Wide = typename ReadingSpan<Reading>::Wide;
  RBM_ASSERT(count >= 1 && count <= 8192);
  const Wide size = levels.span.size(), widened = levels.learned > 0 ? size : Wide{};
  const Wide above = reading - (levels.span.least - widened), whole = size + 2 * widened;
  if (!(above > 0)) return 0;
  if (!(above < whole)) return count - 1;
  const size_t step = static_cast<size_t>(above * static_cast<Wide>(count) / whole);
  return step < count ? step : count - 1;
}

}  // namespace rbm
