#pragma once

#include <cstddef>
#include <vector>

#include "tools/inference/inference.hpp"

namespace tool {

/// How a model fares on examples: figures of each.
struct Scores {
  std::vector<float> free_energy;           ///< F(v), nats
  std::vector<float> reconstruction_error;  ///< (v - p(v = 1 | h))^2, h drawn: the mean over visible units
  std::vector<float> pseudo_likelihood;     ///< an unbiased estimate, nats; empty unless states are binary

  /// Room for the scores of `rows` examples.
  Scores(std::size_t rows, rbm::VisibleUnits kind);

  /// Scores the visible states `begin` up to `end`, which are the examples from first + begin on. Threads can
  /// share the states. Leaves reconstructions in the states.
  void measure(Inference& inference, std::size_t first, std::size_t begin, std::size_t end);

  /// Takes over the scores of the examples that other ranks have measured.
  void exchange(const RankShares& examples);
};

/// F(v) of each example, in nats.
std::vector<double> free_energies(const Model& model, const Examples& examples, const Workers& workers);

}  // namespace tool
