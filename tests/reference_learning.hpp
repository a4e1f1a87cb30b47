/// Learning in double precision, step by step as the library documents it, from the same random numbers.
#pragma once

#include "rbm/gibbs.hpp"
#include "rbm/optimizer.hpp"
#include "reference.hpp"

namespace reference {

/// Draws as the library documents it: unit n from generator n % 8 of the stream, on if 24 bits are below p.
inline State draw(const State& probability, rbm::RandomStream& random) {
  State state(probability.size());
  for (std::size_t n = 0; n < state.size(); ++n) {
    const std::size_t lane = n % rbm::RandomStream::lanes;
    std::uint32_t draws[rbm::RandomStream::lanes];
    if (lane == 0) random.next(draws, rbm::RandomStream::lanes);
    state[n] = std::floor(probability[n] * 16777216) > draws[lane] / 256 ? 1 : 0;
  }
  return state;
}

/// One sample's way through contrastive divergence.
struct Sample {
  State data, model;            ///< v0 and vk
  State hidden;                 ///< the last draw of h
  double loss, reconstruction;  ///< F(v0) - F(vk), and the squared error of the first p(v|h)
};

/// CD-k on one sample of intensities, drawing from `random` in the documented order.
inline Sample contrastive_divergence(const Parameters& rbm, const State& intensities, rbm::VisibleUnits kind,
                                     unsigned gibbs_steps, rbm::RandomStream random) {
  Sample out{intensities, {}, {}, 0, 0};
  if (kind == rbm::VisibleUnits::sampled) out.data = draw(intensities, random);
  if (kind == rbm::VisibleUnits::thresholded)
    for (double& v : out.data) v = v >= 0.5 ? 1 : 0;
  out.model = out.data;
  for (unsigned k = 0; k < gibbs_steps; ++k) {
    out.hidden = draw(hidden_probabilities(rbm, out.model), random);
    const State p = visible_probabilities(rbm, out.hidden);
    for (std::size_t j = 0; k == 0 && j < rbm.visible; ++j)
      out.reconstruction += (out.data[j] - p[j]) * (out.data[j] - p[j]);
    out.model = kind == rbm::VisibleUnits::real ? p : draw(p, random);
  }
  out.loss = free_energy(rbm, out.data) - free_energy(rbm, out.model);
  return out;
}

/// The estimated gradient of the log-likelihood that one sample gives.
inline Parameters gradient(const Parameters& rbm, const Sample& sample) {
  Parameters out = free_energy_descent(rbm, sample.data);
  out.add(-1, free_energy_descent(rbm, sample.model));
  return out;
}

/// One parameter that climbs by SGD. `decay` is that of a weight; pass 0 for a bias.
struct Sgd {
  double velocity = 0;

  void step(const rbm::Sgd& options, double& parameter, double gradient, double decay) {
    velocity = static_cast<double>(options.momentum) * velocity + gradient - decay * parameter;
    parameter += static_cast<double>(options.rate) * velocity;
  }
};

/// One parameter that climbs by Adam with its usual decays, 0.9 and 0.999.
struct Adam {
  double mean = 0, square = 0;
  int steps = 0;

  void step(const rbm::Adam& options, double& parameter, double gradient, double decay) {
    ++steps;
    gradient -= decay * parameter;
    mean = 0.9 * mean + 0.1 * gradient;
    square = 0.999 * square + 0.001 * gradient * gradient;
    const double root = std::sqrt(square / (1 - std::pow(0.999, steps)));
    parameter += static_cast<double>(options.rate) * mean / (1 - std::pow(0.9, steps)) /
                 (root + static_cast<double>(options.epsilon));
  }
};

}  // namespace reference
