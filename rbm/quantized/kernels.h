// The choice among the kernels, for one width of codes: the table is in machine.h.
#pragma once

#include "dsp.h"
#include "lists.h"
#include "plain.h"
#include "thumb.h"
#include "vector.h"

// Adds the codes to units that are on, in two rows.
RBM_ALWAYS_INLINE void rbm_add_words(const rbm_prepared_input* input, rbm_words first, rbm_words second,
                                     unsigned bits, uint32_t* sums) {
#if RBM_DSP
  if (bits == 8)
    rbm_add_words_dsp_8(input, first, second, sums);  // without unaligned loads: see rbm_add_codes
  else if (bits == 4)
    rbm_add_words_dsp_4(input, first, second, sums);
  else if (bits == 2)
    rbm_add_words_dsp_2(input, first, second, sums);
  else
    rbm_add_words_dsp_1(input, first, second, sums);
#else
  if (bits == 8)
    rbm_add_words_plain_8(input, first, second, sums);
  else if (bits == 4)
    rbm_add_words_plain_4(input, first, second, sums);
  else if (bits == 2)
    rbm_add_words_plain_2(input, first, second, sums);
  else
    rbm_add_words_plain_1(input, first, second, sums);
#endif
}

// Adds the codes to units that are on, in RBM_ROWS_AT_ONCE rows from `weights` on, `row_words` words apart.
RBM_ALWAYS_INLINE void rbm_add_codes(const rbm_prepared_input* input, rbm_words weights, size_t row_words,
                                     unsigned bits, uint32_t* sums) {
#if RBM_PIECES || RBM_VECTOR
  if (bits == 8) {
#if RBM_VECTOR
    rbm_add_words_vector(input, weights, row_words, sums);
#elif RBM_DSP
    rbm_add_pieces_dsp(input, weights, row_words, sums);
#else
    rbm_add_pieces_thumb(input, weights, row_words, sums);
#endif
    return;
  }
#endif
  for (size_t n = 0; n < RBM_ROWS_AT_ONCE; n += 2, weights = rbm_words_from(weights, 2 * row_words))
    rbm_add_words(input, weights, rbm_words_from(weights, row_words), bits, sums + n);
}

// Adds the rows between `bounds` to the lanes of `words` words, RBM_WORDS_AT_ONCE or 1.
RBM_ALWAYS_INLINE void rbm_add_rows_to_lanes(rbm_words weights, size_t row_words,
                                             const rbm_index* const* bounds, unsigned bits, size_t words,
                                             rbm_lanes* lanes) {
#if RBM_VECTOR
  if (words == 14) {
    rbm_add_to_14_lanes_vector(weights, row_words * 4, bounds, lanes);
    return;
  }
#endif
#if RBM_THUMB
  if (words == 3 && bits == 4) {
    rbm_add_to_3_lanes_thumb_4(weights, row_words * 4, bounds, lanes);
    return;
  }
  if (words == 3) {
#if RBM_DSP
    rbm_add_to_3_lanes_dsp_8(weights, row_words * 4, bounds, lanes);
#else
    rbm_add_to_3_lanes_thumb_8(weights, row_words * 4, bounds, lanes);
#endif
    return;
  }
#endif
  (void)words;
  if (bits == 8)
    rbm_add_to_lanes_8(weights, row_words, bounds, lanes);
  else if (bits == 4)
    rbm_add_to_lanes_4(weights, row_words, bounds, lanes);
  else if (bits == 2)
    rbm_add_to_lanes_2(weights, row_words, bounds, lanes);
  else
    rbm_add_to_lanes_1(weights, row_words, bounds, lanes);
}
