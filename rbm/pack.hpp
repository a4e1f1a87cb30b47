/// Packs a quantized model, one byte a code, into the words of the device runtime (quantized.h).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "bits.hpp"
#include "config.hpp"
#include "matrix.hpp"
#include "quantized.h"
#include "quantizer.hpp"

namespace rbm {

/// The number of 32-bit words of a packed model's weights.
constexpr size_t packed_words(size_t visible, size_t hidden, unsigned bits) {
  return hidden * RBM_ROW_WORDS(visible, bits);
}

/// The model for the device runtime; a layer has at most 65,535 units. The weights are packed into `words`
/// [packed_words()]. The result points to `words`, and to the shifts and biases of `model`.
inline rbm_quantized pack(VectorView<uint32_t> words, const QuantizedModelView& model) {
  const size_t row_words = RBM_ROW_WORDS(model.visible, model.bits), per_word = 32 / model.bits;
  RBM_ASSERT(words.size == packed_words(model.visible, model.hidden, model.bits));
  RBM_ASSERT(model.visible <= most_units && model.hidden <= most_units && model.hidden > 0);
  rbm_quantized packed = {static_cast<uint16_t>(model.visible),
                          static_cast<uint16_t>(model.hidden),
                          static_cast<uint8_t>(model.bits),
                          static_cast<uint8_t>(model.fraction),
                          model.shifts[0],
                          model.shifts[0],
                          0,
                          words.data,
                          model.shifts,
                          model.visible_bias,
                          model.hidden_bias};
  for (size_t n = 0; n < words.size; ++n) words[n] = 0;
  for (size_t i = 0; i < model.hidden; ++i) {
    if (model.shifts[i] < packed.lowest_shift) packed.lowest_shift = model.shifts[i];
    if (model.shifts[i] > packed.highest_shift) packed.highest_shift = model.shifts[i];
    for (size_t j = 0; j < model.visible; ++j)
      words[i * row_words + j / per_word] |= uint32_t{model.codes[i * model.visible + j]}
                                             << j % per_word * model.bits;
  }
  packed.checksum = rbm_checksum(&packed);
  return packed;
}

/// The words of the loadings of a model of readings.
constexpr size_t packed_loading_words(size_t visible, size_t factors) {
  return factors * RBM_ROW_WORDS(visible, 8);
}

/// The model of readings for the device runtime. Beside the weights, the loadings are packed, into `loadings`
/// [packed_loading_words()]. The result points to the arrays of `model`, too.
inline rbm_real pack(VectorView<uint32_t> words, VectorView<uint32_t> loadings,
                     const QuantizedModelView& model) {
  const QuantizedLayerView& layer = model.layer;
  const size_t row_words = RBM_ROW_WORDS(model.visible, 8);
  RBM_ASSERT(layer.has_real() && loadings.size == packed_loading_words(model.visible, layer.factors));
  for (size_t n = 0; n < loadings.size; ++n) loadings[n] = 0;
  for (size_t k = 0; k < layer.factors; ++k)
    for (size_t j = 0; j < 4 * row_words; ++j) {
      const uint32_t code = j < model.visible ? layer.codes[k * model.visible + j] : 128;
      loadings[k * row_words + j / 4] |= code << j % 4 * 8;
    }
  rbm_real packed = {pack(words, model),
                     static_cast<uint8_t>(layer.factors),
                     static_cast<uint8_t>(layer.state_fraction),
                     static_cast<uint16_t>(layer.limit),
                     layer.offsets,
                     layer.scales,
                     loadings.data,
                     layer.gains};
  packed.base.checksum = rbm_real_checksum(&packed);
  return packed;
}

/// A packed model of bits, given the first of the labels of `model`, with all of them. The result points to
/// the biases of `model`.
inline rbm_classifier with_labels(const rbm_quantized& first, const QuantizedModelView& model) {
  RBM_ASSERT(model.labels >= 2 && model.labels <= 256);
  rbm_classifier packed = {first, {static_cast<uint16_t>(model.labels), model.label_bias}};
  packed.base.checksum = rbm_classifier_checksum(&packed);
  return packed;
}

/// The same of a packed model of readings.
inline rbm_real_classifier with_labels(const rbm_real& first, const QuantizedModelView& model) {
  RBM_ASSERT(model.labels >= 2 && model.labels <= 256);
  rbm_real_classifier packed = {first, {static_cast<uint16_t>(model.labels), model.label_bias}};
  packed.base.base.checksum = rbm_real_classifier_checksum(&packed);
  return packed;
}

}  // namespace rbm
