#pragma once

#include "tools/command_line/arguments.hpp"
#include "tools/training/training_run.hpp"

namespace tool {

/// Reads all that the command line of `rbm train` names, and the recipe that it asks for. Throws Misuse where
/// options contradict each other, Failure where a file cannot be used or does not fit another. Without
/// weights, where another rank has them, model and checkpoint lack the values that is_as_large_as_weights().
TrainingInputs open_training_inputs(const Arguments& arguments, bool with_weights = true);

}  // namespace tool
