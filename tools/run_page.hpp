#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "model.hpp"
#include "page.hpp"

namespace tool {

/// What was measured after an epoch; what was not is NaN, and lines go on across it.
struct EpochFigures {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  std::size_t epoch = 0;               ///< how many were done; 0 is before training
  double loss = none;                  ///< the mean of F(v0) - F(vk), nats
  double reconstruction_error = none;  ///< the mean square for each visible unit
  double validation_reconstruction_error = none;
  double free_energy_gap = none;    ///< mean F of validation less that of training data, nats
  double pseudo_likelihood = none;  ///< nats an example
  double validation_pseudo_likelihood = none;
  double log_likelihood = none;  ///< nats an example
  double validation_log_likelihood = none;
};

/// A run of `rbm train`, as its page shows it. What is empty or NaN is left out.
struct TrainingRun {
  std::string title;  ///< such as the model file's name
  std::string data_name;
  std::size_t examples = 0;
  std::size_t validation_examples = 0;
  const Model* model = nullptr;  ///< for sizes, weights and filters
  std::vector<EpochFigures> epochs;
  std::string log_likelihood_method;   ///< "exact"; "annealed importance sampling, ± 0.04"
  std::vector<float> activities;       ///< [hidden]: p(h = 1 | v), the mean over the training data
  std::vector<float> samples;          ///< [chains][visible]: p(v = 1 | h) of as many as are to be seen
  std::string samples_caption;         ///< what the chains are
  std::vector<float> originals;        ///< [pairs][visible]
  std::vector<float> reconstructions;  ///< [pairs][visible]
  Report options;                      ///< each option and its value
  std::string command;                 ///< what a shell repeats the run with
};

/// The page of a run, with words that say how to read each of its parts.
Page page_of(const TrainingRun& run);

}  // namespace tool
