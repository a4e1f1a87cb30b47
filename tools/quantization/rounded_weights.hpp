#pragma once

#include <algorithm>
#include <cstddef>

#include "platform/desktop/threads.hpp"
#include "rbm/quantizer.hpp"
#include "rbm/trainer.hpp"
#include "tools/base/aligned.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// The weights that act while a trainer's own weights learn: the trainer's, rounded, in both orders. The
/// biases that act are the trainer's own, corrected for what rounding changes; and so are the weights of
/// labels, which a device has as biases of 16 bits.
template <class Optimizer>
class RoundedWeights {
 public:
  RoundedWeights(const rbm::QuantizedModelView& scales, rbm::Trainer<Optimizer>& trainer)
      : levels_(scales.bits),
        spring_(0.0008f / static_cast<float>(std::max(scales.bits, 2u))),
        trainer_(trainer),
        units_(scales.visible),
        rounded_(scales.visible + scales.labels, scales.hidden, {1, scales.visible + scales.labels}),
        memory_(Buffers({}, rounded_.view()).bytes),
        buffers_({memory_.data(), 0, memory_.size()}, rounded_.view()),
        scale_(trainer.weights.transposed.columns, 1),
        inverse_(trainer.weights.transposed.columns, 1) {
    buffers_.weights.rbm.layer = trainer.rbm.layer;
    buffers_.weights.rbm.visible_bias = trainer.rbm.visible_bias;
    buffers_.weights.rbm.hidden_bias = trainer.rbm.hidden_bias;
    buffers_.weights.hidden_bias = trainer.weights.hidden_bias;
    for (std::size_t i = 0; i < scales.hidden; ++i) {
      scale_[i] = rbm::scale_in_nats(scales.shifts[i], scales.fraction);
      inverse_[i] = 1 / scale_[i];
    }
  }

  // Rounds the trainer's weights anew, after a batch has moved them.
  void round(platform::Threads& threads) {
    const std::size_t visible = rounded_.visible, lanes = rbm::padded(1);
    threads(visible, [&](std::size_t begin, std::size_t end) {
      for (std::size_t j = begin; j < end; ++j) round_row(j);
    });
    threads(scale_.size() / lanes,
            [&](std::size_t begin, std::size_t end) { correct_hidden_biases(begin * lanes, end * lanes); });
    threads(visible, [&](std::size_t begin, std::size_t end) {
      for (std::size_t j = begin; j < end; ++j) {
        if (j >= units_) continue;
        correct_visible_bias(j);
        hold_near_levels(j);
      }
      rbm::transpose(rounded_.view().weights, buffers_.weights.transposed, begin, end);
    });
  }

  const rbm::TwoWayWeights& weights() const { return buffers_.weights; }

  // The means by which biases take back what rounding changes.
  rbm::Means means() const {
    const rbm::Centring& centring = trainer_.centring;
    return {centring.visible_offset, {centring.hidden_offset.data, rounded_.hidden}};
  }

  // Gives a model, whose weights are to be rounded, the biases that belong to its weights before rounding.
  void set_biases(rbm::RbmView model) const {
    for (std::size_t i = 0; i < model.hidden(); ++i)
      model.hidden_bias[i] =
          trainer_.weights.hidden_bias[i] + rbm::sum_terms(units_, [&](std::size_t j) {
            return means().visible[j] * (rounded_.weights[i * model.visible() + j] - model.weights.row(i)[j]);
          });
    for (std::size_t j = 0; j < units_; ++j)
      model.visible_bias[j] =
          trainer_.rbm.visible_bias[j] + rbm::sum_terms(model.hidden(), [&](std::size_t i) {
            return means().hidden[i] * (rounded_.weights[i * model.visible() + j] - model.weights.row(i)[j]);
          });
  }

 private:
  // The weights of visible unit j to all hidden units, [hidden], padded.
  struct Row {
    float* weights;  // the trainer's
    float* rounded;  // what acts
    float* error;    // weight less rounded weight, after the batch before
    float change(std::size_t i) const { return weights[i] - rounded[i] - error[i]; }
  };
  Row row(std::size_t j) {
    return {trainer_.weights.transposed.row(j).data, buffers_.weights.transposed.row(j).data,
            buffers_.errors.row(j).data};
  }

  void round_row(std::size_t j) {
    const Row at = row(j);
    for (std::size_t i = 0; i < scale_.size(); ++i)
      at.rounded[i] = j < units_ ? levels_.nearest(at.weights[i] * inverse_[i]) * scale_[i] : at.weights[i];
  }

  // The trainer's centred gradient has moved the biases against the change of its own weights. They are to be
  // moved against the change of the rounded ones: both functions add the difference.
  void correct_hidden_biases(std::size_t begin, std::size_t end) {
    const float* const mu = trainer_.centring.visible_offset.data;
    for (std::size_t j = 0; j < units_; ++j) {
      const Row at = row(j);
      for (std::size_t i = begin; i < end; ++i) trainer_.weights.hidden_bias[i] += mu[j] * at.change(i);
    }
  }
  void correct_visible_bias(std::size_t j) {
    const Row at = row(j);
    const float* const lambda = trainer_.centring.hidden_offset.data;
    trainer_.rbm.visible_bias[j] +=
        rbm::sum_terms(scale_.size(), [&](std::size_t i) { return lambda[i] * at.change(i); });
  }

  // Weights stay within half a level of what can be rounded to, so that they come back as soon as their
  // gradient turns, and a spring pulls each to its level: only a gradient that lasts for thousands of batches
  // takes a weight to the next level. Without the spring all weights would drift to the borders between
  // levels and jump there to and fro (Nagel et al. 2022).
  void hold_near_levels(std::size_t j) {
    const Row at = row(j);
    const float lowest = levels_.lowest - 0.5f, highest = levels_.highest + 0.5f;
    for (std::size_t i = 0; i < scale_.size(); ++i) {
      const float level = at.weights[i] * inverse_[i];
      const float held = (level < lowest ? lowest : level > highest ? highest : level) * scale_[i];
      at.weights[i] = held + spring_ * (at.rounded[i] - held);
      at.error[i] = at.weights[i] - at.rounded[i];
    }
  }

  struct Buffers {
    Buffers(rbm::Arena arena, rbm::ConstRbmView model)
        : weights(model, arena, {model.visible(), model.hidden()}),
          errors(arena.matrix(model.visible(), rbm::padded(model.hidden()))),
          bytes(arena.used) {}

    rbm::TwoWayWeights weights;     // with the trainer's own biases
    rbm::MatrixView<float> errors;  // shaped like the transposed weights
    std::size_t bytes;
  };

  rbm::Levels levels_;
  // The share of its way back to its level that a weight goes each batch. At 2 bits, of one 784x500 model, 12
  // epochs lost 5.2 nats with 0.0004, 7.4 with 0.001, and 20 epochs without a spring 22.
  float spring_;
  rbm::Trainer<Optimizer>& trainer_;
  std::size_t units_;  // visible units that are rounded: all but labels
  Model rounded_;      // its biases are unused
  AlignedVector<unsigned char> memory_;
  Buffers buffers_;
  AlignedVector<float> scale_, inverse_;  // [hidden], padded
};

}  // namespace tool
