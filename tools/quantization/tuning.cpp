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

// The model that acts: rounded weights in both orders, and the trainer's own biases, which are kept right for
// them.
class Acting {
 public:
  Acting(const rbm::QuantizedModelView& scales, Trainer& trainer)
      : levels_(scales.bits),
        spring_(0.0008f / static_cast<float>(std::max(scales.bits, 2u))),
        trainer_(trainer),
        rounded_(scales.visible, scales.hidden, {1, scales.visible}),
        transposed_(trainer.transposed.rows * trainer.transposed.stride),
        errors_(trainer.transposed.rows * trainer.transposed.stride),
        scale_(trainer.transposed.columns, 1),
        inverse_(trainer.transposed.columns, 1) {
    for (std::size_t i = 0; i < scales.hidden; ++i) {
      scale_[i] = rbm::detail::scale_of(scales.shifts[i], scales.fraction);
      inverse_[i] = 1 / scale_[i];
    }
  }

  // Rounds the trainer's weights. They stay within half a level of what can be rounded to, so that they come
  // back as soon as their gradient turns, and a spring pulls each to its level: only a gradient that lasts
  // for thousands of batches takes a weight to the next one. Without it all would drift to the borders
  // between levels and jump there to and fro (Nagel et al. 2022). The trainer's centred gradient has moved
  // the biases against the change of its weights; they are to be moved against that of the rounded ones.
  void round(platform::Threads& threads) {
    const std::size_t visible = rounded_.visible, columns = scale_.size();
    const rbm::MatrixView<float> transposed = like_transposed(transposed_), errors = like_transposed(errors_);
    const float* const mu = trainer_.centring.visible_offset.data;
    const float* const lambda = trainer_.centring.hidden_offset.data;
    threads(columns / rbm::padded(1), [&](std::size_t first, std::size_t last) {
      const std::size_t left = first * rbm::padded(1), right = last * rbm::padded(1);
      for (std::size_t j = 0; j < visible; ++j) {
        const float* const weights = trainer_.transposed.row(j).data;
        const float* const error = errors.row(j).data;
        for (std::size_t i = left; i < right; ++i)
          trainer_.hidden_bias[i] += mu[j] * (weights[i] - rounded(weights[i], i) - error[i]);
      }
    });
    threads(visible, [&](std::size_t begin, std::size_t end) {
      for (std::size_t j = begin; j < end; ++j) {
        float* const weights = trainer_.transposed.row(j).data;
        float* const error = errors.row(j).data;
        float* const acting = transposed.row(j).data;
        trainer_.rbm.visible_bias[j] += rbm::detail::sum_of(columns, [&](std::size_t i) {
          acting[i] = rounded(weights[i], i);
          const float change = weights[i] - acting[i] - error[i];
          weights[i] = clip(weights[i] * inverse_[i]) * scale_[i];
          weights[i] += spring_ * (acting[i] - weights[i]);
          error[i] = weights[i] - acting[i];
          return lambda[i] * change;
        });
      }
      rbm::transpose(rounded_.view().weights, transposed, begin, end);
    });
  }

  rbm::TwoWayRbm weights() {
    return {{rounded_.view().weights, trainer_.rbm.visible_bias, trainer_.rbm.hidden_bias},
            like_transposed(transposed_),
            trainer_.hidden_bias};
  }

  // The means that biases take rounding's errors back with.
  rbm::Means means() const {
    const rbm::Centring& centring = trainer_.centring;
    return {centring.visible_offset, {centring.hidden_offset.data, rounded_.hidden}};
  }

  // Gives weights, which are to be rounded, the biases that they need for that.
  void set_biases(rbm::RbmView model) const {
    for (std::size_t i = 0; i < model.hidden(); ++i)
      model.hidden_bias[i] =
          trainer_.hidden_bias[i] + rbm::detail::sum_of(model.visible(), [&](std::size_t j) {
            return means().visible[j] * (rounded_.weights[i * model.visible() + j] - model.weights.row(i)[j]);
          });
    for (std::size_t j = 0; j < model.visible(); ++j)
      model.visible_bias[j] =
          trainer_.rbm.visible_bias[j] + rbm::detail::sum_of(model.hidden(), [&](std::size_t i) {
            return means().hidden[i] * (rounded_.weights[i * model.visible() + j] - model.weights.row(i)[j]);
          });
  }

 private:
  // No further than half a level beyond the last ones: what still rounds to them.
  float clip(float x) const {
    const float lowest = levels_.lowest - 0.5f, highest = levels_.highest + 0.5f;
    return x < lowest ? lowest : x > highest ? highest : x;
  }
  float rounded(float weight, std::size_t i) const {
    return levels_.nearest(weight * inverse_[i]) * scale_[i];
  }
  rbm::MatrixView<float> like_transposed(AlignedVector<float>& values) const {
    const rbm::MatrixView<float>& shape = trainer_.transposed;
    return {values.data(), shape.rows, shape.columns, shape.stride};
  }

  rbm::detail::Levels levels_;
  // The share of its way back to its level that a weight goes each batch. At 2 bits, of one 784x500 model, 12
  // epochs lost 5.2 nats with 0.0004, 7.4 with 0.001, and 20 epochs without a spring 22.
  float spring_;
  Trainer& trainer_;
  Model rounded_;                             // its biases are unused
  AlignedVector<float> transposed_, errors_;  // [visible][hidden], like the trainer's
  AlignedVector<float> scale_, inverse_;      // [hidden], padded
};

// Begins with what data say of the means, and with chains at data.
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
    trainer.phases.random[chain] = random;
    rbm::detail::draw_hidden(trainer.phases, chain, {probabilities.data(), hidden});
  }
}

// A share of what learning from nothing begins with: the coarser the levels, the farther weights have to go.
// At 4 bits four epochs at a fixed spring lost 2.0 nats with the rate here, 3.1 with twice and 4.3 with five
// times as much.
double tuning_rate(unsigned bits, std::size_t hidden) {
  const double width = std::max(bits, 2u);
  return likelihood_rate(hidden) * 0.64 / (width * width);
}

}  // namespace

std::uint64_t tuning_epochs(std::size_t examples) {
  constexpr std::uint64_t usual = 12, batches_wanted = 10000;
  const std::uint64_t batches = (examples + Recipe{}.batch - 1) / Recipe{}.batch;
  return std::max(usual, (batches_wanted + batches - 1) / batches);
}

void tune(QuantizedModel& out, const Model& model, const Dataset& data, const TuningOptions& options,
          platform::Progress& progress) {
  TrainingState header;
  Recipe& recipe = header.recipe;
  recipe.hidden = model.hidden;
  recipe.optimizer = "sgd";
  recipe.rate = tuning_rate(out.bits, model.hidden);
  recipe.rate_decay = 1;
  recipe.method = "pcd";
  recipe.centring = 0.01;
  recipe.average = 0.3;
  recipe.visible = options.visible;
  recipe.shuffle = true;
  recipe.seed = options.seed;
  header.epochs = options.epochs;

  rbm::QuantizedModelView view = out.view();
  rbm::choose_scales(view, model.view());
  Model learning = model;
  Learner<rbm::Sgd> learner(data, learning, header, options.threads);
  Trainer& trainer = learner.trainer();
  start_at_data(trainer, data, options.seed);
  Acting acting(view, trainer);
  while (!learner.is_done()) {
    learner.begin_epoch();
    while (learner.at().batch < learner.batches()) {
      acting.round(learner.threads());
      if (!std::isfinite(learner.train_batch(acting.weights()).loss))
        throw Failure("tuning diverged: the loss is no longer a number");
      platform::stop_if_interrupted();
      if (progress.due()) progress.update(learner.time(), "tuning", "");
    }
    learner.end_epoch();
  }
  Model result = learner.result();
  acting.set_biases(result.view());
  rbm::round_parameters(view, result.view(), acting.means());
  out.fraction = view.fraction;
}

}  // namespace tool
