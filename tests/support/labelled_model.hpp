/// Random models with labels as the command holds them, and the truth about them in double precision.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/support/mixed_model.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/reference.hpp"
#include "tools/model/model.hpp"

namespace fixture {

/// A model whose last `labels` visible units, which were binary, are labels called a, b, c...
inline tool::Model with_labels(tool::Model model, std::size_t labels) {
  const std::size_t units = model.visible - labels;
  std::vector<rbm::VisibleGroup> groups = model.groups;
  if (groups.empty()) groups.push_back({rbm::VisibleKind::binary, 0, model.visible});
  groups.back().end = units;
  if (groups.back().begin == units) groups.pop_back();
  groups.push_back({rbm::VisibleKind::choice, units, model.visible});
  const auto offset = model.offset, scale = model.scale, loadings = model.loadings;
  model.set_groups(groups, model.factors);
  model.offset = offset, model.scale = scale, model.loadings = loadings;
  model.shape = {1, units};
  model.meaning.label_names.clear();
  for (std::size_t y = 0; y < labels; ++y)
    model.meaning.label_names.push_back(std::string(1, static_cast<char>('a' + y)));
  return model;
}

/// A model of bits with labels.
inline tool::Model labelled_model(std::size_t units, std::size_t labels, std::size_t hidden, float deviation,
                                  std::uint32_t seed = 4) {
  return with_labels(random_model(units + labels, hidden, deviation, seed), labels);
}

/// Kinds of units, and behind them as many binary ones as there shall be labels.
inline std::vector<rbm::VisibleKind> and_labels(std::vector<rbm::VisibleKind> kinds, std::size_t labels) {
  kinds.insert(kinds.end(), labels, rbm::VisibleKind::binary);
  return kinds;
}

/// A state with a label.
inline reference::State with_label(reference::State units, std::size_t label, std::size_t labels) {
  units.resize(units.size() + labels);
  units[units.size() - labels + label] = 1;
  return units;
}

/// What labels make of free energies F(v, y): F(v), and p(y | v) of each.
struct LabelTruth {
  double free_energy = 0;
  std::vector<double> probabilities;
};

/// By a function that gives F of a state with its label.
template <class FreeEnergy>
LabelTruth label_truth(const reference::State& units, std::size_t labels, const FreeEnergy& free_energy) {
  LabelTruth truth;
  double sum = 0;
  for (std::size_t y = 0; y < labels; ++y) {
    truth.probabilities.push_back(std::exp(-free_energy(with_label(units, y, labels))));
    sum += truth.probabilities.back();
  }
  for (double& probability : truth.probabilities) probability /= sum;
  truth.free_energy = -std::log(sum);
  return truth;
}

}  // namespace fixture
