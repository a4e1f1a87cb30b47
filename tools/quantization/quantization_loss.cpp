#include "tools/quantization/quantization_loss.hpp"
#include "tools/base/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace tool {
namespace {

constexpr std::size_t chains_a_thread = 64, steps_a_call = 20;

// Calls anneal(first, last, begin, end) for all temperatures of all chains. Only as many chains are under way
// at once as stay in the nearer caches.
template <class Anneal>
void in_groups(const char* what, std::size_t chains, std::size_t temperatures, const Workers& workers,
               const Anneal& anneal) {
  const std::size_t group = chains_a_thread * workers.threads.count(), groups = (chains + group - 1) / group;
  const std::size_t calls = (temperatures + steps_a_call - 1) / steps_a_call;
  in_steps(what, groups * calls, 1, workers.progress, [&](std::size_t step, std::size_t) {
    const std::size_t first = step % calls * steps_a_call, start = step / calls * group;
    workers.threads(std::min(group, chains - start), [&](std::size_t begin, std::size_t end) {
      anneal(first, std::min(temperatures, first + steps_a_call), start + begin, start + end);
    });
  });
}

}  // namespace

LossEstimator::LossEstimator(const Model& original, const AnnealingData* data, const LossOptions& options,
                             const Workers& workers)
    : original_(original), data_(data), options_(options), workers_(workers) {
  RBM_ASSERT(data == nullptr || data->starts().size() == data->rows());
  if (data_) free_energies_ = free_energies(original_);
  if (exact()) log_partition_ = enumerate(original_, workers_);
  if (!exact() || !data_) anneal_to_original();
}

bool LossEstimator::exact() const {
  return is_enumerable(original_);
}

rbm::AnnealingShape LossEstimator::shape() const {
  return {original_.visible, original_.hidden, options_.chains};
}

std::vector<float> LossEstimator::free_energies(const Model& model) {
  const std::vector<AnnealingData::State>& states = data_->starts();
  std::vector<float> energies(states.size());
  workers_.threads(states.size(), [&](std::size_t begin, std::size_t end) {
    std::vector<float> scratch(model.hidden);
    for (std::size_t n = begin; n < end; ++n)
      energies[n] = rbm::free_energy(rbm::VectorView<float>{scratch.data(), scratch.size()}, model.view(),
                                     rbm::ActiveUnits(states[n]));
  });
  return energies;
}

void LossEstimator::anneal_to_original() {
  memory_.resize(rbm::annealing_bytes(shape()));
  ratio_memory_.resize(rbm::partition_ratio_bytes(shape()));
  annealing_.emplace(original_.view(), rbm::Arena{memory_.data(), 0, memory_.size()}, shape());
  if (data_) {
    anneal_to_original(data_->means(), data_->rows(), options_.temperatures, options_.seed);
    return;
  }
  // Any base serves, but the nearer it is to the model, the more chains are effective. A short way from the
  // uniform distribution, with draws of its own, finds the means of a near one.
  anneal_to_original(std::vector<float>(original_.visible, 0.5f), 1, options_.temperatures / 10 + 1,
                     ~options_.seed);
  std::vector<float> means(original_.visible);
  for (std::size_t n = 0; n < options_.chains; ++n)
    for (std::size_t j = 0; j < means.size(); ++j) means[j] += annealing_->visible_values.row(n)[j];
  for (float& mean : means) mean = std::min(mean / static_cast<float>(options_.chains), 1.0f);
  anneal_to_original(means, options_.chains, options_.temperatures, options_.seed);
}

void LossEstimator::anneal_to_original(const std::vector<float>& means, std::size_t examples,
                                       std::size_t temperatures, std::uint64_t seed) {
  rbm::Annealing& annealing = *annealing_;
  annealing.options = {seed, temperatures};
  rbm::set_base(annealing, {means.data(), means.size()}, examples);
  in_groups("annealing", options_.chains, temperatures, workers_,
            [&](std::size_t first, std::size_t last, std::size_t begin, std::size_t end) {
              if (first == 0) rbm::start_forward(annealing, begin, end);
              rbm::anneal_forward(annealing, first, last, begin, end);
            });
}

QuantizationLoss LossEstimator::anneal_to_changed(const Model& changed) {
  rbm::PartitionRatio ratio(*annealing_, changed.view(),
                            rbm::Arena{ratio_memory_.data(), 0, ratio_memory_.size()}, shape(),
                            {options_.seed, options_.more_temperatures});
  const std::size_t steps = data_ ? 0 : options_.more_temperatures;
  in_groups("annealing to the changed model", options_.chains, options_.more_temperatures, workers_,
            [&](std::size_t first, std::size_t last, std::size_t begin, std::size_t end) {
              if (first == 0) rbm::start(ratio, steps, begin, end);
              rbm::anneal(ratio, first, last, begin, end);
            });
  const rbm::Estimate change = rbm::log_partition_change(ratio);
  return {to_mean(rbm::divergence(ratio)), to_mean(change), change.effective_chains};
}

QuantizationLoss LossEstimator::measure(const Model& changed) {
  QuantizationLoss found{};
  if (annealing_) found = anneal_to_changed(changed);
  if (exact())
    found.log_partition_change = {
        static_cast<double>(enumerate(changed, workers_)) - static_cast<double>(*log_partition_), 0};
  if (!data_) return found;
  std::vector<float> changes = free_energies(changed);
  for (std::size_t n = 0; n < changes.size(); ++n) changes[n] -= free_energies_[n];
  const Mean change = mean(changes);
  found.lost = {change.value + found.log_partition_change.value,
                std::hypot(change.standard_error, found.log_partition_change.standard_error)};
  return found;
}

}  // namespace tool
