// From hidden units to the inputs of visible units, b_j + (W' h)_j: the rows of units that are on are added,
// a few words of all rows at a time, in lanes that are emptied into sums of 32 bits before they overflow.
#pragma once

#include "kernels.h"
#include "sigmoid.h"
#include "steps.h"

// The most lanes of one call of rbm_add_rows, and the most sums.
#define RBM_MOST_LANES 14
#if RBM_VECTOR
#define RBM_MOST_VISIBLE_SUMS 56
#elif RBM_THUMB
#define RBM_MOST_VISIBLE_SUMS 36
#else
#define RBM_MOST_VISIBLE_SUMS 32
#endif

// Moves lanes to sums of 32 bits. Sums that have been begun are doubled before, `doublings` times: the lanes
// count steps of a lower shift.
RBM_ONCE void rbm_flush_lanes(const rbm_lanes* lanes, size_t words, unsigned bits, int begun,
                              unsigned doublings, uint32_t* sums) {
  const size_t parts = bits == 1 ? 4 : bits == 2 ? 2 : 1;
  for (const rbm_lanes* const end = lanes + words * parts; lanes != end; ++lanes) {
    const uint32_t odd = lanes->odd;
    if (bits == 8) {
      const uint32_t even = rbm_even_lanes_of_bytes(lanes->all, odd);
      uint32_t sum_0 = even & 0xffff, sum_1 = odd & 0xffff, sum_2 = even >> 16, sum_3 = odd >> 16;
#if RBM_VECTOR
      if (words == 14) {  // in order
        sum_0 = lanes->all & 0xffff;
        sum_1 = lanes->all >> 16;
        sum_2 = odd & 0xffff;
      }
#endif
      if (begun) {
        sum_0 += sums[0] << doublings;
        sum_1 += sums[1] << doublings;
        sum_2 += sums[2] << doublings;
        sum_3 += sums[3] << doublings;
      }
      sums[0] = sum_0;
      sums[1] = sum_1;
      sums[2] = sum_2;
      sums[3] = sum_3;
      sums += 4;
    } else {
      uint32_t even = rbm_even_lanes_of_nibbles(lanes->all, odd), odds = odd;
      uint32_t* sum = sums;
      for (unsigned n = 0; n < 4; ++n, sum += 2 * parts, even >>= 8, odds >>= 8) {
        sum[0] = (begun ? sum[0] << doublings : 0) + (even & 0xff);
        sum[parts] = (begun ? sum[parts] << doublings : 0) + (odds & 0xff);
      }
      sums += parts == 1 ? 8 : 1;
    }
  }
}

// The words whose sums one call of rbm_add_rows makes, by kernels that take `step` words. Choosing a batch of
// rows takes time, so that with 8 bits several calls of a kernel share it: RBM_MOST_VISIBLE_SUMS has room.
RBM_ALWAYS_INLINE size_t rbm_words_of_batch(unsigned bits, size_t row_words, size_t step) {
#if RBM_THUMB
  if (bits == 8 && step == 3 && row_words >= 9) return 9;
  if (step != 1) return step;
#else
  (void)step;  // always 1
#endif
  return bits == 8 && row_words >= 8 ? 8 : 1;
}

// Chooses a batch: the rows of the list from `begin` on, as many as no lane overflows. `shift` is the number
// of their first shift. A row counts once at its own shift, twice at the next lower one, and so on: `used` is
// what all rows chosen count at the shift reached, at most `most`. Returns the number of the shift reached.
// `bounds` gets the batch, `end` where it ends in the list.
RBM_ALWAYS_INLINE unsigned rbm_choose_batch(const rbm_hidden_list* list, const rbm_index* begin,
                                            unsigned shift, unsigned most, rbm_bounds bounds,
                                            const rbm_index** end) {
  *bounds++ = begin;
  for (unsigned used = 0;; ++shift, used *= 2) {
    const unsigned rest = (unsigned)(list->rows + list->ends[shift] - begin);
    const unsigned count = rest < most - used ? rest : most - used;
    begin += count;
    used += count;
    *bounds++ = begin;
    if (count < rest || shift + 1 == list->shifts || 2 * used > most) break;
  }
  *bounds = NULL;
  *end = begin;
  return shift;
}

// The sums of the codes of some visible units over the listed rows, each code times 2^(shift - lowest shift).
// Starts at the word that holds unit `first`, or earlier if too few words follow. Returns a pointer to the
// sum of `first`; `units_out` gets how many sums follow from there.
RBM_ONCE const uint32_t* rbm_add_rows(const rbm_quantized* model, const rbm_hidden_list* list, size_t first,
                                      uint32_t* sums, size_t* units_out) {
  const unsigned bits = rbm_bits(model), units = 32 / bits;
  const size_t row_words = RBM_ROW_WORDS(model->visible, bits);
#if RBM_THUMB
  const size_t step = row_words >= RBM_WORDS_AT_ONCE(bits) ? RBM_WORDS_AT_ONCE(bits) : 1;
#else
  const size_t step = 1;
#endif
  const size_t words = rbm_words_of_batch(bits, row_words, step);
  const size_t word = first / units < row_words - words ? first / units : row_words - words;
  rbm_lanes lanes[RBM_MOST_LANES];
  const rbm_index* begin = list->rows;
  unsigned shift = 0, shift_of_sums = 0;  // numbers, as in rbm_hidden_list
  for (int begun = 0; shift < list->shifts; begun = 1) {
    rbm_bounds bounds;
    shift = rbm_choose_batch(list, begin, shift, RBM_MOST_ROWS(bits), bounds, &begin);
    for (size_t n = 0; n < words; n += step)
      rbm_add_rows_to_lanes(rbm_words_from(rbm_weights(model), word + n), row_words, bounds, bits, step,
                            lanes + n);
    rbm_flush_lanes(lanes, words, bits, begun, shift - shift_of_sums, sums);
    shift_of_sums = shift;
    if (begin == list->rows + list->ends[shift]) ++shift;
  }
  const size_t skipped = first - word * units;
  const size_t count = words * units - skipped, rest = model->visible - first;
  *units_out = count < rest ? count : rest;
  return sums + skipped;
}

// The input of a visible unit, from the sum of its codes over rows or, as 256ths, over rows times factors.
RBM_ALWAYS_INLINE int32_t rbm_visible_sum(const rbm_quantized* model, size_t unit, uint32_t codes,
                                          uint32_t total) {
  const uint32_t steps = rbm_codes_to_steps(rbm_bits(model), codes, total, model->lowest_shift);
  return rbm_bias(rbm_visible_bias(model), unit) + rbm_to_signed(steps);
}

RBM_ALWAYS_INLINE int32_t rbm_visible_sum_of_256ths(const rbm_quantized* model, size_t unit, uint32_t codes,
                                                    uint32_t total) {
  const uint32_t steps = rbm_codes_to_steps(rbm_bits(model), codes, total, model->lowest_shift);
  return rbm_bias(rbm_visible_bias(model), unit) + rbm_round_256ths(steps);
}

// Sets the factor of a hidden unit, its probability in 256ths. Returns it as a multiple of the lowest
// shift's.
RBM_ALWAYS_INLINE uint32_t rbm_set_hidden_factor(const rbm_quantized* model, size_t unit, int32_t sum,
                                                 rbm_index* factors) {
  factors[unit] = (uint16_t)(((uint32_t)rbm_probability(model, sum) + 128) >> 8);
  return (uint32_t)factors[unit] << (RBM_TABLE_8(rbm_shifts(model), unit) - model->lowest_shift);
}

// The sums over all rows, each times its factor, for the units of one word.
RBM_ONCE size_t rbm_add_rows_by_factor(const rbm_quantized* model, const rbm_index* factors, size_t first,
                                       uint32_t* sums_out) {
  const unsigned bits = rbm_bits(model), units = 32 / bits;
  const size_t row_words = RBM_ROW_WORDS(model->visible, bits);
  rbm_words weights = rbm_words_from(rbm_weights(model), first / units);
  const uint32_t mask = ((uint32_t)1 << bits) - 1;
  for (size_t n = 0; n < units; ++n) sums_out[n] = 0;
  for (size_t unit = 0; unit < model->hidden; ++unit, weights = rbm_words_from(weights, row_words)) {
    if (factors[unit] == 0) continue;
    const uint32_t factor = (uint32_t)factors[unit]
                            << (RBM_TABLE_8(rbm_shifts(model), unit) - model->lowest_shift);
    uint32_t codes = RBM_TABLE_32(weights, 0);
    for (size_t n = 0; n < units; ++n, codes >>= bits - 1, codes >>= 1)  // a shift by 32 is undefined
      sums_out[n] += factor * (codes & mask);
  }
  return units;
}
