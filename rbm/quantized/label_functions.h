// The functions on labels that labels.h declares.
#pragma once

#include "labels.h"
#include "real_functions.h"
#include "stream_functions.h"

#ifdef RBM_FAR
#define rbm_label_bias(labels) rbm_address_24_of((labels)->banks(), (labels)->bias, 0)
// In a generated header, behind RBM_DEFINE_BANKS: the functions name_label_banks and name_banks_beyond,
// members of rbm_labels. A table has at most 32,767 bytes (flash.h), so that at most one border lies in it, and
// behind it the highest byte is one more.
#define RBM_DEFINE_LABEL_BANKS(name)                                     \
  static uint32_t name##_label_banks(void) {                             \
    uint32_t banks;                                                      \
    __asm__("ldi %A0, hh8(%1)\n\tldi %B0, 0\n\tldi %C0, 0\n\tldi %D0, 0" \
            : "=d"(banks)                                                \
            : "i"(name##_label_bias));                                   \
    return banks;                                                        \
  }                                                                      \
  static uint32_t name##_banks_beyond(void) {                            \
    return name##_banks() + ((uint32_t)1 << 24);                         \
  }
#else
#define rbm_label_bias(labels) ((labels)->bias)
#endif

#if RBM_DSP
RBM_ALWAYS_INLINE int32_t rbm_add_low_half(int32_t sum, uint32_t halves) {
  __asm__("sxtah %0, %0, %1" : "+r"(sum) : "r"(halves));
  return sum;
}
RBM_ALWAYS_INLINE int32_t rbm_add_high_half(int32_t sum, uint32_t halves) {
  __asm__("sxtah %0, %0, %1, ror #16" : "+r"(sum) : "r"(halves));
  return sum;
}
#endif

// From the inputs of hidden units without their biases, W_i v, and the part of the scores that all labels
// share, to the scores. A label's parts of log(1 + exp(x)) are added one after the other, so that what is
// curved needs no memory.
RBM_ONCE size_t rbm_score_labels(const rbm_quantized* model, const rbm_labels* labels, const int32_t* inputs,
                                 int32_t shared, int32_t* scores_out) {
  const size_t hidden = model->hidden;
  rbm_biases biases = rbm_hidden_bias(model);
  size_t likeliest = 0;
  for (size_t label = 0; label < labels->count; ++label, biases = rbm_biases_from(biases, hidden)) {
    int32_t linear = shared + rbm_bias(rbm_label_bias(labels), label);
    uint32_t curved = 0;
    size_t unit = 0;
#if RBM_DSP
    for (const uint16_t* pairs = (const uint16_t*)biases; unit + 1 < hidden; unit += 2, pairs += 2) {
      const uint32_t both = rbm_load_2_halves(pairs);
      rbm_add_softplus_dsp(model, rbm_add_low_half(inputs[unit], both), &linear, &curved);
      rbm_add_softplus_dsp(model, rbm_add_high_half(inputs[unit + 1], both), &linear, &curved);
    }
#endif
    for (; unit < hidden; ++unit)
      rbm_add_softplus(model, inputs[unit] + rbm_bias(biases, unit), &linear, &curved);
    scores_out[label] = -rbm_join_energy(model, linear, curved);
    if (scores_out[label] > scores_out[likeliest]) likeliest = label;
  }
  return likeliest;
}

static inline size_t rbm_classify(const rbm_classifier* classifier, rbm_input input, int32_t* scores_out,
                                  uint32_t* scratch) {
  const rbm_quantized* const model = &classifier->base;
  const rbm_prepared_input prepared = rbm_prepare_input(model, input, scratch);
  int32_t* const inputs = (int32_t*)(void*)rbm_rows_scratch(model, scratch);
  for (size_t unit = 0; unit < model->hidden;) unit += rbm_hidden_sums(model, &prepared, unit, inputs + unit);
  for (size_t unit = 0; unit < model->hidden; ++unit) inputs[unit] -= rbm_bias(rbm_hidden_bias(model), unit);
  return rbm_score_labels(model, &classifier->labels, inputs, rbm_sum_visible_biases(model, input),
                          scores_out);
}

static inline size_t rbm_real_classify(const rbm_real_classifier* classifier, rbm_readings readings,
                                       int32_t* scores_out, uint32_t* scratch) {
  const rbm_real* const model = &classifier->base;
  const rbm_quantized* const base = &model->base;
  const rbm_states states = rbm_prepare_states(model, readings, scratch);
  int32_t* const inputs = (int32_t*)(void*)states.hidden;
  uint32_t sums[RBM_MOST_HIDDEN_SUMS];
  for (size_t unit = 0; unit < base->hidden;) {
    const size_t count = rbm_real_hidden_sums(model, &states, unit, sums);
    for (size_t n = 0; n < count; ++n, ++unit)
      inputs[unit] =
          rbm_real_hidden_input(model, &states, unit, sums[n]) - rbm_bias(rbm_hidden_bias(base), unit);
  }
  return rbm_score_labels(base, &classifier->labels, inputs, -rbm_visible_energy(model, &states), scores_out);
}

// The hidden biases of a label in place of those of label 0.
RBM_ALWAYS_INLINE void rbm_take_label(rbm_quantized* model, const rbm_labels* labels, size_t label) {
#ifdef RBM_FAR
  const uint16_t first = (uint16_t)model->hidden_bias;
  const uint16_t address = (uint16_t)(first + 2 * label * model->hidden);
  if (address < first) model->banks = labels->beyond;
  model->hidden_bias = (const int16_t*)address;
#else
  (void)labels;
  model->hidden_bias += label * model->hidden;
#endif
}

static inline rbm_quantized rbm_given_label(const rbm_classifier* classifier, size_t label) {
  rbm_quantized model = classifier->base;
  rbm_take_label(&model, &classifier->labels, label);
  return model;
}

static inline rbm_real rbm_real_given_label(const rbm_real_classifier* classifier, size_t label) {
  rbm_real model = classifier->base;
  rbm_take_label(&model.base, &classifier->labels, label);
  return model;
}

// log sum exp over scores that were added: steps of the model, and 2^-16 nat more.
typedef struct rbm_log_sum {
  int32_t steps;
  uint32_t curved;
} rbm_log_sum;

// A score less a sum, in 2^-16 nat, at most 32 nats and a little more either way.
RBM_ALWAYS_INLINE int32_t rbm_less_log_sum(const rbm_quantized* model, int32_t score,
                                           const rbm_log_sum* sum) {
  const int32_t most = (int32_t)32 << model->fraction;
  const uint32_t magnitude =
      score < sum->steps ? (uint32_t)sum->steps - (uint32_t)score : (uint32_t)score - (uint32_t)sum->steps;
  const int32_t steps = magnitude < (uint32_t)most ? (int32_t)magnitude : most;
  return (score < sum->steps ? -steps : steps) * ((int32_t)1 << (16 - model->fraction)) -
         (int32_t)sum->curved;
}

// Adds a score, which is `distance` above the sum: log(exp(a) + exp(b)) = max(a, b) + softplus(-|a - b|).
RBM_ALWAYS_INLINE void rbm_add_to_log_sum(rbm_log_sum* sum, int32_t score, int32_t distance) {
  const uint32_t magnitude = rbm_magnitude(distance), entry = magnitude >> 12;  // 1/16 nat
  if (distance > 0) {
    sum->steps = score;
    sum->curved = 0;
  }
  if (entry + 1 < RBM_TABLE_ENTRIES) {
    const uint32_t above = RBM_TABLE_16(RBM_HALVES(rbm_softplus_table), entry);
    const uint32_t below = RBM_TABLE_16(RBM_HALVES(rbm_softplus_table), entry + 1);
    sum->curved += above - rbm_interpolate(above - below, magnitude & 0xfff, 12);
  }
}

// The sum of all scores but that of label `without`.
RBM_ONCE rbm_log_sum rbm_sum_scores(const rbm_quantized* model, const int32_t* scores, size_t count,
                                    size_t without) {
  const size_t first = without == 0;
  rbm_log_sum sum = {scores[first], 0};
  for (size_t label = first + 1; label < count; ++label)
    if (label != without)
      rbm_add_to_log_sum(&sum, scores[label], rbm_less_log_sum(model, scores[label], &sum));
  return sum;
}

static inline int32_t rbm_label_free_energy(const rbm_quantized* model, const int32_t* scores, size_t count) {
  const rbm_log_sum sum = rbm_sum_scores(model, scores, count, count);
  return rbm_join_energy(model, sum.steps, sum.curved);
}

// A distance in steps of the model.
RBM_ALWAYS_INLINE int32_t rbm_distance_in_steps(const rbm_quantized* model, int32_t distance) {
  return rbm_round_shift(distance, 16u - model->fraction);
}

static inline uint16_t rbm_label_probability(const rbm_quantized* model, const int32_t* scores, size_t count,
                                             size_t label) {
  const rbm_log_sum others = rbm_sum_scores(model, scores, count, label);
  return rbm_probability(model,
                         rbm_distance_in_steps(model, rbm_less_log_sum(model, scores[label], &others)));
}

// Each label takes the place of the one drawn among those before it with the probability of it among these
// and itself.
static inline size_t rbm_draw_label(const rbm_quantized* model, const int32_t* scores, size_t count,
                                    rbm_random* random) {
  rbm_log_sum sum = {scores[0], 0};
  size_t drawn = 0;
  for (size_t label = 1; label < count; ++label) {
    const int32_t distance = rbm_less_log_sum(model, scores[label], &sum);
    if (rbm_draw(model, rbm_distance_in_steps(model, distance), random)) drawn = label;
    rbm_add_to_log_sum(&sum, scores[label], distance);
  }
  return drawn;
}

static inline size_t rbm_stream_classify(rbm_stream* stream, const rbm_real_classifier* classifier,
                                         int32_t* scores_out, uint32_t* scratch) {
  if ((stream->status & RBM_MISSING_READINGS) != 0) return classifier->labels.count;
  return rbm_real_classify(classifier, rbm_from_int16(stream->window), scores_out, scratch);
}

// Goes on with all that labels are made of.
RBM_ALWAYS_INLINE uint32_t rbm_crc_of_labels(const rbm_quantized* model, const rbm_labels* labels,
                                             uint32_t crc) {
  crc = rbm_crc(crc, labels->count, 2);
  for (size_t n = model->hidden; n < (size_t)labels->count * model->hidden; ++n)
    crc = rbm_crc(crc, (uint16_t)RBM_TABLE_16(rbm_hidden_bias(model), n), 2);
  for (size_t n = 0; n < labels->count; ++n)
    crc = rbm_crc(crc, (uint16_t)RBM_TABLE_16(rbm_label_bias(labels), n), 2);
  return crc;
}

static inline uint32_t rbm_classifier_checksum(const rbm_classifier* classifier) {
  const uint32_t crc = rbm_crc_of_model(&classifier->base, 0xffffffff);
  return ~rbm_crc_of_labels(&classifier->base, &classifier->labels, crc);
}

static inline uint32_t rbm_real_classifier_checksum(const rbm_real_classifier* classifier) {
  const uint32_t crc = rbm_crc_of_real(&classifier->base, 0xffffffff);
  return ~rbm_crc_of_labels(&classifier->base.base, &classifier->labels, crc);
}
