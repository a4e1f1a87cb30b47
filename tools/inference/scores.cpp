#include "tools/inference/scores.hpp"

namespace tool {

Scores::Scores(std::size_t rows, rbm::VisibleUnits kind)
    : free_energy(rows), reconstruction_error(rows), pseudo_likelihood(has_binary_states(kind) ? rows : 0) {}

void Scores::measure(Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
  inference.hidden_inputs(begin, end);
  for (std::size_t n = begin; n < end; ++n) {
    free_energy[first + n] = inference.free_energy(n);
    if (!pseudo_likelihood.empty()) pseudo_likelihood[first + n] = inference.draw_pseudo_likelihood(n);
  }
  inference.hidden_probabilities(begin, end);
  inference.reconstruct(begin, end);
  for (std::size_t n = begin; n < end; ++n)
    reconstruction_error[first + n] = inference.reconstruction_error(n);
}

void Scores::exchange(const RankShares& examples) {
  examples.exchange(free_energy.data());
  examples.exchange(reconstruction_error.data());
  if (!pseudo_likelihood.empty()) examples.exchange(pseudo_likelihood.data());
}

std::vector<double> free_energies(const Model& model, const Examples& examples, const Workers& workers) {
  std::vector<double> found(examples.data.rows);
  run_over(
      model, examples, found.size(), workers,
      [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
        inference.hidden_inputs(begin, end);
        for (std::size_t n = begin; n < end; ++n)
          found[first + n] = static_cast<double>(inference.free_energy(n));
      },
      [](Inference&, std::size_t, std::size_t) {});
  return found;
}

}  // namespace tool
