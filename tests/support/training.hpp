/// Training for tests: trainers of run-time sizes, random batches, and the reference beside them.
#pragma once

#include <doctest/doctest.h>

#include "rbm/trainer.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference_learning.hpp"

namespace fixture {

/// A trainer of run-time sizes with its model and memory.
template <class Optimizer>
struct Training {
  Model model;
  Memory memory;
  rbm::Trainer<Optimizer> trainer;

  Training(const Model& from, rbm::TrainerShape shape, const rbm::TrainOptions& options)
      : model(from), memory(rbm::trainer_bytes<Optimizer>(shape)), trainer(model, memory, shape, options) {}
  Training(const Model& from, rbm::TrainerShape shape, rbm::VisibleUnits kind = rbm::VisibleUnits::sampled,
           unsigned gibbs_steps = 1)
      : Training(from, shape, {9, kind, gibbs_steps}) {}
  Training(const Training&) = delete;

  std::vector<float> parameters() const { return all_parameters(model); }
};

inline Matrix random_batch(std::size_t samples, std::size_t visible, std::uint32_t seed) {
  std::mt19937 random(seed);
  Matrix batch(samples, visible, 2, 0, random);
  for (std::size_t n = 0; n < samples; ++n)
    for (std::size_t j = 0; j < visible; ++j) batch.values[n * batch.stride + j] = uniform(random);
  return batch;
}

inline rbm::MatrixView<const float> first_rows(const Matrix& batch, std::size_t samples) {
  return {batch.values.data(), samples, batch.columns, batch.stride};
}

inline std::vector<reference::State> to_states(const Matrix& batch) {
  std::vector<reference::State> states(batch.rows, reference::State(batch.columns));
  for (std::size_t n = 0; n < batch.rows; ++n)
    for (std::size_t j = 0; j < batch.columns; ++j) states[n][j] = batch.at(n, j);
  return states;
}

/// A batch of states, one a row.
inline Matrix to_matrix(const std::vector<reference::State>& states) {
  std::mt19937 random(0);
  Matrix batch(states.size(), states[0].size(), 0, 0, random);
  for (std::size_t n = 0; n < batch.rows; ++n)
    for (std::size_t j = 0; j < batch.columns; ++j)
      batch.values[n * batch.stride + j] = static_cast<float>(states[n][j]);
  return batch;
}

/// Splits a range into parts and runs them last to first, as threads might.
struct Backwards : rbm::OneMemory<Backwards> {
  explicit Backwards(std::size_t count) : parts(count) {}

  std::size_t parts;

  template <class Body>
  void operator()(std::size_t count, const Body& body) const {
    for (std::size_t part = parts; part-- > 0;) body(count * part / parts, count * (part + 1) / parts);
  }
  template <class Body>
  void operator()(std::size_t count, std::size_t other, const Body& body) const {
    for (std::size_t part = parts; part-- > 0;)
      body(count * part / parts, count * (part + 1) / parts, other * part / parts,
           other * (part + 1) / parts);
  }
};

/// The worst difference of the values that a vector has in common with the reference's.
inline double worst_difference(rbm::VectorView<const float> values, const reference::State& exact) {
  double worst = 0;
  for (std::size_t n = 0; n < exact.size(); ++n) {
    const double difference = std::abs(values[n] - exact[n]);
    if (!(difference <= worst)) worst = difference;  // NaN too
  }
  return worst;
}

/// The latest draws of h of the first `samples` samples, and the reference's.
inline bool same_hidden_states(const rbm::Phases& phases, const std::vector<reference::State>& exact,
                               std::size_t samples) {
  for (std::size_t n = 0; n < samples; ++n)
    if (to_values(phases.hidden.row(n), exact[n].size()) != exact[n]) return false;
  return true;
}

/// By what a parameter may differ after some batches of SGD with rate 0.1, because a probability fell on the
/// other side between two steps of 2^-15.
inline constexpr double rounding_moves = 1e-5;

/// Trains some batches, two of them smaller, beside the reference; the worst difference of a parameter, of an
/// offset or of a mean activity.
template <class Reference, class Optimizer>
double worst_difference_after_batches(Training<Optimizer>& training, std::size_t most_samples) {
  rbm::Trainer<Optimizer>& trainer = training.trainer;
  reference::Trainer<Reference> exact(training.model, trainer.options, most_samples);
  for (std::uint32_t step = 0; step < 5; ++step) {
    const std::size_t samples = step % 2 == 0 && step > 0 ? most_samples / 2 : most_samples;
    const Matrix batch = random_batch(samples, training.model.weights.columns, step);
    exact.train(to_states(batch), trainer.optimizer);
    CHECK(trainer.step == step);
    const rbm::BatchReport report = rbm::train(trainer, batch);
    CHECK(std::abs(report.loss - exact.loss) < 1e-4);
    CHECK(report.reconstruction == doctest::Approx(exact.reconstruction).epsilon(1e-5));
    CHECK(same_hidden_states(trainer.phases, exact.chains, most_samples));
  }
  double worst = exact.parameters.worst_difference(reference::Parameters(training.model));
  if (trainer.options.centring != 0) {
    worst = std::fmax(worst, worst_difference(trainer.centring.visible_offset, exact.visible_offset));
    worst = std::fmax(worst, worst_difference(trainer.centring.hidden_offset, exact.hidden_offset));
  }
  return std::fmax(worst, worst_difference(trainer.activity, exact.activity));
}

}  // namespace fixture
