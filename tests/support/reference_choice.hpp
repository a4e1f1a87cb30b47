/// The truth about a choice among visible units: its conditional probabilities by enumeration of the hidden
/// states, from energies alone.
#pragma once

#include "rbm/choice.hpp"
#include "tests/support/reference.hpp"

namespace reference {

/// p(y | rest) for each unit of the choice; `rest` has 0 there.
inline State choice_probabilities(const Parameters& rbm, rbm::Choice choice, const State& rest) {
  State out;
  double sum = 0;
  for (std::size_t y = choice.begin; y < choice.end; ++y) {
    State v = rest;
    v[y] = 1;
    double mass = 0;
    for (std::size_t h = 0; h < std::size_t{1} << rbm.hidden; ++h)
      mass += std::exp(-energy(rbm, v, to_state(h, rbm.hidden)));
    out.push_back(mass);
    sum += mass;
  }
  for (double& p : out) p /= sum;
  return out;
}

/// The gradient of log p(chosen | rest) by central differences.
inline Parameters choice_gradient(Parameters rbm, rbm::Choice choice, const State& rest, std::size_t chosen) {
  constexpr double step = 1e-5;
  Parameters gradient(rbm.visible, rbm.hidden);
  const auto log_p = [&] { return std::log(choice_probabilities(rbm, choice, rest)[chosen]); };
  const auto differentiate = [&](std::vector<double>& out, std::vector<double>& parameters) {
    for (std::size_t n = 0; n < parameters.size(); ++n) {
      const double kept = parameters[n];
      parameters[n] = kept + step;
      const double above = log_p();
      parameters[n] = kept - step;
      out[n] = (above - log_p()) / (2 * step);
      parameters[n] = kept;
    }
  };
  differentiate(gradient.weights, rbm.weights);
  differentiate(gradient.visible_bias, rbm.visible_bias);
  differentiate(gradient.hidden_bias, rbm.hidden_bias);
  return gradient;
}

}  // namespace reference
