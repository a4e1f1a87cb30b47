/// Whether a program computes as the library needs: the one promise that depends on how others compile.
///
/// The same bits everywhere rest on IEEE 754 single precision: each operation rounds on its own, to nearest,
/// in the order in which it is written, and keeps subnormal numbers, NaN and the signs of zeros. config.hpp
/// refuses the flags that the preprocessor sees. It cannot see Clang's parts of -ffast-math, pragmas, fused
/// multiply-adds, a program linked with -ffast-math, or a processor that was told to flush subnormals.
#pragma once

#include "block.hpp"
#include "math.hpp"

namespace rbm {

/// True if arithmetic is exact in that sense: with the flags that the caller is compiled with, and in the
/// mode of the thread that calls. It takes a few dozen operations, and raises no floating-point exceptions
/// but inexact and underflow. Call it at the start, in a file compiled like those that use the library:
///
///     if (!rbm::arithmetic_is_exact()) return 1;
RBM_INLINE bool arithmetic_is_exact() {
  // What comes out of a volatile is unknown to the compiler: it cannot compute with an operand before the
  // program runs, nor join two probes.
  volatile float store;
  const auto hidden = [&](float x) {
    store = x;
    return store;
  };
  const auto bits = [&](float x) { return to_bits(hidden(x)); };
  const float one = hidden(1.0f), three = hidden(3.0f), five = hidden(5.0f), seven = hidden(7.0f);
  const float large = hidden(0x1p24f), least = hidden(0x1p-149f), near_one = hidden(1.0f + 0x1p-12f);
  const float smallest = hidden(0x1p-126f), minus_zero = hidden(-0.0f), nan = hidden(from_bits(0x7fc00000u));
  bool exact = true;

  // The order of sums and products: 2^24 + 1 is 2^24, and a quarter of 2^-149 is 0.
  exact &= bits((large + one) - large) == 0;
  exact &= bits((large + 1.0f) - 1.0f) == to_bits(0x1p24f - 1.0f);
  exact &= bits((least * 0.25f) * 4.0f) == 0;
  // Quotients: products with a rounded reciprocal differ. Compilers form them for a divisor that they know,
  // and for one that divides several numbers.
  exact &= bits(five / 3.0f) == to_bits(0x1.aaaaaap0f);
  exact &= bits(five / three) == to_bits(0x1.aaaaaap0f);
  exact &= bits(seven / three) == to_bits(0x1.2aaaaap1f);
  // Each operation rounds: a fused multiply-add gives 2^-24. In registers of several floats too, which some
  // compilers fuse even without optimization.
  exact &= bits(near_one * near_one - (1.0f + 0x1p-11f)) == 0;
  const detail::Lanes square = near_one * (detail::Lanes{} + near_one) - (1.0f + 0x1p-11f);
  exact &= bits(square[0]) == 0;
  // To nearest, up and down.
  exact &= bits(one + 0x1.8p-24f) == to_bits(1.0f + 0x1p-23f);
  exact &= bits(one + 0x1p-25f) == to_bits(1.0f);
  // Subnormals are neither flushed as results nor taken for 0.
  exact &= bits(smallest * 0.5f) == 0x00400000u;
  exact &= bits(hidden(0x1p-127f) * 2.0f) == to_bits(0x1p-126f);
  // Zeros keep their signs, and NaN is no number. (Comparing by >= would raise an exception.)
  exact &= bits(minus_zero + 0.0f) == 0;
  exact &= __builtin_isunordered(nan, nan) != 0;
  return exact;
}

}  // namespace rbm
