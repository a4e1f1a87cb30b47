#pragma once

#include "tools/command_line/arguments.hpp"
#include "tools/training/training_run.hpp"

namespace tool {

/// Reads the data of `rbm train` and those of its validation, as its options, or the model that it goes on
/// from, say: cut into windows, odd rows left out, some held out. Throws Misuse where options contradict the
/// data, Failure where a file cannot be used.
void read_training_data(const Arguments& arguments, TrainingInputs& inputs);

}  // namespace tool
