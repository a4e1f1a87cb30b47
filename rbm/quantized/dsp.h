// Kernels for the DSP extension: Cortex-M4, M7 and M33, and for codes of 4 bits and less the M55. Its usada8
// adds the four bytes of a word to a sum in one instruction, and uxtab16 two bytes to two lanes of 16 bits.
// To visible units, rows with codes of 4 bits take the kernel of thumb.h, as uxtab16 has no lanes of 8 bits.
#pragma once

#include "lists.h"
#include "thumb.h"
#include "words.h"

#if RBM_DSP
RBM_ALWAYS_INLINE uint32_t rbm_add_4_bytes(uint32_t sum, uint32_t bytes) {
  __asm__("usada8 %0, %1, %2, %0" : "+r"(sum) : "r"(bytes), "r"(0));
  return sum;
}

// Adds the codes to units that are on, in two rows. Codes of 4 bits need not be brought to bytes: for a byte
// that holds the codes h and l,
//
//     word          |   h   |   l   |       all  adds up 16 h + l
//     & 0xf0        |   h   |   0   |       high adds up 16 h
//
// and h + l = (16 h + l) - 15 h, so that the sum is all - (high / 16) * 15.
RBM_ALWAYS_INLINE void rbm_add_words_dsp(const rbm_prepared_input* input, const uint32_t* first,
                                         const uint32_t* second, unsigned bits, uint32_t* sums) {
  const uint32_t* masks = input->masks;
  const rbm_index *at = input->positions, *const last = at + input->ends[0];
  uint32_t all_0 = 0, all_1 = 0, high_0 = 0, high_1 = 0;
  while (at != last) {
    const uint32_t mask = *masks++;
    const size_t word = *at++;
    if (bits == 4) {
      const uint32_t codes_0 = first[word] & mask, codes_1 = second[word] & mask;
      all_0 = rbm_add_4_bytes(all_0, codes_0);
      high_0 = rbm_add_4_bytes(high_0, codes_0 & 0xf0f0f0f0);
      all_1 = rbm_add_4_bytes(all_1, codes_1);
      high_1 = rbm_add_4_bytes(high_1, codes_1 & 0xf0f0f0f0);
    } else {
      all_0 = rbm_add_4_bytes(all_0, rbm_add_codes_to_bytes(first[word] & mask, bits));
      all_1 = rbm_add_4_bytes(all_1, rbm_add_codes_to_bytes(second[word] & mask, bits));
    }
  }
  sums[0] = all_0 - (high_0 >> 4) * 15;
  sums[1] = all_1 - (high_1 >> 4) * 15;
}

RBM_ONCE void rbm_add_words_dsp_8(const rbm_prepared_input* input, const uint32_t* first,
                                  const uint32_t* second, uint32_t* sums) {
  rbm_add_words_dsp(input, first, second, 8, sums);
}
RBM_ONCE void rbm_add_words_dsp_4(const rbm_prepared_input* input, const uint32_t* first,
                                  const uint32_t* second, uint32_t* sums) {
  rbm_add_words_dsp(input, first, second, 4, sums);
}
RBM_ONCE void rbm_add_words_dsp_2(const rbm_prepared_input* input, const uint32_t* first,
                                  const uint32_t* second, uint32_t* sums) {
  rbm_add_words_dsp(input, first, second, 2, sums);
}
RBM_ONCE void rbm_add_words_dsp_1(const rbm_prepared_input* input, const uint32_t* first,
                                  const uint32_t* second, uint32_t* sums) {
  rbm_add_words_dsp(input, first, second, 1, sums);
}

// odd += word >> 8 & 0x00ff00ff, in one instruction.
#define RBM_ADD_ROW_OF_8_BITS_DSP                  \
  RBM_3_LANES_LOAD_ROW                             \
  "add r4, r4, r10\nuxtab16 r5, r5, r10, ror #8\n" \
  "add r6, r6, r11\nuxtab16 r7, r7, r11, ror #8\n" \
  "add r8, r8, lr\nuxtab16 r9, r9, lr, ror #8\n"

RBM_3_LANES_KERNEL(rbm_add_to_3_lanes_dsp_8) {
  __asm__(RBM_3_LANES_BEGIN "2:\n" RBM_ADD_ROW_OF_8_BITS_DSP
                            "3:\n" RBM_ADD_ROW_OF_8_BITS_DSP RBM_3_LANES_END);
}
#endif

#if RBM_DSP && RBM_PIECES
// Three codes, loaded with the one behind, which the shift drops:
//
//     word          | behind |   c2   |   c1   |   c0   |
//     word << 8     |   c2   |   c1   |   c0   |   0    |
RBM_ALWAYS_INLINE uint32_t rbm_load_3_codes(const uint8_t* codes) {
  return rbm_load_4_codes(codes) << 8;
}

// Adds the codes of the pieces, in four rows.
RBM_ONCE void rbm_add_pieces_dsp(const rbm_prepared_input* input, const uint32_t* weights, size_t row_words,
                                 uint32_t* sums) {
  const uint8_t *row_0 = (const uint8_t*)weights, *row_1 = row_0 + 4 * row_words;
  const uint8_t *row_2 = row_1 + 4 * row_words, *row_3 = row_2 + 4 * row_words;
  uint32_t sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0;
  const rbm_index* at = input->positions;
#define RBM_ADD_PIECES_UNTIL(end, load)                 \
  for (; at != input->positions + end; ++at) {          \
    const size_t unit = *at;                            \
    sum_0 = rbm_add_4_bytes(sum_0, load(row_0 + unit)); \
    sum_1 = rbm_add_4_bytes(sum_1, load(row_1 + unit)); \
    sum_2 = rbm_add_4_bytes(sum_2, load(row_2 + unit)); \
    sum_3 = rbm_add_4_bytes(sum_3, load(row_3 + unit)); \
  }
  RBM_ADD_PIECES_UNTIL(input->ends[0], rbm_load_4_codes)
  RBM_ADD_PIECES_UNTIL(input->ends[1], rbm_load_3_codes)
  RBM_ADD_PIECES_UNTIL(input->ends[2], rbm_load_2_codes)
  RBM_ADD_PIECES_UNTIL(input->ends[3], *)
#undef RBM_ADD_PIECES_UNTIL
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}
#endif
