/// Models of integers for tests: of run-time sizes, random, and as parameters of the reference.
#pragma once

#include "rbm/fixed_point_real.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

namespace fixture {

/// Between the rows of the weights stand `gap` entries that must not be touched.
struct FixedPointModel {
  std::vector<rbm::Parameter> weights, visible_bias, hidden_bias;
  std::size_t gap;

  FixedPointModel(std::size_t visible, std::size_t hidden, std::size_t between_rows = 0)
      : weights(hidden * (visible + between_rows), untouched),
        visible_bias(visible),
        hidden_bias(hidden),
        gap(between_rows) {}

  static constexpr rbm::Parameter untouched = 12345;

  operator rbm::FixedPointRbmView() {
    const std::size_t visible = visible_bias.size(), hidden = hidden_bias.size();
    return {{weights.data(), hidden, visible, visible + gap},
            {visible_bias.data(), visible},
            {hidden_bias.data(), hidden}};
  }
  operator rbm::ConstFixedPointRbmView() { return rbm::FixedPointRbmView(*this); }

  void set_all(rbm::Parameter value) {
    const rbm::FixedPointRbmView view = *this;
    for (std::size_t i = 0; i < view.hidden(); ++i)
      for (std::size_t j = 0; j < view.visible(); ++j) view.weights.row(i)[j] = value;
    std::fill(visible_bias.begin(), visible_bias.end(), value);
    std::fill(hidden_bias.begin(), hidden_bias.end(), value);
  }
};

/// The same for readings, with offsets 0 and scales of 100 steps.
struct FixedPointRealModel {
  FixedPointModel model;
  std::vector<std::int32_t> offset, scale;

  explicit FixedPointRealModel(const FixedPointModel& of_parameters)
      : model(of_parameters),
        offset(model.visible_bias.size()),
        scale(model.visible_bias.size(), 100 << rbm::reading_fraction) {}

  operator rbm::FixedPointRealRbmView() {
    return {model, {offset.data(), offset.size()}, {scale.data(), scale.size()}};
  }
  operator rbm::ConstFixedPointRealRbmView() { return rbm::FixedPointRealRbmView(*this); }
};

/// A random model whose parameters are near normal with this deviation, nats.
inline FixedPointModel random_fixed_point_model(std::size_t visible, std::size_t hidden, float deviation,
                                                std::uint32_t seed, std::size_t gap = 0) {
  FixedPointModel model(visible, hidden, gap);
  rbm::convert(model, Model(visible, hidden, deviation, seed));
  return model;
}

/// The same parameters in double precision, by their definition.
inline reference::Parameters exact(rbm::ConstFixedPointRbmView model) {
  reference::Parameters out(model.visible(), model.hidden());
  for (std::size_t i = 0; i < out.hidden; ++i)
    for (std::size_t j = 0; j < out.visible; ++j)
      out.weights[i * out.visible + j] = model.weights.row(i)[j] / 2048.0;
  for (std::size_t j = 0; j < out.visible; ++j) out.visible_bias[j] = model.visible_bias[j] / 2048.0;
  for (std::size_t i = 0; i < out.hidden; ++i) out.hidden_bias[i] = model.hidden_bias[i] / 2048.0;
  return out;
}

}  // namespace fixture
