#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/command_line/arguments.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/model.hpp"
#include "tools/training/checkpoint.hpp"

namespace tool {

/// What a training run needs to know beside its recipe; none of it changes a result, but stop_gap its end.
struct RunOptions {
  std::string data_name;           ///< as the user wrote it, for the command that goes on
  std::string out;                 ///< where the model goes; FILE.checkpoint is beside it
  std::string report;              ///< where the page goes; empty: nowhere
  std::string beside_recipe;       ///< the options that no checkpoint fixes, as a shell takes them
  std::uint64_t nats_every;        ///< epochs from one estimate of the log-likelihood to the next; 0: none
  std::optional<double> stop_gap;  ///< the free-energy gap that ends training early
  unsigned threads;                ///< 0: one for each core
  bool json;
  bool quiet;
};

/// Trains from the header's position to its last epoch, shows progress, writes a checkpoint after each epoch,
/// or some where they are short, and the model, and the page if there is one, at the end. `validation` may be
/// null. `checkpoint` is the file to go on from, or null. Throws platform::Interrupted, with a checkpoint
/// written, once the user asked to stop; Failure where training diverges or a file cannot be written.
void train_model(const Dataset& data, const Dataset* validation, Model& model, const TrainingState& header,
                 const RunOptions& options, const TensorFile* checkpoint, const std::string& checkpoint_name);

}  // namespace tool
