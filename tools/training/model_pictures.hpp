#pragma once

#include <string>
#include <vector>

#include "tools/model/model.hpp"
#include "tools/training/monitor.hpp"

namespace tool {

/// What a trained model does, for people to look at. What is empty is not shown.
struct ModelPictures {
  std::vector<float> activities;       ///< [hidden]: means of p(h = 1 | v); train_model() sets them
  std::vector<float> samples;          ///< [chains][units]: p(v = 1 | h) at the end of Gibbs chains
  std::string samples_caption;         ///< what the chains are
  std::vector<float> originals;        ///< [pairs][units]
  std::vector<float> reconstructions;  ///< [pairs][units]
};

/// `persistent_chains`, [chains][units], are where the chains of training ended; if there are none, samples
/// come from chains that begin at training examples.
ModelPictures take_pictures(const Model& model, const Monitor& monitor, std::vector<float> persistent_chains,
                            platform::Threads& threads);

}  // namespace tool
