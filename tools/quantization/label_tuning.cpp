#include "tools/quantization/label_tuning.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "platform/desktop/interrupt.hpp"
#include "platform/desktop/team.hpp"
#include "tools/base/failure.hpp"
#include "tools/quantization/rounded_weights.hpp"
#include "tools/training/recipe.hpp"

namespace tool {
namespace {

using Trainer = rbm::Trainer<rbm::Adam>;

constexpr std::size_t batch_size = 50;
// At the start; it falls to 0.
constexpr float first_rate = 0.003f;

// An example as the visible units see it, with its label.
void write_row(const Model& model, const Dataset& data, std::size_t n, float* out) {
  data.row(n, out);
  std::fill(out + model.units(), out + model.visible, 0.0f);
  if (const std::int32_t label = data.classes[n]; label != no_label)
    out[model.units() + static_cast<std::size_t>(label)] = 1;
}

// Sets the means by which biases take back what rounding changes: those of the states of data.
void set_means(Trainer& trainer, const Model& model, const Dataset& data, const TuningOptions& options) {
  const std::size_t examples = std::min<std::size_t>(data.rows, 1000);
  const float share = 1 / static_cast<float>(examples);
  std::vector<float> row(model.visible), factors(model.visible), probabilities(model.hidden);
  std::vector<rbm::Unit> units(model.visible);
  rbm::Centring& centring = trainer.centring;
  std::fill_n(centring.visible_offset.data, model.visible, 0.0f);
  std::fill_n(centring.hidden_offset.data, model.hidden, 0.0f);
  for (std::size_t n = 0; n < examples; ++n) {
    write_row(model, data, n * data.rows / examples, row.data());
    rbm::RandomStream random = rbm::RandomStream::keyed(options.seed, n, std::uint64_t{3} << 40);
    const bool real = model.has_readings() || options.visible == rbm::VisibleUnits::means;
    rbm::UnitList state{units.data(), real ? factors.data() : nullptr, 0};
    rbm::set_visible(state, {row.data(), row.size()}, trainer.rbm.layer, options.visible, random);
    rbm::hidden_probabilities({probabilities.data(), model.hidden}, trainer.rbm, state);
    for (std::size_t m = 0; m < state.count; ++m)
      centring.visible_offset[state.units[m]] += share * rbm::ActiveUnits(state).factor(m);
    for (std::size_t i = 0; i < model.hidden; ++i) centring.hidden_offset[i] += share * probabilities[i];
  }
}

// A number that the metadata have of a model's training, at least 0; `otherwise` where they have none.
float number_of(const Model& model, const char* key, float otherwise) {
  const auto entry = model.metadata.find(key);
  float number = otherwise;
  if (entry == model.metadata.end()) return number;
  const std::string& text = entry->second;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::max(number, 0.0f);
}

}  // namespace

float label_weight_of(const Model& model) {
  return std::min(number_of(model, "label_weight", 1), 1.0f);
}

std::uint64_t label_tuning_epochs(std::size_t examples) {
  return epochs_for(examples, batch_size, 12, 3000);
}

QuantizedModel tuned_for_labels(const Model& model, QuantizedModel rounded, const Dataset& data,
                                const TuningOptions& options, platform::Progress& progress) {
  Model learning = model;
  const bool real = model.has_readings() || options.visible == rbm::VisibleUnits::means;
  const rbm::TrainerShape shape{model.visible, model.hidden, batch_size,    real,
                                model.factors, false,        model.choice()};
  rbm::TrainOptions train;
  train.seed = options.seed;
  train.visible_units = options.visible;
  train.label_weight = label_weight_of(model);
  // Of models that make up examples too. Of one of MNIST at 16x16 pixels, 52 hidden units and label weight
  // 0.998, chains that start at data filled in lower halves at 0.467 nats a pixel, the mean picture at 0.401,
  // these at 0.383, with as many labels right.
  train.persistent = !model.has_readings();
  AlignedVector<unsigned char> memory(rbm::trainer_bytes<rbm::Adam>(shape));
  Trainer trainer(learning.view(), {memory.data(), 0, memory.size()}, shape, train);
  // Without it the model goes on to learn its examples by heart. On held-out quarters of the learning part of
  // vowel, 64 hidden units, it then lost 1.3 points of right labels, with -log p(label) of 3.6 nats for 2.1.
  trainer.optimizer.weight_decay = number_of(model, "weight_decay", 0);
  set_means(trainer, model, data, options);
  rbm::QuantizedModelView view = rounded.view();
  RoundedWeights<rbm::Adam> weights(view, trainer);
  platform::Threads threads(options.threads == 0 && model.hidden * model.visible < 100000 ? 1
                                                                                          : options.threads);
  platform::Team team(threads);
  std::vector<std::uint32_t> order(data.rows);
  std::iota(order.begin(), order.end(), 0u);
  std::vector<float> rows(batch_size * model.visible);
  const std::size_t batches = (data.rows + batch_size - 1) / batch_size;
  for (std::uint64_t epoch = 0; epoch < options.epochs; ++epoch) {
    rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(options.seed + epoch);
    for (std::size_t n = order.size(); n > 1; --n)
      std::swap(order[n - 1], order[rbm::draw_below(static_cast<std::uint32_t>(n), random)]);
    for (std::size_t batch = 0; batch < batches; ++batch) {
      const std::size_t first = batch * batch_size, samples = std::min(batch_size, data.rows - first);
      for (std::size_t n = 0; n < samples; ++n)
        write_row(model, data, order[first + n], rows.data() + n * model.visible);
      const double time =
          (static_cast<double>(epoch) + static_cast<double>(batch) / static_cast<double>(batches)) /
          static_cast<double>(options.epochs);
      trainer.optimizer.rate = first_rate * static_cast<float>(1 - time);
      weights.round(threads);
      const rbm::BatchReport report =
          rbm::train(trainer, weights.weights(), {rows.data(), samples, model.visible, model.visible}, team);
      if (!std::isfinite(report.label_loss) || !std::isfinite(report.loss))
        throw Failure("tuning diverged: the loss is no longer a number");
      platform::stop_if_interrupted();
      if (progress.due()) progress.update(time, "tuning", "");
    }
  }
  weights.round(threads);
  weights.set_biases(learning.view());
  rbm::round_parameters(view, learning.view(), weights.means());
  rounded.fraction = view.fraction;
  return rounded;
}

}  // namespace tool
