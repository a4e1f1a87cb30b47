// Kernels for Thumb-2: Cortex-M3 and better. With loads from any address codes of 8 bits are added in pieces;
// sums over rows are made for three words at once.
#pragma once

#include "lists.h"
#include "words.h"

#if RBM_PIECES
// A piece is a run of 1 to 4 units that are on. One unaligned load reads their codes of 8 bits, with no mask.
// A piece begins at the first unit that is on and in no piece yet; it has 3 units with RBM_DSP only. For the
// bytes 0x6f and 0x0b of a state, without RBM_DSP:
//
//     unit     0  1  2  3  4  5  6  7 |  8  9 10 11 12 13 14 15
//     on       1  1  1  1  .  1  1  . |  1  1  .  1  .  .  .  .
//     pieces   4-----------   2----      2----    1
//
//     positions  0 | 5 8 | 11     ends  1, 1, 3, 4: of lengths 4, 3, 2 and 1     total  9
//
// There are at most half as many pieces as units, rounded up.
//
// The length of the piece at `unit`, which is the lowest of `on`; bits beyond the last unit are 0. Three
// codes are loaded with the one behind, which must be in the row.
RBM_ALWAYS_INLINE unsigned rbm_piece_length(uint32_t on, size_t unit, size_t visible) {
  unsigned length = (on & 2) == 0 ? 1 : (on & 12) == 12 ? 4 : 2;
  if (RBM_DSP && (on & 15) == 7 && unit + 3 < visible) length = 3;
  return length;
}

// Two rounds over the state: the first counts the pieces of each length, the second puts them in place.
RBM_ALWAYS_INLINE void rbm_list_pieces_thumb(rbm_prepared_input* input, const uint8_t* state,
                                             size_t visible) {
  size_t next[4] = {0, 0, 0, 0};  // of length 4, 3, 2 and 1: how many, then where the next one goes
  for (int placing = 0; placing < 2; ++placing) {
    unsigned at = 0;  // where to go on, counted from `first`: a piece may end in the next byte
    for (size_t first = 0; visible > first; first += 8, at = at > 8 ? at - 8 : 0) {
      uint32_t on = state[first / 8] >> at;
      if (on == 0) continue;
      if (visible - first > 8) on |= (uint32_t)state[first / 8 + 1] << (8 - at);
      if (visible - first < 16) on &= ((uint32_t)1 << (visible - first) >> at) - 1;
      while (on != 0) {
        const unsigned skipped = (unsigned)__builtin_ctz(on);
        at += skipped;
        if (at >= 8) break;
        on >>= skipped;
        const unsigned length = rbm_piece_length(on, first + at, visible);
        const size_t position = next[4 - length]++;
        if (placing) input->positions[position] = (uint16_t)(first + at);
        at += length;
        on >>= length;
      }
    }
    for (unsigned kind = 0; kind < 4 && !placing; ++kind) {  // from how many to where the first one goes
      const size_t count = next[kind];
      next[kind] = kind > 0 ? input->ends[kind - 1] : 0;
      input->ends[kind] = next[kind] + count;
      input->total += (uint32_t)((4 - kind) * count);
    }
  }
}

typedef uint32_t __attribute__((__aligned__(1), __may_alias__)) rbm_unaligned_32;
typedef uint16_t __attribute__((__aligned__(1), __may_alias__)) rbm_unaligned_16;

RBM_ALWAYS_INLINE uint32_t rbm_load_4_codes(const uint8_t* codes) {
  return *(const rbm_unaligned_32*)codes;
}
RBM_ALWAYS_INLINE uint32_t rbm_load_2_codes(const uint8_t* codes) {
  return *(const rbm_unaligned_16*)codes;
}
#endif

#if RBM_PIECES && !RBM_DSP
// Adds the codes of the pieces, in two rows. Pieces of 4 are added as in plain.h. For pieces of 2, with C_k
// the sum of the codes c_k:
//
//     word    |    c1     |    c0     |     sum of words = C0 + 2^8 C1,  odd = C1
//
// so that C0 + C1 = sum - 255 odd, modulo 2^32, for any number of pieces.
RBM_ONCE void rbm_add_pieces_thumb(const rbm_prepared_input* input, const uint32_t* weights, size_t row_words,
                                   uint32_t* sums) {
  const uint8_t *row_0 = (const uint8_t*)weights, *row_1 = row_0 + 4 * row_words;
  const rbm_index *at = input->positions, *const fours = at + input->ends[0];
  uint32_t sum_0 = 0, sum_1 = 0, all_0 = 0, odd_0 = 0, all_1 = 0, odd_1 = 0;
  while (at != fours) {
    const rbm_index* const end = fours - at > 256 ? at + 256 : fours;
    all_0 = odd_0 = all_1 = odd_1 = 0;
    for (; at != end; ++at) {
      const uint32_t codes_0 = rbm_load_4_codes(row_0 + *at), codes_1 = rbm_load_4_codes(row_1 + *at);
      all_0 += codes_0;
      all_1 += codes_1;
      odd_0 += rbm_odd_bytes(codes_0);
      odd_1 += rbm_odd_bytes(codes_1);
    }
    sum_0 += rbm_add_halves(odd_0) + rbm_add_halves(rbm_even_lanes_of_bytes(all_0, odd_0));
    sum_1 += rbm_add_halves(odd_1) + rbm_add_halves(rbm_even_lanes_of_bytes(all_1, odd_1));
  }
  odd_0 = odd_1 = 0;
  for (; at != input->positions + input->ends[2]; ++at) {
    const uint32_t codes_0 = rbm_load_2_codes(row_0 + *at), codes_1 = rbm_load_2_codes(row_1 + *at);
    sum_0 += codes_0;
    sum_1 += codes_1;
    odd_0 += codes_0 >> 8;
    odd_1 += codes_1 >> 8;
  }
  sum_0 -= 255 * odd_0;
  sum_1 -= 255 * odd_1;
  for (; at != input->positions + input->ends[3]; ++at) {
    sum_0 += row_0[*at];
    sum_1 += row_1[*at];
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
}
#endif

#if RBM_THUMB
// Adds the rows between `bounds` to the lanes of three words; `stride` is the length of a row in bytes. In
// assembly, because it needs every register, more than a compiler gives out:
//
//     r0 weights    r1 stride    r2 bounds    r3 rows    r12 end of the shift's rows
//     r4 all, r5 odd of the first word; r6, r7 of the second; r8, r9 of the third
//     r10, r11, lr the row's words, or parts of an address
//
// RBM_3_LANES_BEGIN and RBM_3_LANES_END enclose a loop of two rows a round, at the labels 2 and 3: an odd
// number of rows starts at 3.
#define RBM_3_LANES_KERNEL(name)                                                                      \
  __attribute__((__naked__, __noinline__, __unused__)) static void name(                              \
      const uint32_t* weights __attribute__((__unused__)), size_t stride __attribute__((__unused__)), \
      const rbm_index* const* bounds __attribute__((__unused__)),                                     \
      rbm_lanes* lanes __attribute__((__unused__)))

#define RBM_3_LANES_BEGIN                                            \
  "push {r3-r11, lr}\n"                                              \
  "ldr r3, [r2], #4\n"                                               \
  "mov r4, #0\nmov r5, #0\nmov r6, #0\n"                             \
  "mov r7, #0\nmov r8, #0\nmov r9, #0\n"                             \
  "b 5f\n"                                                           \
  "1: lsl r4, r4, #1\nlsl r5, r5, #1\nlsl r6, r6, #1\n"              \
  "lsl r7, r7, #1\nlsl r8, r8, #1\nlsl r9, r9, #1\n"                 \
  "sub r10, r12, r3\n"                                               \
  "lsls r10, r10, #30\n" /* negative if the number of rows is odd */ \
  "bmi 3f\n"                                                         \
  "b 4f\n"

#define RBM_3_LANES_LOAD_ROW \
  "ldrh r10, [r3], #2\n"     \
  "mla r10, r10, r1, r0\n"   \
  "ldm r10, {r10, r11, lr}\n"

#define RBM_3_LANES_END    \
  "4: cmp r3, r12\n"       \
  "bne 2b\n"               \
  "5: ldr r12, [r2], #4\n" \
  "cmp r12, #0\n"          \
  "bne 1b\n"               \
  "pop {r3}\n" /* lanes */ \
  "stm r3, {r4-r9}\n"      \
  "pop {r4-r11, pc}"

// odd += word >> 4 & 0x0f0f0f0f, by clearing the nibbles that the shift would bring.
#define RBM_ADD_ROW_OF_4_BITS                                             \
  RBM_3_LANES_LOAD_ROW                                                    \
  "add r4, r4, r10\nbic r10, r10, #0x0f0f0f0f\nadd r5, r5, r10, lsr #4\n" \
  "add r6, r6, r11\nbic r11, r11, #0x0f0f0f0f\nadd r7, r7, r11, lsr #4\n" \
  "add r8, r8, lr\nbic lr, lr, #0x0f0f0f0f\nadd r9, r9, lr, lsr #4\n"

RBM_3_LANES_KERNEL(rbm_add_to_3_lanes_thumb_4) {
  __asm__(RBM_3_LANES_BEGIN "2:\n" RBM_ADD_ROW_OF_4_BITS "3:\n" RBM_ADD_ROW_OF_4_BITS RBM_3_LANES_END);
}

#if !RBM_DSP
// odd += word >> 8 & 0x00ff00ff.
#define RBM_ADD_ROW_OF_8_BITS                                             \
  RBM_3_LANES_LOAD_ROW                                                    \
  "add r4, r4, r10\nbic r10, r10, #0x00ff00ff\nadd r5, r5, r10, lsr #8\n" \
  "add r6, r6, r11\nbic r11, r11, #0x00ff00ff\nadd r7, r7, r11, lsr #8\n" \
  "add r8, r8, lr\nbic lr, lr, #0x00ff00ff\nadd r9, r9, lr, lsr #8\n"

RBM_3_LANES_KERNEL(rbm_add_to_3_lanes_thumb_8) {
  __asm__(RBM_3_LANES_BEGIN "2:\n" RBM_ADD_ROW_OF_8_BITS "3:\n" RBM_ADD_ROW_OF_8_BITS RBM_3_LANES_END);
}
#endif
#endif
