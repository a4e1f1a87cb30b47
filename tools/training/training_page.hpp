#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/model/model.hpp"
#include "tools/output/page.hpp"
#include "tools/output/report.hpp"
#include "tools/training/epoch_figures.hpp"
#include "tools/training/label_report.hpp"
#include "tools/training/model_pictures.hpp"

namespace tool {

/// A run of `rbm train`, as its page shows it. What is empty or NaN is left out.
struct TrainingPage {
  std::string title;  ///< such as the model file's name
  std::string data_name;
  std::size_t examples = 0;
  std::size_t validation_examples = 0;
  const Model* model = nullptr;  ///< for sizes, weights and filters
  std::vector<EpochFigures> epochs;
  std::string log_likelihood_method;  ///< "exact"; "annealed importance sampling, ± 0.04"
  ModelPictures pictures;
  const LabelReport* labels = nullptr;  ///< of a model that has labels
  Report options;                       ///< each option and its value
  std::string command;                  ///< what a shell repeats the run with
};

/// The page of a run, with words that say how to read each of its parts.
Page make_page(const TrainingPage& run);

}  // namespace tool
