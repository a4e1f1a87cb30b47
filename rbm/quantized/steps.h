// From sums of codes to sums in fixed point, in steps of the model. Unsigned numbers hold them modulo 2^32.
#pragma once

#include "interface.h"
#include "machine.h"
#include "words.h"

// From 0..255 to 0..256, so that a unit that is on counts as exactly 1.
RBM_ALWAYS_INLINE uint32_t rbm_byte_to_256(uint8_t byte) {
  return byte + (uint32_t)(byte >> 7);
}

RBM_ALWAYS_INLINE int32_t rbm_to_signed(uint32_t sum) {
  return sum <= INT32_MAX ? (int32_t)sum : -(int32_t)~sum - 1;
}

// The nearest whole number to a sum of 256ths, halves up. Negative numbers are not shifted, because C leaves
// the result to the compiler.
RBM_ALWAYS_INLINE int32_t rbm_round_256ths(uint32_t sum) {
  const int32_t shifted = rbm_to_signed(sum + 128);
  return shifted < 0 ? ~(~shifted >> 8) : shifted >> 8;
}

// The sum of `count` weights whose codes have the sum `codes`: (codes - count * zero) * 2^shift.
RBM_ALWAYS_INLINE uint32_t rbm_codes_to_steps(unsigned bits, uint32_t codes, uint32_t count, unsigned shift) {
  return (bits == 1 ? codes : codes - (count << (bits - 1))) << shift;
}

RBM_ALWAYS_INLINE int16_t rbm_bias(rbm_biases biases, size_t n) {
  return (int16_t)RBM_TABLE_16(biases, n);
}

// x / 2^shift, rounded down. C leaves the shift of a negative number to the compiler, which is asked here.
RBM_ALWAYS_INLINE int32_t rbm_shift_right(int32_t x, unsigned shift) {
  return (-1 >> 1) < 0 ? x >> shift : (x ^ -(x < 0)) >> shift ^ -(x < 0);
}

// x / 2^shift, rounded to the nearest, halves up.
RBM_ALWAYS_INLINE int32_t rbm_round_shift(int32_t x, unsigned shift) {
  return rbm_shift_right(x + (int32_t)((uint32_t)1 << shift >> 1), shift);
}

RBM_ALWAYS_INLINE int32_t rbm_bounded(int32_t x, int32_t limit) {
  if ((uint32_t)(x + limit) > (uint32_t)limit * 2) x = x < 0 ? -limit : limit;
  return x;
}
