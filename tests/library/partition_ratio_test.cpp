#include "rbm/partition_ratio.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "platform/desktop/threads.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

using fixture::once_in_a_million;
using fixture::view;

namespace {

/// A model whose parameters are moved at random, as rounding would.
fixture::Model changed(const fixture::Model& original, float deviation) {
  fixture::Model model = original;
  std::mt19937 random(31);
  const rbm::RbmView all = model;
  const auto move = [&](rbm::VectorView<float> values) {
    for (std::size_t n = 0; n < values.size; ++n) values[n] += deviation * fixture::bell(random);
  };
  for (std::size_t i = 0; i < all.hidden(); ++i) move(all.weights.row(i));
  move(all.visible_bias);
  move(all.hidden_bias);
  return model;
}

/// Annealing to one model and from there to another, with its memory.
struct Run {
  rbm::AnnealingShape shape;
  fixture::Memory memory, ratio_memory;
  rbm::Annealing annealing;
  rbm::PartitionRatio ratio;

  Run(const fixture::Model& a, const fixture::Model& b, std::size_t chains, std::size_t temperatures,
      std::size_t more_temperatures, std::uint64_t seed = 1)
      : shape{rbm::ConstRbmView(a).visible(), rbm::ConstRbmView(a).hidden(), chains},
        memory(rbm::annealing_bytes(shape)),
        ratio_memory(rbm::partition_ratio_bytes(shape)),
        annealing(a, memory, shape, {seed, temperatures}),
        ratio(annealing, b, ratio_memory, shape, {seed, more_temperatures}) {
    std::mt19937 random(9);
    const std::vector<float> means = fixture::random_intensities(annealing.weights.rbm.visible(), random);
    rbm::set_base(annealing, view(means), 50);
    rbm::start_forward(annealing, 0, chains);
    rbm::anneal_forward(annealing, 0, temperatures, 0, chains);
  }
  void finish(std::size_t steps = 0) {
    rbm::start(ratio, steps, 0, shape.chains);
    rbm::anneal(ratio, 0, ratio.options.temperatures, 0, shape.chains);
  }
  std::vector<float> log_ratios() const {
    std::vector<float> all;
    for (std::size_t n = 0; n < shape.chains; ++n) {
      all.push_back(ratio.log_ratios[n].value());
      all.push_back(ratio.changes[n]);
    }
    return all;
  }
};

struct Truth {
  double log_partition_change = 0, divergence = 0;

  Truth(const fixture::Model& model_a, const fixture::Model& model_b) {
    const reference::Parameters a(model_a), b(model_b);
    const double log_z = reference::log_partition(a);
    log_partition_change = reference::log_partition(b) - log_z;
    for (std::size_t n = 0; n < std::size_t{1} << a.visible; ++n) {
      const reference::State v = reference::to_state(n, a.visible);
      const double energy = reference::free_energy(a, v);
      divergence +=
          std::exp(-energy - log_z) * (reference::free_energy(b, v) - energy + log_partition_change);
    }
  }
};

double deviation(const rbm::Estimate& estimate, double truth) {
  return (static_cast<double>(estimate.value) - truth) / static_cast<double>(estimate.standard_error);
}

/// Standard deviations of an estimate from the truth, over seeds: mean and mean square.
struct Deviations {
  double mean = 0, square = 0;

  void add(double z, double share) {
    mean += share * z;
    square += share * z * z;
  }
};

}  // namespace

TEST_CASE("the weights of both legs together are an unbiased estimate of Z, however few the temperatures") {
  const fixture::Model a(5, 4, 0.7f, 3, 1), b = changed(a, 0.6f);
  const double exact = reference::log_partition(reference::Parameters(b));
  for (const std::size_t temperatures : {1u, 2u, 5u}) {
    CAPTURE(temperatures);
    Run run(a, b, 40000, 2, temperatures);
    run.finish();
    const double base = static_cast<double>(rbm::base_log_partition(run.annealing));
    double sum = 0, squares = 0;
    for (std::size_t n = 0; n < run.shape.chains; ++n) {
      const double weight = std::exp(base + static_cast<double>(run.annealing.log_ratios[n].value()) +
                                     static_cast<double>(run.ratio.log_ratios[n].value()) - exact);
      sum += weight;
      squares += weight * weight;
    }
    const auto count = static_cast<double>(run.shape.chains);
    const double mean = sum / count, error = std::sqrt((squares / count - mean * mean) / count);
    CHECK(error < 0.1);
    CHECK(std::fabs(mean - 1) < once_in_a_million * error);
  }
}

TEST_CASE("the change of log Z and the divergence are those of enumeration") {
  for (const bool more_visible : {false, true})
    for (const float amount : {0.05f, 0.3f, 1.0f})
      for (const std::size_t temperatures : {1u, 30u}) {
        CAPTURE(more_visible);
        CAPTURE(amount);
        CAPTURE(temperatures);
        const fixture::Model a =
            more_visible ? fixture::Model(9, 4, 0.8f, 5, 2) : fixture::Model(4, 19, 0.5f, 5);
        const fixture::Model b = changed(a, amount);
        const Truth truth(a, b);
        Run run(a, b, 4000, 30, temperatures);
        run.finish(temperatures - 1);
        const rbm::Estimate change = rbm::log_partition_change(run.ratio);
        const rbm::Estimate divergence = rbm::divergence(run.ratio);
        CHECK(change.standard_error < 0.1f * amount);
        CHECK(divergence.standard_error < 0.1f * amount);
        CHECK(std::fabs(deviation(change, truth.log_partition_change)) < once_in_a_million);
        CHECK(std::fabs(deviation(divergence, truth.divergence)) < once_in_a_million);
        CHECK(change.effective_chains <= 4000);
        CHECK(change.effective_chains > (amount < 0.5f ? 1000 : 100));
      }
}

TEST_CASE("the standard errors are those that other seeds show") {
  const fixture::Model a(8, 6, 0.7f, 6), b = changed(a, 0.3f);
  const Truth truth(a, b);
  constexpr std::size_t seeds = 400;
  for (const std::size_t temperatures : {3u, 10u}) {
    CAPTURE(temperatures);
    Deviations change, divergence;
    for (std::size_t seed = 1; seed <= seeds; ++seed) {
      Run run(a, b, 200, 20, temperatures, seed);
      run.finish(temperatures);
      change.add(deviation(rbm::log_partition_change(run.ratio), truth.log_partition_change), 1.0 / seeds);
      divergence.add(deviation(rbm::divergence(run.ratio), truth.divergence), 1.0 / seeds);
    }
    // The logarithm of a mean and the curve of the divergence are off by a tenth of a standard error.
    const double limit = once_in_a_million / std::sqrt(seeds);
    CHECK(std::fabs(change.mean) < limit);
    CHECK(std::fabs(divergence.mean) < limit + 0.1);
    CHECK(std::fabs(change.square - 1) < std::sqrt(2.0) * limit);
    CHECK(std::fabs(divergence.square - 1) < std::sqrt(2.0) * limit + 0.1);
  }
}

TEST_CASE("a model that is not changed loses exactly nothing") {
  const fixture::Model a(37, 29, 0.4f, 10);
  Run run(a, a, 50, 100, 20);
  run.finish();
  for (const float value : run.log_ratios()) CHECK(value == 0.0f);
  for (const rbm::Estimate& estimate : {rbm::log_partition_change(run.ratio), rbm::divergence(run.ratio)}) {
    CHECK(estimate.value == 0.0f);
    CHECK(estimate.standard_error == 0.0f);
    CHECK(estimate.effective_chains ==
          doctest::Approx(rbm::forward_log_partition(run.annealing).effective_chains).epsilon(1e-4));
  }
}

TEST_CASE("a change of visible biases alone without weights is exact in one step") {
  fixture::Model a(5, 3, 0, 9);
  Run base(a, a, 1, 1, 1);
  for (std::size_t j = 0; j < 5; ++j) a.visible_bias[j] = base.annealing.base_bias[j];
  fixture::Model b = a;
  b.hidden_bias = {1, -2, 0.5f};
  Run run(a, b, 10, 3, 1);
  run.finish();
  CHECK(rbm::log_partition_change(run.ratio).value ==
        doctest::Approx(Truth(a, b).log_partition_change).epsilon(1e-6));
  CHECK(rbm::log_partition_change(run.ratio).standard_error < 1e-5f);
}

TEST_CASE("from model to model: the same bits whatever the threads, the steps and the other chains") {
  const fixture::Model a(37, 29, 0.4f, 10), b = changed(a, 0.1f);
  constexpr std::size_t chains = 23, temperatures = 40;
  Run whole(a, b, chains, 10, temperatures);
  whole.finish(5);
  const std::vector<float> expected = whole.log_ratios();
  for (const unsigned count : {1u, 2u, 3u, 7u}) {
    CAPTURE(count);
    platform::Threads threads(count);
    Run run(a, b, chains, 10, temperatures);
    threads(chains, [&](std::size_t begin, std::size_t end) { rbm::start(run.ratio, 5, begin, end); });
    for (std::size_t k = 0; k < temperatures; k += count)
      threads(chains, [&](std::size_t begin, std::size_t end) {
        rbm::anneal(run.ratio, k, std::min<std::size_t>(k + count, temperatures), begin, end);
      });
    CHECK(fixture::same_bits(run.log_ratios(), expected));
  }
  Run few(a, b, 3, 10, temperatures);
  few.finish(5);
  CHECK(fixture::same_bits(few.log_ratios(), {expected.begin(), expected.begin() + 6}));
  Run other_seed(a, b, chains, 10, temperatures);
  other_seed.ratio.options.seed = 2;
  other_seed.finish(5);
  CHECK_FALSE(fixture::same_bits(other_seed.log_ratios(), expected));
}

TEST_CASE("one chain gives an estimate without a standard error") {
  const fixture::Model a(5, 4, 0.5f, 11), b = changed(a, 0.2f);
  Run run(a, b, 1, 100, 10);
  run.finish();
  CHECK(std::isfinite(rbm::log_partition_change(run.ratio).value));
  CHECK(std::isnan(rbm::log_partition_change(run.ratio).standard_error));
  CHECK(std::isnan(rbm::divergence(run.ratio).standard_error));
}
