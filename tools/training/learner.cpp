#include "tools/training/learner.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rbm/rbm.hpp"
#include "tools/base/failure.hpp"
#include "tools/data/label_collector.hpp"
#include "tools/training/label_weights.hpp"
#include "tools/training/moved_picture.hpp"

namespace tool {
namespace {

/// A new order of the examples, from the seed and the epoch alone.
void shuffle(std::vector<std::uint32_t>& order, std::uint64_t seed, std::uint64_t epoch) {
  std::iota(order.begin(), order.end(), 0u);
  rbm::SplitMix64 key{rbm::SplitMix64{seed}.next() ^ epoch};
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(key.next());
  for (std::size_t n = order.size(); n > 1; --n)
    std::swap(order[n - 1], order[rbm::draw_below(static_cast<std::uint32_t>(n), random)]);
}

rbm::Sgd make(const Recipe& recipe, const rbm::Sgd*) {
  return {static_cast<float>(recipe.rate), static_cast<float>(recipe.momentum),
          static_cast<float>(recipe.weight_decay)};
}
rbm::Adam make(const Recipe& recipe, const rbm::Adam*) {
  rbm::Adam adam;
  // Gradients of readings fade where a factor explains them. Steps of full size would then be noise, and have
  // led weights to 100 times their size and log Z to millions of nats, far from all chains.
  if (recipe.visible == rbm::VisibleUnits::real && is_generative(recipe)) adam.epsilon = 1e-3f;
  adam.rate = static_cast<float>(recipe.rate);
  adam.weight_decay = static_cast<float>(recipe.weight_decay);
  return adam;
}

void set_schedule(rbm::Sgd& sgd, const Recipe& recipe, double t) {
  sgd.rate = rate_at(recipe, t);
  sgd.momentum = momentum_at(recipe, t);
}
void set_schedule(rbm::Adam& adam, const Recipe& recipe, double t) {
  adam.rate = rate_at(recipe, t);
}

bool are_several(const platform::Ranks* ranks) {
  return ranks != nullptr && ranks->size() > 1;
}

// By hidden units.
rbm::Parts units_of(const rbm::VectorView<float>& bias) {
  return rbm::Parts::of(rbm::MatrixView<float>{bias.data, 1, bias.size, bias.size});
}

// Several ranks do not measure: their clocks differ.
ThreadChoice choose_threads(unsigned asked, const platform::Ranks* ranks) {
  const unsigned threads = ranks != nullptr ? ranks->threads(asked) : asked;
  if (asked > 0 || are_several(ranks)) return {threads, threads};
  return {0, threads > 0 ? threads : platform::available_threads()};
}

rbm::TrainerShape shape_for(const Recipe& recipe, const Model& model, bool several_memories) {
  const bool factors = model.has_readings() || recipe.visible == rbm::VisibleUnits::means ||
                       recipe.statistics == Statistics::probabilities;
  return {model.visible,  model.hidden,    static_cast<std::size_t>(recipe.batch),
          factors,        model.factors,   model.has_readings(),
          model.choice(), several_memories};
}

}  // namespace

template <class Optimizer>
Learner<Optimizer>::Learner(const Dataset& data, Model& model, const TrainingState& state, unsigned threads,
                            platform::Ranks* ranks)
    : data_(data),
      state_(state),
      model_(model),
      mean_(state.recipe.average > 0 ? model : Model()),
      shape_(shape_for(state.recipe, model, are_several(ranks))),
      memory_(rbm::trainer_bytes<Optimizer>(shape_)),
      class_weights_(state.recipe.class_weights == ClassWeights::balanced
                         ? balanced_weights(label_counts(data))
                         : std::vector<float>{}),
      trainer_(model.view(), {memory_.data(), 0, memory_.size()}, shape_, train_options(state.recipe),
               make(state.recipe, static_cast<const Optimizer*>(nullptr))),
      choice_(choose_threads(threads, ranks)),
      ranks_(ranks),
      intensities_(shape_.batch * model.visible),
      order_(data.rows) {
  std::iota(order_.begin(), order_.end(), 0u);
  if (are_several(ranks_)) {
    // The shares of all ranks follow from it.
    const std::size_t own = this->threads().count();
    std::vector<std::size_t> counts(ranks_->size());
    ranks_->meet(&own, sizeof own, counts.data(), 0);
    for (const std::size_t count : counts)
      if (count != own) throw Failure("the system gives some ranks fewer threads than others: set --threads");
  }
  trainer_.options.class_weights = {class_weights_.data(), class_weights_.size()};
}

template <class Optimizer>
void Learner<Optimizer>::restore(const TensorFile& file, const std::string& name) {
  restore_trainer(trainer_, file, name);
  restore_mean(mean_, state_.position, file, name);
  // Where more epochs are asked for than before, the last part of training has not begun yet.
  if (time() <= 1 - state_.recipe.average) state_.position.averaged = 0;
}

template <class Optimizer>
TensorFile Learner<Optimizer>::checkpoint() const {
  TensorFile file = to_tensors(model_);
  describe(state_, file.metadata);
  describe_position(state_, file.metadata);
  add_trainer(trainer_, file);
  add_mean(mean_, state_.position, file);
  return file;
}

template <class Optimizer>
void Learner<Optimizer>::gather() {
  if (!are_several(ranks_)) return;
  team().exchange(rbm::Parts::of(trainer_.weights.transposed), units_of(trainer_.rbm.hidden_bias),
                  units_of(trainer_.weights.hidden_bias));
  rbm::transpose(trainer_.rbm.weights, trainer_.weights.transposed, 0, model_.visible);
}

template <class Optimizer>
void Learner<Optimizer>::gather_optimizer() {
  if (!are_several(ranks_)) return;
  for (const rbm::MatrixView<float>& slot : trainer_.weight_slots) team().exchange(rbm::Parts::of(slot));
  for (const rbm::VectorView<float>& slot : trainer_.hidden_slots) team().exchange(units_of(slot));
}

template <class Optimizer>
double Learner<Optimizer>::time() const {
  const Position& at = state_.position;
  return (static_cast<double>(at.epoch) + static_cast<double>(at.batch) / static_cast<double>(batches())) /
         static_cast<double>(state_.epochs);
}

template <class Optimizer>
Model Learner<Optimizer>::finished() const {
  Model model = result();
  model.meaning = model_.meaning;
  if (trainer_.options.centring == 0) return model;
  for (std::size_t i = 0; i < model.hidden; ++i)
    if (trainer_.centring.hidden_offset[i] > 0.5f) rbm::flip_hidden(model.view(), i);
  return model;
}

template <class Optimizer>
float Learner<Optimizer>::largest_parameter() const {
  float largest = 0;
  for (const auto* values : {&model_.weights, &model_.visible_bias, &model_.hidden_bias})
    for (const float value : *values) {
      if (!std::isfinite(value)) return value;
      largest = std::max(largest, std::abs(value));
    }
  return largest;
}

template <class Optimizer>
void Learner<Optimizer>::begin_epoch() {
  if (state_.recipe.shuffle) shuffle(order_, state_.recipe.seed, at().epoch);
}

template <class Optimizer>
void Learner<Optimizer>::set_row(std::size_t row, float* out) const {
  data_.row(row, out);
  if (const std::uint64_t most = state_.recipe.shift; most > 0)
    move_picture(out, model_.shape, draw_move(most, state_.recipe.seed, at().epoch, row));
  std::fill(out + data_.columns, out + model_.visible, 0.0f);
  if (model_.visible == data_.columns || data_.classes[row] == no_label) return;
  out[data_.columns + static_cast<std::size_t>(data_.classes[row])] = 1;
}

template <class Optimizer>
rbm::BatchReport Learner<Optimizer>::train_batch(const rbm::TwoWayWeights& acting) {
  Position& at = state_.position;
  const std::size_t first = static_cast<std::size_t>(at.batch) * shape_.batch;
  const std::size_t samples = std::min(shape_.batch, data_.rows - first);
  set_schedule(trainer_.optimizer, state_.recipe, time());
  trainer_.options.gibbs_steps = gibbs_steps_at(state_.recipe, time());
  const rbm::BatchReport report = choice_.time(samples, [&] {
    threads()(samples, [&](std::size_t begin, std::size_t end) {
      for (std::size_t n = begin; n < end; ++n)
        set_row(order_[first + n], intensities_.data() + n * model_.visible);
    });
    return rbm::train(trainer_, acting, {intensities_.data(), samples, model_.visible, model_.visible},
                      team());
  });
  at.loss_sum += static_cast<double>(report.loss) * static_cast<double>(samples);
  at.error_sum += static_cast<double>(report.reconstruction) * static_cast<double>(samples);
  at.labelled += report.labelled;
  at.label_loss_sum += static_cast<double>(report.label_loss) * static_cast<double>(report.labelled);
  at.label_error_sum += static_cast<double>(report.label_errors) * static_cast<double>(report.labelled);
  ++at.batch;
  // The mean takes a model each quarter of an epoch: they are alike from batch to batch.
  const std::size_t quarter = std::max<std::size_t>(batches() / 4, 1);
  if (state_.recipe.average > 0 && time() > 1 - state_.recipe.average && at.batch % quarter == 0) {
    gather();
    rbm::add_to_mean(mean_.view(), model_.view(), ++at.averaged);
  }
  return report;
}

template <class Optimizer>
void Learner<Optimizer>::end_epoch() {
  Position& at = state_.position;
  at.epoch += 1;
  at.batch = at.labelled = 0;
  at.loss_sum = at.error_sum = at.label_loss_sum = at.label_error_sum = 0;
}

template <class Optimizer>
std::vector<float> Learner<Optimizer>::chains(std::size_t most) const {
  const std::size_t count = std::min({most, shape_.batch, data_.rows});
  const rbm::ConstRbmView model = result().view();
  std::vector<float> values(count * model.visible());
  const rbm::MatrixView<float> view{values.data(), count, model.visible(), model.visible()};
  rbm::multiply_transposed(view, model.visible_bias, model.weights, trainer_.phases.hidden, 0, count);
  for (std::size_t n = 0; n < count; ++n) {
    rbm::visible_means(view.row(n), model.layer);
    rbm::readings_from_values(view.row(n), model.layer);
  }
  // Without the labels behind the units of each row.
  for (std::size_t n = 1; n < count; ++n)
    std::copy_n(view.row(n).data, result().units(), values.data() + n * result().units());
  values.resize(count * result().units());
  return values;
}

template class Learner<rbm::Sgd>;
template class Learner<rbm::Adam>;

}  // namespace tool
