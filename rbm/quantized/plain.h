// Kernels in plain C, for every machine. What they compute is what the other machines' kernels compute.
#pragma once

#include "lists.h"
#include "words.h"

// Adds the codes to units that are on, in two rows. As in words.h, but in the end all four lanes are added
// up. 256 words at a time: a byte is at most 255, and 256 * 255 = 65,280 < 2^16.
RBM_ALWAYS_INLINE void rbm_add_words_plain(const rbm_prepared_input* input, rbm_words first, rbm_words second,
                                           unsigned bits, uint32_t* sums) {
  const uint32_t* masks = input->masks;
  const rbm_index *at = input->positions, *const last = at + input->ends[0];
  sums[0] = sums[1] = 0;
  while (at != last) {
    const rbm_index* const end = last - at > 256 ? at + 256 : last;
    uint32_t all_0 = 0, odd_0 = 0, all_1 = 0, odd_1 = 0;
    do {
      const uint32_t mask = *masks++;
      const size_t word = *at++;
      const uint32_t bytes_0 = rbm_add_codes_to_bytes(RBM_TABLE_32(first, word) & mask, bits);
      const uint32_t bytes_1 = rbm_add_codes_to_bytes(RBM_TABLE_32(second, word) & mask, bits);
      all_0 += bytes_0;
      all_1 += bytes_1;
      odd_0 += rbm_odd_bytes(bytes_0);
      odd_1 += rbm_odd_bytes(bytes_1);
    } while (at != end);
    sums[0] += rbm_add_halves(odd_0) + rbm_add_halves(rbm_even_lanes_of_bytes(all_0, odd_0));
    sums[1] += rbm_add_halves(odd_1) + rbm_add_halves(rbm_even_lanes_of_bytes(all_1, odd_1));
  }
}

RBM_ONCE void rbm_add_words_plain_8(const rbm_prepared_input* input, rbm_words first, rbm_words second,
                                    uint32_t* sums) {
  rbm_add_words_plain(input, first, second, 8, sums);
}
RBM_ONCE void rbm_add_words_plain_4(const rbm_prepared_input* input, rbm_words first, rbm_words second,
                                    uint32_t* sums) {
  rbm_add_words_plain(input, first, second, 4, sums);
}
RBM_ONCE void rbm_add_words_plain_2(const rbm_prepared_input* input, rbm_words first, rbm_words second,
                                    uint32_t* sums) {
  rbm_add_words_plain(input, first, second, 2, sums);
}
RBM_ONCE void rbm_add_words_plain_1(const rbm_prepared_input* input, rbm_words first, rbm_words second,
                                    uint32_t* sums) {
  rbm_add_words_plain(input, first, second, 1, sums);
}

// Adds the rows between `bounds` to the lanes of one word. Codes of 2 bits and less take several passes. Each
// pass takes the code at bit `part` of every nibble and adds it as a small code of 4 bits:
//
//     2 bits, part 2    | c7 c6 | c5 c4 | c3 c2 | c1 c0 |  >> 2 & 0x3333    | c7 | c5 | c3 | c1 |
RBM_ALWAYS_INLINE void rbm_add_to_lanes(rbm_words weights, size_t row_words, const rbm_index* const* bounds,
                                        unsigned bits, unsigned part, rbm_lanes* lanes) {
  const uint32_t mask = bits == 2 ? 0x33333333 : bits == 1 ? 0x11111111 : 0xffffffff;
  uint32_t all = 0, odd = 0;
  const rbm_index* rows = *bounds++;
  for (const rbm_index* end; (end = *bounds++) != NULL;) {
    all *= 2;
    odd *= 2;
    while (rows != end) {
      const uint32_t codes = RBM_TABLE_32(weights, (size_t)*rows++ * row_words) >> part & mask;
      all += codes;
      odd += bits == 8 ? rbm_odd_bytes(codes) : rbm_odd_nibbles(codes);
    }
  }
  lanes->all = all;
  lanes->odd = odd;
}

RBM_ONCE void rbm_add_to_lanes_8(rbm_words weights, size_t row_words, const rbm_index* const* bounds,
                                 rbm_lanes* lanes) {
  rbm_add_to_lanes(weights, row_words, bounds, 8, 0, lanes);
}
RBM_ONCE void rbm_add_to_lanes_4(rbm_words weights, size_t row_words, const rbm_index* const* bounds,
                                 rbm_lanes* lanes) {
  rbm_add_to_lanes(weights, row_words, bounds, 4, 0, lanes);
}
RBM_ONCE void rbm_add_to_lanes_2(rbm_words weights, size_t row_words, const rbm_index* const* bounds,
                                 rbm_lanes* lanes) {
  for (unsigned part = 0; part < 4; part += 2) rbm_add_to_lanes(weights, row_words, bounds, 2, part, lanes++);
}
RBM_ONCE void rbm_add_to_lanes_1(rbm_words weights, size_t row_words, const rbm_index* const* bounds,
                                 rbm_lanes* lanes) {
  for (unsigned part = 0; part < 4; part += 1) rbm_add_to_lanes(weights, row_words, bounds, 1, part, lanes++);
}
