#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "rbm/annealing.hpp"
#include "tools/base/statistics.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// What annealing takes from data: how often each binary unit is on, what readings are on average, and states
/// to anneal back from.
class AnnealingData {
 public:
  /// A state of the data.
  struct State {
    std::vector<rbm::Unit> units;
    std::vector<float> factors;  ///< empty where the state is binary

    operator rbm::ActiveUnits() const {
      return {units.data(), factors.empty() ? nullptr : factors.data(), units.size()};
    }
  };

  /// At most `most_starts` of `rows` examples, evenly spread, become states to anneal back from. `ranks`, or
  /// null, share the examples. The model must outlive the object.
  AnnealingData(const Model& model, std::size_t rows, std::size_t most_starts,
                platform::Ranks* ranks = nullptr);

  /// The examples that this rank adds.
  const RankShares& examples() const { return examples_; }

  /// Adds the next of these.
  void add(rbm::ActiveUnits visible);

  /// Takes over what the others have added, once all examples are.
  void exchange() { blocks_.exchange(sums_.data(), model_->visible); }

  std::size_t rows() const { return rows_; }

  /// The states of this rank, as start_shares() says.
  const std::vector<State>& starts() const { return starts_; }
  RankShares start_shares() const;

  /// The mean of each visible unit, once all examples are added; of a real unit that of its readings.
  std::vector<float> means() const;

 private:
  // The first state to anneal back from that is row `row` or a later one.
  std::size_t first_start(std::size_t row) const;

  const Model* model_;
  platform::Ranks* ranks_;
  std::size_t rows_, most_starts_;
  std::size_t block_;  // examples whose sum is one rank's, so that ranks change no bit
  RankShares blocks_, examples_;
  std::size_t seen_, next_start_;
  std::vector<double> sums_;  // [blocks][visible] of states
  std::vector<State> starts_;
};

/// Draws all examples once, as `rbm evaluate` does; they must become binary states, or be readings.
AnnealingData draw_annealing_data(const Model& model, const Examples& examples, std::size_t most_starts,
                                  const Workers& workers);

/// An estimate of log Z as a figure.
Mean to_mean(const rbm::Estimate& estimate);

/// log Z of a model, as each way that applies to the model gives it.
struct LogPartitions {
  std::optional<float> exact;
  std::optional<rbm::Estimate> annealed, reverse;
};

/// The units over whose states log Z is summed: those of the smaller layer, or the hidden ones where visible
/// units are not all binary.
std::size_t enumerated_units(const Model& model);

/// Whether these are few enough for log Z to be computed exactly.
bool is_enumerable(const Model& model);

/// log Z of such a model.
float enumerate(const Model& model, const Workers& workers);

struct AnnealingOptions {
  std::size_t chains = 100;
  std::size_t temperatures = 10000;  ///< 0: no annealing
  std::uint64_t seed = 1;
  bool beside_exact = false;  ///< anneal also where log Z is exact
  bool in_reverse = true;     ///< anneal from the data back too
};

/// log Z: exact where the smaller layer allows it, else annealed.
LogPartitions find_log_partitions(const Model& model, const AnnealingData& data,
                                  const AnnealingOptions& options, const Workers& workers);

/// The mean log-likelihood of data with this mean free energy, in nats; its standard error combines both.
Mean log_likelihood(Mean free_energy, Mean log_partition);

}  // namespace tool
