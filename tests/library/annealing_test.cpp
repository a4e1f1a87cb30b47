#include "rbm/annealing.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "platform/desktop/threads.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

using fixture::once_in_a_million;
using fixture::view;

namespace {

/// Annealing with its memory, between base rates that differ from the model's and the model.
struct Run {
  fixture::Memory memory;
  rbm::Annealing annealing;
  std::size_t chains;

  Run(const fixture::Model& model, std::size_t chain_count, std::size_t temperatures, std::uint64_t seed = 1)
      : memory(rbm::annealing_bytes(shape(model, chain_count))),
        annealing(model, memory, shape(model, chain_count), {seed, temperatures}),
        chains(chain_count) {
    std::mt19937 random(9);
    const std::vector<float> means = fixture::random_intensities(annealing.weights.rbm.visible(), random);
    rbm::set_base(annealing, view(means), 50);
  }

  rbm::Estimate forward() {
    rbm::start_forward(annealing, 0, chains);
    rbm::anneal_forward(annealing, 0, annealing.options.temperatures, 0, chains);
    return rbm::forward_log_partition(annealing);
  }
  /// Chain n returns from the state with the number starts[n].
  rbm::Estimate reverse(const std::vector<std::size_t>& starts) {
    for (std::size_t n = 0; n < chains; ++n)
      rbm::start_reverse(annealing, n,
                         fixture::Listed(reference::to_state(starts[n], annealing.weights.rbm.visible())));
    rbm::anneal_reverse(annealing, 0, annealing.options.temperatures, 0, chains);
    return rbm::reverse_log_partition(annealing);
  }
  double log_ratio(std::size_t n) const { return static_cast<double>(annealing.log_ratios[n].value()); }
  std::vector<float> log_ratios() const {
    std::vector<float> all;
    for (std::size_t n = 0; n < chains; ++n) all.push_back(annealing.log_ratios[n].value());
    return all;
  }

 private:
  static rbm::AnnealingShape shape(rbm::ConstRbmView model, std::size_t chains) {
    return {model.visible(), model.hidden(), chains};
  }
};

/// The distribution f_k as a model of its own.
reference::Parameters between(const Run& run, std::size_t k) {
  reference::Parameters out(run.annealing.weights.rbm);
  const double beta = static_cast<double>(rbm::inverse_temperature(run.annealing, k));
  for (double& weight : out.weights) weight *= beta;
  for (double& bias : out.hidden_bias) bias *= beta;
  for (std::size_t j = 0; j < out.visible; ++j)
    out.visible_bias[j] =
        (1 - beta) * static_cast<double>(run.annealing.base_bias[j]) + beta * out.visible_bias[j];
  return out;
}

/// p(v) of each visible state of a model.
std::vector<double> marginal(const reference::Parameters& model) {
  const double log_z = reference::log_partition(model);
  std::vector<double> p;
  for (std::size_t v = 0; v < std::size_t{1} << model.visible; ++v)
    p.push_back(std::exp(-reference::free_energy(model, reference::to_state(v, model.visible)) - log_z));
  return p;
}

/// The distribution that forward annealing ends in, from transition matrices.
std::vector<double> end_of_annealing(const Run& run) {
  std::vector<double> p = marginal(between(run, 0));
  for (std::size_t k = 1; k <= run.annealing.options.temperatures; ++k) {
    const std::vector<reference::State> transition = reference::transition_matrix(between(run, k));
    std::vector<double> next(p.size());
    for (std::size_t v = 0; v < p.size(); ++v)
      for (std::size_t to = 0; to < p.size(); ++to) next[to] += p[v] * transition[v][to];
    p = next;
  }
  return p;
}

/// States drawn from a distribution, by a generator that is not the library's.
std::vector<std::size_t> draw_states(const std::vector<double>& p, std::size_t count) {
  std::mt19937 random(12);
  std::vector<std::size_t> states;
  while (states.size() < count) {
    double left = static_cast<double>(fixture::uniform(random));
    std::size_t state = 0;
    while (state + 1 < p.size() && left >= p[state]) left -= p[state++];
    states.push_back(state);
  }
  return states;
}

struct MeanAndError {
  double mean, error;
};

template <class Value>
MeanAndError mean(std::size_t count, const Value& value) {
  double sum = 0, squares = 0;
  for (std::size_t n = 0; n < count; ++n) sum += value(n);
  const auto size = static_cast<double>(count);
  for (std::size_t n = 0; n < count; ++n) squares += std::pow(value(n) - sum / size, 2);
  return {sum / size, std::sqrt(squares / (size - 1) / size)};
}

}  // namespace

TEST_CASE("the base has the smoothed rates of the data, and a known Z") {
  const fixture::Model model(4, 3, 1, 1);
  Run run(model, 2, 5);
  const std::vector<float> means{0, 1, 0.5f, 0.25f};
  rbm::set_base(run.annealing, view(means), 20);
  const double rates[] = {0.5 / 21, 20.5 / 21, 0.5, 5.5 / 21};
  double log_z = 3 * std::log(2.0);
  for (std::size_t j = 0; j < 4; ++j) {
    CHECK(reference::sigmoid(static_cast<double>(run.annealing.base_bias[j])) ==
          doctest::Approx(rates[j]).epsilon(1e-6));
    log_z -= std::log(1 - rates[j]);
  }
  CHECK(rbm::base_log_partition(run.annealing) == doctest::Approx(log_z).epsilon(1e-6));
  CHECK(rbm::base_log_partition(run.annealing) ==
        doctest::Approx(reference::log_partition(between(run, 0))).epsilon(1e-6));
}

TEST_CASE("temperatures rise from the base to the model, half of them beyond 0.9") {
  const fixture::Model model(2, 2, 1, 1);
  for (const std::size_t temperatures : {1u, 2u, 3u, 10u, 1000u, 100000u}) {
    CAPTURE(temperatures);
    const Run run(model, 1, temperatures);
    CHECK(rbm::inverse_temperature(run.annealing, 0) == 0.0f);
    CHECK(rbm::inverse_temperature(run.annealing, temperatures) == 1.0f);
    std::size_t not_rising = 0, beyond = 0;
    for (std::size_t k = 1; k <= temperatures; ++k) {
      const float beta = rbm::inverse_temperature(run.annealing, k);
      not_rising += !(beta > rbm::inverse_temperature(run.annealing, k - 1));
      beyond += beta > 0.9f;
    }
    CHECK(not_rising == 0);
    CHECK(beyond == (temperatures + 1) / 2);
  }
}

TEST_CASE("the forward weight is an unbiased estimate of Z, however few the temperatures") {
  const fixture::Model model(5, 4, 0.7f, 3, 1);
  const double exact = reference::log_partition(reference::Parameters(model));
  for (const std::size_t temperatures : {1u, 2u, 4u, 8u}) {
    CAPTURE(temperatures);
    Run run(model, 60000, temperatures);
    const rbm::Estimate estimate = run.forward();
    const double base = reference::log_partition(between(run, 0));
    const auto weight = [&](std::size_t n) { return std::exp(base + run.log_ratio(n) - exact); };
    const MeanAndError weights = mean(run.chains, weight);
    CHECK(weights.error < 0.05);
    CHECK(std::fabs(weights.mean - 1) < once_in_a_million * weights.error);

    double sum = 0, squares = 0;
    for (std::size_t n = 0; n < run.chains; ++n) sum += weight(n), squares += weight(n) * weight(n);
    CHECK(estimate.value == doctest::Approx(exact + std::log(weights.mean)).epsilon(1e-5));
    CHECK(estimate.standard_error == doctest::Approx(weights.error / weights.mean).epsilon(1e-3));
    CHECK(estimate.effective_chains == doctest::Approx(sum * sum / squares).epsilon(1e-3));
  }
}

TEST_CASE("forward annealing ends in the distribution that its transition matrices tell") {
  const fixture::Model model(4, 3, 2, 5);
  Run run(model, 40000, 3);
  run.forward();
  const std::vector<double> p = end_of_annealing(run);
  std::vector<double> counts(p.size()), expected;
  for (std::size_t n = 0; n < run.chains; ++n) {
    const rbm::ActiveUnits state = run.annealing.visible.row(n);
    std::size_t number = 0;
    for (std::size_t m = 0; m < state.count; ++m) number |= std::size_t{1} << state.units[m];
    ++counts.at(number);
  }
  for (const double of_state : p) expected.push_back(of_state * static_cast<double>(run.chains));
  CHECK(fixture::chi_square_deviation(counts, expected) < once_in_a_million);
}

TEST_CASE("the reverse weight is an unbiased estimate of how likely annealing ends in the state") {
  const fixture::Model model(4, 3, 1.2f, 6);
  const reference::Parameters parameters(model);
  for (const std::size_t temperatures : {1u, 3u}) {
    const std::vector<double> p = end_of_annealing(Run(model, 1, temperatures));
    for (const std::size_t state : {0u, 5u, 10u, 15u}) {
      CAPTURE(temperatures);
      CAPTURE(state);
      Run run(model, 20000, temperatures);
      run.reverse(std::vector<std::size_t>(run.chains, state));
      const double base = reference::log_partition(between(run, 0));
      const double energy = reference::free_energy(parameters, reference::to_state(state, 4));
      const MeanAndError weights =
          mean(run.chains, [&](std::size_t n) { return std::exp(-energy - base - run.log_ratio(n)); });
      CHECK(weights.error < 0.05 * p[state]);
      CHECK(std::fabs(weights.mean - p[state]) < once_in_a_million * weights.error);
    }
  }
}

TEST_CASE("with few temperatures log Z is too small forward and too large from the model's own states") {
  const fixture::Model model(6, 4, 1.5f, 7);
  const reference::Parameters parameters(model);
  const double exact = reference::log_partition(parameters);
  Run run(model, 2000, 2);
  run.forward();
  const double base = reference::log_partition(between(run, 0));
  const MeanAndError below = mean(run.chains, [&](std::size_t n) { return base + run.log_ratio(n); });
  CHECK(below.mean < exact - once_in_a_million * below.error);

  const rbm::Estimate above = run.reverse(draw_states(marginal(parameters), run.chains));
  CHECK(static_cast<double>(above.value) >
        exact + once_in_a_million * static_cast<double>(above.standard_error));
  const MeanAndError reverse = mean(run.chains, [&](std::size_t n) { return base + run.log_ratio(n); });
  CHECK(above.value == doctest::Approx(reverse.mean).epsilon(1e-5));
  CHECK(above.standard_error == doctest::Approx(reverse.error).epsilon(1e-4));
}

TEST_CASE("with many temperatures both directions agree with the exact log Z") {
  for (const bool more_visible : {false, true}) {
    const fixture::Model model =
        more_visible ? fixture::Model(11, 6, 0.8f, 8) : fixture::Model(6, 50, 0.4f, 8);
    const reference::Parameters parameters(model);
    const double exact = reference::log_partition(parameters);
    Run run(model, 100, 1000);
    const rbm::Estimate forward = run.forward();
    CHECK(forward.standard_error < 0.02f);
    CHECK(forward.effective_chains > 95);
    CHECK(std::fabs(static_cast<double>(forward.value) - exact) <
          once_in_a_million * static_cast<double>(forward.standard_error));
    // The mean of logarithms is off by half their variance.
    const rbm::Estimate reverse = run.reverse(draw_states(marginal(parameters), run.chains));
    const auto error = static_cast<double>(reverse.standard_error);
    CHECK(error < 0.02);
    CHECK(std::fabs(static_cast<double>(reverse.value) - exact) <
          once_in_a_million * error + 50 * error * error);
  }
}

TEST_CASE("without weights every chain tells the exact log Z") {
  fixture::Model model(5, 3, 0, 9);
  model.hidden_bias = {1, -2, 0.5f};
  Run run(model, 10, 100);
  for (std::size_t j = 0; j < 5; ++j) model.visible_bias[j] = run.annealing.base_bias[j];
  const double exact = reference::log_partition(reference::Parameters(model));
  Run again(model, 10, 100);
  const rbm::Estimate forward = again.forward();
  CHECK(forward.value == doctest::Approx(exact).epsilon(1e-6));
  CHECK(forward.standard_error < 1e-3f);
  CHECK(again.reverse(std::vector<std::size_t>(10, 21)).value == doctest::Approx(exact).epsilon(1e-6));
}

TEST_CASE("annealing has the same bits whatever the threads, the steps and the other chains") {
  const fixture::Model model(37, 29, 0.4f, 10);
  constexpr std::size_t chains = 23, temperatures = 40;
  Run whole(model, chains, temperatures);
  const std::vector<std::size_t> starts = draw_states(std::vector<double>(1024, 1.0 / 1024), chains);
  whole.forward();
  const std::vector<float> forward = whole.log_ratios();
  whole.reverse(starts);
  const std::vector<float> reverse = whole.log_ratios();
  for (const unsigned count : {1u, 2u, 3u, 7u}) {
    CAPTURE(count);
    platform::Threads threads(count);
    Run run(model, chains, temperatures);
    rbm::Annealing& annealing = run.annealing;
    threads(chains, [&](std::size_t begin, std::size_t end) { rbm::start_forward(annealing, begin, end); });
    for (std::size_t k = 0; k < temperatures; k += count)
      threads(chains, [&](std::size_t begin, std::size_t end) {
        rbm::anneal_forward(annealing, k, std::min<std::size_t>(k + count, temperatures), begin, end);
      });
    CHECK(fixture::same_bits(run.log_ratios(), forward));
    for (std::size_t n = 0; n < chains; ++n)
      rbm::start_reverse(annealing, n, fixture::Listed(reference::to_state(starts[n], 37)));
    for (std::size_t left = temperatures; left > 0;) {
      const std::size_t first = left > count ? left - count : 0;
      threads(chains, [&](std::size_t begin, std::size_t end) {
        rbm::anneal_reverse(annealing, first, left, begin, end);
      });
      left = first;
    }
    CHECK(fixture::same_bits(run.log_ratios(), reverse));
  }
  Run few(model, 3, temperatures);
  few.forward();
  CHECK(fixture::same_bits(few.log_ratios(), {forward[0], forward[1], forward[2]}));
  Run other_seed(model, chains, temperatures, 2);
  other_seed.forward();
  CHECK_FALSE(fixture::same_bits(other_seed.log_ratios(), forward));
}

TEST_CASE("one chain gives an estimate without a standard error") {
  const fixture::Model model(5, 4, 0.5f, 11);
  Run run(model, 1, 100);
  const rbm::Estimate forward = run.forward(), reverse = run.reverse({7});
  CHECK(std::isfinite(forward.value));
  CHECK(std::isfinite(reverse.value));
  CHECK(std::isnan(forward.standard_error));
  CHECK(std::isnan(reverse.standard_error));
  CHECK(forward.effective_chains == doctest::Approx(1));
}
