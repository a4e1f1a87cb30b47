/// The stages of labels: a quantized model with hidden biases for seven labels, and all that a device
/// computes with it.
#pragma once

#include "rbm/quantized.h"
#include "tests/boards/golden_hash.hpp"

namespace labels {

constexpr size_t count = 7;

/// Labels beside the hidden biases of a model.
template <size_t Hidden>
struct Tables {
  int16_t hidden_bias[count * Hidden];
  int16_t bias[count];

  explicit Tables(const int16_t* of_model) {
    for (size_t y = 0; y < count; ++y) {
      for (size_t i = 0; i < Hidden; ++i)
        hidden_bias[y * Hidden + i] =
            static_cast<int16_t>(of_model[i] / 2 + int(71 * y + 37 * i) % 401 - 200);
      bias[y] = static_cast<int16_t>(int(53 * y) % 101 - 50);
    }
  }
  rbm_labels runtime() const { return {count, bias}; }
};

/// What follows from scores: the same of bits and of readings. Returns a label that is drawn.
inline size_t hash_scores(const rbm_quantized& model, const int32_t* scores, size_t label, rbm_random& random,
                          Hash& hash) {
  hash.add(static_cast<uint32_t>(label));
  for (size_t y = 0; y < count; ++y) {
    hash.add(static_cast<uint32_t>(scores[y]));
    hash.add(uint32_t{rbm_label_probability(&model, scores, count, y)});
  }
  hash.add(static_cast<uint32_t>(rbm_label_free_energy(&model, scores, count)));
  const size_t drawn = rbm_draw_label(&model, scores, count, &random);
  hash.add(static_cast<uint32_t>(drawn));
  return drawn;
}

/// A label and bits, drawn in turn.
template <size_t Visible, size_t Hidden>
void run(const rbm_quantized& model, Hash& hash) {
  static uint32_t scratch[RBM_LABEL_SCRATCH_WORDS(Visible, Hidden)];
  const Tables<Hidden> tables(model.hidden_bias);
  rbm_classifier classifier = {model, tables.runtime()};
  classifier.base.hidden_bias = tables.hidden_bias;
  uint8_t state[RBM_STATE_BYTES(Visible)] = {}, bytes[Visible];
  int32_t scores[count];
  rbm_random random;
  rbm_random_seed(&random, 12);
  hash.add(rbm_classifier_checksum(&classifier));
  for (size_t n = 0; n < 40; ++n) {
    const size_t label = rbm_classify(&classifier, rbm_from_bits(state), scores, scratch);
    const rbm_quantized given =
        rbm_given_label(&classifier, hash_scores(classifier.base, scores, label, random, hash));
    rbm_reconstruct(&given, rbm_from_bits(state), RBM_MEAN, nullptr, bytes, scratch);
    hash.add(static_cast<uint32_t>(rbm_classify(&classifier, rbm_from_bytes(bytes), scores, scratch)));
    hash.add(static_cast<uint32_t>(scores[n % count]));
    rbm_gibbs_step(&given, state, nullptr, &random, scratch);
    hash.add_integers(state, sizeof state);
  }
}

/// The same of readings.
template <size_t Visible, size_t Hidden, size_t Factors>
void run(const rbm_real& model, Hash& hash) {
  static uint32_t scratch[RBM_REAL_LABEL_SCRATCH_WORDS(Visible, Hidden, Factors)];
  const Tables<Hidden> tables(model.base.hidden_bias);
  rbm_real_classifier classifier = {model, tables.runtime()};
  classifier.base.base.hidden_bias = tables.hidden_bias;
  int16_t state[Visible] = {};
  int32_t scores[count];
  rbm_random random;
  rbm_random_seed(&random, 13);
  hash.add(rbm_real_classifier_checksum(&classifier));
  for (size_t n = 0; n < 40; ++n) {
    const size_t label = rbm_real_classify(&classifier, rbm_from_int16(state), scores, scratch);
    const rbm_real given =
        rbm_real_given_label(&classifier, hash_scores(classifier.base.base, scores, label, random, hash));
    rbm_real_gibbs_step(&given, state, nullptr, &random, scratch);
    hash.add_integers(state, Visible);
  }
}

}  // namespace labels
