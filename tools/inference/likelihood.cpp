#include "tools/inference/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rbm/partition.hpp"
#include "tools/base/statistics.hpp"

namespace tool {
namespace {

constexpr std::size_t most_blocks = 256;

void anneal(const Model& model, const AnnealingData& data, const AnnealingOptions& options,
            const Workers& workers, LogPartitions& found) {
  constexpr std::size_t temperatures_a_step = 10;
  const std::size_t temperatures = options.temperatures;
  const auto all_chains = [&](std::size_t chains) {
    return rbm::AnnealingShape{model.visible, model.hidden, chains};
  };
  const RankShares forward_chains = RankShares::equal(workers.ranks, options.chains),
                   reverse_chains = data.start_shares();
  const rbm::AnnealingShape forward_shape = all_chains(options.chains),
                            reverse_shape = all_chains(reverse_chains.begins().back());
  const std::vector<float> means = data.means();
  const rbm::AnnealingOptions how{options.seed, temperatures};
  const bool real = model.has_readings();
  const auto prepare = [&](rbm::Annealing& annealing) {
    rbm::set_base(annealing, {means.data(), means.size()}, data.rows());
  };
  AlignedVector<unsigned char> memory(
      rbm::annealing_bytes(all_chains(std::max(forward_shape.chains, reverse_shape.chains)), real));

  rbm::Annealing forward(model.view(), {memory.data(), 0, memory.size()}, forward_shape, how, real);
  prepare(forward);
  rbm::start_forward(forward, forward_chains.begin(), forward_chains.end());
  in_steps("annealing", temperatures, temperatures_a_step, workers.progress,
           [&](std::size_t first, std::size_t last) {
             workers.threads(forward_chains.count(), [&](std::size_t begin, std::size_t end) {
               rbm::anneal_forward(forward, first, last, forward_chains.begin() + begin,
                                   forward_chains.begin() + end);
             });
           });
  forward_chains.exchange(forward.log_ratios);
  found.annealed = rbm::forward_log_partition(forward);
  if (!options.in_reverse) return;

  rbm::Annealing reverse(model.view(), {memory.data(), 0, memory.size()}, reverse_shape, how, real);
  prepare(reverse);
  for (std::size_t n = 0; n < reverse_chains.count(); ++n)
    rbm::start_reverse(reverse, reverse_chains.begin() + n, data.starts()[n]);
  in_steps("annealing in reverse", temperatures, temperatures_a_step, workers.progress,
           [&](std::size_t first, std::size_t last) {
             workers.threads(reverse_chains.count(), [&](std::size_t begin, std::size_t end) {
               rbm::anneal_reverse(reverse, temperatures - last, temperatures - first,
                                   reverse_chains.begin() + begin, reverse_chains.begin() + end);
             });
           });
  reverse_chains.exchange(reverse.log_ratios);
  found.reverse = rbm::reverse_log_partition(reverse);
}

}  // namespace

AnnealingData::AnnealingData(const Model& model, std::size_t rows, std::size_t most_starts,
                             platform::Ranks* ranks)
    : model_(&model),
      ranks_(ranks),
      rows_(rows),
      most_starts_(std::min(rows, most_starts)),
      block_((rows + most_blocks - 1) / most_blocks),
      blocks_(RankShares::equal(ranks, (rows + block_ - 1) / block_)),
      examples_(RankShares::equal(ranks, rows, block_)),
      seen_(examples_.begin()),
      next_start_(first_start(seen_)),
      sums_(blocks_.begins().back() * model.visible) {}

std::size_t AnnealingData::first_start(std::size_t row) const {
  std::size_t start = 0;
  while (start < most_starts_ && start * rows_ / most_starts_ < row) ++start;
  return start;
}

RankShares AnnealingData::start_shares() const {
  std::vector<std::size_t> begins;
  for (const std::size_t row : examples_.begins()) begins.push_back(first_start(row));
  return {ranks_, std::move(begins)};
}

void AnnealingData::add(rbm::ActiveUnits visible) {
  double* const sums = sums_.data() + seen_ / block_ * model_->visible;
  for (std::size_t n = 0; n < visible.count; ++n)
    sums[visible.units[n]] += static_cast<double>(visible.factor(n));
  if (next_start_ < most_starts_ && seen_ == next_start_ * rows_ / most_starts_) {
    ++next_start_;
    starts_.push_back({{visible.units, visible.units + visible.count}, {}});
    if (visible.factors != nullptr)
      starts_.back().factors.assign(visible.factors, visible.factors + visible.count);
  }
  ++seen_;
}

std::vector<float> AnnealingData::means() const {
  std::vector<double> sums(model_->visible);
  for (std::size_t n = 0; n < sums_.size(); ++n) sums[n % sums.size()] += sums_[n];
  std::vector<float> means;
  means.reserve(sums.size());
  for (const double sum : sums) means.push_back(static_cast<float>(sum / static_cast<double>(rows_)));
  if (!model_->has_readings()) return means;
  // Readings are linear in states.
  std::vector<rbm::Unit> units(means.size());
  std::iota(units.begin(), units.end(), rbm::Unit{0});
  std::vector<float> readings(means.size());
  const rbm::VectorView<float> out{readings.data(), readings.size()};
  rbm::values_from_states(out, model_->view().layer, {units.data(), means.data(), units.size()});
  rbm::readings_from_values(out, model_->view().layer);
  return readings;
}

AnnealingData draw_annealing_data(const Model& model, const Examples& examples, std::size_t most_starts,
                                  const Workers& workers) {
  AnnealingData data(model, examples.data.rows, most_starts);
  run_over(
      model, examples, examples.data.rows, workers, [](Inference&, std::size_t, std::size_t, std::size_t) {},
      [&](Inference& inference, std::size_t, std::size_t count) {
        for (std::size_t n = 0; n < count; ++n) data.add(inference.visible(n));
      });
  return data;
}

Mean to_mean(const rbm::Estimate& estimate) {
  return {static_cast<double>(estimate.value), static_cast<double>(estimate.standard_error)};
}

std::size_t enumerated_units(const Model& model) {
  return model.groups.empty() ? std::min(model.visible, model.hidden) : model.hidden;
}

bool is_enumerable(const Model& model) {
  return enumerated_units(model) <= rbm::most_enumerated_units;
}

float enumerate(const Model& model, const Workers& workers) {
  AlignedVector<unsigned char> memory(
      rbm::enumeration_bytes({model.visible, model.hidden}, !model.groups.empty()));
  rbm::Enumeration enumeration(model.view(), {memory.data(), 0, memory.size()}, {model.visible, model.hidden},
                               !model.groups.empty());
  const RankShares parts = RankShares::equal(workers.ranks, enumeration.parts);
  in_steps("log Z", parts.count(), workers.threads.count(), workers.progress,
           [&](std::size_t first, std::size_t last) {
             workers.threads(last - first, [&](std::size_t begin, std::size_t end) {
               rbm::enumerate(enumeration, parts.begin() + first + begin, parts.begin() + first + end);
             });
           });
  parts.exchange(enumeration.sums);
  return rbm::log_partition(enumeration);
}

LogPartitions find_log_partitions(const Model& model, const AnnealingData& data,
                                  const AnnealingOptions& options, const Workers& workers) {
  LogPartitions found;
  if (is_enumerable(model)) found.exact = enumerate(model, workers);
  if (options.temperatures > 0 && (!found.exact || options.beside_exact))
    anneal(model, data, options, workers, found);
  return found;
}

Mean log_likelihood(Mean free_energy, Mean log_partition) {
  return {-free_energy.value - log_partition.value,
          std::hypot(free_energy.standard_error, log_partition.standard_error)};
}

}  // namespace tool
