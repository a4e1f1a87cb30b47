#include "tools/inference/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "rbm/partition.hpp"

namespace tool {
namespace {

void anneal(const AnnealingOptions& options, platform::Threads& threads, platform::Progress& progress,
            const Model& model, const AnnealingData& data, LogPartitions& found) {
  constexpr std::size_t temperatures_a_step = 10;
  const std::size_t temperatures = options.temperatures;
  const auto all_chains = [&](std::size_t chains) {
    return rbm::AnnealingShape{model.visible, model.hidden, chains};
  };
  const auto prepare = [&](rbm::Annealing& annealing) {
    annealing.seed = options.seed;
    annealing.temperatures = temperatures;
    const std::vector<float> means = data.means();
    rbm::set_base(annealing, {means.data(), means.size()}, data.rows());
  };
  const rbm::AnnealingShape forward_shape = all_chains(options.chains),
                            reverse_shape = all_chains(data.starts().size());
  AlignedVector<unsigned char> memory(
      rbm::annealing_bytes(all_chains(std::max(forward_shape.chains, reverse_shape.chains))));

  rbm::Annealing forward(model.view(), {memory.data(), 0, memory.size()}, forward_shape);
  prepare(forward);
  rbm::start_forward(forward, 0, forward_shape.chains);
  in_steps("annealing", temperatures, temperatures_a_step, progress,
           [&](std::size_t first, std::size_t last) {
             threads(forward_shape.chains, [&](std::size_t begin, std::size_t end) {
               rbm::anneal_forward(forward, first, last, begin, end);
             });
           });
  found.annealed = rbm::forward_log_partition(forward);
  if (!options.in_reverse) return;

  rbm::Annealing reverse(model.view(), {memory.data(), 0, memory.size()}, reverse_shape);
  prepare(reverse);
  for (std::size_t n = 0; n < reverse_shape.chains; ++n)
    rbm::start_reverse(reverse, n, {data.starts()[n].data(), nullptr, data.starts()[n].size()});
  in_steps("annealing in reverse", temperatures, temperatures_a_step, progress,
           [&](std::size_t first, std::size_t last) {
             threads(reverse_shape.chains, [&](std::size_t begin, std::size_t end) {
               rbm::anneal_reverse(reverse, temperatures - last, temperatures - first, begin, end);
             });
           });
  found.reverse = rbm::reverse_log_partition(reverse);
}

}  // namespace

AnnealingData::AnnealingData(std::size_t visible, std::size_t rows, std::size_t most_starts)
    : rows_(rows), most_starts_(std::min(rows, most_starts)), counts_(visible) {}

void AnnealingData::add(rbm::ActiveUnits visible) {
  for (std::size_t n = 0; n < visible.count; ++n) ++counts_[visible.units[n]];
  if (starts_.size() < most_starts_ && seen_ == starts_.size() * rows_ / most_starts_)
    starts_.emplace_back(visible.units, visible.units + visible.count);
  ++seen_;
}

std::vector<float> AnnealingData::means() const {
  std::vector<float> means;
  means.reserve(counts_.size());
  for (const std::size_t count : counts_)
    means.push_back(static_cast<float>(static_cast<double>(count) / static_cast<double>(rows_)));
  return means;
}

bool is_enumerable(const Model& model) {
  return std::min(model.visible, model.hidden) <= rbm::most_enumerated_units;
}

float enumerate(const Model& model, platform::Threads& threads, platform::Progress& progress) {
  AlignedVector<unsigned char> memory(rbm::enumeration_bytes(model.visible, model.hidden));
  rbm::Enumeration enumeration(model.view(), {memory.data(), 0, memory.size()}, model.visible, model.hidden);
  in_steps("log Z", enumeration.parts, threads.count(), progress, [&](std::size_t first, std::size_t last) {
    threads(last - first, [&](std::size_t begin, std::size_t end) {
      rbm::enumerate(enumeration, first + begin, first + end);
    });
  });
  return rbm::log_partition(enumeration);
}

AnnealingOptions annealing_options(const Arguments& arguments) {
  AnnealingOptions options;
  options.chains = arguments[option::chains];
  options.temperatures = arguments[option::temperatures];
  options.seed = arguments[option::seed];
  options.beside_exact = arguments.given(option::temperatures);
  return options;
}

LogPartitions find_log_partitions(const AnnealingOptions& options, const Model& model,
                                  const AnnealingData& data, platform::Threads& threads,
                                  platform::Progress& progress) {
  LogPartitions found;
  if (is_enumerable(model)) found.exact = enumerate(model, threads, progress);
  if (options.temperatures > 0 && (!found.exact || options.beside_exact))
    anneal(options, threads, progress, model, data, found);
  return found;
}

Mean log_likelihood(Mean free_energy, Mean log_partition) {
  return {-free_energy.value - log_partition.value,
          std::hypot(free_energy.standard_error, log_partition.standard_error)};
}

}  // namespace tool
