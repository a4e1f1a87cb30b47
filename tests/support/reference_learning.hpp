/// Learning in double precision, step by step as the library documents it, from the same random numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "rbm/gradient.hpp"
#include "rbm/optimizer.hpp"
#include "tests/support/reference.hpp"

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

/// All draws of a sample from one stream, one after the other.
struct OneStream {
  rbm::RandomStream random;

  State data(const State& probability) { return draw(probability, random); }
  State units(const State& probability, std::uint64_t) { return draw(probability, random); }
};

/// The draws of sample `sample` of a batch: v0 from a stream of its own; units of chains, 32 at a time, from
/// a stream for the purpose and the granule, in which sample follows sample.
struct OfBatch {
  std::uint64_t seed, step, sample;

  State data(const State& probability) const {
    rbm::RandomStream random = rbm::RandomStream::keyed(seed, step, sample);
    return draw(probability, random);
  }
  State units(const State& probability, std::uint64_t purpose) const {
    State state;
    for (std::size_t first = 0; first < probability.size(); first += 32) {
      const std::size_t end = std::min<std::size_t>(first + 32, probability.size());
      const State part(probability.begin() + static_cast<std::ptrdiff_t>(first),
                       probability.begin() + static_cast<std::ptrdiff_t>(end));
      rbm::RandomStream random =
          rbm::RandomStream::keyed(seed, step, std::uint64_t{1} << 63 | purpose << 32 | first / 32);
      State drawn;
      for (std::uint64_t n = 0; n <= sample; ++n) drawn = draw(part, random);
      state.insert(state.end(), drawn.begin(), drawn.end());
    }
    return state;
  }
};

/// One sample's way through contrastive divergence.
struct Sample {
  State data, model;            ///< v0 and vk
  State hidden;                 ///< the last draw of h
  double loss, reconstruction;  ///< F(v0) - F(vk), and the squared error of the first p(v|h)
};

/// CD-k on one sample of intensities, or PCD-k from the hidden state `chain`, with the draws of `draws` in
/// the documented order.
template <class Draws>
Sample contrastive_divergence(const Parameters& rbm, const State& intensities,
                              const rbm::TrainOptions& options, Draws draws, const State& chain = {}) {
  Sample out{intensities, {}, chain, 0, 0};
  if (options.visible_units == rbm::VisibleUnits::sampled) out.data = draws.data(intensities);
  if (options.visible_units == rbm::VisibleUnits::thresholded)
    for (double& v : out.data) v = v >= 0.5 ? 1 : 0;
  if (!options.persistent) out.hidden = draws.units(hidden_probabilities(rbm, out.data), 1);
  for (unsigned k = 0; k < options.gibbs_steps; ++k) {
    const State p = visible_probabilities(rbm, out.hidden);
    for (std::size_t j = 0; k == 0 && !options.persistent && j < rbm.visible; ++j)
      out.reconstruction += (out.data[j] - p[j]) * (out.data[j] - p[j]);
    const bool means = options.mean_reconstructions || options.visible_units == rbm::VisibleUnits::means;
    out.model = means ? p : draws.units(p, 2 * k + 2);
    if (options.persistent || k + 1 < options.gibbs_steps)
      out.hidden = draws.units(hidden_probabilities(rbm, out.model), 2 * k + 3);
  }
  out.loss = free_energy(rbm, out.data) - free_energy(rbm, out.model);
  return out;
}

/// Probabilities as the gradient has them, in steps of 2^-15.
inline State rounded(State p) {
  for (double& value : p) value = std::nearbyint(value * 0x1p15) * 0x1p-15;
  return p;
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

/// Learning in mini-batches with every option, by sums over samples as its papers write them. Without
/// centring the offsets are 0; without a sparsity target so is the pull, which counts as part of the data's
/// phase.
template <class Optimizer>
struct Trainer {
  Parameters parameters;
  rbm::TrainOptions options;
  std::vector<Optimizer> optimizers;
  std::vector<State> chains;  ///< the hidden states of the samples of the largest batch
  State visible_offset, hidden_offset, activity;
  std::uint64_t step = 0;
  double loss = 0, reconstruction = 0;  ///< of the latest batch, as the library reports them

  Trainer(rbm::ConstRbmView model, const rbm::TrainOptions& train_options, std::size_t batch)
      : parameters(model),
        options(train_options),
        optimizers(model.visible() * model.hidden() + model.visible() + model.hidden()),
        chains(batch, State(model.hidden())),
        visible_offset(model.visible()),
        hidden_offset(model.hidden()),
        activity(model.hidden(), static_cast<double>(options.sparsity_target)) {
    if (options.centring == 0) return;
    for (std::size_t j = 0; j < visible_offset.size(); ++j)
      visible_offset[j] = sigmoid(parameters.visible_bias[j]);
    for (std::size_t i = 0; i < hidden_offset.size(); ++i)
      hidden_offset[i] = sigmoid(parameters.hidden_bias[i]);
  }

  /// Means over a batch.
  struct Means {
    State data, model;

    explicit Means(std::size_t units) : data(units), model(units) {}
    void add(double factor, const State& of_data, const State& of_model) {
      for (std::size_t u = 0; u < data.size(); ++u)
        data[u] += factor * of_data[u], model[u] += factor * of_model[u];
    }
    void move(State& offset, double share) const {
      for (std::size_t u = 0; u < data.size(); ++u)
        offset[u] = (1 - share) * offset[u] + share * (data[u] + model[u]) / 2;
    }
  };

  /// Both phases of a batch: states with p(h) given them.
  struct Phases {
    std::vector<State> data, model, data_hidden, model_hidden;
  };

  /// <(h - lambda)(v - mu)>, and biases that make up for the offsets.
  Parameters gradient(const Phases& phases, const Means& visible, const Means& hidden) const {
    Parameters out(parameters.visible, parameters.hidden);
    const double samples = static_cast<double>(phases.data.size());
    for (std::size_t i = 0; i < out.hidden; ++i)
      for (std::size_t j = 0; j < out.visible; ++j)
        for (std::size_t n = 0; n < phases.data.size(); ++n)
          out.weights[i * out.visible + j] +=
              ((phases.data_hidden[n][i] - hidden_offset[i]) * (phases.data[n][j] - visible_offset[j]) -
               (phases.model_hidden[n][i] - hidden_offset[i]) * (phases.model[n][j] - visible_offset[j])) /
              samples;
    for (std::size_t j = 0; j < out.visible; ++j) out.visible_bias[j] = visible.data[j] - visible.model[j];
    for (std::size_t i = 0; i < out.hidden; ++i) out.hidden_bias[i] = hidden.data[i] - hidden.model[i];
    for (std::size_t i = 0; i < out.hidden; ++i)
      for (std::size_t j = 0; j < out.visible; ++j) {
        out.visible_bias[j] -= out.weight(i, j) * hidden_offset[i];
        out.hidden_bias[i] -= out.weight(i, j) * visible_offset[j];
      }
    return out;
  }

  template <class Options>
  void train(const std::vector<State>& batch, const Options& optimizer) {
    const double samples = static_cast<double>(batch.size());
    Phases phases;
    Means visible(parameters.visible), hidden(parameters.hidden);
    loss = reconstruction = 0;
    for (std::size_t n = 0; n < batch.size(); ++n) {
      const Sample sample =
          contrastive_divergence(parameters, batch[n], options, OfBatch{options.seed, step, n}, chains[n]);
      chains[n] = sample.hidden;
      loss += sample.loss / samples;
      reconstruction += sample.reconstruction / (samples * static_cast<double>(parameters.visible));
      phases.data.push_back(sample.data);
      phases.model.push_back(sample.model);
      phases.data_hidden.push_back(rounded(hidden_probabilities(parameters, sample.data)));
      phases.model_hidden.push_back(rounded(hidden_probabilities(parameters, sample.model)));
      visible.add(1 / samples, sample.data, sample.model);
      hidden.add(1 / samples, phases.data_hidden[n], phases.model_hidden[n]);
    }
    for (std::size_t i = 0; i < parameters.hidden && options.sparsity_cost != 0; ++i) {
      activity[i] = 0.9 * activity[i] + 0.1 * hidden.data[i];
      const double pull = static_cast<double>(options.sparsity_cost) *
                          (static_cast<double>(options.sparsity_target) - activity[i]);
      hidden.data[i] += pull;
      for (State& of_sample : phases.data_hidden) of_sample[i] += pull;
    }
    visible.move(visible_offset, static_cast<double>(options.centring));
    hidden.move(hidden_offset, static_cast<double>(options.centring));
    auto its = optimizers.begin();
    parameters.for_each(gradient(phases, visible, hidden),
                        [&](double& parameter, double slope, bool is_weight) {
                          const double decay = is_weight ? static_cast<double>(optimizer.weight_decay) : 0;
                          (its++)->step(optimizer, parameter, slope, decay);
                        });
    ++step;
  }
};

}  // namespace reference
