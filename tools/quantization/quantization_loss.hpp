#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "rbm/partition_ratio.hpp"
#include "tools/inference/inference.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/model/model.hpp"
#include "tools/output/report.hpp"

namespace tool {

/// What a change of a model costs.
struct QuantizationLoss {
  /// Nats an example: the mean of log p(v) in the original less log p(v) in the changed model.
  Mean lost;
  /// log Z of the changed model less that of the original; without a standard error (0) where it is exact.
  Mean log_partition_change;
  /// Chains that carry the estimate; where they are few, its standard error says too little. None where no
  /// chains were needed.
  std::optional<float> effective_chains;
};

/// How a Comparison goes about it. For a 784x500 model of MNIST of -85 nats the defaults take a core 15
/// seconds once, and 2 to 3 for each changed model. Standard errors over five seeds: 0.02 to 0.07 nats where
/// 8 bits have a scale for each hidden unit, 0.05 to 0.13 where one scale serves all, 0.2 where 4 bits lose
/// 30 nats. Of 400 chains 35 to 130 were effective. In the same time neither 250 chains over 10,000
/// temperatures nor 2,000 over 500 did better.
struct ComparisonOptions {
  std::size_t chains = 400;             ///< at least 2
  std::size_t temperatures = 6000;      ///< on the way to the original
  std::size_t more_temperatures = 300;  ///< on the way from there to a changed model
  std::uint64_t seed = 1;
};

/// A model beside changed ones of its shape (quantized, pruned), all in nats. What depends on the original
/// alone is done once.
///
///     AnnealingData data(model.visible, examples.data.rows, examples.data.rows);
///     draw_data(arguments, examples, data);
///     Comparison comparison(model, &data, options, threads, progress);
///     comparison.prepare();
///     comparison.measure(changed).lost
///
/// Throws platform::Interrupted once the user asked to stop.
class Comparison {
 public:
  /// `data`, all of whose states are kept, is what nats are lost on; if null, states that the original makes
  /// up, which makes the loss the Kullback-Leibler divergence of the changed model from the original. All
  /// arguments must outlive it.
  Comparison(const Model& original, const AnnealingData* data, const ComparisonOptions& options,
             platform::Threads& threads, platform::Progress& progress);
  Comparison(const Comparison&) = delete;
  Comparison& operator=(const Comparison&) = delete;

  /// Once, before measure().
  void prepare();

  /// What `changed` costs, a model of the same shape.
  QuantizationLoss measure(const Model& changed);

 private:
  bool exact() const;
  rbm::AnnealingShape shape() const;
  std::vector<float> free_energies(const Model& model);
  void anneal_to_original(const std::vector<float>& means, std::size_t examples, std::size_t temperatures,
                          std::uint64_t seed);
  QuantizationLoss anneal_on(const Model& changed);

  const Model& original_;
  const AnnealingData* data_;
  ComparisonOptions options_;
  platform::Threads& threads_;
  platform::Progress& progress_;
  std::vector<float> free_energies_;    // of the data in the original
  std::optional<float> log_partition_;  // of the original, where it is exact
  AlignedVector<unsigned char> memory_, ratio_memory_;
  std::optional<rbm::Annealing> annealing_;  // chains in the original
};

/// Draws the examples as rbm evaluate does, binary ones, into `data`. Takes option::threads and option::quiet
/// from the command line. Throws platform::Interrupted once the user asked to stop.
void draw_data(const Arguments& arguments, const Examples& examples, AnnealingData& data);

}  // namespace tool
