// Values that are missing or noisy, against exact sums over all hidden states in double precision.
#include "tools/inference/measured_chains.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/support/labelled_model.hpp"
#include "tests/support/random_model.hpp"

using namespace fixture;

namespace {

/// The means of one example, each of `chains` chains with a stream of its own: the mean over chains and its
/// standard error.
struct Means {
  std::vector<double> mean, error;
};

Means run(const tool::Model& model, const std::vector<float>& measured, float noise, std::size_t chains = 200,
          std::size_t steps = 100, std::optional<std::size_t> label = {}) {
  tool::MeasuredChains all(model, chains);
  for (std::size_t n = 0; n < chains; ++n) all.start(n, measured.data(), noise, 5, n, label);
  all.run(0, chains, steps);
  Means found;
  for (std::size_t j = 0; j < measured.size(); ++j) {
    double sum = 0, squares = 0;
    for (std::size_t n = 0; n < chains; ++n) sum += static_cast<double>(all.means(n)[j]);
    const auto count = static_cast<double>(chains);
    for (std::size_t n = 0; n < chains; ++n)
      squares += std::pow(static_cast<double>(all.means(n)[j]) - sum / count, 2);
    found.mean.push_back(sum / count);
    found.error.push_back(std::sqrt(squares / (count - 1) / count));
  }
  return found;
}

/// `measured` with exact values but where NaN stands, or with noise of one deviation for all readings.
reference::Posterior truth(const MixedModel& mixed, const std::vector<float>& measured, double noise) {
  reference::State of_noise(measured.size());
  const reference::MixedModel exact = mixed.exact();
  for (std::size_t j = 0; j < measured.size(); ++j)
    of_noise[j] = std::isnan(measured[j]) ? INFINITY : exact.is_real[j] ? noise : 0;
  return {exact, to_state(measured), of_noise};
}

}  // namespace

TEST_CASE("measured: missing readings and bits get their means given the known ones") {
  for (const std::size_t factors : {0u, 1u, 2u}) {
    const MixedModel mixed(mixed_kinds(), 4, factors, 0.8f, 21, 1.5f);
    const tool::Model model = to_tool_model(mixed);
    std::mt19937 random(6);
    for (const std::vector<std::size_t>& missing :
         {std::vector<std::size_t>{1}, {0, 4, 5}, {0, 1, 2, 3, 4, 5, 6}}) {
      CAPTURE(factors);
      CAPTURE(missing.size());
      std::vector<float> measured = random_readings(mixed, random);
      for (const std::size_t unit : missing) measured[unit] = fixture::nan;
      const reference::Posterior exact = truth(mixed, measured, 0);
      const Means found = run(model, measured, 0);
      for (const std::size_t unit : missing) {
        CAPTURE(unit);
        CHECK(std::fabs(found.mean[unit] - exact.mean[unit]) <=
              once_in_a_million * found.error[unit] + 1e-5 * std::fabs(exact.mean[unit]));
        CHECK(found.error[unit] < 0.03);
      }
    }
  }
}

TEST_CASE(
    "measured: deviations are those of missing and of noisy readings given the rest, 0 where all is known") {
  for (const std::size_t factors : {0u, 2u})
    for (const float noise : {0.0f, 0.5f}) {
      CAPTURE(factors);
      CAPTURE(noise);
      const MixedModel mixed(mixed_kinds(), 4, factors, 0.8f, 23, 1.5f);
      const tool::Model model = to_tool_model(mixed);
      std::mt19937 random(8);
      std::vector<float> measured = random_readings(mixed, random);
      measured[0] = measured[3] = measured[5] = fixture::nan;
      const reference::Posterior exact = truth(mixed, measured, static_cast<double>(noise));
      tool::MeasuredChains chains(model, 1);
      chains.start(0, measured.data(), noise, 1, 1);
      chains.run(0, 1, 40000);
      for (std::size_t unit = 0; unit < measured.size(); ++unit) {
        CAPTURE(unit);
        const auto found = static_cast<double>(chains.deviations(0)[unit]);
        const bool known = !std::isnan(measured[unit]) && (!mixed.exact().is_real[unit] || noise == 0);
        if (known)
          CHECK(found == 0);
        else
          CHECK(found == doctest::Approx(exact.deviation[unit]).epsilon(0.05));
      }
    }
}

TEST_CASE("measured: noisy readings get the mean of the clean ones, missing ones beside them too") {
  for (const std::size_t factors : {0u, 2u})
    for (const float noise : {0.05f, 0.5f, 3.0f}) {
      CAPTURE(factors);
      CAPTURE(noise);
      const MixedModel mixed(mixed_kinds(), 4, factors, 0.8f, 22, 1.5f);
      std::mt19937 random(7);
      std::vector<float> measured = random_readings(mixed, random);
      measured[5] = fixture::nan;
      const reference::Posterior exact = truth(mixed, measured, static_cast<double>(noise));
      const Means found = run(to_tool_model(mixed), measured, noise);
      for (std::size_t unit = 0; unit < 7; ++unit)
        CHECK(std::fabs(found.mean[unit] - exact.mean[unit]) <=
              once_in_a_million * found.error[unit] + 1e-5 * std::fabs(exact.mean[unit]));
      for (const std::size_t bit : {3u, 4u}) CHECK(found.mean[bit] == static_cast<double>(measured[bit]));
    }
}

TEST_CASE("measured: models of bits alone complete their states too") {
  const tool::Model model = random_model(6, 4, 1.2f);
  const reference::Parameters exact(model.view());
  const std::vector<float> measured{1, 0, fixture::nan, 1, fixture::nan, 0};
  double all = 0, third = 0, fifth = 0;
  for (std::size_t free = 0; free < 4; ++free) {
    const double a = static_cast<double>(free & 1), b = static_cast<double>(free >> 1);
    const double weight = std::exp(-reference::free_energy(exact, {1, 0, a, 1, b, 0}));
    all += weight, third += a * weight, fifth += b * weight;
  }
  const Means found = run(model, measured, 0);
  CHECK(std::fabs(found.mean[2] - third / all) < once_in_a_million * found.error[2]);
  CHECK(std::fabs(found.mean[4] - fifth / all) < once_in_a_million * found.error[4]);
  CHECK(found.mean[3] == 1);
}

TEST_CASE("measured: what is known exactly stays to the last bit, whatever the offset") {
  MixedModel mixed(all_real(3), 2, 1, 1, 23);
  mixed.offset = {101325, -7, 0.001f};
  mixed.scale = {12.5f, 3, 1e-6f};
  const std::vector<float> measured{101300.1f, fixture::nan, 0.00100037f};
  const tool::Model model = to_tool_model(mixed);
  tool::MeasuredChains chains(model, 1);
  chains.start(0, measured.data(), 0, 1, 0);
  chains.run(0, 1, 20);
  CHECK(chains.means(0)[0] == measured[0]);
  CHECK(chains.means(0)[2] == measured[2]);
  CHECK(std::isfinite(chains.means(0)[1]));
}

TEST_CASE("measured: a state has the same bits whatever stands beside it") {
  const MixedModel mixed(mixed_kinds(), 5, 2, 0.8f, 24);
  const tool::Model model = to_tool_model(mixed);
  std::mt19937 random(8);
  std::vector<std::vector<float>> rows;
  for (int n = 0; n < 9; ++n) {
    rows.push_back(random_readings(mixed, random));
    rows.back()[static_cast<std::size_t>(n) % 7] = fixture::nan;
  }
  tool::MeasuredChains together(model, 9), alone(model, 1);
  for (std::size_t n = 0; n < 9; ++n) together.start(n, rows[n].data(), 0.2f, 3, n);
  together.run(0, 4, 12);
  together.run(4, 9, 12);
  for (std::size_t n = 0; n < 9; ++n) {
    alone.start(0, rows[n].data(), 0.2f, 3, n);
    alone.run(0, 1, 12);
    CHECK(same_bits({alone.means(0), alone.means(0) + 7}, {together.means(n), together.means(n) + 7}));
  }
}

TEST_CASE("measured: of a model with labels, given one, and given none by the labels' probabilities") {
  constexpr std::size_t units = 7, labels = 3;
  const MixedModel mixed(and_labels(mixed_kinds(), labels), 4, 2, 0.8f, 21, 1.5f);
  const tool::Model model = with_labels(to_tool_model(mixed), labels);
  std::mt19937 random(6);
  std::vector<float> measured = random_readings(mixed, random);
  measured.resize(units);
  for (const std::size_t unit : {0, 4, 5}) measured[unit] = fixture::nan;
  for (const float noise : {0.0f, 0.3f}) {
    // Given a label, the model is one without labels and with other hidden biases.
    std::vector<reference::State> means;
    std::vector<double> evidence;
    for (std::size_t y = 0; y < labels; ++y) {
      MixedModel given(mixed_kinds(), 4, 2, 0.8f, 21, 1.5f);
      for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < units; ++j)
          given.model.weights.values[i * units + j] = mixed.model.weights.at(i, j);
        given.model.hidden_bias[i] = mixed.model.hidden_bias[i] + mixed.model.weights.at(i, units + y);
      }
      for (std::size_t j = 0; j < units; ++j) {
        given.model.visible_bias[j] = mixed.model.visible_bias[j];
        given.offset[j] = mixed.offset[j], given.scale[j] = mixed.scale[j];
        for (std::size_t k = 0; k < 2; ++k) given.loadings.values[k * units + j] = mixed.loadings.at(k, j);
      }
      const reference::Posterior exact = truth(given, measured, noise);
      means.push_back(exact.mean);
      evidence.push_back(exact.evidence_sum * std::exp(given.exact().log_partition() +
                                                       static_cast<double>(model.visible_bias[units + y])));
      const Means found = run(model, measured, noise, 200, 100, y);
      for (std::size_t j = 0; j < units; ++j)
        CHECK(std::fabs(found.mean[j] - exact.mean[j]) < once_in_a_million * found.error[j] + 1e-4);
    }
    const double sum = evidence[0] + evidence[1] + evidence[2];
    const Means found = run(model, measured, noise, 400, 800);
    for (std::size_t j = 0; j < units; ++j) {
      double mean = 0;
      for (std::size_t y = 0; y < labels; ++y) mean += evidence[y] / sum * means[y][j];
      CHECK(std::fabs(found.mean[j] - mean) < once_in_a_million * found.error[j] + 1e-3);
    }
  }
}
