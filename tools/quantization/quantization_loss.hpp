#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "rbm/partition_ratio.hpp"
#include "tools/base/statistics.hpp"
#include "tools/base/workers.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// What a change of a model loses.
struct QuantizationLoss {
  /// Nats an example: the mean of log p(v) in the original model less log p(v) in the changed one.
  Mean lost;
  /// log Z of the changed model less that of the original; without a standard error (0) where it is exact.
  Mean log_partition_change;
  /// How many chains carry the estimate: where they are few, the standard errors are too small. None where no
  /// chain was needed.
  std::optional<float> effective_chains;
};

/// How the loss is estimated. For a 784x500 model of MNIST of -85 nats the defaults take a core 15 seconds
/// once, and 2 to 3 for each changed model. Standard errors over five seeds: 0.02 to 0.07 nats where 8 bits
/// have a scale for each hidden unit, 0.05 to 0.13 where one scale serves all, 0.2 where 4 bits lose 30 nats.
/// Of 400 chains 35 to 130 were effective. In the same time neither 250 chains over 10,000 temperatures nor
/// 2,000 over 500 did better.
struct LossOptions {
  std::size_t chains = 400;             ///< at least 2
  std::size_t temperatures = 6000;      ///< on the way to the original
  std::size_t more_temperatures = 300;  ///< on the way from there to a changed model
  std::uint64_t seed = 1;
};

/// Estimates what changed models of one shape (quantized, pruned) lose against the original, in nats.
class LossEstimator {
 public:
  /// Does at once what depends on the original alone. `data`, which must keep all states, is what nats are
  /// lost on. If it is null, states that the original makes up take its place: the loss is then the
  /// Kullback-Leibler divergence of the changed model from the original. All arguments must outlive it.
  LossEstimator(const Model& original, const AnnealingData* data, const LossOptions& options,
                const Workers& workers);
  LossEstimator(const LossEstimator&) = delete;
  LossEstimator& operator=(const LossEstimator&) = delete;

  /// What `changed` loses, a model of the same shape.
  QuantizationLoss measure(const Model& changed);

 private:
  bool exact() const;
  rbm::AnnealingShape shape() const;
  std::vector<float> free_energies(const Model& model);
  void anneal_to_original();
  void anneal_to_original(const std::vector<float>& means, std::size_t examples, std::size_t temperatures,
                          std::uint64_t seed);
  QuantizationLoss anneal_to_changed(const Model& changed);

  const Model& original_;
  const AnnealingData* data_;
  const LossOptions options_;
  const Workers workers_;
  std::vector<float> free_energies_;    // of the data in the original
  std::optional<float> log_partition_;  // of the original, where it is exact
  AlignedVector<unsigned char> memory_, ratio_memory_;
  std::optional<rbm::Annealing> annealing_;  // chains in the original
};

}  // namespace tool
