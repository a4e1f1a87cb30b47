#include "tools/training/model_pictures.hpp"

#include <utility>

#include "tools/base/text.hpp"

namespace tool {

ModelPictures take_pictures(const Model& model, const Monitor& monitor, std::vector<float> persistent_chains,
                            platform::Threads& threads) {
  constexpr std::size_t pairs = 32, chains = 64, steps = 1000;
  ModelPictures pictures;
  auto [originals, reconstructions] = monitor.pairs(model, pairs, threads);
  pictures.originals = std::move(originals);
  pictures.reconstructions = std::move(reconstructions);
  // Of readings, chains hold means given the hidden units alone, without noise and factors.
  if (!persistent_chains.empty() && !model.has_readings()) {
    pictures.samples = std::move(persistent_chains);
    pictures.samples_caption = "Where " +
                               counted(pictures.samples.size() / model.units(), "persistent chain") +
                               " are at the end: p(v = 1 | h), what the model makes up by itself.";
  } else {
    pictures.samples = monitor.samples(model, chains, steps, threads);
    pictures.samples_caption = "p(v = 1 | h) at the end of " + std::to_string(chains) + " chains, " +
                               grouped(steps) +
                               " Gibbs steps from training examples: what the model makes up.";
  }
  return pictures;
}

}  // namespace tool
