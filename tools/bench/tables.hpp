/// The tables of build/bench, one function each. `quick` runs the same on sizes too small to measure
/// anything, to see that it works.
#pragma once

#include <string>
#include <vector>

namespace bench {

/// A training step by phase, beside the least that it could take.
void print_phases(bool quick);
/// Time a sample as each size grows.
void print_scaling(bool quick);
/// One training shared by more threads, beside as many trainings that have nothing in common.
void print_threads(bool quick);
/// Features and reconstructions beside the forward part of a training step.
void print_inference(bool quick);
/// The peak memory of `command` train, which is `rbm`, and the time of its other commands as a whole.
void print_commands(const std::string& command, bool quick);

/// Trains epochs when told to, for scripts that compare: for each number N that comes in on standard input,
/// N epochs, answered by a line `SECONDS LOSS`, both the mean of an epoch. Words are KEY=VALUE.
void serve_training(const std::vector<std::string>& words);
/// One line with the parts of a step (training.hpp). The words are those of training.
void serve_step(const std::vector<std::string>& words);
/// The three products of CD-1 alike: for each line that comes in, `UP DOWN GRADIENT` in seconds.
void serve_products(const std::vector<std::string>& words);

}  // namespace bench
