#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rbm/quantized.h"
#include "rbm/quantized_layer.hpp"
#include "rbm/quantizer.hpp"
#include "tools/base/shape.hpp"
#include "tools/model/calibration.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// The visible layer of a quantized model of readings, with its storage: see rbm_real in rbm/quantized.h.
struct QuantizedLayer {
  std::vector<rbm::VisibleGroup> groups;  ///< of units; empty: all are binary, and the rest is empty too
  std::size_t factors = 0;
  unsigned state_fraction = 0, limit = 0;
  std::vector<float> steps;           ///< [visible], readings' units a step of the sensor; 1 for binary units
  std::vector<std::int16_t> offsets;  ///< [visible], sensor's steps
  std::vector<std::uint16_t> scales, gains;  ///< [visible]; [factors][3]
  std::vector<std::uint8_t> codes;           ///< [factors][visible], of loadings
  std::vector<float> origin;                 ///< [visible], for the library's rounding

  QuantizedLayer() = default;
  QuantizedLayer(std::vector<rbm::VisibleGroup> kinds, std::size_t visible, std::size_t factor_count);

  rbm::QuantizedLayerView view();
};

/// A quantized model with its storage, a byte for each code. Weight ij is (code - zero) * 2^shifts[i] steps
/// of 2^-fraction nat, where zero is 2^(bits - 1), or 0 for 1 bit. Biases are in steps too. Labels are none
/// of its visible units: see rbm_classifier in rbm/quantized.h.
struct QuantizedModel {
  unsigned bits = 8, fraction = 4;
  std::size_t visible = 0, hidden = 0, labels = 0;
  Shape shape{};  ///< of the picture that a visible state is
  DataMeaning meaning{};
  std::optional<Calibration> calibration{};             ///< of the device's scores, in nats
  std::vector<std::uint8_t> codes, shifts;              ///< [hidden][visible]; [hidden]
  std::vector<std::int16_t> visible_bias, hidden_bias;  ///< [hidden], or [labels][hidden]
  std::vector<std::int16_t> label_bias{};               ///< [labels]
  QuantizedLayer layer{};                               ///< of a model of readings

  QuantizedModel() = default;

  /// Storage for this model with weights of `width` bits.
  QuantizedModel(const Model& of, unsigned width);

  /// What the library's functions fill; those that choose scales set `fraction` there only.
  rbm::QuantizedModelView view();

  /// Weight from hidden unit i to visible unit j, in steps.
  std::int64_t weight(std::size_t i, std::size_t j) const {
    return rbm::weight_in_steps(bits, codes[i * visible + j], shifts[i]);
  }

  bool has_readings() const { return !layer.groups.empty(); }

  bool has_labels() const { return labels > 0; }

  /// Whether its examples are windows of a recording: headers then have a detector for streams.
  bool has_windows() const { return has_readings() && meaning.windows.length > 0; }

  /// Steps of which the weights of hidden unit i are multiples.
  std::int64_t least_weight(std::size_t i) const { return std::int64_t{1} << shifts[i]; }
};

/// The least and the greatest value of a sum over all inputs, which for real units are all readings.
struct SumRange {
  std::int64_t least = 0, most = 0;
};

/// -1,200 to 34.
std::string to_text(const SumRange& sums);

/// The ranges of the sums of a layer's units, over all units and all inputs.
struct LayerSums {
  SumRange steps;            ///< with the bias
  SumRange unbiased;         ///< without it
  SumRange multiples;        ///< without it, as multiples of the least weight
  std::int64_t most_of_all;  ///< the sum of each unit's greatest value with the bias, where above 0
};

/// The states that a visible unit may have, in steps of 2^-state_fraction.
SumRange range_of_state(const QuantizedModel& model, std::size_t j);

LayerSums hidden_sums(const QuantizedModel& model);
LayerSums visible_sums(const QuantizedModel& model);

/// 16 or 32: the width of an integer that such sums fit.
unsigned bits_needed(SumRange sums);

/// The hidden units' biases that are least and greatest over all labels.
SumRange range_of_hidden_bias(const QuantizedModel& model, std::size_t i);

/// A model as the device runtime takes it, with its storage.
class PackedModel {
 public:
  explicit PackedModel(QuantizedModel model);
  PackedModel(const PackedModel&) = delete;
  PackedModel& operator=(const PackedModel&) = delete;

  /// A model with labels given the first of them.
  const rbm_quantized& runtime() const { return runtime_.base; }
  /// Of a model of readings.
  const rbm_real& real() const { return runtime_; }
  /// Of a model of bits with labels, and of one of readings.
  const rbm_classifier& classifier() const { return classifier_; }
  const rbm_real_classifier& real_classifier() const { return real_classifier_; }
  /// [visible]: readings' units in a step of the sensor.
  const std::vector<float>& steps() const { return model_.layer.steps; }
  bool has_readings() const { return model_.has_readings(); }
  std::size_t labels() const { return model_.labels; }

 private:
  QuantizedModel model_;
  std::vector<std::uint32_t> words_, loadings_;
  rbm_real runtime_;
  rbm_classifier classifier_{};
  rbm_real_classifier real_classifier_{};
};

/// The model of floats that the integers stand for, exactly.
Model to_floats(QuantizedModel model);

/// The same, at work in the device's integers.
Model device_model(const QuantizedModel& model);

/// Bytes of flash of what a model of readings has beside the tables of a model of bits.
constexpr std::size_t flash_bytes_of_layer(std::size_t visible, std::size_t factors) {
  return 2 * sizeof(std::int16_t) * visible +
         factors * (sizeof(std::uint32_t) * RBM_ROW_WORDS(visible, 8) + 3 * sizeof(std::uint16_t));
}

/// Bytes of flash of what labels have beside the hidden biases of the first.
constexpr std::size_t flash_bytes_of_labels(std::size_t labels, std::size_t hidden) {
  return labels == 0 ? 0 : sizeof(std::int16_t) * ((labels - 1) * hidden + labels);
}

/// Bytes of flash of one model's tables.
std::size_t flash_bytes(const QuantizedModel& model);

/// Bytes of flash of the runtime's tables, which all models share.
inline constexpr std::size_t shared_flash_bytes = sizeof rbm_sigmoid_table + sizeof rbm_softplus_table;

/// Bytes of RAM that a reconstruction takes: scratch, the state seen, its means. With labels, those that a
/// classification takes: scratch, the state seen, a score for each label.
std::size_t ram_bytes(const QuantizedModel& model);

/// Both as a user reads them, with their parts.
std::string flash_text(const QuantizedModel& model);
std::string ram_text(const QuantizedModel& model);

}  // namespace tool
