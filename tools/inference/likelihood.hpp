#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rbm/annealing.hpp"
#include "tools/inference/inference.hpp"
#include "tools/output/report.hpp"

namespace tool {

namespace option {
inline constexpr Whole chains{
    "chains", "N", 100, {2, 65535}, "chains for annealing; the standard error falls with their root"};
inline constexpr Whole temperatures{"temperatures",
                                    "N",
                                    10000,
                                    {0, 100000000},
                                    "temperatures for annealing, for which the time is proportional; more "
                                    "bring its two estimates together. 0 "
                                    "leaves it out; if given, it is done beside the exact log Z too",
                                    "10000, 0 where log Z is exact"};
}  // namespace option

/// Calls step(first, last) for ranges that cover [0, count), at most `size` long. Throws
/// platform::Interrupted once the user asked to stop, as all functions here do that use it.
template <class Step>
void in_steps(const std::string& what, std::size_t count, std::size_t size, platform::Progress& progress,
              const Step& step) {
  for (std::size_t first = 0; first < count; first += size) {
    platform::stop_if_interrupted();
    const std::size_t last = std::min(count, first + size);
    step(first, last);
    if (progress.due())
      progress.update(static_cast<double>(last) / static_cast<double>(count),
                      what + " " + grouped(last) + "/" + grouped(count), "");
  }
}

/// What annealing takes from binary data: how often each visible unit is on, and states to return from.
class AnnealingData {
 public:
  /// Of `rows` examples, at most `most_starts`, evenly spread, become states to return from.
  AnnealingData(std::size_t visible, std::size_t rows, std::size_t most_starts);

  /// Examples come in their order.
  void add(rbm::ActiveUnits visible);

  std::size_t rows() const { return rows_; }
  const std::vector<std::vector<rbm::Unit>>& starts() const { return starts_; }

  /// The mean of each visible unit, once all examples are there.
  std::vector<float> means() const;

 private:
  std::size_t rows_, most_starts_, seen_ = 0;
  std::vector<std::size_t> counts_;  // [visible]
  std::vector<std::vector<rbm::Unit>> starts_;
};

/// log Z of a model, in the ways that apply to it.
struct LogPartitions {
  std::optional<float> exact;
  std::optional<rbm::LogPartition> annealed, reverse;
};

/// Whether log Z can be had exactly.
bool is_enumerable(const Model& model);

/// log Z of such a model.
float enumerate(const Model& model, platform::Threads& threads, platform::Progress& progress);

/// How annealing goes about it.
struct AnnealingOptions {
  std::size_t chains = 100;
  std::size_t temperatures = 10000;  ///< 0: no annealing
  std::uint64_t seed = 1;
  bool beside_exact = false;  ///< also where log Z is exact
  bool in_reverse = true;     ///< from data as well
};

/// What option::chains, option::temperatures and option::seed of a command line ask for.
AnnealingOptions annealing_options(const Arguments& arguments);

/// log Z: exact where the smaller layer allows it, else annealed.
LogPartitions find_log_partitions(const AnnealingOptions& options, const Model& model,
                                  const AnnealingData& data, platform::Threads& threads,
                                  platform::Progress& progress);

/// The mean log-likelihood of data with this mean free energy, the standard errors of both combined.
Mean log_likelihood(Mean free_energy, Mean log_partition);

}  // namespace tool
