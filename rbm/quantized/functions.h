// The functions that interface.h declares.
#pragma once

#include "hidden_sums.h"
#include "sigmoid.h"
#include "visible_sums.h"

// 0..255 out of 256.
RBM_ALWAYS_INLINE uint8_t rbm_mean(const rbm_quantized* model, int32_t sum) {
  return (uint8_t)(rbm_probability(model, sum) >> 8);
}

RBM_ONCE void rbm_reconstruct_by_mean(const rbm_quantized* model, rbm_input input, uint8_t* means_out,
                                      uint32_t* scratch) {
  const rbm_prepared_input prepared = rbm_prepare_input(model, input, scratch);
  rbm_index* const factors = rbm_rows_scratch(model, scratch);
  int32_t sums[RBM_MOST_HIDDEN_SUMS];
  uint32_t codes[RBM_MOST_VISIBLE_SUMS], total = 0;
  for (size_t unit = 0; unit < model->hidden;) {
    const size_t count = rbm_hidden_sums(model, &prepared, unit, sums);
    for (size_t n = 0; n < count; ++n, ++unit) total += rbm_set_hidden_factor(model, unit, sums[n], factors);
  }
  for (size_t unit = 0; unit < model->visible;) {
    const size_t count = rbm_add_rows_by_factor(model, factors, unit, codes);
    for (size_t n = 0; n < count && unit < model->visible; ++n, ++unit)
      means_out[unit] = rbm_mean(model, rbm_visible_sum_of_256ths(model, unit, codes[n], total));
  }
}

static inline void rbm_reconstruct(const rbm_quantized* model, rbm_input input, rbm_hidden_mode mode,
                                   rbm_random* random, uint8_t* means_out, uint32_t* scratch) {
  if (mode == RBM_MEAN) {
    rbm_reconstruct_by_mean(model, input, means_out, scratch);
    return;
  }
  const rbm_hidden_list list = rbm_decide_hidden(model, input, mode == RBM_SAMPLE ? random : NULL, scratch);
  uint32_t sums[RBM_MOST_VISIBLE_SUMS];
  for (size_t unit = 0, count; unit < model->visible;) {
    const uint32_t* const codes = rbm_add_rows(model, &list, unit, sums, &count);
    for (size_t n = 0; n < count; ++n, ++unit)
      means_out[unit] = rbm_mean(model, rbm_visible_sum(model, unit, codes[n], list.total));
  }
}

static inline void rbm_gibbs_step(const rbm_quantized* model, uint8_t* visible_state, const uint8_t* clamped,
                                  rbm_random* random, uint32_t* scratch) {
  const rbm_hidden_list list = rbm_decide_hidden(model, rbm_from_bits(visible_state), random, scratch);
  uint32_t sums[RBM_MOST_VISIBLE_SUMS];
  for (size_t unit = 0, count; unit < model->visible;) {
    const uint32_t* const codes = rbm_add_rows(model, &list, unit, sums, &count);
    for (size_t n = 0; n < count; ++n, ++unit) {
      if (clamped != NULL && rbm_get_unit(clamped, unit)) continue;
      const int32_t sum = rbm_visible_sum(model, unit, codes[n], list.total);
      rbm_set_unit(visible_state, unit, rbm_draw(model, sum, random));
    }
  }
}

static inline void rbm_features(const rbm_quantized* model, rbm_input input, uint8_t* features_out,
                                uint32_t* scratch) {
  const rbm_prepared_input prepared = rbm_prepare_input(model, input, scratch);
  int32_t sums[RBM_MOST_HIDDEN_SUMS];
  for (size_t unit = 0; unit < model->hidden;) {
    const size_t count = rbm_hidden_sums(model, &prepared, unit, sums);
    for (size_t n = 0; n < count; ++n, ++unit) features_out[unit] = rbm_mean(model, sums[n]);
  }
}

// Adds log(1 + exp(sum)) in two parts: to `linear` in steps, to `curved` in steps of 2^-16 nat.
RBM_ALWAYS_INLINE void rbm_add_softplus(const rbm_quantized* model, int32_t sum, int32_t* linear,
                                        uint32_t* curved) {
  const unsigned shift = rbm_table_shift(model);
  const uint32_t magnitude = rbm_magnitude(sum), entry = magnitude >> shift;
  if (sum > 0) *linear += sum;
  if (entry + 1 < RBM_TABLE_ENTRIES) {
    const uint32_t above = RBM_TABLE_16(RBM_HALVES(rbm_softplus_table), entry);
    const uint32_t below = RBM_TABLE_16(RBM_HALVES(rbm_softplus_table), entry + 1);
    *curved += above - rbm_interpolate(above - below, magnitude & (((uint32_t)1 << shift) - 1), shift);
  }
}

// The free energy from its two parts, with the sign that they have there.
RBM_ALWAYS_INLINE int32_t rbm_join_energy(const rbm_quantized* model, int32_t linear, uint32_t curved) {
  return -linear - (int32_t)((curved + ((uint32_t)1 << (15 - model->fraction))) >> (16 - model->fraction));
}

// b'v, in steps.
RBM_ALWAYS_INLINE int32_t rbm_sum_visible_biases(const rbm_quantized* model, rbm_input input) {
  int32_t sum = 0;
  if (input.bytes != NULL) {
    for (size_t unit = 0; unit < model->visible; ++unit) {
      const int32_t factor = (int32_t)rbm_byte_to_256(input.bytes[unit]);
      sum += rbm_round_256ths((uint32_t)(rbm_bias(rbm_visible_bias(model), unit) * factor));
    }
    return sum;
  }
  for (size_t first = 0; first < model->visible; first += 32) {
    size_t unit = first;
    for (uint32_t on = rbm_read_units(input.bits, model->visible, first, 32); on != 0; on >>= 1, ++unit)
      if (on & 1) sum += rbm_bias(rbm_visible_bias(model), unit);
  }
  return sum;
}

static inline int32_t rbm_free_energy(const rbm_quantized* model, rbm_input input, uint32_t* scratch) {
  const rbm_prepared_input prepared = rbm_prepare_input(model, input, scratch);
  int32_t sums[RBM_MOST_HIDDEN_SUMS];
  int32_t linear = 0;   // steps
  uint32_t curved = 0;  // steps of 2^-16 nat, at most 65,535 * log(2)
  for (size_t unit = 0; unit < model->hidden;) {
    const size_t count = rbm_hidden_sums(model, &prepared, unit, sums);
    for (size_t n = 0; n < count; ++n, ++unit) rbm_add_softplus(model, sums[n], &linear, &curved);
  }
  return rbm_join_energy(model, linear + rbm_sum_visible_biases(model, input), curved);
}

// CRC-32 (that of zip and Ethernet), over `bytes` bytes of a number, the lowest first.
RBM_ALWAYS_INLINE uint32_t rbm_crc(uint32_t crc, uint32_t number, unsigned bytes) {
  for (; bytes > 0; --bytes, number >>= 8) {
    crc ^= number & 0xff;
    for (unsigned bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return crc;
}

// Goes on with all that a model of bits is made of.
RBM_ALWAYS_INLINE uint32_t rbm_crc_of_model(const rbm_quantized* model, uint32_t crc) {
  const size_t words = (size_t)model->hidden * RBM_ROW_WORDS(model->visible, model->bits);
  crc = rbm_crc(crc, model->visible, 2);
  crc = rbm_crc(crc, model->hidden, 2);
  crc = rbm_crc(crc, model->bits, 1);
  crc = rbm_crc(crc, model->fraction, 1);
  crc = rbm_crc(crc, model->lowest_shift, 1);
  crc = rbm_crc(crc, model->highest_shift, 1);
  for (size_t n = 0; n < words; ++n) crc = rbm_crc(crc, RBM_TABLE_32(rbm_weights(model), n), 4);
  for (size_t n = 0; n < model->hidden; ++n) crc = rbm_crc(crc, RBM_TABLE_8(rbm_shifts(model), n), 1);
  for (size_t n = 0; n < model->visible; ++n)
    crc = rbm_crc(crc, (uint16_t)RBM_TABLE_16(rbm_visible_bias(model), n), 2);
  for (size_t n = 0; n < model->hidden; ++n)
    crc = rbm_crc(crc, (uint16_t)RBM_TABLE_16(rbm_hidden_bias(model), n), 2);
  return crc;
}

static inline uint32_t rbm_checksum(const rbm_quantized* model) {
  return ~rbm_crc_of_model(model, 0xffffffff);
}

static inline uint32_t rbm_shared_checksum(void) {
  uint32_t crc = 0xffffffff;
  for (size_t n = 0; n < RBM_TABLE_ENTRIES; ++n)
    crc = rbm_crc(crc, RBM_TABLE_16(RBM_HALVES(rbm_sigmoid_table), n), 2);
  for (size_t n = 0; n < RBM_TABLE_ENTRIES; ++n)
    crc = rbm_crc(crc, RBM_TABLE_16(RBM_HALVES(rbm_softplus_table), n), 2);
  return ~crc;
}
