#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/inference/label_figures.hpp"
#include "tools/output/page.hpp"
#include "tools/training/training_run.hpp"

namespace tool {

/// How well a trained model tells labels apart: of the examples of validation where they have labels, else of
/// those that it learned from.
struct LabelReport {
  LabelFigures figures;
  bool is_of_validation = false;
  std::vector<std::size_t> learned{};  ///< training examples of each label [labels]
  std::size_t unlabelled = 0;          ///< training examples without one
  std::vector<float> weights{};        ///< what an example of each label counts [labels]; empty: 1
  std::vector<float> mistakes{};       ///< the first of figures.mistakes, [mistakes shown][units]
  std::vector<float> means{};  ///< the mean example of each label, of those learned from [labels][units]
};

/// "labels: rest 40, run 24, walk 16, without one 3": how many examples have each.
std::string labels_text(const Dataset& data);

/// Classifies them all.
LabelReport label_report(const TrainingInputs& inputs, const Model& model, const Workers& workers);

/// "accuracy 91.3 % +- 1.6, of 297 held out".
std::string to_text(const LabelReport& report);

/// What a page says of it: figures, the table of confusions, whether probabilities are what they say, and the
/// examples that the model gets wrong, as pictures or as curves.
std::vector<Figure> label_summary(const LabelReport& report);
std::vector<Section> label_sections(const Model& model, const LabelReport& report);

}  // namespace tool
