// A model at work on many examples, against the reference in double precision.
#include "tools/inference/inference.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/reference.hpp"

using namespace fixture;

namespace {

constexpr std::size_t visible = 9, hidden = 5;

tool::Model small_model() {
  return random_model(visible, hidden, 1);
}

}  // namespace

TEST_CASE("inference: probabilities and free energies are those of the reference") {
  const tool::Model model = small_model();
  const reference::Parameters exact(model.view());
  for (const rbm::VisibleUnits kind : {rbm::VisibleUnits::thresholded, rbm::VisibleUnits::means}) {
    const tool::Examples examples = random_examples(20, visible, kind);
    tool::Inference inference(model, 20, kind == rbm::VisibleUnits::means);
    inference.see(examples, 0, 0, 20);
    inference.hidden_inputs(0, 20);
    for (std::size_t n = 0; n < 20; ++n)
      CHECK(std::fabs(static_cast<double>(inference.free_energy(n)) -
                      reference::free_energy(exact, state_of(examples, n))) < 1e-4);
    inference.hidden_probabilities(0, 20);
    for (std::size_t n = 0; n < 20; ++n) {
      const reference::State p = reference::hidden_probabilities(exact, state_of(examples, n));
      for (std::size_t i = 0; i < hidden; ++i)
        CHECK(std::fabs(static_cast<double>(inference.hidden_values(n)[i]) - p[i]) < 1e-5);
    }
  }
}

TEST_CASE(
    "run_over: each example is met once, in its place and drawn alike, whatever the number of threads") {
  constexpr std::size_t rows = 300;  // several rounds of one thread
  const tool::Model model = small_model();
  const tool::Examples examples = random_examples(rows, visible, rbm::VisibleUnits::sampled);
  // By the sum of the states' numbers, so that a second visit would show.
  std::vector<std::size_t> expected(rows);
  for (const unsigned count : {1u, 2u, 5u}) {
    platform::Threads threads(count);
    platform::Progress progress(true);
    std::vector<std::size_t> met(rows);
    std::size_t done = 0;
    tool::run_over(
        model, examples, rows, {threads, progress},
        [&](tool::Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
          for (std::size_t n = begin; n < end; ++n) {
            met[first + n] += std::size_t{1} << visible;
            const rbm::ActiveUnits state = inference.visible(n);
            for (std::size_t unit = 0; unit < state.count; ++unit)
              met[first + n] += std::size_t{1} << state.units[unit];
          }
        },
        [&](tool::Inference&, std::size_t first, std::size_t states) {
          CHECK(first == done);
          done += states;
        });
    CHECK(done == rows);
    for (const std::size_t number : met) CHECK(number / (std::size_t{1} << visible) == 1);
    if (count == 1) expected = met;
    CHECK(met == expected);
  }
}

TEST_CASE("gibbs_steps: clamped units stay, and chains reach the model's conditional distribution") {
  const tool::Model model = small_model();
  const reference::Parameters exact(model.view());
  constexpr std::size_t chains = 20000;
  tool::Inference inference(model, chains, false);
  inference.see_noise(3, 0, chains);
  tool::ClampedChains clamped({0, 4});
  const std::vector<rbm::Unit> start{4};
  for (std::size_t n = 0; n < chains; ++n) clamped.add({start.data(), nullptr, start.size()});
  inference.gibbs_steps(0, chains, 200, clamped);
  // p(v_1 = 1 | v_0 = 0, v_4 = 1), by enumeration.
  double on = 0, all = 0;
  for (std::size_t number = 0; number < std::size_t{1} << visible; ++number) {
    const reference::State v = reference::to_state(number, visible);
    if (v[0] > 0 || v[4] < 1) continue;
    const double weight = std::exp(-reference::free_energy(exact, v));
    all += weight;
    on += v[1] > 0 ? weight : 0;
  }
  std::size_t count = 0;
  for (std::size_t n = 0; n < chains; ++n) {
    reference::State state(visible);
    const rbm::ActiveUnits list = inference.visible(n);
    for (std::size_t unit = 0; unit < list.count; ++unit) state[list.units[unit]] = 1;
    CHECK(state[0] == 0);
    CHECK(state[4] == 1);
    count += state[1] > 0;
  }
  const double p = on / all;
  CHECK(std::fabs(static_cast<double>(count) / chains - p) <
        once_in_a_million * std::sqrt(p * (1 - p) / chains));
}

TEST_CASE("inference: features and free energies of readings are those of the reference") {
  const MixedModel mixed(mixed_kinds(), hidden, 2, 0.7f, 31);
  const tool::Model model = to_tool_model(mixed);
  const reference::MixedModel exact = mixed.exact();
  const tool::Examples examples = reading_examples(mixed, 20);
  tool::Inference inference(model, 20, false);
  inference.see(examples, 0, 0, 20);
  inference.hidden_inputs(0, 20);
  for (std::size_t n = 0; n < 20; ++n)
    CHECK(inference.free_energy(n) ==
          doctest::Approx(exact.free_energy(state_of(examples, n))).epsilon(1e-5));
  inference.hidden_probabilities(0, 20);
  for (std::size_t n = 0; n < 20; ++n) {
    const reference::State p =
        reference::hidden_probabilities(exact.parameters, exact.seen(state_of(examples, n)));
    for (std::size_t i = 0; i < hidden; ++i)
      CHECK(std::fabs(static_cast<double>(inference.hidden_values(n)[i]) - p[i]) < 1e-4);
  }
}

TEST_CASE("inference: readings are reconstructed from hidden units and factors, in their own units") {
  MixedModel mixed(mixed_kinds(), 1, 2, 0.7f, 32);
  mixed.model.hidden_bias[0] = 100;  // on
  const tool::Model model = to_tool_model(mixed);
  const reference::MixedModel exact = mixed.exact();
  const tool::Examples examples = reading_examples(mixed, 10);
  tool::Inference inference(model, 10, false);
  inference.see(examples, 0, 0, 10);
  inference.hidden_inputs(0, 10);
  inference.hidden_probabilities(0, 10);
  inference.reconstruct(0, 10);
  const reference::State m = exact.visible_inputs({1});
  for (std::size_t n = 0; n < 10; ++n) {
    // What x = m + noise + L'y leaves of the noise: Sigma^-1 (x - m), for readings.
    const reference::State state = state_of(examples, n);
    reference::State rest = exact.standard(state);
    for (std::size_t j = 0; j < 7; ++j) rest[j] = exact.is_real[j] ? rest[j] - m[j] : 0;
    const reference::State noise = reference::multiply(reference::Inverse(exact.covariance()).matrix, rest);
    double error = 0;
    for (std::size_t j = 0; j < 7; ++j) {
      const double mean = exact.is_real[j] ? state[j] - exact.scale[j] * noise[j] : reference::sigmoid(m[j]);
      CHECK(inference.visible_values(n)[j] == doctest::Approx(mean).epsilon(1e-4));
      error += exact.is_real[j] ? noise[j] * noise[j] : std::pow(state[j] - mean, 2);
    }
    CHECK(inference.reconstruction_error(n) == doctest::Approx(error / 7).epsilon(1e-3));
  }
}

TEST_CASE("gibbs_steps: chains of readings reach the moments of the model's mixture") {
  const MixedModel mixed(mixed_kinds(), 2, 1, 0.8f, 33);
  const reference::MixedModel exact = mixed.exact();
  constexpr std::size_t chains = 20000;
  const tool::Model model = to_tool_model(mixed);
  tool::Inference inference(model, chains, false);
  inference.see_noise(3, 0, chains);
  tool::ClampedChains none({});
  for (std::size_t n = 0; n < chains; ++n) none.add({});
  inference.gibbs_steps(0, chains, 50, none);
  reference::State mean(7), square(7);
  double product = 0;  // of readings 0 and 5
  const double log_z = exact.log_partition();
  for (std::size_t number = 0; number < 4; ++number) {
    const reference::State h = reference::to_state(number, 2), m = exact.visible_inputs(h);
    const double weight = std::exp(exact.log_weight(h) - log_z);
    const auto middle = [&](std::size_t j) {
      return exact.is_real[j] ? exact.offset[j] + exact.scale[j] * m[j] : reference::sigmoid(m[j]);
    };
    const auto spread = [&](std::size_t i, std::size_t j) {
      return exact.scale[i] * exact.scale[j] * exact.covariance()[i][j];
    };
    for (std::size_t j = 0; j < 7; ++j) {
      mean[j] += weight * middle(j);
      square[j] += weight * (exact.is_real[j] ? middle(j) * middle(j) + spread(j, j) : middle(j));
    }
    product += weight * (middle(0) * middle(5) + spread(0, 5));
  }
  const auto check = [&](const auto& value, double truth) {
    double sum = 0, squares = 0;
    for (std::size_t n = 0; n < chains; ++n) sum += value(n);
    for (std::size_t n = 0; n < chains; ++n) squares += std::pow(value(n) - sum / chains, 2);
    CHECK(std::fabs(sum / chains - truth) < once_in_a_million * std::sqrt(squares) / chains);
  };
  const auto reading = [&](std::size_t n, std::size_t j) {
    return static_cast<double>(inference.visible_values(n)[j]);
  };
  for (std::size_t j = 0; j < 7; ++j) {
    CAPTURE(j);
    check([&](std::size_t n) { return reading(n, j); }, mean[j]);
    check([&](std::size_t n) { return reading(n, j) * reading(n, j); }, square[j]);
  }
  check([&](std::size_t n) { return reading(n, 0) * reading(n, 5); }, product);
}
