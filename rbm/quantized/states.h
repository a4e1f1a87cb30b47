// From readings to states, x and then a, and from these to the inputs of hidden units, c_i + W_i a.
#pragma once

#include "factors.h"
#include "hidden_sums.h"
#include "states_dsp.h"

// The states of the visible units, and what else a function needs of them.
typedef struct rbm_states {
  uint32_t* words;    // [RBM_STATE_WORDS], in scratch: two states each, in the kernels' order, or in units'
  int32_t* factors;   // [factors], behind them
  rbm_index* hidden;  // room for a list of hidden units, behind that
  int32_t total;      // the sum of the states
  uint32_t on;        // number of binary units that are on
} rbm_states;

// x of a real unit, which has this scale.
RBM_ALWAYS_INLINE int32_t rbm_to_state(const rbm_real* model, size_t unit, uint32_t scale, int32_t reading) {
  const int32_t distance = reading - rbm_bias(rbm_offsets(model), unit);
  return rbm_bounded(rbm_shift_right(distance * (int32_t)(scale >> 5), scale & 31), model->limit);
}

RBM_ALWAYS_INLINE int32_t rbm_reading(rbm_readings readings, size_t unit) {
  return readings.words != NULL ? readings.words[unit] : readings.bytes[unit];  // NOLINT: one is there
}

// x of real units, v of binary ones.
RBM_ALWAYS_INLINE void rbm_read_states(const rbm_real* model, rbm_readings readings, rbm_states* states) {
  const size_t visible = model->base.visible;
  uint32_t* const words = states->words;
  int32_t total = 0;
  size_t unit = 0;
#if RBM_PAIRED
  if (readings.words != NULL && visible >= 4) {
    unit = visible - visible % 4;
    rbm_state_reader reader = {readings.words,
                               model->offsets,
                               model->scales,
                               words,
                               words + unit / 2,
                               0,
                               model->limit * 0x10001u,
                               model->limit * 0x20002u,
                               0x10001,
                               (uint32_t)1 << model->state_fraction,
                               0};
    total = (int32_t)rbm_read_states_dsp(&reader);
    states->on = reader.on;
  }
#endif
  for (; unit < visible; ++unit) {
    const uint32_t scale = RBM_TABLE_16(rbm_scales(model), unit);
    int32_t state = rbm_reading(readings, unit);
    if (scale != 0) {
      state = rbm_to_state(model, unit, scale, state);
    } else if (state != 0) {
      state = (int32_t)1 << model->state_fraction;
      ++states->on;
    }
    rbm_set_state(words, RBM_KERNEL_UNIT(unit), state);
    total += state;
  }
  for (; unit % 8 != 0; ++unit) rbm_set_state(words, RBM_KERNEL_UNIT(unit), 0);
  states->total = total;
}

// From x to a, what the factors leave of x. |x - L'y|^2 + |y|^2 is least at the exact factors: their rounding
// changes it in second order only, where |a|^2 + sum_k (L_k a)^2 would grow with |L_k|^2 times the errors of
// a.
RBM_ONCE void rbm_take_factors(const rbm_real* model, rbm_states* states) {
  const size_t visible = model->base.visible;
  uint32_t* const words = states->words;
  const int32_t limit = model->limit;
  int32_t total = 0;
  rbm_find_factors(model, words, states->total, states->factors);
  for (size_t first = 0; first < visible; first += 4) {
    const rbm_added added = rbm_add_factors(model, states->factors, first / 4);
#define RBM_TAKE(n)                                                                        \
  {                                                                                        \
    const size_t place = first + RBM_KERNEL_UNIT(n);                                       \
    const int32_t rest = rbm_bounded(rbm_get_state(words, place) - added.units[n], limit); \
    rbm_set_state(words, place, rest);                                                     \
    total += rest;                                                                         \
  }
    RBM_TAKE(0)
    RBM_TAKE(1)
    RBM_TAKE(2)
    RBM_TAKE(3)
#undef RBM_TAKE
  }
  states->total = total;
}

// Reads what hidden units see, a, in the kernels' order.
RBM_ONCE rbm_states rbm_prepare_states(const rbm_real* model, rbm_readings readings, uint32_t* scratch) {
  rbm_states states;
  states.words = scratch;
  states.factors = (int32_t*)(void*)(scratch + RBM_STATE_WORDS((size_t)model->base.visible));
  states.hidden = (rbm_index*)(states.factors + model->factors);
  states.total = 0;
  states.on = 0;
  if (readings.words != NULL)
    rbm_read_states(model, rbm_from_int16(readings.words), &states);
  else
    rbm_read_states(model, rbm_from_int8(readings.bytes), &states);
  if (model->factors > 0) rbm_take_factors(model, &states);
  return states;
}

// The sums of codes times states of hidden units from `first` on. Returns how many it has made, at most
// RBM_MOST_HIDDEN_SUMS.
RBM_ONCE size_t rbm_real_hidden_sums(const rbm_real* model, const rbm_states* states, size_t first,
                                     uint32_t* sums_out) {
  const rbm_quantized* const base = &model->base;
  const unsigned bits = rbm_bits(base);
  size_t count = base->hidden - first;
  if (count > RBM_MOST_HIDDEN_SUMS) count = RBM_MOST_HIDDEN_SUMS;
  rbm_multiply_rows(states->words,
                    rbm_words_from(rbm_weights(base), first * RBM_ROW_WORDS((size_t)base->visible, bits)),
                    base->visible, bits, count, sums_out);
  return count;
}

// The input of a hidden unit from its sum.
RBM_ALWAYS_INLINE int32_t rbm_real_hidden_input(const rbm_real* model, const rbm_states* states, size_t unit,
                                                uint32_t sum) {
  const rbm_quantized* const base = &model->base;
  const unsigned shift = RBM_TABLE_8(rbm_shifts(base), unit), fraction = model->state_fraction;
  const int32_t bias = rbm_bias(rbm_hidden_bias(base), unit);
  sum -= (uint32_t)states->total << (rbm_bits(base) - 1);
#if RBM_DSP
  if (shift < fraction) return rbm_add_rounded_dsp(bias, rbm_to_signed(sum), fraction - shift);
  return bias + rbm_to_signed(sum << (shift - fraction));
#else
  return bias + (shift > fraction ? rbm_to_signed(sum << (shift - fraction))
                                  : rbm_round_shift(rbm_to_signed(sum), fraction - shift));
#endif
}
