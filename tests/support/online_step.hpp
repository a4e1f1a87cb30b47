/// What one step of online learning must do to every parameter, in double precision from the states it saw.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "rbm/online.hpp"
#include "tests/support/fixtures.hpp"

namespace fixture {

/// Checks that the parameters `after` are those `before` plus rate * (p(h | v0) v0' - p(h | vk) vk'), of the
/// states that `online` has kept, and its loss F(v0) - F(vk) before the step.
inline void check_online_step(rbm::ConstRbmView before, rbm::ConstRbmView after, const rbm::Online& online,
                              float loss) {
  const double rate = static_cast<double>(online.options.rate);
  const std::vector<double> v0 = to_values(online.data, before.visible()),
                            vk = to_values(online.model, before.visible());
  double worst = 0;
  const auto compare = [&](float moved, float from, double gradient) {
    worst = std::fmax(worst, std::abs(moved - (static_cast<double>(from) + rate * gradient)));
  };
  for (std::size_t i = 0; i < before.hidden(); ++i) {
    const auto probability = [&](const std::vector<double>& v) {
      double input = static_cast<double>(before.hidden_bias[i]);
      for (std::size_t j = 0; j < v.size(); ++j)
        input += static_cast<double>(before.weights.row(i)[j]) * v[j];
      return 1 / (1 + std::exp(-input));
    };
    const double p0 = probability(v0), pk = probability(vk);
    compare(after.hidden_bias[i], before.hidden_bias[i], p0 - pk);
    for (std::size_t j = 0; j < v0.size(); ++j)
      compare(after.weights.row(i)[j], before.weights.row(i)[j], p0 * v0[j] - pk * vk[j]);
  }
  for (std::size_t j = 0; j < v0.size(); ++j)
    compare(after.visible_bias[j], before.visible_bias[j], v0[j] - vk[j]);
  CHECK(worst < 1e-5);
  std::vector<float> scratch(before.hidden());
  const auto energy = [&](rbm::ActiveUnits v) {
    return rbm::free_energy({scratch.data(), scratch.size()}, before, v);
  };
  CHECK(loss == doctest::Approx(energy(online.data) - energy(online.model)).epsilon(1e-4));
}

}  // namespace fixture
