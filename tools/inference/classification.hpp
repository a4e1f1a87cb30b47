#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/inference/inference.hpp"

namespace tool {

/// What a model with labels makes of examples.
struct Classification {
  std::size_t labels = 0;
  std::vector<float> probabilities;      ///< p(y | v) [examples][labels]; of a header the device's
  std::vector<float> log_probabilities;  ///< log p(y | v) [examples][labels], nats
  std::vector<double> free_energy;       ///< F(v) [examples], nats, with the labels summed out

  /// Room for `rows` examples.
  Classification(std::size_t label_count, std::size_t rows);

  /// Takes the visible states `begin` up to `end`, which are the examples from first + begin on. Threads can
  /// share the states. Of a model without labels it takes nothing.
  void take(Inference& inference, std::size_t first, std::size_t begin, std::size_t end);

  /// Takes over what other ranks have taken.
  void exchange(const RankShares& shares);

  std::size_t examples() const { return free_energy.size(); }

  /// p(y | v) of all labels of example n.
  const float* of(std::size_t n) const { return probabilities.data() + n * labels; }

  /// The label of example n that is likeliest; of those that are equally likely the first.
  std::size_t likeliest(std::size_t n) const;
};

/// Whether a model learned how probable examples are, as all do but those that learned labels alone
/// (--label-weight 1): F(v) then says how unusual an example is.
bool learns_density(const Model& model);

/// F(v, y) = F(v) - log p(y | v) of the examples that have a label, in nats. `given` [examples] are labels,
/// or no_label.
std::vector<float> joint_free_energies(const Classification& said, const std::vector<std::int32_t>& given);

/// Classifies all examples; the model has labels.
Classification classify(const Model& model, const Examples& examples, const Workers& workers);

}  // namespace tool
