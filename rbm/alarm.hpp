/// From scores of a stream to alarms, whatever the score is: -log p of a reading, the free energy of a
/// window, a distance. Integers only, in about 200 bytes.
///
///     static rbm::Alarm<int16_t> alarm;
///     uint32_t oddness = rbm::follow(alarm, surprise, reading);
///     if (oddness >= alarm.options.limit) ...
///
/// Oddness is -log of a share, in units of 2^-16 nat: how rarely is the stream as odd as now? Of the score
/// x_t of reading r_t:
///
///     m_t = mean of the last 32 or so scores,    M_t = mean of the last 2,000 or so
///     oddness_t = -log (share of the last 1,000 or so ratios m / M that are in the bin of m_t / M_t or
///     above)
///
/// so that it needs no scale of the scores, and no shape of their distribution. A spike, a reading farther
/// outside of all before it than a twentieth of their span, is as odd as an option says. Then a peak, which
/// decays, holds back what is not odder than it by `rise`: an event makes one alarm, or a few that rise.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "fixed_point_log.hpp"
#include "reading_levels.hpp"

namespace rbm {

/// The mean of the last scores: of all while they are fewer than `memory`, then with weights that fall by a
/// factor of 1 - 1 / memory from each score to the one before it.
struct RunningMean {
  static constexpr uint16_t longest = 2048;
  static constexpr uint32_t largest = 31u << 16;  ///< greater scores count as this, 31 nats

  uint32_t sum = 0;    ///< mean * count
  uint16_t count = 0;  ///< scores, at most `memory`

  /// Takes a score in, in units of 2^-16 nat, and returns the mean. `memory` from 1 to `longest`.
  constexpr uint32_t add(uint32_t score, uint16_t memory) {
    RBM_ASSERT(memory >= 1 && memory <= longest && count <= memory);
    if (count == memory) {
      sum -= (sum + memory / 2) / memory;
    } else {
      ++count;
    }
    sum += score < largest ? score : largest;
    return sum / count;
  }
};

/// A histogram of logarithms that forgets. Bins of six to an octave, the one with number 32 from 1 up to
/// 2^(1/6). A sample counts for `weight`, and every bin in turn, one a sample, loses a share of
/// bins / (memory + bins / 2), which leaves `memory` samples in all. What it loses is rounded up or down by
/// multiples of the golden section (Weyl 1916).
struct RunningTail {
  static constexpr size_t bins = 64;
  static constexpr uint32_t weight = 32;
  static constexpr uint16_t shortest = bins, longest = 1900;
  static constexpr int32_t bin_width = 7571;  ///< 65536 log(2) / 6

  uint16_t counts[bins] = {};
  uint16_t spread = 0;  ///< a fraction of 2^16, evenly spread, that rounds
  uint8_t next = 0;     ///< the bin that forgets next

  /// The bin of a logarithm in units of 2^-16 nat; the outer ones have no outer end.
  static constexpr size_t bin(int32_t logarithm) {
    const int32_t from_first = logarithm + bin_width * static_cast<int32_t>(bins / 2);
    if (from_first < 0) return 0;
    const size_t number = static_cast<size_t>(from_first / bin_width);
    return number < bins ? number : bins - 1;
  }

  /// Takes a logarithm in and returns -log of the share of samples in its bin or above, itself among them, in
  /// units of 2^-16 nat. `memory` from `shortest` to `longest`.
  constexpr uint32_t add(int32_t logarithm, uint16_t memory) {
    RBM_ASSERT(memory >= shortest && memory <= longest);
    uint16_t& forgetful = counts[next];
    spread = static_cast<uint16_t>(spread + 40503u);
    const uint32_t per_bin = memory + bins / 2, rounding = (spread * per_bin) >> 16;
    const uint32_t lost = (forgetful * static_cast<uint32_t>(bins) + rounding) / per_bin;
    forgetful = static_cast<uint16_t>(forgetful - lost);
    next = static_cast<uint8_t>((next + 1) % bins);
    const size_t own = bin(logarithm);
    counts[own] = static_cast<uint16_t>(counts[own] + weight);
    uint32_t below = 0, above = 0;
    for (size_t k = 0; k < own; ++k) below += counts[k];
    for (size_t k = own; k < bins; ++k) above += counts[k];
    return fixed_point_log(below + above) - fixed_point_log(above);
  }
};

/// Options of alarms; oddness in units of 2^-16 nat.
struct AlarmOptions {
  uint16_t mean = 32;          ///< scores that m remembers, 1 to 2,048
  uint16_t long_mean = 2000;   ///< and M
  uint16_t tail = 1000;        ///< ratios that the tail remembers, 64 to 1,900
  uint16_t pause = 1200;       ///< readings in which the peak falls to 37 %; at least 1
  uint16_t start = 600;        ///< first readings, which are never odd
  uint32_t spike = 8u << 16;   ///< oddness of a spike; 0: there are none
  uint32_t rise = 1u << 14;    ///< by which an alarm exceeds the peak
  uint32_t limit = 84u << 12;  ///< 5.25 nats: oddness from which the caller raises an alarm
};

/// The state of the alarms of one stream of readings of 16 bits, or floats.
template <class Reading>
struct Alarm {
  AlarmOptions options{};
  RunningMean mean{}, long_mean{};
  RunningTail tail{};
  ReadingSpan<Reading> seen{};
  uint32_t peak = 0;
  uint16_t readings = 0;  ///< as far as they matter, at most 65535
};

namespace detail {

/// Whether a reading lies farther outside of all before it than a twentieth of their span.
template <class Reading>
constexpr bool is_spike(const ReadingSpan<Reading>& seen, Reading reading) {
  return 20 * (reading - seen.most) > seen.size() || 20 * (seen.least - reading) > seen.size();
}

/// log(x), where 0 counts as the least step.
constexpr int32_t log_of_mean(uint32_t mean) {
  return static_cast<int32_t>(fixed_point_log(mean > 0 ? mean : 1));
}

}  // namespace detail

/// Takes in the next reading and its score, units of 2^-16 nat, and returns how odd the stream is, or 0 where
/// the peak holds it back.
template <class Reading>
constexpr uint32_t follow(Alarm<Reading>& alarm, uint32_t score, Reading reading) {
  const AlarmOptions& options = alarm.options;
  const uint32_t mean = alarm.mean.add(score, options.mean);
  const uint32_t long_mean = alarm.long_mean.add(score, options.long_mean);
  uint32_t oddness = alarm.tail.add(detail::log_of_mean(mean) - detail::log_of_mean(long_mean), options.tail);
  const bool first = alarm.readings == 0;
  if (options.spike > 0 && !first && alarm.seen.size() > 0 && detail::is_spike(alarm.seen, reading))
    oddness = options.spike;
  alarm.seen.take_in(reading, first);
  const bool starting = alarm.readings < options.start;
  if (alarm.readings < UINT16_MAX) ++alarm.readings;
  if (starting || oddness <= alarm.peak + options.rise) oddness = 0;
  alarm.peak = oddness > 0 ? oddness : alarm.peak - alarm.peak / options.pause;
  return oddness;
}

}  // namespace rbm
