/// Sums of many terms in single precision that lose no digits: plain sums, and logarithms of sums of
/// exponentials.
#pragma once

#include "math.hpp"

namespace rbm {

/// A sum in two floats, as good as one in double precision: the second float holds what rounding takes from
/// the first (Knuth's two-sum).
struct Sum {
  float high = 0.0f, low = 0.0f;

  void add(float x) {
    const float sum = high + x;
    const float added = sum - high;
    low += (high - (sum - added)) + (x - added);
    high = sum + low;
    low -= high - sum;
  }
  float value() const { return high; }
};

/// log sum_n factor_n exp(term_n), relative to the largest term, so that nothing overflows. Terms must be
/// finite and factors positive. A term that is e^104 times smaller than the largest counts as 0.
struct LogSum {
  float largest = -__builtin_inff();  ///< -infinity while there is no term
  Sum relative;                       ///< sum_n factor_n exp(term_n - largest)

  void add(float term, float factor = 1.0f) {
    if (term > largest) {
      const float shrunk = exp(largest - term);
      relative = {relative.high * shrunk, relative.low * shrunk};
      largest = term;
    }
    relative.add(factor * exp(term - largest));
  }
  void add(const LogSum& other) { add(other.largest, other.relative.value()); }
  float value() const { return largest + log(relative.value()); }
};

}  // namespace rbm
