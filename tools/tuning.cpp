#include "tuning.hpp"

#include <cmath>
#include <string>

#include "../platform/desktop/interrupt.hpp"
#include "failure.hpp"
#include "learner.hpp"
#include "report.hpp"

namespace tool {
namespace {

using Trainer = rbm::Trainer<rbm::Sgd>;

// The model that acts: the rounded one, in both orders.
class Acting {
 public:
  Acting(const rbm::QuantizedModel& scales, const Trainer& trainer)
      : levels_(scales.bits),
        rounded_(scales.visible, scales.hidden, {1, scales.visible}),
        transposed_(trainer.transposed.rows * trainer.transposed.stride),
        scale_(trainer.transposed.columns, 1),
        inverse_(trainer.transposed.columns, 1),
        hidden_bias_(trainer.transposed.columns),
        mu_(trainer.centring.visible_offset.data, trainer.centring.visible_offset.data + scales.visible),
        lambda_(trainer.centring.hidden_offset.data,
                trainer.centring.hidden_offset.data + trainer.transposed.columns),
        stride_(trainer.transposed.stride) {
    for (std::size_t i = 0; i < scales.hidden; ++i) {
      scale_[i] = rbm::detail::power_of_two(scales.shifts[i] - static_cast<int>(scales.fraction));
      inverse_[i] = 1 / scale_[i];
    }
  }

  // Rounds the trainer's model. Its weights stay within half a level of what can be rounded to, so that they
  // come back as soon as their gradient turns. Whatever changes a weight, the biases take back its mean.
  void round(Trainer& trainer, platform::Threads& threads) {
    const std::size_t visible = rounded_.visible, columns = scale_.size();
    const rbm::MatrixView<float> transposed{transposed_.data(), visible, columns, stride_};
    const rbm::VectorView<float> mu = trainer.centring.visible_offset,
                                 lambda = trainer.centring.hidden_offset;
    threads(columns / rbm::padded(1), [&](std::size_t first, std::size_t last) {
      const std::size_t left = first * rbm::padded(1), right = last * rbm::padded(1);
      for (std::size_t i = left; i < right; ++i) hidden_bias_[i] = 0;
      for (std::size_t j = 0; j < visible; ++j) {
        const float* const weights = trainer.transposed.row(j).data;
        float* const rounded = transposed.row(j).data;
        for (std::size_t i = left; i < right; ++i) {
          const float weight = levels_.clip(weights[i] * inverse_[i]) * scale_[i];
          rounded[i] = levels_.nearest(weights[i] * inverse_[i]) * scale_[i];
          hidden_bias_[i] += mu[j] * (weight - rounded[i]);
          trainer.hidden_bias[i] += mu[j] * (weights[i] - weight);
        }
      }
      for (std::size_t i = left; i < right; ++i) hidden_bias_[i] += trainer.hidden_bias[i];
    });
    threads(visible, [&](std::size_t begin, std::size_t end) {
      rbm::transpose(rounded_.view().weights, transposed, begin, end);
      for (std::size_t j = begin; j < end; ++j) {
        float* const weights = trainer.transposed.row(j).data;
        const float* const rounded = transposed.row(j).data;
        trainer.rbm.visible_bias[j] += rbm::detail::sum_of(columns, [&](std::size_t i) {
          const float weight = weights[i];
          weights[i] = levels_.clip(weight * inverse_[i]) * scale_[i];
          return lambda[i] * (weight - weights[i]);
        });
        rounded_.visible_bias[j] =
            trainer.rbm.visible_bias[j] + rbm::detail::sum_of(columns, [&](std::size_t i) {
              return lambda[i] * (weights[i] - rounded[i]);
            });
      }
    });
  }

  rbm::Means means() const { return {{mu_.data(), mu_.size()}, {lambda_.data(), rounded_.hidden}}; }

  rbm::TwoWayRbm weights() const {
    return {rounded_.view(),
            {transposed_.data(), rounded_.visible, scale_.size(), stride_},
            {hidden_bias_.data(), hidden_bias_.size()}};
  }

 private:
  rbm::detail::Levels levels_;
  Model rounded_;  // its hidden biases are unused
  AlignedVector<float> transposed_, scale_, inverse_, hidden_bias_, mu_, lambda_;
  std::size_t stride_;
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

}  // namespace

Status tune(rbm::QuantizedModel& out, const Model& model, const Dataset& data, const TuningOptions& options,
            platform::Progress& progress) {
  CheckpointHeader header;
  Recipe& recipe = header.recipe;
  recipe.hidden = model.hidden;
  recipe.batch = options.batch;
  recipe.optimizer = "sgd";
  recipe.rate = options.rate;
  recipe.rate_decay = options.decay;
  recipe.gibbs_steps = options.k0;
  recipe.final_gibbs_steps = options.k1;
  recipe.method = "pcd";
  recipe.centring = 0.01;
  recipe.average = options.average;
  recipe.visible = options.visible;
  recipe.shuffle = true;
  recipe.seed = options.seed;
  header.epochs = options.epochs;

  rbm::choose_scales(out, model.view());
  Model learning = model;
  Learner<rbm::Sgd> learner(data, learning, header, options.threads);
  Trainer& trainer = learner.trainer();
  start_at_data(trainer, data, options.seed);
  Acting acting(out, trainer);
  while (!learner.is_done()) {
    learner.begin_epoch();
    while (learner.at().batch < learner.batches()) {
      acting.round(trainer, learner.threads());
      if (!std::isfinite(learner.train_batch(acting.weights()).loss))
        throw Failure("tuning diverged: the loss is no longer a number");
      if (platform::interrupted()) return Status::interrupted;
      if (progress.due()) progress.update(learner.time(), "tuning", "");
    }
    learner.end_epoch();
  }
  rbm::round_parameters(out, learner.result().view(), acting.means());
  return Status::done;
}

}  // namespace tool
