#include "tools/training/label_weights.hpp"

#include <algorithm>
#include <numeric>

#include "rbm/math.hpp"

namespace tool {
namespace {

std::size_t total(const std::vector<std::size_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

}  // namespace

std::vector<float> balanced_weights(const std::vector<std::size_t>& counts) {
  std::vector<float> weights;
  weights.reserve(counts.size());
  for (const std::size_t count : counts)
    weights.push_back(
        count == 0 ? 0.0f
                   : static_cast<float>(static_cast<double>(total(counts)) /
                                        (static_cast<double>(counts.size()) * static_cast<double>(count))));
  return weights;
}

std::vector<float> label_biases(const std::vector<std::size_t>& counts, bool balanced) {
  std::vector<float> biases(counts.size());
  const double all = static_cast<double>(total(counts) + counts.size());
  for (std::size_t y = 0; y < counts.size() && !balanced; ++y)
    biases[y] = rbm::log(static_cast<float>(static_cast<double>(counts[y] + 1) / all));
  return biases;
}

std::vector<std::size_t> labelled_rows(const Dataset& data) {
  std::vector<std::size_t> rows;
  for (std::size_t n = 0; n < data.classes.size(); ++n)
    if (data.classes[n] != no_label) rows.push_back(n);
  return rows;
}

}  // namespace tool
