#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rbm/trainer.hpp"
#include "tools/model/model.hpp"
#include "tools/model/safetensors.hpp"
#include "tools/training/epoch_figures.hpp"
#include "tools/training/recipe.hpp"

namespace tool {

namespace training {
/// The most epochs that a run can be asked for.
inline constexpr std::uint64_t most_epochs = 1000000000;
}  // namespace training

/// How far a run has come. Sums run over the present epoch's samples.
struct Position {
  std::uint64_t epoch = 0;  ///< epochs completed
  std::uint64_t batch = 0;  ///< batches completed in the present epoch
  double loss_sum = 0;
  double error_sum = 0;
  std::uint64_t labelled = 0;  ///< samples of the present epoch that have labels
  double label_loss_sum = 0;   ///< over these
  double label_error_sum = 0;  ///< likewise
  std::uint64_t averaged = 0;  ///< models in the mean so far
};

/// What the metadata of a checkpoint say.
struct TrainingState {
  Recipe recipe;
  Position position;
  std::uint64_t epochs = 10;        ///< epochs asked for
  std::uint64_t data_checksum = 0;  ///< of the training data
};

/// Whether a checkpoint has a tensor of this name: the model's parameters, or what it needs to go on.
bool is_of_checkpoint(std::string_view tensor);

/// Whether it is as large as the weights. Of several ranks, the first one alone needs the values.
bool is_as_large_as_weights(std::string_view tensor);

/// Writes the recipe and the epochs into a model's metadata, for people to read.
void describe(const TrainingState& state, std::map<std::string, std::string>& metadata);

/// Writes the rest of what a checkpoint needs.
void describe_position(const TrainingState& state, std::map<std::string, std::string>& metadata);

/// Reads both back; `name` is what messages call the file. Throws Failure where a field is missing or wrong.
TrainingState read_training_state(const std::map<std::string, std::string>& metadata,
                                  const std::string& name);

/// Rounds figures to what a checkpoint keeps of them, so that a resumed run shows and decides the same.
void round_as_kept(EpochFigures& figures);

/// Adds the mean of models so far, if there is one yet, which must outlive the file; and what was measured
/// after each epoch.
void add_mean(const Model& mean, const Position& position, TensorFile& file);
void add_history(const TrainingState& state, const std::vector<EpochFigures>& history, TensorFile& file);

/// Restores them.
void restore_mean(Model& mean, const Position& position, const TensorFile& file, const std::string& name);
std::vector<EpochFigures> restore_history(const TrainingState& state, const TensorFile& file,
                                          const std::string& name);

/// Adds the optimizer's array `slot` for the weights, [visible][hidden], of which `source` has the values
/// when the file is written.
void add_weight_slot(std::size_t slot, std::size_t visible, std::size_t hidden,
                     const std::function<void(const FloatSink&)>& source, TensorFile& file);

/// The same tensor of a file that was read.
const Tensor& weight_slot(const TensorFile& file, std::size_t slot, std::size_t visible, std::size_t hidden,
                          const std::string& name);

/// Adds what a trainer knows beside all that: the optimizer's arrays for biases and scales, and its counters,
/// the chains, the means that gradients are centred on and that sparsity looks at.
template <class Optimizer>
void add_trainer(const rbm::Trainer<Optimizer>& trainer, TensorFile& file);

/// Restores what add_trainer wrote, and the step; the trainer's model has been read from the same file.
template <class Optimizer>
void restore_trainer(rbm::Trainer<Optimizer>& trainer, const TensorFile& file, const std::string& name);

}  // namespace tool
