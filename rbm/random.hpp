/// Random numbers of the xorshift family; streams, exact Bernoulli draws, normal draws.
///
/// Every generator is a plain struct with `uint32_t next()`. The library draws from RandomStream, keyed by
/// the purpose of the draw (seed, step, sample), so that neither threads nor a restart can change a result.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "config.hpp"
#include "math.hpp"

namespace rbm {

/// SplitMix64 (Steele, Lea and Flood 2014): turns any seed into well-mixed words, which seed the other
/// generators.
struct SplitMix64 {
  uint64_t state;

  constexpr uint64_t next() {
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
};

/// Marsaglia's xorshift32 (2003), period 2^32 - 1; the state must not be 0. For games and noise, not for
/// learning: 60,000 images and 500 hidden units use up its period in under 80 epochs, and 64 draws in a row
/// span only 32 dimensions.
struct Xorshift32 {
  uint32_t state;

  constexpr uint32_t next() {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
  }
};

/// Marsaglia's xorshift128 (2003), period 2^128 - 1; the state must not be all 0. Its bits are linear in its
/// state, which statistical tests detect; Xoshiro128 costs little more and has no known failure.
struct Xorshift128 {
  uint32_t x, y, z, w;

  constexpr uint32_t next() {
    const uint32_t t = x ^ (x << 11);
    x = y;
    y = z;
    z = w;
    return w = w ^ (w >> 19) ^ t ^ (t >> 8);
  }
};

namespace detail {

constexpr uint32_t rotate_left(uint32_t x, int count) {
  return (x << count) | (x >> (32 - count));
}

/// One step of xoshiro128++ (Blackman and Vigna 2019).
RBM_INLINE constexpr uint32_t xoshiro_step(uint32_t& s0, uint32_t& s1, uint32_t& s2, uint32_t& s3) {
  const uint32_t result = rotate_left(s0 + s3, 7) + s0;
  const uint32_t t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= t;
  s3 = rotate_left(s3, 11);
  return result;
}

}  // namespace detail

/// xoshiro128++, period 2^128 - 1, 16 bytes: the generator for single draws.
struct Xoshiro128 {
  uint32_t state[4];

  static constexpr Xoshiro128 seeded(uint64_t seed) {
    SplitMix64 words{seed};
    const uint64_t low = words.next(), high = words.next();
    return {{static_cast<uint32_t>(low), static_cast<uint32_t>(low >> 32), static_cast<uint32_t>(high),
             static_cast<uint32_t>(high >> 32)}};
  }

  constexpr uint32_t next() { return detail::xoshiro_step(state[0], state[1], state[2], state[3]); }
};

/// Sixteen xoshiro128++ generators side by side, 256 bytes: the generator for layers of units. Draw n comes
/// from generator n % 16. A vector unit makes sixteen draws at a time, and a microcontroller makes the same
/// draws one by one.
struct RandomStream {
  static constexpr size_t lanes = 16;
  uint32_t state[4][lanes];

  /// The stream of `seed` for one purpose, which the keys name. Different keys give unrelated streams, except
  /// with a probability of 2^-64 a pair.
  static RandomStream keyed(uint64_t seed, uint64_t first = 0, uint64_t second = 0) {
    uint64_t key = SplitMix64{seed}.next();
    key = SplitMix64{key ^ first}.next();
    SplitMix64 words{key ^ SplitMix64{~second}.next()};
    RandomStream stream;
    for (size_t lane = 0; lane < lanes; ++lane)
      for (size_t half = 0; half < 2; ++half) {
        const uint64_t word = words.next();
        stream.state[2 * half][lane] = static_cast<uint32_t>(word);
        stream.state[2 * half + 1][lane] = static_cast<uint32_t>(word >> 32);
      }
    return stream;
  }

  /// Writes the next `count` draws; `count` is a multiple of `lanes`.
  RBM_INLINE void next(uint32_t* RBM_RESTRICT draws, size_t count) {
    for (size_t n = 0; n < count; n += lanes) {
      // GCC does not vectorize the loop over the lanes once it is unrolled, and is then nine times slower.
#pragma GCC unroll 1
      for (size_t lane = 0; lane < lanes; ++lane)
        draws[n + lane] =
            detail::xoshiro_step(state[0][lane], state[1][lane], state[2][lane], state[3][lane]);
    }
  }
};

/// Whether a unit with probability p is on for this draw, by 24 random bits; exact at 0 and at 1. A p that is
/// no probability (below 0, above 1, NaN) counts as 0.
RBM_INLINE bool bernoulli(uint32_t draw, float p) {
  const float probability = from_bits(to_bits(p) <= 0x3f800000u ? to_bits(p) : 0u);
  return static_cast<int32_t>(draw >> 8) < static_cast<int32_t>(probability * 16777216.0f);
}

namespace detail {

/// Compares 32 draws with 32 probabilities, one bit each. The fixed length lets the loop vectorize.
RBM_INLINE uint32_t draw_word(const float* RBM_RESTRICT probability, const uint32_t (&draws)[32]) {
  uint32_t word = 0;
  for (unsigned n = 0; n < 32; ++n) word |= static_cast<uint32_t>(bernoulli(draws[n], probability[n])) << n;
  return word;
}

}  // namespace detail

/// Draws `count` units into packed bits; unit u is on with probability[u] (0 to 1). Takes draws in whole
/// multiples of the stream's lanes.
inline void draw_units(uint32_t* RBM_RESTRICT bits, const float* RBM_RESTRICT probability, size_t count,
                       RandomStream& random) {
  uint32_t draws[32] = {};
  size_t base = 0;
  for (; count - base >= 32; base += 32) {
    random.next(draws, 32);
    *bits++ = detail::draw_word(probability + base, draws);
  }
  if (base == count) return;
  random.next(draws, (count - base + RandomStream::lanes - 1) / RandomStream::lanes * RandomStream::lanes);
  float rest[32] = {};
  for (size_t n = 0; base + n < count; ++n)
    rest[n] = probability[base + n];  // NOLINT: where there are units, there is storage
  *bits = detail::draw_word(rest, draws);
}

/// A whole number from 0 to bound - 1, each equally likely (Lemire 2019); bound is at least 1.
template <class Generator>
uint32_t draw_below(uint32_t bound, Generator& generator) {
  uint64_t product = static_cast<uint64_t>(generator.next()) * bound;
  if (static_cast<uint32_t>(product) < bound) {
    const uint32_t least = (0u - bound) % bound;
    while (static_cast<uint32_t>(product) < least) product = static_cast<uint64_t>(generator.next()) * bound;
  }
  return static_cast<uint32_t>(product >> 32);
}

/// The normal deviate that `draw` stands for: the inverse of the distribution function at
/// (draw + 1/2) 2^-32, within 3e-7 times its magnitude (PPND7 of Wichura 1988, algorithm AS 241). No draw is
/// rejected, so that every unit takes one number.
inline float normal_deviate(uint32_t draw) {
  const bool below = (draw >> 31) == 0;
  // The probability of a deviate further out, 0 to 1/2, with all digits that a float has.
  const float tail = (static_cast<float>(below ? draw : ~draw) + 0.5f) * 0x1p-32f;
  const float q = 0.5f - tail;
  float x = 0.0f;
  if (q <= 0.425f) {
    const float r = 0.180625f - q * q;
    x = q * (((59.109374720f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f) /
        (((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1.0f);
  } else {
    // The least tail, 2^-33, has the root 4.8; from 5 on, AS 241 has other coefficients.
    const float r = square_root(-log(tail)) - 1.6f;
    x = (((0.17023821103f * r + 1.3067284816f) * r + 2.7568153900f) * r + 1.4234372777f) /
        ((0.12021132975f * r + 0.73700164250f) * r + 1.0f);
  }
  return below ? -x : x;
}

/// Calls body(n, deviate) with a normal deviate for n from 0 to count - 1. Takes draws in whole multiples of
/// the stream's lanes.
template <class Body>
void for_each_normal(size_t count, RandomStream& random, const Body& body) {
  uint32_t draws[RandomStream::lanes];
  for (size_t base = 0; base < count; base += RandomStream::lanes) {
    random.next(draws, RandomStream::lanes);
    for (size_t n = 0; n < RandomStream::lanes && base + n < count; ++n)
      body(base + n, normal_deviate(draws[n]));
  }
}

/// A draw from the normal distribution with mean 0 and variance 1 (Marsaglia's polar method, 1964).
template <class Generator>
float draw_normal(Generator& generator) {
  for (;;) {
    const float x = static_cast<float>(static_cast<int32_t>(generator.next())) * 0x1p-31f;
    const float y = static_cast<float>(static_cast<int32_t>(generator.next())) * 0x1p-31f;
    const float square = x * x + y * y;
    if (square > 0.0f && square < 1.0f) return x * square_root(-2.0f * log(square) / square);
  }
}

}  // namespace rbm
