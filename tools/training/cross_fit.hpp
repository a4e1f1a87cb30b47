#pragma once

#include <vector>

#include "tools/training/training_run.hpp"

namespace tool {

/// Scores, F(v) in nats, of all training examples as of ones that the trained model has not learned: each
/// quarter in turn is scored by a model that learned from the others by the same recipe. Limits follow from
/// them that need no examples beside those that the model learns from.
///
/// Windows of a recording fall into quarters in the order of time, and what shares rows with a quarter is
/// left out where it is not learned; of rows every fourth is in a quarter. A model's free energy is -log p
/// but for a constant of its own, and a model that came out worse spreads its scores more: those of each
/// quarter are moved and stretched so that, of the examples that both models have learned, the median and the
/// score that a tenth exceed are the trained model's.
///
/// `data` are the training examples as they were read, before outliers were bounded. Throws what
/// train_model() throws.
std::vector<double> held_out_scores(const TrainingInputs& inputs, const Dataset& data, const Model& trained,
                                    unsigned threads, platform::Progress& progress);

}  // namespace tool
