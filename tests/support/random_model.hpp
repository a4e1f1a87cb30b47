/// Random models of floats as the command holds them, and examples for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "tests/support/fixtures.hpp"
#include "tests/support/mixed_model.hpp"
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

/// A model of bits and readings as the command holds it.
inline tool::Model to_tool_model(const MixedModel& mixed) {
  const rbm::ConstRbmView view = mixed;
  tool::Model model(view.visible(), view.hidden(), {1, view.visible()});
  model.set_groups(mixed.groups, mixed.loadings.rows);
  const auto copy = [](auto& to, const std::vector<float>& from) { to.assign(from.begin(), from.end()); };
  copy(model.weights, mixed.model.weights.values);
  copy(model.visible_bias, mixed.model.visible_bias);
  copy(model.hidden_bias, mixed.model.hidden_bias);
  copy(model.offset, mixed.offset);
  copy(model.scale, mixed.scale);
  copy(model.loadings, mixed.loadings.values);
  return model;
}

/// Examples of readings and bits.
inline tool::Examples reading_examples(const MixedModel& mixed, std::size_t rows) {
  tool::Examples examples{{}, rbm::VisibleUnits::real, 7};
  examples.data.kind = tool::DataKind::readings;
  examples.data.rows = rows;
  examples.data.columns = mixed.offset.size();
  std::mt19937 random(2);
  for (std::size_t n = 0; n < rows; ++n)
    for (const float value : random_readings(mixed, random)) examples.data.values.push_back(value);
  return examples;
}

/// The state that a row becomes, where chance has no part in it: thresholded, means or readings.
inline reference::State state_of(const tool::Examples& examples, std::size_t row) {
  reference::State state;
  for (std::size_t j = 0; j < examples.data.columns; ++j) {
    const double value = static_cast<double>(examples.data.values[row * examples.data.columns + j]);
    const bool as_is = examples.kind == rbm::VisibleUnits::means || examples.kind == rbm::VisibleUnits::real;
    state.push_back(as_is ? value : value >= 0.5 ? 1 : 0);
  }
  return state;
}

}  // namespace fixture
