#include "tools/inference/classification.hpp"

#include <algorithm>

namespace tool {

std::size_t Classification::likeliest(std::size_t n) const {
  // Logarithms tell apart what the device rounds to equal probabilities.
  const float* const logarithms = log_probabilities.data() + n * labels;
  return static_cast<std::size_t>(std::max_element(logarithms, logarithms + labels) - logarithms);
}

bool learns_density(const Model& model) {
  return model.labels() == 0 || model.meaning.label_weight != "1";
}

Classification::Classification(std::size_t label_count, std::size_t rows)
    : labels(label_count),
      probabilities(rows * labels),
      log_probabilities(rows * labels),
      free_energy(labels > 0 ? rows : 0) {}

void Classification::take(Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
  for (std::size_t n = begin; labels > 0 && n < end; ++n) {
    const std::size_t place = (first + n) * labels;
    std::copy_n(inference.label_probabilities(n).data, labels, &probabilities[place]);
    std::copy_n(inference.label_log_probabilities(n).data, labels, &log_probabilities[place]);
    free_energy[first + n] = static_cast<double>(inference.free_energy(n));
  }
}

void Classification::exchange(const RankShares& shares) {
  if (labels == 0) return;
  shares.exchange(probabilities.data(), labels);
  shares.exchange(log_probabilities.data(), labels);
  shares.exchange(free_energy.data());
}

std::vector<float> joint_free_energies(const Classification& said, const std::vector<std::int32_t>& given) {
  std::vector<float> energies;
  for (std::size_t n = 0; n < given.size(); ++n)
    if (given[n] != no_label)
      energies.push_back(static_cast<float>(said.free_energy[n]) -
                         said.log_probabilities[n * said.labels + static_cast<std::size_t>(given[n])]);
  return energies;
}

Classification classify(const Model& model, const Examples& examples, const Workers& workers) {
  Classification found(model.labels(), examples.data.rows);
  run_over(
      model, examples, examples.data.rows, workers,
      [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
        found.take(inference, first, begin, end);
      },
      [](Inference&, std::size_t, std::size_t) {});
  return found;
}

}  // namespace tool
