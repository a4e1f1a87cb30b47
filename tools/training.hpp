#pragma once

#include <string>

#include "arguments.hpp"
#include "checkpoint.hpp"
#include "dataset.hpp"
#include "model.hpp"

namespace tool {

/// What a training run needs to know beside its recipe; none of it changes a result.
struct RunOptions {
  std::string data_name;  ///< as the user wrote it, for the command that goes on
  std::string out;        ///< where the model goes; FILE.checkpoint is beside it
  unsigned threads;       ///< 0: one for each core
  bool json;
  bool quiet;
};

/// Trains from the header's position to its last epoch, shows progress, writes a checkpoint after each epoch
/// and the model at the end. `checkpoint` is the file to go on from, or null. Returns Status::interrupted,
/// with a checkpoint written, where the user interrupts. Throws Failure where training diverges or a file
/// cannot be written.
Status train_model(const Dataset& data, Model& model, const CheckpointHeader& header,
                   const RunOptions& options, const TensorFile* checkpoint,
                   const std::string& checkpoint_name);

}  // namespace tool
