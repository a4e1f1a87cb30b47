#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "../rbm/trainer.hpp"
#include "model.hpp"
#include "safetensors.hpp"

namespace tool {

/// What decides the result of a training run, beside the data: all of it is in every checkpoint.
struct Recipe {
  std::size_t hidden = 500;
  std::size_t batch = 64;
  std::string optimizer = "adam";  ///< adam or sgd
  float rate = 0.005f;
  float momentum = 0.0f;  ///< of sgd
  float weight_decay = 0.0f;
  unsigned gibbs_steps = 1;
  std::string visible = "sampled";  ///< sampled, thresholded or real
  bool shuffle = false;             ///< a new order of the examples each epoch
  std::uint64_t seed = 1;
};

/// How far a run has come. Sums run over the present epoch's samples.
struct Position {
  std::uint64_t epoch = 0;  ///< epochs completed
  std::uint64_t batch = 0;  ///< batches completed in the present epoch
  double loss_sum = 0;
  double error_sum = 0;
};

/// What the metadata of a checkpoint say.
struct CheckpointHeader {
  Recipe recipe;
  Position position;
  std::uint64_t epochs = 10;        ///< epochs asked for
  float maximum = 0;                ///< value in the data that means intensity 1, 0 for the default
  std::uint64_t data_checksum = 0;  ///< of the training data
};

/// The kind of visible units of that name.
rbm::VisibleUnits visible_units(std::string_view name);

/// Writes the recipe and the epochs into a model's metadata, for people to read.
void describe(const CheckpointHeader& header, std::map<std::string, std::string>& metadata);

/// Writes the rest of what a checkpoint needs.
void describe_position(const CheckpointHeader& header, std::map<std::string, std::string>& metadata);

/// Reads both back; `name` is what messages call the file. Throws Failure where a field is missing or wrong.
CheckpointHeader read_header(const std::map<std::string, std::string>& metadata, const std::string& name);

/// Adds the optimizer's arrays and counters to the tensors of a checkpoint.
template <class Optimizer>
void add_state(const rbm::Trainer<Optimizer>& trainer, TensorFile& file);

/// Restores what add_state wrote, and the step; the trainer's model has been read from the same file.
template <class Optimizer>
void restore_state(rbm::Trainer<Optimizer>& trainer, const TensorFile& file, const std::string& name);

}  // namespace tool
