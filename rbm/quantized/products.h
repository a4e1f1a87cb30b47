// Products of rows of codes with states of 16 bits, sum_j code_ij a_j, as real units need them. A state is
// read once for the rows that a kernel takes at once. States fill whole words, with 0 behind the last unit,
// so that spare codes of a row do not count. Sums are right modulo 2^32, whatever the order.
//
//     kernel      bits   plain C                DSP extension          vector extension (MVE)
//     products    8      multiply_rows_plain    multiply_2_rows_dsp    multiply_4_rows_vector
//                 4      multiply_rows_plain    multiply_rows_dsp
//     rows        8      2                      2                      4
//                 4      2                      4, and 2 for a rest
#pragma once

#include "products_dsp.h"
#include "steps.h"

// States stand two to a word of scratch, that of the even unit in the lower half.
#ifdef __BYTE_ORDER__
typedef int16_t __attribute__((__may_alias__)) rbm_state_alias;
#define RBM_STATE_AT(alias, words, unit) \
  ((alias*)(words))[__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? (unit) ^ 1 : (unit)]
#endif

RBM_ALWAYS_INLINE int32_t rbm_get_state(const uint32_t* words, size_t unit) {
#ifdef __BYTE_ORDER__
  return RBM_STATE_AT(const rbm_state_alias, words, unit);
#else
  const uint32_t half = words[unit / 2] >> unit % 2 * 16 & 0xffff;
  return (int32_t)(half ^ 0x8000) - 0x8000;
#endif
}

RBM_ALWAYS_INLINE void rbm_set_state(uint32_t* words, size_t unit, int32_t state) {
#ifdef __BYTE_ORDER__
  RBM_STATE_AT(rbm_state_alias, words, unit) = (int16_t)state;
#else
  const unsigned at = unit % 2 * 16;
  words[unit / 2] = (words[unit / 2] & ~((uint32_t)0xffff << at)) | ((uint32_t)state & 0xffff) << at;
#endif
}

// The two states of a word, as factors modulo 2^32.
RBM_ALWAYS_INLINE uint32_t rbm_low_state(uint32_t word) {
#ifdef __GNUC__  // which converts modulo 2^16
  return (uint32_t)(int16_t)word;
#else
  return (word & 0x7fff) - (word & 0x8000);
#endif
}
RBM_ALWAYS_INLINE uint32_t rbm_high_state(uint32_t word) {
  return (uint32_t)rbm_shift_right(rbm_to_signed(word), 16);
}

// Room for the states of the visible units: whole words of eight codes.
#define RBM_STATE_WORDS(visible) (((visible) + 7) / 8 * 4)

#if !RBM_DSP
// Two units of two rows: the lowest codes of what is left of a word of each.
#define RBM_MULTIPLY_2_UNITS(at)                             \
  {                                                          \
    const uint32_t pair = *states++;                         \
    uint32_t factor = rbm_low_state(pair);                   \
    sum_0 += (codes_0 >> (at)*bits & mask) * factor;         \
    sum_1 += (codes_1 >> (at)*bits & mask) * factor;         \
    factor = rbm_high_state(pair);                           \
    sum_0 += (codes_0 >> ((at) + 1) * bits & mask) * factor; \
    sum_1 += (codes_1 >> ((at) + 1) * bits & mask) * factor; \
  }

RBM_ALWAYS_INLINE void rbm_multiply_rows_plain(const uint32_t* states, rbm_words first, rbm_words second,
                                               size_t row_words, unsigned bits, uint32_t* sums) {
  const uint32_t mask = ((uint32_t)1 << bits) - 1;
  uint32_t sum_0 = 0, sum_1 = 0;
  for (size_t word = 0; word < row_words; ++word) {
    const uint32_t codes_0 = RBM_TABLE_32(first, word), codes_1 = RBM_TABLE_32(second, word);
    RBM_MULTIPLY_2_UNITS(0)
    RBM_MULTIPLY_2_UNITS(2)
    if (bits == 8) continue;
    RBM_MULTIPLY_2_UNITS(4)
    RBM_MULTIPLY_2_UNITS(6)
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
}

RBM_ONCE void rbm_multiply_rows_plain_8(const uint32_t* states, rbm_words first, rbm_words second,
                                        size_t row_words, uint32_t* sums) {
  rbm_multiply_rows_plain(states, first, second, row_words, 8, sums);
}
RBM_ONCE void rbm_multiply_rows_plain_4(const uint32_t* states, rbm_words first, rbm_words second,
                                        size_t row_words, uint32_t* sums) {
  rbm_multiply_rows_plain(states, first, second, row_words, 4, sums);
}
#endif

#if RBM_VECTOR
// In four rows, `stride` bytes apart: eight codes of a row, widened, times eight states an instruction.
RBM_ONCE void rbm_multiply_4_rows_vector(const uint32_t* states, const uint32_t* weights, size_t stride,
                                         size_t units, uint32_t* sums) {
  const uint8_t *row_0 = (const uint8_t*)weights, *row_1 = row_0 + stride;
  const uint8_t *row_2 = row_1 + stride, *row_3 = row_2 + stride;
  uint32_t sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0;
  __asm__ volatile(
      "dlstp.16 lr, %[units]\n"
      "1: vldrh.u16 q0, [%[states]], #16\n"
      "vldrb.u16 q1, [%[row_0]], #8\n"
      "vmladava.s16 %[sum_0], q1, q0\n"
      "vldrb.u16 q1, [%[row_1]], #8\n"
      "vmladava.s16 %[sum_1], q1, q0\n"
      "vldrb.u16 q1, [%[row_2]], #8\n"
      "vmladava.s16 %[sum_2], q1, q0\n"
      "vldrb.u16 q1, [%[row_3]], #8\n"
      "vmladava.s16 %[sum_3], q1, q0\n"
      "letp lr, 1b"
      : [sum_0] "+Te"(sum_0), [sum_1] "+Te"(sum_1), [sum_2] "+Te"(sum_2), [sum_3] "+Te"(sum_3),
        [states] "+l"(states), [row_0] "+l"(row_0), [row_1] "+l"(row_1), [row_2] "+l"(row_2),
        [row_3] "+l"(row_3)
      : [units] "r"(units)
      : "memory", "lr", "d0", "d1", "d2", "d3");
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}
#endif

// The products of `rows` rows with states in the kernels' order, 1 to RBM_MOST_HIDDEN_SUMS. `sums` has room
// for a multiple of RBM_ROWS_AT_ONCE.
RBM_ONCE void rbm_multiply_rows(const uint32_t* states, rbm_words weights, size_t visible, unsigned bits,
                                size_t rows, uint32_t* sums) {
  const size_t row_words = RBM_ROW_WORDS(visible, bits);
  for (size_t at_once; rows > 0; rows -= at_once, sums += at_once) {
#if RBM_PAIRED
    if (bits == 8) {
      at_once = rows == 1 ? 1 : rows - rows % 2;
      rbm_multiply_2_rows_dsp_8(states, weights, row_words, rows == 1 ? 0 : 4 * row_words, sums,
                                sums + (rows == 1 ? 2 : at_once));
      weights += at_once * row_words;
      continue;
    }
#elif RBM_VECTOR
    if (bits == 8) {
      uint32_t made[4];
      at_once = rows >= 4 ? 4 : 1;
      rbm_multiply_4_rows_vector(states, weights, at_once == 4 ? row_words * 4 : 0, visible, made);
      for (size_t n = 0; n < at_once; ++n) sums[n] = made[n];
      weights += at_once * row_words;
      continue;
    }
#endif
    const size_t stride = rows == 1 ? 0 : row_words;  // one row alone is taken twice
#if RBM_DSP
    at_once = rows == 1 ? 1 : rows >= 4 ? 4 : 2;
    if (at_once == 4)
      rbm_multiply_4_rows_dsp_4(states, weights, 4 * stride, row_words, sums);
    else
      rbm_multiply_2_rows_dsp_4(states, weights, 4 * stride, row_words, sums);
#else
    at_once = rows == 1 ? 1 : 2;
    if (bits == 8)
      rbm_multiply_rows_plain_8(states, weights, rbm_words_from(weights, stride), row_words, sums);
    else
      rbm_multiply_rows_plain_4(states, weights, rbm_words_from(weights, stride), row_words, sums);
#endif
    weights = rbm_words_from(weights, at_once * row_words);
  }
}
