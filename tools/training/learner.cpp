#include "tools/training/learner.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "rbm/rbm.hpp"
#include "tools/base/failure.hpp"
#include "tools/data/label_collector.hpp"
#include "tools/training/label_weights.hpp"
#include "tools/training/moved_picture.hpp"
#include "tools/training/weight_exchange.hpp"

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

bool is_first(const platform::Ranks* ranks) {
  return ranks == nullptr || ranks->rank() == 0;
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

rbm::TrainerShape shape_for(const Recipe& recipe, const Model& model, const rbm::OwnUnits& own) {
  const bool factors = model.has_readings() || recipe.visible == rbm::VisibleUnits::means ||
                       recipe.statistics == Statistics::probabilities;
  return {model.visible,
          model.hidden,
          static_cast<std::size_t>(recipe.batch),
          factors,
          model.factors,
          model.has_readings(),
          model.choice(),
          own};
}

}  // namespace

template <class Optimizer>
Learner<Optimizer>::Learner(const Dataset& data, Model& model, const TrainingState& state, unsigned threads,
                            platform::Ranks* ranks)
    : data_(data),
      state_(state),
      model_(model),
      mean_(state.recipe.average > 0 && is_first(ranks) ? model : Model()),
      ranks_(ranks),
      choice_(choose_threads(threads, ranks)),
      shape_(shape_for(state.recipe, model, own_units())),
      memory_(rbm::trainer_bytes<Optimizer>(shape_)),
      class_weights_(state.recipe.class_weights == ClassWeights::balanced
                         ? balanced_weights(label_counts(data))
                         : std::vector<float>{}),
      trainer_(model.view(), {memory_.data(), 0, memory_.size()}, shape_, train_options(state.recipe),
               make(state.recipe, static_cast<const Optimizer*>(nullptr)), false),
      intensities_(shape_.batch * model.visible),
      order_(data.rows) {
  std::iota(order_.begin(), order_.end(), 0u);
  if (are_several(ranks_)) {
    // The shares of all ranks follow from it.
    const std::size_t own = this->threads().count();
    std::vector<std::size_t> counts(ranks_->size());
    ranks_->share(&own, sizeof own, counts.data());
    for (const std::size_t count : counts)
      if (count != own) throw Failure("the system gives some ranks fewer threads than others: set --threads");
  }
  trainer_.begin(team());
  trainer_.options.class_weights = {class_weights_.data(), class_weights_.size()};
  if (!are_several(ranks_)) return;
  platform::Team all = team();
  deal(all, {model_.visible, model_.hidden, model_.weights.data(), false}, kept_weights(trainer_));
}

template <class Optimizer>
rbm::OwnUnits Learner<Optimizer>::own_units() {
  const auto own = [&](std::size_t units) { return team().here(rbm::granules(units)).units(units); };
  return {are_several(ranks_), own(model_.hidden), own(model_.visible)};
}

template <class Optimizer>
void Learner<Optimizer>::restore(const TensorFile& file, const std::string& name) {
  platform::Team all = team();
  for (std::size_t slot = 0; slot < Optimizer::slot_count; ++slot) {
    const float* const values =
        all.is_first() ? weight_slot(file, slot, model_.visible, model_.hidden, name).values.data() : nullptr;
    deal(all, {model_.visible, model_.hidden, values, true}, kept_slot(trainer_, slot));
  }
  restore_trainer(trainer_, file, name);
  if (all.is_first()) restore_mean(mean_, state_.position, file, name);
  // Where more epochs are asked for than before, the last part of training has not begun yet.
  if (time() <= 1 - state_.recipe.average) state_.position.averaged = 0;
}

template <class Optimizer>
void Learner<Optimizer>::write_checkpoint(const std::function<void(TensorFile&)>& write) {
  platform::Team all = team();
  for (const rbm::VectorView<float>& slot : trainer_.hidden_slots) all.exchange(units_of(slot));
  const auto collect_slot = [&](std::size_t slot, const FloatSink& take) {
    collect(all, kept_slot(trainer_, slot), model_.hidden,
            [&](std::size_t, const rbm::MatrixView<const float>& rows) {
              take(rows.data, rows.rows * rows.columns);
            });
  };
  if (!all.is_first()) {
    for (std::size_t slot = 0; slot < Optimizer::slot_count; ++slot) collect_slot(slot, {});
    return;
  }
  TensorFile file = to_written_tensors(model_);
  describe(state_, file.metadata);
  describe_position(state_, file.metadata);
  for (std::size_t slot = 0; slot < Optimizer::slot_count; ++slot)
    add_weight_slot(
        slot, model_.visible, model_.hidden, [=](const FloatSink& take) { collect_slot(slot, take); }, file);
  add_trainer(trainer_, file);
  add_mean(mean_, state_.position, file);
  write(file);
}

template <class Optimizer>
void Learner<Optimizer>::gather() {
  platform::Team all = team();
  if (all.is_alone() || gathered_) return;
  gathered_ = true;
  all.exchange(units_of(trainer_.rbm.hidden_bias), units_of(trainer_.weights.hidden_bias));
  collect(all, kept_weights(trainer_), model_.hidden,
          [&](std::size_t top, const rbm::MatrixView<const float>& rows) {
            rbm::transpose(model_.view().weights.columns_from(top, top + rows.rows), rows, 0, rows.rows);
          });
}

template <class Optimizer>
double Learner<Optimizer>::time() const {
  const Position& at = state_.position;
  return (static_cast<double>(at.epoch) + static_cast<double>(at.batch) / static_cast<double>(batches())) /
         static_cast<double>(state_.epochs);
}

template <class Optimizer>
Model Learner<Optimizer>::finished() {
  const DataMeaning meaning = model_.meaning;
  Model model = std::move(at().averaged > 0 ? mean_ : model_);
  model.meaning = meaning;
  if (trainer_.options.centring == 0) return model;
  for (std::size_t i = 0; i < model.hidden; ++i)
    if (trainer_.centring.hidden_offset[i] > 0.5f) rbm::flip_hidden(model.view(), i);
  return model;
}

template <class Optimizer>
float Learner<Optimizer>::largest_parameter() {
  const auto size_of = [](float value) {
    return std::isfinite(value) ? std::abs(value) : std::numeric_limits<float>::infinity();
  };
  const rbm::PanelView<float>& own = trainer_.weights.transposed;
  float largest = 0;
  for (std::size_t n = 0; n < own.size(); ++n) largest = std::max(largest, size_of(own.data[n]));
  for (const auto* biases : {&model_.visible_bias, &model_.hidden_bias})
    for (const float bias : *biases) largest = std::max(largest, size_of(bias));
  if (!are_several(ranks_)) return largest;
  std::vector<float> of_ranks(ranks_->size());
  ranks_->share(&largest, sizeof largest, of_ranks.data());
  return *std::max_element(of_ranks.begin(), of_ranks.end());
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
  gathered_ = false;
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
    ++at.averaged;
    if (is_first(ranks_)) rbm::add_to_mean(mean_.view(), model_.view(), at.averaged);
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
