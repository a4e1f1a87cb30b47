/// exp, log, sigmoid, softplus and square root in plain single precision, without libm.
///
/// Each is a fixed sequence of IEEE additions, multiplications, divisions and integer operations, which gives
/// the same bits on every machine. Loops over them vectorize: there is no table and no branch, and range
/// limits are integer selects, which compilers turn into masks. Errors are in units in the last place (ulp)
/// of the exact result, measured against double precision over all 2^32 floats (`make exhaustive`).
#pragma once

#include <stdint.h>

#include "config.hpp"

namespace rbm {

/// The IEEE 754 bit pattern of x.
RBM_INLINE uint32_t to_bits(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

/// The float with the given IEEE 754 bit pattern.
RBM_INLINE float from_bits(uint32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

/// |x|.
RBM_INLINE float absolute(float x) {
  return from_bits(to_bits(x) & 0x7fffffffu);
}

/// max(x, 0); keeps NaN.
RBM_INLINE float positive_part(float x) {
  const uint32_t bits = to_bits(x);
  return from_bits(bits > 0x80000000u && bits <= 0xff800000u ? 0u : bits);
}

namespace detail {

/// ln 2 as a sum: the first part has 12 bits, so that n * ln2_high is exact for |n| < 4096.
inline constexpr float ln2_high = 0x1.62ep-1f;
inline constexpr float ln2_low = 0x1.0bfbe8p-15f;

/// log(1 + f) for f from -0.3 to 1, the only range needed. With s = f / (2 + f), log(1 + f) = 2 atanh(s) =
/// 2s + s R(s^2), and 2s is written as f - f^2/2 + s f^2/2 so that the leading term carries no error.
RBM_INLINE float log1p_reduced(float f) {
  const float s = f / (2.0f + f);
  const float z = s * s;
  const float r = z * (0x1.555502p-1f + z * (0x1.99d208p-2f + z * (0x1.1ebd0ep-2f + z * 0x1.1ed7bep-2f)));
  const float half_square = 0.5f * f * f;
  return f - (half_square - s * (half_square + r));
}

}  // namespace detail

/// e^x, within 0.99 ulp, subnormal results included; 0 below about -103.97, infinity above 88.72.
RBM_INLINE float exp(float x) {
  // Beyond +-104 the result is 0 or infinity whatever x is; NaN must pass, so only up to infinity is clamped.
  const uint32_t sign = to_bits(x) & 0x80000000u;
  uint32_t magnitude = to_bits(x) & 0x7fffffffu;
  magnitude = magnitude - 0x42d00000u <= 0x7f800000u - 0x42d00000u ? 0x42d00000u : magnitude;
  x = from_bits(magnitude | sign);
  // Adding 1.5 * 2^23 leaves the nearest whole number of x / ln 2 in the low bits.
  const float shifted = x * 0x1.715476p+0f + 12582912.0f;
  const int32_t n = static_cast<int32_t>(to_bits(shifted) - 0x4b400000u);
  const float whole = shifted - 12582912.0f;
  const float r = (x - whole * detail::ln2_high) - whole * detail::ln2_low;
  const float q = 0x1.fffffcp-2f +
                  r * (0x1.555490p-3f + r * (0x1.5558f4p-5f + r * (0x1.123a6cp-7f + r * 0x1.6a2352p-10f)));
  const float y = 1.0f + (r + r * r * q);
  // 2^n in two factors: n reaches -150, below the least exponent of one float.
  const int32_t half = n >> 1;
  const float first = from_bits(static_cast<uint32_t>(half + 127) << 23);
  const float second = from_bits(static_cast<uint32_t>(n - half + 127) << 23);
  return y * first * second;
}

/// Natural logarithm, within 0.88 ulp for all positive x, subnormal x included; -infinity at 0, NaN below 0.
RBM_INLINE float log(float x) {
  const uint32_t bits = to_bits(x);
  const bool subnormal = (bits & 0x7fffffffu) < 0x00800000u;
  const uint32_t normal = subnormal ? to_bits(x * 8388608.0f) : bits;
  // Counting the exponent from sqrt(1/2) leaves a mantissa from sqrt(1/2) to sqrt(2), around 1.
  const uint32_t offset = normal - 0x3f3504f3u;
  const int32_t exponent = static_cast<int32_t>(offset) >> 23;
  const float mantissa = from_bits((offset & 0x007fffffu) + 0x3f3504f3u);
  const float n = static_cast<float>(exponent - (subnormal ? 23 : 0));
  const float y = n * detail::ln2_high + (n * detail::ln2_low + detail::log1p_reduced(mantissa - 1.0f));
  const uint32_t special = bits == 0x7f800000u         ? 0x7f800000u
                           : (bits & 0x7fffffffu) == 0 ? 0xff800000u
                                                       : 0x7fc00000u;
  return from_bits(bits - 1u < 0x7f7fffffu ? to_bits(y) : special);
}

namespace detail {

/// sigmoid(x), where e = exp(-|x|) is known.
RBM_INLINE float sigmoid_from(float x, float e) {
  const float numerator = from_bits(to_bits(x) >> 31 ? to_bits(e) : 0x3f800000u);
  return numerator / (1.0f + e);
}

}  // namespace detail

/// The logistic function 1 / (1 + e^-x), within 2.41 ulp; never below 0 or above 1; NaN for NaN.
RBM_INLINE float sigmoid(float x) {
  return detail::sigmoid_from(x, exp(-absolute(x)));
}

/// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|), within 1.99 ulp; neither overflows (the textbook form does
/// above 88.72) nor vanishes too early (it does below -17, where the answer is 4e-8).
RBM_INLINE float softplus(float x) {
  return positive_part(x) + detail::log1p_reduced(exp(-absolute(x)));
}

namespace detail {

/// As many unsigned integers as Lane has floats. A `typedef` in a struct, because attributes of a vector type
/// need it.
template <class Lane>
struct BitsOf {
  typedef uint32_t Type __attribute__((__vector_size__(sizeof(Lane))));
};
template <>
struct BitsOf<float> {
  typedef uint32_t Type;
};

/// Square root of a float, or of each float in a vector register.
template <class Lane>
RBM_INLINE Lane square_root(Lane x) {
  typename BitsOf<Lane>::Type bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  bits = 0x5f3759dfu - (bits >> 1);
  Lane inverse;
  __builtin_memcpy(&inverse, &bits, sizeof inverse);
  for (int step = 0; step < 2; ++step) inverse = inverse * (1.5f - 0.5f * x * inverse * inverse);
  const Lane root = x * inverse;
  return root + 0.5f * inverse * (x - root * root);
}

}  // namespace detail

/// Square root, within 0.85 ulp for zero and normal x (x >= 0, finite), for subnormal x somewhere from 0 to
/// 2^-63. Not the machine's own instruction: parts without an FPU have none, and in vectors this is no
/// slower.
RBM_INLINE float square_root(float x) {
  return detail::square_root(x);
}

}  // namespace rbm
