#include "tools/quantization/tuning.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "platform/desktop/interrupt.hpp"
#include "tools/base/failure.hpp"
#include "tools/training/learner.hpp"

namespace tool {
namespace {

using Trainer = rbm::Trainer<rbm::Sgd>;

// The weights that act while a trainer's own weights learn: the trainer's, rounded, in both orders. The
// biases that act are the trainer's own, corrected for what rounding changes.
class RoundedWeights {
 public:
  RoundedWeights(const rbm::QuantizedModelView& scales, Trainer& trainer)
      : levels_(scales.bits),
        spring_(0.0008f / static_cast<float>(std::max(scales.bits, 2u))),
        trainer_(trainer),
        rounded_(scales.visible, scales.hidden, {1, scales.visible}),
        memory_(Buffers({}, rounded_.view()).bytes),
        buffers_({memory_.data(), 0, memory_.size()}, rounded_.view()),
        scale_(trainer.weights.transposed.columns, 1),
        inverse_(trainer.weights.transposed.columns, 1) {
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
          trainer_.weights.hidden_bias[i] + rbm::sum_terms(model.visible(), [&](std::size_t j) {
            return means().visible[j] * (rounded_.weights[i * model.visible() + j] - model.weights.row(i)[j]);
          });
    for (std::size_t j = 0; j < model.visible(); ++j)
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
      at.rounded[i] = levels_.nearest(at.weights[i] * inverse_[i]) * scale_[i];
  }

  // The trainer's centred gradient has moved the biases against the change of its own weights. They are to be
  // moved against the change of the rounded ones: both functions add the difference.
  void correct_hidden_biases(std::size_t begin, std::size_t end) {
    const float* const mu = trainer_.centring.visible_offset.data;
    for (std::size_t j = 0; j < rounded_.visible; ++j) {
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
  Trainer& trainer_;
  Model rounded_;  // its biases are unused
  AlignedVector<unsigned char> memory_;
  Buffers buffers_;
  AlignedVector<float> scale_, inverse_;  // [hidden], padded
};

// Starts the means at what data say of them, and the chains at data.
void start_at_data(Trainer& trainer, const Dataset& data, std::uint64_t seed) {
  const std::size_t examples = std::min<std::size_t>(data.rows, 1000), hidden = trainer.rbm.hidden();
  const float share = 1 / static_cast<float>(examples);
  std::vector<float> intensities(data.columns), probabilities(hidden);
  std::vector<rbm::Unit> units(data.columns);
  rbm::Centring& centring = trainer.centring;
  for (std::size_t j = 0; j < data.columns; ++j) centring.visible_offset[j] = 0;
  for (std::size_t i = 0; i < hidden; ++i) centring.hidden_offset[i] = 0;
  for (std::size_t n = 0; n < examples; ++n) {
    data.row(n * data.rows / examples, intensities.data());
    rbm::RandomStream random = rbm::RandomStream::keyed(seed, n, std::uint64_t{3} << 40);
    rbm::UnitList visible{units.data(), nullptr, 0};
    rbm::set_visible(visible, {intensities.data(), intensities.size()}, trainer.options.visible_units,
                     random);
    rbm::hidden_probabilities({probabilities.data(), hidden}, trainer.rbm, visible);
    for (std::size_t m = 0; m < visible.count; ++m) centring.visible_offset[visible.units[m]] += share;
    for (std::size_t i = 0; i < hidden; ++i) centring.hidden_offset[i] += share * probabilities[i];
    if (n * trainer.phases.batch() / examples == (n + 1) * trainer.phases.batch() / examples) continue;
    const std::size_t chain = n * trainer.phases.batch() / examples;
    rbm::draw_units(trainer.phases.hidden, chain, {probabilities.data(), hidden}, random);
  }
}

// A share of the rate that learning from nothing begins with, the greater the coarser the levels are: the
// farther weights then have to go. At 4 bits four epochs at a fixed spring lost 2.0 nats with the rate
// here, 3.1 with twice and 4.3 with five times as much.
double tuning_rate(unsigned bits, std::size_t hidden) {
  const double width = std::max(bits, 2u);
  return likelihood_rate(hidden) * 0.64 / (width * width);
}

TrainingState tuning_state(unsigned bits, std::size_t hidden, const TuningOptions& options) {
  TrainingState state;
  Recipe& recipe = state.recipe;
  recipe.hidden = hidden;
  recipe.optimizer = Optimizer::sgd;
  recipe.rate = tuning_rate(bits, hidden);
  recipe.rate_decay = 1;
  recipe.method = Method::persistent;
  recipe.centring = 0.01;
  recipe.average = 0.3;
  recipe.visible = options.visible;
  recipe.shuffle = true;
  recipe.seed = options.seed;
  state.epochs = options.epochs;
  return state;
}

}  // namespace

std::uint64_t tuning_epochs(std::size_t examples) {
  return epochs_for(examples, Recipe{}.batch, 12, 10000);
}

QuantizedModel tuned(const Model& model, unsigned bits, const Dataset& data, const TuningOptions& options,
                     platform::Progress& progress) {
  QuantizedModel quantized(model, bits);
  rbm::QuantizedModelView view = quantized.view();
  rbm::choose_scales(view, model.view());
  Model learning = model;
  Learner<rbm::Sgd> learner(data, learning, tuning_state(bits, model.hidden, options), options.threads);
  Trainer& trainer = learner.trainer();
  start_at_data(trainer, data, options.seed);
  RoundedWeights rounded_weights(view, trainer);
  while (!learner.is_done()) {
    learner.begin_epoch();
    while (learner.at().batch < learner.batches()) {
      rounded_weights.round(learner.threads());
      if (!std::isfinite(learner.train_batch(rounded_weights.weights()).loss))
        throw Failure("tuning diverged: the loss is no longer a number");
      platform::stop_if_interrupted();
      if (progress.due()) progress.update(learner.time(), "tuning", "");
    }
    learner.end_epoch();
  }
  Model result = learner.result();
  rounded_weights.set_biases(result.view());
  rbm::round_parameters(view, result.view(), rounded_weights.means());
  quantized.fraction = view.fraction;
  return quantized;
}

}  // namespace tool
