// From readings to states, x and then a, and from these to the inputs of hidden units, c_i + W_i a.
#pragma once

#include "factors.h"
#include "hidden_sums.h"

// The states of the visible units, and what else a function needs of them.
typedef struct rbm_states {
  uint32_t* words;    // [RBM_STATE_WORDS], in scratch: two states each
  int32_t* factors;   // [factors], behind them
  rbm_index* hidden;  // room for a list of hidden units, behind that
  int32_t total;      // the sum of the states
  int32_t energy;     // of binary units, steps
} rbm_states;

RBM_ALWAYS_INLINE rbm_states rbm_states_in(const rbm_real* model, uint32_t* scratch) {
  rbm_states states;
  states.words = scratch;
  states.factors = (int32_t*)(void*)(scratch + RBM_STATE_WORDS((size_t)model->base.visible));
  states.hidden = (rbm_index*)(states.factors + model->factors);
  states.total = states.energy = 0;
  return states;
}

RBM_ALWAYS_INLINE int32_t rbm_reading(rbm_readings readings, size_t unit) {
  return readings.words != NULL ? readings.words[unit] : readings.bytes[unit];
}

// x of a real unit, which has this scale.
RBM_ALWAYS_INLINE int32_t rbm_state_of(const rbm_real* model, size_t unit, uint32_t scale, int32_t reading) {
  const int32_t distance = reading - rbm_bias(rbm_offsets(model), unit);
  const int32_t steps = rbm_shift_right(distance * (int32_t)(scale >> 4), scale & 15) -
                        rbm_bias(rbm_visible_bias(&model->base), unit);
  return rbm_bounded(rbm_round_shift(steps, (unsigned)model->base.fraction - model->state_fraction),
                     model->limit);
}

// x of real units, v of binary ones. Sums up the states, and the energy of binary units, -b'v, less the half
// that each adds to |a|^2 / 2.
RBM_ALWAYS_INLINE void rbm_read_states(const rbm_real* model, rbm_readings readings, rbm_states* states) {
  const size_t visible = model->base.visible;
  rbm_state* const out = (rbm_state*)states->words;
  size_t unit = 0;
  for (; unit < visible; ++unit) {
    const int32_t reading = rbm_reading(readings, unit);
    const uint32_t scale = RBM_TABLE_16(rbm_scales(model), unit);
    int32_t state = 0;
    if (scale != 0) {
      state = rbm_state_of(model, unit, scale, reading);
    } else if (reading != 0) {
      state = (int32_t)1 << model->state_fraction;
      states->energy -=
          rbm_bias(rbm_visible_bias(&model->base), unit) + ((int32_t)1 << model->base.fraction >> 1);
    }
    out[unit] = (int16_t)state;
    states->total += state;
  }
  for (; unit % 8 != 0; ++unit) out[unit] = 0;
}

// From x to a, what the factors leave of x. |x - L'y|^2 + |y|^2 is least at the exact factors: their rounding
// changes it in second order only, where |a|^2 + sum_k (L_k a)^2 would grow with |L_k|^2 times the errors of
// a.
RBM_ONCE void rbm_take_factors(const rbm_real* model, rbm_states* states) {
  const size_t visible = model->base.visible;
  rbm_state* const state = (rbm_state*)states->words;
  rbm_find_factors(model, states->words, states->total, states->factors);
  states->total = 0;
  for (size_t first = 0; first < visible; first += 4) {
    int32_t sums[4];
    rbm_add_factors(model, states->factors, first / 4, sums);
    for (size_t n = 0; n < 4 && first + n < visible; ++n) {
      const int32_t rest = rbm_bounded(state[first + n] - sums[n], model->limit);
      state[first + n] = (int16_t)rest;
      states->total += rest;
    }
  }
}

// Reads what hidden units see, a.
RBM_ONCE rbm_states rbm_prepare_states(const rbm_real* model, rbm_readings readings, uint32_t* scratch) {
  rbm_states states = rbm_states_in(model, scratch);
  rbm_read_states(model, readings, &states);
  if (model->factors > 0) rbm_take_factors(model, &states);
  return states;
}

// The inputs of hidden units from `first` on. Returns how many it has made, at most RBM_MOST_HIDDEN_SUMS.
RBM_ONCE size_t rbm_real_hidden_sums(const rbm_real* model, const rbm_states* states, size_t first,
                                     int32_t* sums_out) {
  const rbm_quantized* const base = &model->base;
  const unsigned bits = rbm_bits(base), fraction = model->state_fraction;
  const rbm_words weights =
      rbm_words_from(rbm_weights(base), first * RBM_ROW_WORDS((size_t)base->visible, bits));
  const uint32_t zero = (uint32_t)states->total << (bits - 1);
  uint32_t codes[RBM_MOST_HIDDEN_SUMS];
  size_t count = base->hidden - first;
  if (count > RBM_MOST_HIDDEN_SUMS) count = RBM_MOST_HIDDEN_SUMS;
  rbm_multiply_rows(states->words, weights, base->visible, bits, count, codes);
  for (size_t n = 0; n < count; ++n) {
    const unsigned shift = RBM_TABLE_8(rbm_shifts(base), first + n);
    const uint32_t sum = codes[n] - zero;
    const int32_t steps = shift > fraction ? rbm_to_signed(sum << (shift - fraction))
                                           : rbm_round_shift(rbm_to_signed(sum), fraction - shift);
    sums_out[n] = rbm_bias(rbm_hidden_bias(base), first + n) + steps;
  }
  return count;
}
