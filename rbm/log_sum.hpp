/// Sums of many terms that keep their digits in single precision, plain and of exponentials.
#pragma once

#include "math.hpp"

namespace rbm {

/// A sum in two floats, what rounding leaves out of the first being in the second (Knuth's two-sum): as good
/// as one in double precision.
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

/// log sum_n factor_n exp(term_n), kept relative to the largest term, so that nothing overflows. Terms are
/// finite, factors positive; a term e^104 times smaller than the largest counts as 0.
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
