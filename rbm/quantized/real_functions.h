// The functions that real.h declares.
#pragma once

#include "functions.h"
#include "real_visible.h"

// Adds |a|^2 and b'a.
RBM_ALWAYS_INLINE void rbm_add_products(const rbm_real* model, const uint32_t* words, uint32_t* squares,
                                        uint32_t* products) {
  const size_t visible = model->base.visible;
  size_t unit = 0;
#if RBM_PAIRED
  const uint16_t* biases = (const uint16_t*)model->base.visible_bias;
  for (; unit < visible - visible % 4; unit += 4, biases += 4) {
    const uint32_t first = rbm_load_2_halves(biases), second = rbm_load_2_halves(biases + 2);
    uint32_t even, odd;
    __asm__("ldrd %0, %1, [%2], #8" : "=r"(even), "=r"(odd), "+r"(words) : : "memory");
    *squares = rbm_smlad(even, even, rbm_smlad(odd, odd, *squares));
    *products = RBM_MULTIPLY_HALVES("bb", even, first, *products);
    *products = RBM_MULTIPLY_HALVES("bt", odd, first, *products);
    *products = RBM_MULTIPLY_HALVES("tb", even, second, *products);
    *products = RBM_MULTIPLY_HALVES("tt", odd, second, *products);
  }
  words -= unit / 2;
#endif
  for (; unit < visible; ++unit) {
    const int32_t state = rbm_get_state(words, RBM_KERNEL_UNIT(unit));
    *squares += (uint32_t)(state * state);
    *products += (uint32_t)(state * rbm_bias(rbm_visible_bias(&model->base), unit));
  }
}

// (|a|^2 + |y|^2) / 2 - b'a, in steps, without the part of |a|^2 that binary units have, each 2^fraction / 2.
RBM_ALWAYS_INLINE int32_t rbm_visible_energy(const rbm_real* model, const rbm_states* states) {
  const unsigned fraction = model->state_fraction, shift = 2 * fraction + 1 - model->base.fraction;
  const uint32_t half = (uint32_t)1 << shift >> 1;
  uint32_t squares = 0, products = 0;
  rbm_add_products(model, states->words, &squares, &products);
  uint32_t steps = ((squares + half) >> shift) - (states->on << model->base.fraction >> 1);
  for (size_t k = 0; k < model->factors; ++k) {
    const unsigned finer = rbm_loading_shift(model, k);
    const uint32_t factor = rbm_magnitude(finer > 7 ? states->factors[k] * ((int32_t)1 << (finer - 7))
                                                    : rbm_round_shift(states->factors[k], 7 - finer));
    steps += (factor * factor + half) >> shift;
  }
  return (int32_t)steps - rbm_round_shift(rbm_to_signed(products), fraction);
}

static inline int32_t rbm_real_free_energy(const rbm_real* model, rbm_readings readings, uint32_t* scratch) {
  const rbm_states states = rbm_prepare_states(model, readings, scratch);
  uint32_t sums[RBM_MOST_HIDDEN_SUMS];
  int32_t linear = -rbm_visible_energy(model, &states);
  uint32_t curved = 0;
  for (size_t unit = 0; unit < model->base.hidden;) {
    const size_t count = rbm_real_hidden_sums(model, &states, unit, sums);
    for (size_t n = 0; n < count; ++n, ++unit) {
      const int32_t input = rbm_real_hidden_input(model, &states, unit, sums[n]);
#if RBM_DSP
      rbm_add_softplus_dsp(&model->base, input, &linear, &curved);
#else
      rbm_add_softplus(&model->base, input, &linear, &curved);
#endif
    }
  }
  return rbm_join_energy(&model->base, linear, curved);
}

static inline void rbm_real_features(const rbm_real* model, rbm_readings readings, uint8_t* features_out,
                                     uint32_t* scratch) {
  const rbm_states states = rbm_prepare_states(model, readings, scratch);
  uint32_t sums[RBM_MOST_HIDDEN_SUMS];
  for (size_t unit = 0; unit < model->base.hidden;) {
    const size_t count = rbm_real_hidden_sums(model, &states, unit, sums);
    for (size_t n = 0; n < count; ++n, ++unit)
      features_out[unit] = rbm_mean(&model->base, rbm_real_hidden_input(model, &states, unit, sums[n]));
  }
}

static inline void rbm_real_reconstruct(const rbm_real* model, rbm_readings readings, rbm_hidden_mode mode,
                                        rbm_random* random, int16_t* readings_out, uint32_t* scratch) {
  rbm_states states = rbm_prepare_states(model, readings, scratch);
  if (mode == RBM_MEAN) {
    rbm_set_means_by_mean(model, &states);
  } else {
    const rbm_hidden_list list = rbm_real_decide_hidden(model, &states, mode == RBM_SAMPLE ? random : NULL);
    rbm_set_means(model, &list, &states);
  }
  if (model->factors > 0) rbm_find_factors_around_means(model, readings, &states);
  rbm_added added = {{0, 0, 0, 0}};
  for (size_t unit = 0; unit < model->base.visible; ++unit) {
    if (unit % 4 == 0) added = rbm_add_factors(model, states.factors, unit / 4);
    const int32_t state = rbm_get_state(states.words, unit);
    readings_out[unit] =
        RBM_TABLE_16(rbm_scales(model), unit) == 0
            ? state > 0
            : rbm_to_reading(model, unit, rbm_bounded(state + added.units[unit % 4], model->limit));
  }
}

// A Gibbs step; adds the means of the units that it draws, in steps of a state, to `means`, unless this is
// NULL. Unless all are to be drawn, the factors follow from the readings; else their own distribution serves,
// which forgets faster.
RBM_ONCE void rbm_real_step(const rbm_real* model, int16_t* readings, const uint8_t* clamped,
                            rbm_random* random, int32_t* means, uint32_t* scratch) {
  rbm_states states = rbm_prepare_states(model, rbm_from_int16(readings), scratch);
  const rbm_hidden_list list = rbm_real_decide_hidden(model, &states, random);
  const unsigned fraction = model->state_fraction;
  rbm_set_means(model, &list, &states);
  if (model->factors > 0 && clamped != NULL)
    rbm_find_factors_around_means(model, rbm_from_int16(readings), &states);
  for (size_t k = 0; k < model->factors; ++k)
    states.factors[k] = rbm_draw_factor(model, k, clamped != NULL ? &states.factors[k] : NULL, random);
  rbm_added added = {{0, 0, 0, 0}};
  for (size_t unit = 0; unit < model->base.visible; ++unit) {
    if (unit % 4 == 0) added = rbm_add_factors(model, states.factors, unit / 4);
    const int32_t state = rbm_get_state(states.words, unit);
    if (clamped != NULL && rbm_get_unit(clamped, unit)) continue;
    if (RBM_TABLE_16(rbm_scales(model), unit) == 0) {
      readings[unit] = (int16_t)rbm_draw(&model->base, state, random);
      if (means != NULL) means[unit] += rbm_probability(&model->base, state) >> (16 - fraction);
    } else {
      const int32_t mean = rbm_bounded(state + added.units[unit % 4], model->limit);
      const int32_t noise = rbm_round_shift(rbm_draw_normal(random), 12 - fraction);
      readings[unit] = rbm_to_reading(model, unit, rbm_bounded(mean + noise, model->limit));
      if (means != NULL) means[unit] += mean;
    }
  }
}

static inline void rbm_real_gibbs_step(const rbm_real* model, int16_t* readings, const uint8_t* clamped,
                                       rbm_random* random, uint32_t* scratch) {
  rbm_real_step(model, readings, clamped, random, NULL, scratch);
}

static inline void rbm_real_fill(const rbm_real* model, int16_t* readings, const uint8_t* known,
                                 unsigned steps, rbm_random* random, uint32_t* scratch) {
  const rbm_quantized* const base = &model->base;
  const int32_t counted = (int32_t)(steps - steps / 4);
  int32_t* const means = (int32_t*)(void*)scratch;
  scratch += base->visible;
  for (size_t unit = 0; unit < base->visible; ++unit) {
    means[unit] = 0;
    if (rbm_get_unit(known, unit)) continue;
    readings[unit] = RBM_TABLE_16(rbm_scales(model), unit) == 0 ? 0 : rbm_to_reading(model, unit, 0);
  }
  for (unsigned step = 0; step < steps; ++step)
    rbm_real_step(model, readings, known, random, step < steps / 4 ? NULL : means, scratch);
  for (size_t unit = 0; unit < base->visible; ++unit) {
    if (rbm_get_unit(known, unit)) continue;
    // Rounded toward 0, by less than a step of a state. Steps are at least 1.
    const int32_t mean = means[unit] / counted;  // NOLINT
    readings[unit] = RBM_TABLE_16(rbm_scales(model), unit) == 0
                         ? mean >= (int32_t)1 << model->state_fraction >> 1
                         : rbm_to_reading(model, unit, mean);
  }
}

// Goes on with all that a model of readings is made of.
RBM_ALWAYS_INLINE uint32_t rbm_crc_of_real(const rbm_real* model, uint32_t crc) {
  const size_t words = model->factors * RBM_ROW_WORDS((size_t)model->base.visible, 8);
  crc = rbm_crc_of_model(&model->base, crc);
  crc = rbm_crc(crc, model->factors, 1);
  crc = rbm_crc(crc, model->state_fraction, 1);
  crc = rbm_crc(crc, model->limit, 2);
  for (size_t n = 0; n < model->base.visible; ++n)
    crc = rbm_crc(crc, (uint16_t)RBM_TABLE_16(rbm_offsets(model), n), 2);
  for (size_t n = 0; n < model->base.visible; ++n) crc = rbm_crc(crc, RBM_TABLE_16(rbm_scales(model), n), 2);
  for (size_t n = 0; n < words; ++n) crc = rbm_crc(crc, RBM_TABLE_32(rbm_loadings(model), n), 4);
  for (size_t n = 0; n < 3u * model->factors; ++n) crc = rbm_crc(crc, RBM_TABLE_16(rbm_gains(model), n), 2);
  return crc;
}

static inline uint32_t rbm_real_checksum(const rbm_real* model) {
  return ~rbm_crc_of_real(model, 0xffffffff);
}
