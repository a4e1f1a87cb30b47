// From hidden units back to readings: the means of the visible units given the hidden ones, then what the
// factors add.
#pragma once

#include "states.h"
#include "visible_sums.h"

// Decides the hidden units, as rbm_decide_hidden does, and lists those that are on.
RBM_ONCE rbm_hidden_list rbm_real_decide_hidden(const rbm_real* model, const rbm_states* states,
                                                rbm_random* random) {
  const rbm_quantized* const base = &model->base;
  uint8_t* const state = (uint8_t*)(states->hidden + base->hidden + base->hidden % 2);
  uint16_t counts[RBM_MOST_SHIFTS] = {0};
  uint32_t sums[RBM_MOST_HIDDEN_SUMS];
  for (size_t byte = 0; byte < RBM_STATE_BYTES((size_t)base->hidden); ++byte) state[byte] = 0;
  for (size_t unit = 0; unit < base->hidden;) {
    const size_t count = rbm_real_hidden_sums(model, states, unit, sums);
    for (size_t n = 0; n < count; ++n, ++unit)
      rbm_decide_unit(base, unit, rbm_real_hidden_input(model, states, unit, sums[n]), random, state, counts);
  }
  rbm_hidden_list list;
  rbm_list_hidden(base, state, counts, states->hidden, &list);
  return list;
}

// Puts the mean of a real unit given the hidden units, b + W'h, in place of its state. Of a binary unit it
// puts the input in steps of the model, as far as 16 bits hold it.
RBM_ALWAYS_INLINE void rbm_set_mean(const rbm_real* model, rbm_states* states, size_t unit, int32_t sum) {
  const int32_t mean =
      RBM_TABLE_16(rbm_scales(model), unit) == 0
          ? rbm_bounded(sum, 32767)
          : rbm_bounded(rbm_round_shift(sum, (unsigned)model->base.fraction - model->state_fraction),
                        model->limit);
  rbm_set_state(states->words, unit, mean);
}

RBM_ONCE void rbm_set_means(const rbm_real* model, const rbm_hidden_list* list, rbm_states* states) {
  const rbm_quantized* const base = &model->base;
  uint32_t sums[RBM_MOST_VISIBLE_SUMS];
  for (size_t unit = 0, count; unit < base->visible;) {
    const uint32_t* const codes = rbm_add_rows(base, list, unit, sums, &count);
    for (size_t n = 0; n < count; ++n, ++unit)
      rbm_set_mean(model, states, unit, rbm_visible_sum(base, unit, codes[n], list->total));
  }
}

// The same with the probabilities of the hidden units as factors.
RBM_ONCE void rbm_set_means_by_mean(const rbm_real* model, rbm_states* states) {
  const rbm_quantized* const base = &model->base;
  rbm_index* const factors = states->hidden;
  uint32_t sums[RBM_MOST_HIDDEN_SUMS];
  uint32_t codes[RBM_MOST_VISIBLE_SUMS], total = 0;
  for (size_t unit = 0; unit < base->hidden;) {
    const size_t count = rbm_real_hidden_sums(model, states, unit, sums);
    for (size_t n = 0; n < count; ++n, ++unit)
      total +=
          rbm_set_hidden_factor(base, unit, rbm_real_hidden_input(model, states, unit, sums[n]), factors);
  }
  for (size_t unit = 0; unit < base->visible;) {
    const size_t count = rbm_add_rows_by_factor(base, factors, unit, codes);
    for (size_t n = 0; n < count && unit < base->visible; ++n, ++unit)
      rbm_set_mean(model, states, unit, rbm_visible_sum_of_256ths(base, unit, codes[n], total));
  }
}

// The factors given readings and hidden units, whose means the states are: the factors of the distances
// x - mean, which take the place of the means for a while.
RBM_ONCE void rbm_find_factors_around_means(const rbm_real* model, rbm_readings readings,
                                            rbm_states* states) {
  for (int back = 0;; ++back) {
    int32_t total = 0;
    size_t unit = 0;
    for (; unit < model->base.visible; ++unit) {
      const uint32_t scale = RBM_TABLE_16(rbm_scales(model), unit);
      int32_t state = rbm_get_state(states->words, unit);
      if (scale != 0) {
        state = rbm_to_state(model, unit, scale, rbm_reading(readings, unit)) - state;
        rbm_set_state(states->words, unit, state);
      }
      total += state;
    }
    if (back) break;
    for (; unit % 8 != 0; ++unit) rbm_set_state(states->words, unit, 0);
    rbm_reorder_states(states->words, model->base.visible);
    rbm_find_factors(model, states->words, total, states->factors);
    rbm_reorder_states(states->words, model->base.visible);
  }
}

// From a state of a real unit to a reading, which saturates.
RBM_ALWAYS_INLINE int16_t rbm_to_reading(const rbm_real* model, size_t unit, int32_t state) {
  const uint32_t scale = RBM_TABLE_16(rbm_scales(model), unit);
  const int32_t inverse = (int32_t)(((uint32_t)1 << 25) / (scale >> 5));
  const int32_t reading =
      rbm_bias(rbm_offsets(model), unit) + rbm_round_shift(state * inverse, 25 - (unsigned)(scale & 31));
  return (int16_t)(reading < -32768 ? -32768 : reading > 32767 ? 32767 : reading);
}
