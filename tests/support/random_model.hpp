/// Random models of floats as the command holds them, and examples for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/model.hpp"

namespace fixture {

inline tool::Model random_model(std::size_t visible, std::size_t hidden, float deviation,
                                std::uint32_t seed = 4) {
  tool::Model model(visible, hidden, {1, visible});
  std::mt19937 random(seed);
  for (auto* values : {&model.weights, &model.visible_bias, &model.hidden_bias})
    for (float& value : *values) value = deviation * bell(random);
  return model;
}

inline tool::Examples random_examples(std::size_t rows, std::size_t visible, rbm::VisibleUnits kind) {
  tool::Examples examples{{}, kind, 7};
  examples.data.rows = rows;
  examples.data.columns = visible;
  std::mt19937 random(2);
  examples.data.values = random_intensities(rows * visible, random);
  return examples;
}

/// The state that a row becomes, where chance has no part in it: thresholded, or real.
inline reference::State state_of(const tool::Examples& examples, std::size_t row) {
  reference::State state;
  for (std::size_t j = 0; j < examples.data.columns; ++j) {
    const double value = static_cast<double>(examples.data.values[row * examples.data.columns + j]);
    state.push_back(examples.kind == rbm::VisibleUnits::means ? value : value >= 0.5 ? 1 : 0);
  }
  return state;
}

}  // namespace fixture
