// Factors, the Gaussian hidden units of a model of readings, and its other numbers in fixed point.
//
// Loading kj = level * 2^-p with a level of 8 bits, so that |L_k|^2 = S / 4^p, with S the sum of the squares
// of the levels. A factor y has 2^-(state_fraction + 7 - p) as its step, so that the products of all factors
// and levels have the same step, 2^-7 of a state's. From the sum of products of levels and states
//
//     y = sum * 2^7 / (4^p + S) steps                         gains[k][0]   2^(7 + 16 + w) / (4^p + S)
//                                                             gains[k][1]   256 w + p
//     given readings, y has the deviation 1 / sqrt(1 + |L_k|^2)     gains[k][2]   2^16 times that,
//                                                                                 at most 65,535
#pragma once

#include "products.h"
#include "random.h"
#include "real.h"
#include "steps.h"

#ifdef RBM_FAR
#define rbm_offsets(model) rbm_address_24_of((model)->banks(), (model)->offsets, 0)
#define rbm_scales(model) rbm_address_24_of((model)->banks(), (model)->scales, 1)
#define rbm_loadings(model) rbm_address_24_of((model)->banks(), (model)->loadings, 2)
#define rbm_gains(model) rbm_address_24_of((model)->banks(), (model)->gains, 3)
RBM_ALWAYS_INLINE uint32_t rbm_address_24_of(uint32_t banks, const void* table, unsigned n) {
  return (banks >> 8 * n & 0xff) << 16 | (uint16_t)table;
}
// In a generated header: the function name_real_banks, a member of rbm_real. Of a model without factors,
// `loadings` and `gains` may be any of its tables.
#define RBM_DEFINE_REAL_BANKS(name, loadings, gains)                                       \
  static uint32_t name##_real_banks(void) {                                                \
    uint32_t banks;                                                                        \
    __asm__("ldi %A0, hh8(%1)\n\tldi %B0, hh8(%2)\n\tldi %C0, hh8(%3)\n\tldi %D0, hh8(%4)" \
            : "=d"(banks)                                                                  \
            : "i"(name##_offsets), "i"(name##_scales), "i"(loadings), "i"(gains));         \
    return banks;                                                                          \
  }
#else
#define rbm_offsets(model) ((model)->offsets)
#define rbm_scales(model) ((model)->scales)
#define rbm_loadings(model) ((model)->loadings)
#define rbm_gains(model) ((model)->gains)
#endif

// The number of units that are on among 32 bits that are fair is binomial, nearly normal; two uniform numbers
// make it smooth. The variance is 8 + 2/12.
static inline int32_t rbm_draw_normal(rbm_random* random) {
  const uint32_t bits = rbm_add_codes_to_bytes(rbm_random_next(random), 1), smooth = rbm_random_next(random);
  const int32_t sum = (int32_t)(((bits * RBM_LOWEST_BITS >> 24) << 16) + rbm_add_halves(smooth)) -
                      (16 * 65536 + 65535);                     // steps of 2^-16, at most 17 * 65536
  return rbm_round_shift(rbm_shift_right(sum, 6) * 22933, 14);  // 65536 / sqrt(8 + 2/12)
}

RBM_ALWAYS_INLINE unsigned rbm_loading_shift(const rbm_real* model, size_t factor) {
  return RBM_TABLE_16(rbm_gains(model), 3 * factor + 1) & 0xff;
}

// y_k from the products of row k with states, of which `total` is the sum.
RBM_ALWAYS_INLINE int32_t rbm_factor(const rbm_real* model, size_t factor, uint32_t products, int32_t total) {
  const rbm_halves gains = rbm_gains(model);
  const uint32_t gain = RBM_TABLE_16(gains, 3 * factor);
  const unsigned rounding = RBM_TABLE_16(gains, 3 * factor + 1) >> 8;
  const int32_t sum = rbm_to_signed(products - ((uint32_t)total << 7));
  const int32_t high = rbm_shift_right(sum, 16) * (int32_t)gain;  // sum * gain in two parts, for 32 bits
  return rbm_round_shift(high + (int32_t)((((uint32_t)sum & 0xffff) * gain) >> 16), rounding);
}

// Draws a factor around `mean`, with its deviation given readings, or, if `mean` is NULL, with deviation 1.
RBM_ALWAYS_INLINE int32_t rbm_draw_factor(const rbm_real* model, size_t factor, const int32_t* mean,
                                          rbm_random* random) {
  const uint32_t deviation = mean == NULL ? 65535 : RBM_TABLE_16(rbm_gains(model), 3 * factor + 2);
  const int32_t noise = rbm_shift_right(rbm_draw_normal(random) * (int32_t)deviation,
                                        21u + rbm_loading_shift(model, factor) - model->state_fraction);
  return mean == NULL ? noise : *mean + noise;
}

// The factors given states, or given the states' distances from their means; `factors_out` has
// model->factors.
RBM_ONCE void rbm_find_factors(const rbm_real* model, const uint32_t* states, int32_t total,
                               int32_t* factors_out) {
  uint32_t sums[RBM_MOST_FACTORS];
  rbm_multiply_rows(states, rbm_loadings(model), model->base.visible, 8, model->factors, sums);
  for (size_t k = 0; k < model->factors; ++k) factors_out[k] = rbm_factor(model, k, sums[k], total);
}

// What factors add to the states of the units of one word.
typedef struct rbm_added {
  int32_t units[4];
} rbm_added;

RBM_ALWAYS_INLINE rbm_added rbm_add_factors(const rbm_real* model, const int32_t* factors, size_t word) {
  const size_t row_words = RBM_ROW_WORDS((size_t)model->base.visible, 8);
  const int32_t* const end = factors + model->factors;
  uint32_t sum_0 = 0, sum_1 = 0, sum_2 = 0, sum_3 = 0, zero = 0;  // steps of 2^-7 of a state's
  for (rbm_words row = rbm_words_from(rbm_loadings(model), word); factors != end;
       row = rbm_words_from(row, row_words)) {
    const uint32_t codes = RBM_TABLE_32(row, 0), factor = (uint32_t)*factors++;
    sum_0 += (codes & 0xff) * factor;
    sum_1 += (codes >> 8 & 0xff) * factor;
    sum_2 += (codes >> 16 & 0xff) * factor;
    sum_3 += (codes >> 24) * factor;
    zero += factor;
  }
  zero = 64 - (zero << 7);  // rounds, too
  rbm_added added;
  added.units[0] = rbm_shift_right(rbm_to_signed(sum_0 + zero), 7);
  added.units[1] = rbm_shift_right(rbm_to_signed(sum_1 + zero), 7);
  added.units[2] = rbm_shift_right(rbm_to_signed(sum_2 + zero), 7);
  added.units[3] = rbm_shift_right(rbm_to_signed(sum_3 + zero), 7);
  return added;
}
