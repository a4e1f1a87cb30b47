#pragma once

#include "tools/command_line/arguments.hpp"
#include "tools/training/training_run.hpp"

namespace tool {

/// Reads all that the command line of `rbm train` names, and the recipe that it asks for. Throws Misuse where
/// options contradict each other, Failure where a file cannot be used or does not fit another.
TrainingInputs open_training_inputs(const Arguments& arguments);

}  // namespace tool
