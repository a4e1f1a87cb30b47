/// A quantile of a stream in 12 bytes and a few integer operations: the limit that scores exceed in a given
/// share of cases.
///
///     rbm::RunningQuantile limit;
///     bool odd = rbm::follow(limit, score, {655, 1000});   // whether the score is above; limit.estimate
///
/// Stochastic approximation (Robbins and Monro 1951): the estimate q rises where x is above it and falls
/// where it is not, by steps that balance when the share a of the stream is above:
///
///     q += (1 - a) u  if x > q,   q -= a u  otherwise,        u = s / (n a)
///
/// n is the number of values seen, up to the memory, and s follows the median of how far x lies beyond q
/// where it does so, in factors: both sides of it are as frequent, so that no value counts by its size. A
/// density that falls by half within s makes u near the best step for a mean of n values. Where a is above
/// 1/2, what is said of values above q holds of those below, and the other way round.
///
/// The sum of all moves is bounded, so that the share of values above q comes to a for any stream, with ties,
/// drift or order (Gibbs and Candes 2021), if values that are not least can be above so often. The share
/// above wanders around a by about a / sqrt(2 a n), where n is at the memory, and by some steps of x, since q
/// moves by no less than one together. All is deterministic and saturates.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "config.hpp"

namespace rbm {

/// What a running quantile is asked for.
struct QuantileOptions {
  uint16_t exceeded = 655;  ///< share of the stream that is above, out of 65536; at least 1
  uint16_t memory = 1000;   ///< values remembered; counts as at least 1 / share
};

/// A running quantile: all 0 before the first value.
struct RunningQuantile {
  int32_t estimate = 0;   ///< the quantile, rounded down
  uint16_t fraction = 0;  ///< what is above it, out of 65536
  uint16_t spread = 0;    ///< log2 of s, in steps of 2^-10
  uint16_t seen = 0;      ///< values seen, as far as the step cares: at most the memory
  uint16_t quiet = 0;     ///< values since the last one on the rare side
};

namespace detail {

/// Logarithms to base 2 in steps of 2^-log_fraction, linear between powers of two: too low by at most 0.086.
inline constexpr unsigned log_fraction = 10;
inline constexpr uint32_t octave = 1u << log_fraction;

constexpr uint32_t log_steps(uint32_t x) {
  uint32_t exponent = 0;
  for (uint32_t rest = x; rest > 1; rest >>= 1) ++exponent;
  const uint32_t mantissa =
      exponent < log_fraction ? x << (log_fraction - exponent) : x >> (exponent - log_fraction);
  return exponent * octave + (mantissa & (octave - 1));
}

/// The inverse; saturates.
constexpr uint32_t power_steps(uint32_t steps) {
  const uint32_t exponent = steps >> log_fraction, mantissa = octave + (steps & (octave - 1));
  if (exponent >= 32) return UINT32_MAX;
  return exponent < log_fraction ? mantissa >> (log_fraction - exponent)
                                 : mantissa << (exponent - log_fraction);
}

/// The least share of both sides, out of 65536.
constexpr uint32_t rare_share(const QuantileOptions& options) {
  const uint32_t above = options.exceeded, below = 65536 - above;
  return above < below ? above : below;
}

/// Lets the spread follow a distance beyond the estimate, at least 1: an eighth of a doubling either way,
/// half of one where it is off by 16 times and more.
constexpr uint16_t following_spread(uint32_t spread, uint32_t distance) {
  constexpr uint32_t little = octave / 8, much = octave / 2, distant = 4 * octave, most = 32 * octave - 1;
  const uint32_t reached = log_steps(distance);
  const uint32_t move = reached + distant < spread || reached > spread + distant ? much : little;
  if (reached > spread) return static_cast<uint16_t>(spread + move > most ? most : spread + move);
  return static_cast<uint16_t>(spread < move ? 0 : spread - move);
}

}  // namespace detail

/// Takes in a value of the stream, and says whether it was above the estimate before. The first value is the
/// first estimate.
inline bool follow(RunningQuantile& quantile, int32_t x, const QuantileOptions& options) {
  RBM_ASSERT(options.exceeded > 0);
  const uint32_t above = options.exceeded, rare = detail::rare_share(options), period = 65536 / rare;
  if (quantile.seen == 0) quantile.estimate = x;
  if (quantile.seen < UINT16_MAX) ++quantile.seen;
  const bool exceeds = x > quantile.estimate;
  const uint32_t up = static_cast<uint32_t>(x) - static_cast<uint32_t>(quantile.estimate);
  if (quantile.seen == 2) {
    quantile.spread = static_cast<uint16_t>(detail::log_steps(exceeds ? up : 0u - up));
  } else if (exceeds == (above == rare)) {
    quantile.spread = detail::following_spread(quantile.spread, exceeds ? up : 0u - up);
    quantile.quiet = 0;
  } else if (quantile.quiet < 8 * period && quantile.quiet < UINT16_MAX) {
    ++quantile.quiet;
  } else {
    // So long a pause is no chance: the stream has moved away, and steps double with every period.
    const uint32_t wider = quantile.spread + (detail::octave + period - 1) / period;
    quantile.spread = static_cast<uint16_t>(wider < 32 * detail::octave ? wider : 32 * detail::octave - 1);
  }

  const uint32_t memory = quantile.seen < options.memory ? quantile.seen : options.memory;
  const uint32_t values = memory < period ? period : memory;
  // u out of 65536 parts of 65536: at least one, so that moves either way are in proportion.
  const uint32_t numerator = quantile.spread + 16 * detail::octave,
                 divisor = detail::log_steps(values * rare);
  const uint32_t unit = detail::power_steps(numerator < divisor ? 0 : numerator - divisor);
  const uint32_t share = exceeds ? 65536 - above : above;
  // Two products of 32 bits, since one of 64 takes small processors a routine.
  const int64_t size = static_cast<int64_t>((uint64_t{(unit >> 16) * share} << 16) + (unit & 65535) * share);
  const int64_t move = exceeds ? size : -size;
  constexpr int64_t least = int64_t{INT32_MIN} * 65536, most = int64_t{INT32_MAX} * 65536 + 65535;
  const int64_t moved = int64_t{quantile.estimate} * 65536 + quantile.fraction + move;
  const int64_t kept = moved < least ? least : moved > most ? most : moved;
  quantile.fraction = static_cast<uint16_t>(kept & 65535);
  quantile.estimate = static_cast<int32_t>((kept - quantile.fraction) / 65536);
  return exceeds;
}

}  // namespace rbm
