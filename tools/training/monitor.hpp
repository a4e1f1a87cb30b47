#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/desktop/terminal.hpp"
#include "platform/desktop/threads.hpp"
#include "rbm/gibbs.hpp"
#include "tools/data/dataset.hpp"
#include "tools/inference/hidden_activity.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/model.hpp"
#include "tools/training/epoch_figures.hpp"

namespace tool {

/// How the latest log-likelihood was found, and with what standard error of log Z; empty if none was.
std::string likelihood_method(const std::vector<EpochFigures>& epochs);

/// A look at a model in training: the same examples and the same draws each time, so that only the model
/// changes the figures. Its draws are apart from those of training: looking never changes a run.
class Monitor {
 public:
  /// Takes up to 1,000 examples of each, evenly spread. `validation` may be null.
  Monitor(const Dataset& training, const Dataset* validation, rbm::VisibleUnits kind, std::uint64_t seed);

  /// Measures reconstruction errors, pseudo-likelihoods and the free-energy gap.
  void measure(const Model& model, platform::Threads& threads, EpochFigures& figures) const;

  /// Measures how well labels of validation are told, of a model that has labels, with examples shown as
  /// `shown`; nothing where validation has none.
  void measure_labels(const Model& model, rbm::VisibleUnits shown, platform::Threads& threads,
                      EpochFigures& figures) const;

  /// Estimates log-likelihoods too, by the exact log Z where a layer is small, else by 100 annealed chains
  /// and 1,000 temperatures. Not of real-valued states, which have none. Throws platform::Interrupted
  /// once the user asked to stop.
  void estimate_likelihood(const Model& model, platform::Threads& threads, platform::Progress& progress,
                           EpochFigures& figures) const;

  /// p(h = 1 | v) of each hidden unit over the training examples.
  HiddenActivity activity(const Model& model, platform::Threads& threads) const;

  /// The examples to show reconstructions of, those of validation where there are any, and p(v = 1 | h).
  struct Pairs {
    std::vector<float> originals, reconstructions;  ///< [pairs][units]
  };
  Pairs pairs(const Model& model, std::size_t most, platform::Threads& threads) const;

  /// p(v = 1 | h) at the end of `chains` chains of `steps` Gibbs steps, which begin at training examples. The
  /// chains are binary; [chains][units].
  std::vector<float> samples(const Model& model, std::size_t chains, std::size_t steps,
                             platform::Threads& threads) const;

 private:
  Examples training_;
  std::optional<Examples> validation_;
};

}  // namespace tool
