// One word of weights: 32 / bits codes, unit 0 of the word in its lowest bits.
//
//               31                                                 0
//     8 bits    |    c3     |    c2     |    c1     |    c0     |
//     4 bits    |  c7 |  c6 |  c5 |  c4 |  c3 |  c2 |  c1 |  c0 |
//
// Kernels add codes side by side in the lanes of a word, SIMD within a register (SWAR). Two sums are enough
// for four lanes of 16 bits: `all` adds up whole words, `odd` only the bytes 1 and 3 of them.
//
//     word      |    c3     |    c2     |    c1     |    c0     |
//     all       |    A3     |    A2     |    A1     |    A0     |    += word; each A spills over into the
//     next odd       |          A3           |          A1           |    += word >> 8 & 0x00ff00ff
//
// where A_k is the sum of the codes c_k. As numbers, modulo 2^32,
//
//     all = A0 + 2^8 A1 + 2^16 A2 + 2^24 A3      odd = A1 + 2^16 A3      all - 2^8 odd = A0 + 2^16 A2
//
// so that one subtraction at the end gives the even lanes. It holds while every A_k < 2^16: for 257 words, as
// 257 * 255 = 65,535. The same works for codes of 4 bits in lanes of 8 bits, with `word >> 4 & 0x0f0f0f0f`
// and shifts by 4.
#pragma once

#include "interface.h"
#include "machine.h"

RBM_ALWAYS_INLINE unsigned rbm_bits(const rbm_quantized* model) {
#ifdef RBM_BITS
  (void)model;
  return RBM_BITS;
#else
  return model->bits;
#endif
}

// Bits 0, 8, 16 and 24.
#define RBM_LOWEST_BITS 0x01010101
#define RBM_EVEN_BYTES 0x00ff00ff
#define RBM_EVEN_NIBBLES 0x0f0f0f0f

RBM_ALWAYS_INLINE uint32_t rbm_odd_bytes(uint32_t word) {
  return word >> 8 & RBM_EVEN_BYTES;
}
// From the two sums of words above.
RBM_ALWAYS_INLINE uint32_t rbm_even_lanes_of_bytes(uint32_t all, uint32_t odd) {
  return all - (odd << 8);
}

RBM_ALWAYS_INLINE uint32_t rbm_odd_nibbles(uint32_t word) {
  return word >> 4 & RBM_EVEN_NIBBLES;
}
RBM_ALWAYS_INLINE uint32_t rbm_even_lanes_of_nibbles(uint32_t all, uint32_t odd) {
  return all - (odd << 4);
}

// The sum of a word's two halves, which are lanes of 16 bits.
RBM_ALWAYS_INLINE uint32_t rbm_add_halves(uint32_t word) {
  return (word & 0xffff) + (word >> 16);
}

// Adds neighbouring codes to sums of a byte each: two codes of 4 bits, four of 2 bits or eight of 1 bit.
// For 1 bit, with nibbles as the last step:
//
//     | c7 c6 | c5 c4 | c3 c2 | c1 c0 |   one byte, a code a bit
//     | c7+c6 | c5+c4 | c3+c2 | c1+c0 |   lanes of 2 bits, at most 2
//     |  c7+c6+c5+c4  |  c3+c2+c1+c0  |   lanes of 4 bits, at most 4
//     |    c7+c6+c5+c4+c3+c2+c1+c0    |   at most 8; from 2 bits at most 12, from 4 bits at most 30
RBM_ALWAYS_INLINE uint32_t rbm_add_codes_to_bytes(uint32_t codes, unsigned bits) {
  if (bits == 1) codes = (codes & 0x55555555) + (codes >> 1 & 0x55555555);
  if (bits <= 2) codes = (codes & 0x33333333) + (codes >> 2 & 0x33333333);
  if (bits <= 4) codes = (codes & 0x0f0f0f0f) + (codes >> 4 & 0x0f0f0f0f);
  return codes;
}

// A mask of the codes to units that are on: bit u of `on` goes to bit u * bits, and from there to all bits of
// the code. For 8 bits, with a to d for bits 3 to 0 of `on`:
//
//     0000 0000 0000 0000 0000 0000 0000 abcd   on
//     .... ...a .... ...b .... ...c .... ...d   on | on << 7 | on << 14 | on << 21, then only the lowest bits
//     aaaa aaaa bbbb bbbb cccc cccc dddd dddd   2^8 times this, less this: 2^8 - 1 for each 1
RBM_ALWAYS_INLINE uint32_t rbm_mask_codes(uint32_t on, unsigned bits) {
  if (bits == 1) return on;
  if (bits == 8) {
    on = (on | on << 7 | on << 14 | on << 21) & RBM_LOWEST_BITS;
    return (on << 8) - on;
  }
  if (bits == 4) {
    on = (on | on << 12) & 0x000f000f;
    on = (on | on << 6) & 0x03030303;
    on = (on | on << 3) & 0x11111111;
    return (on << 4) - on;
  }
  on = (on | on << 8) & 0x00ff00ff;
  on = (on | on << 4) & 0x0f0f0f0f;
  on = (on | on << 2) & 0x33333333;
  on = (on | on << 1) & 0x55555555;
  return (on << 2) - on;
}

// Reads `units` units of a packed state, or fewer where it ends. Unit `first` comes to the lowest bit.
// `units` is at most 24 where `first` is no multiple of 8.
RBM_ALWAYS_INLINE uint32_t rbm_read_units(const uint8_t* state, size_t visible, size_t first,
                                          unsigned units) {
  if (visible - first < units) units = (unsigned)(visible - first);
  const uint8_t* byte = state + first / 8;
  const unsigned skipped = first % 8;
  uint32_t on = 0;
  for (unsigned at = 0; at < units + skipped; at += 8) on |= (uint32_t)*byte++ << at;
  return units == 32 ? on : on >> skipped & (((uint32_t)1 << units) - 1);
}
