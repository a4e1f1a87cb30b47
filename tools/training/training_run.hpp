#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/desktop/interrupt.hpp"
#include "platform/desktop/terminal.hpp"
#include "tools/data/dataset.hpp"
#include "tools/inference/hidden_activity.hpp"
#include "tools/model/model.hpp"
#include "tools/training/checkpoint.hpp"
#include "tools/training/epoch_figures.hpp"
#include "tools/training/model_pictures.hpp"

namespace tool {

/// All that a training run reads.
struct TrainingInputs {
  Dataset data;
  std::optional<Dataset> validation;
  std::optional<Dataset> as_read;  ///< the data before outliers were bounded, where that is asked for
  TrainingState state;             ///< the recipe, and how far the run has come
  Model model;                     ///< at that position
  TensorFile checkpoint;           ///< what else the run goes on from
  std::string checkpoint_name;     ///< empty: from the start
};

/// How a run is done. No option changes a result, except that stop_gap may end training early.
struct RunOptions {
  std::string checkpoint;          ///< the file to write after epochs; empty: none
  std::uint64_t nats_every = 0;    ///< epochs from one estimate of the log-likelihood to the next; 0: none
  std::optional<double> stop_gap;  ///< the free-energy gap that ends training early
  bool with_pictures = false;      ///< whether to take pictures of the model at the end
  /// Called with the finished model before its pictures are taken: they take a while, in which a model that
  /// is not saved could be lost.
  std::function<void(const Model&)> save = [](const Model&) {};
  unsigned threads = 0;              ///< for training; 0: as many as are fastest
  platform::Ranks* ranks = nullptr;  ///< the processes that train the model together; null: this one alone

  /// For what measures the model afterwards; 0: as many as there are processors.
  unsigned threads_to_measure() const { return ranks != nullptr ? ranks->threads(threads) : threads; }
  bool json = false;         ///< whether to print a JSON object an epoch
  bool tells_epochs = true;  ///< whether a line an epoch is told beside the progress
};

/// What became of a run; of several ranks, the first one has all, and the others know how far it came.
struct TrainingResult {
  Model model;                 ///< with the recipe in its metadata
  std::uint64_t epochs_done;   ///< over all, those before the checkpoint included
  bool stopped_early = false;  ///< by RunOptions::stop_gap
  double seconds = 0;
  std::vector<EpochFigures> history;  ///< of each epoch
  HiddenActivity activity{0, 0};      ///< of the model, on up to 1,000 training examples
  ModelPictures pictures;
};

/// The user asked to stop a run; its checkpoint is written.
struct TrainingInterrupted : platform::Interrupted {
  std::uint64_t epochs_done;
};

/// Trains from the state's position to its last epoch, shows progress, and writes a checkpoint after each
/// epoch, or some where they are short. Throws TrainingInterrupted where the user interrupts, or Failure if
/// there is no checkpoint to write; Failure where training diverges or the checkpoint cannot be written.
/// Takes the model and the checkpoint out of `inputs`, so that they are not in memory twice.
TrainingResult train_model(TrainingInputs& inputs, const RunOptions& options, platform::Progress& progress);

}  // namespace tool
