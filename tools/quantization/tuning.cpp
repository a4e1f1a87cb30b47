#include "tools/quantization/tuning.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "platform/desktop/interrupt.hpp"
#include "tools/base/failure.hpp"
#include "tools/quantization/rounded_weights.hpp"
#include "tools/training/learner.hpp"

namespace tool {
namespace {

using Trainer = rbm::Trainer<rbm::Sgd>;

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
  RoundedWeights<rbm::Sgd> rounded_weights(view, trainer);
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
