#include "tools/inference/label_figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tools/data/dataset.hpp"

namespace tool {
namespace {

// The bin that a probability falls in.
std::size_t bin_of(float probability, std::size_t bins) {
  const auto place = static_cast<std::size_t>(probability * static_cast<float>(bins));
  return std::min(place, bins - 1);
}

// Turns sums over the examples of a bin into means.
void finish_bins(LabelFigures& figures) {
  const auto count = static_cast<double>(figures.bins.size());
  for (std::size_t n = 0; n < figures.bins.size(); ++n) {
    LabelFigures::Bin& bin = figures.bins[n];
    bin.from = static_cast<double>(n) / count;
    bin.to = static_cast<double>(n + 1) / count;
    if (bin.examples == 0) continue;
    figures.calibration_error +=
        std::fabs(bin.probability - bin.right) / static_cast<double>(figures.examples);
    bin.probability /= static_cast<double>(bin.examples);
    bin.right /= static_cast<double>(bin.examples);
  }
}

}  // namespace

std::size_t LabelFigures::given(std::size_t label) const {
  const auto row = counts.begin() + static_cast<std::ptrdiff_t>(label * labels);
  return std::accumulate(row, row + static_cast<std::ptrdiff_t>(labels), std::size_t{0});
}

double LabelFigures::recall(std::size_t label) const {
  const std::size_t all = given(label);
  return all == 0 ? 0 : static_cast<double>(count(label, label)) / static_cast<double>(all);
}

std::vector<LabelFigures::Confusion> LabelFigures::confusions() const {
  std::vector<Confusion> found;
  for (std::size_t y = 0; y < labels; ++y)
    for (std::size_t said = 0; said < labels; ++said)
      if (y != said && count(y, said) > 0) found.push_back({y, said, count(y, said)});
  std::stable_sort(found.begin(), found.end(),
                   [](const Confusion& a, const Confusion& b) { return a.count > b.count; });
  return found;
}

LabelFigures label_figures(const Classification& said, const std::vector<std::int32_t>& given) {
  LabelFigures figures;
  figures.labels = said.labels;
  figures.counts.resize(said.labels * said.labels);
  std::vector<float> right, losses;
  for (std::size_t n = 0; n < given.size(); ++n) {
    if (given[n] == no_label) continue;
    const auto y = static_cast<std::size_t>(given[n]);
    const std::size_t likeliest = said.likeliest(n);
    const float probability = said.of(n)[likeliest];
    ++figures.counts[y * said.labels + likeliest];
    right.push_back(y == likeliest ? 1.0f : 0.0f);
    losses.push_back(-said.log_probabilities[n * said.labels + y]);
    LabelFigures::Bin& bin = figures.bins[bin_of(probability, figures.bins.size())];
    ++bin.examples;
    bin.probability += static_cast<double>(probability);
    bin.right += y == likeliest;
    figures.right += y == likeliest;
    if (y != likeliest) figures.mistakes.push_back({n, y, likeliest, probability});
  }
  figures.examples = right.size();
  if (figures.examples > 0) {
    figures.accuracy = mean(right);
    figures.log_loss = mean(losses);
  }
  finish_bins(figures);
  std::stable_sort(figures.mistakes.begin(), figures.mistakes.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  return figures;
}

LabelFigures label_figures(const Model& model, const Examples& examples, const Workers& workers) {
  return label_figures(classify(model, examples, workers), examples.data.classes);
}

}  // namespace tool
