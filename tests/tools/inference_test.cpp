// A model at work on many examples, against the reference in double precision.
#include "tools/inference/inference.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"
#include "tools/base/statistics.hpp"
#include "tools/inference/scores.hpp"

using fixture::once_in_a_million;

namespace {

constexpr std::size_t visible = 9, hidden = 5;

tool::Model random_model() {
  tool::Model model(visible, hidden, {3, 3});
  std::mt19937 random(1);
  for (auto* values : {&model.weights, &model.visible_bias, &model.hidden_bias})
    for (float& value : *values) value = fixture::bell(random);
  return model;
}

tool::Examples random_examples(std::size_t rows, rbm::VisibleUnits kind) {
  tool::Examples examples{{}, kind, 7};
  examples.data.rows = rows;
  examples.data.columns = visible;
  std::mt19937 random(2);
  examples.data.values = fixture::random_intensities(rows * visible, random);
  return examples;
}

/// What the thresholded or the real state of an example is.
reference::State state_of(const tool::Examples& examples, std::size_t row) {
  reference::State state;
  for (std::size_t j = 0; j < visible; ++j) {
    const double value = static_cast<double>(examples.data.values[row * visible + j]);
    state.push_back(examples.kind == rbm::VisibleUnits::real ? value : value >= 0.5 ? 1 : 0);
  }
  return state;
}

/// The scores of all examples, with so many threads.
tool::Scores scores(const tool::Model& model, const tool::Examples& examples, unsigned thread_count) {
  platform::Threads threads(thread_count);
  platform::Progress progress(true);
  tool::Scores found(examples.data.rows, examples.kind);
  tool::run_over(
      model, examples, examples.data.rows, {threads, progress},
      [&](tool::Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
        found.measure(inference, first, begin, end);
      },
      [](tool::Inference&, std::size_t, std::size_t) {});
  return found;
}

}  // namespace

TEST_CASE("inference: probabilities and free energies are those of the reference") {
  const tool::Model model = random_model();
  const reference::Parameters exact(model.view());
  for (const rbm::VisibleUnits kind : {rbm::VisibleUnits::thresholded, rbm::VisibleUnits::real}) {
    const tool::Examples examples = random_examples(20, kind);
    tool::Inference inference(model, 20, kind == rbm::VisibleUnits::real);
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

TEST_CASE("run_over: each example is met once, in its place, whatever the number of threads") {
  constexpr std::size_t rows = 300;  // several rounds of one thread
  const tool::Model model = random_model();
  const reference::Parameters exact(model.view());
  const tool::Examples examples = random_examples(rows, rbm::VisibleUnits::thresholded);
  const tool::Scores alone = scores(model, examples, 1);
  for (std::size_t n = 0; n < rows; ++n)
    CHECK(std::fabs(static_cast<double>(alone.free_energy[n]) -
                    reference::free_energy(exact, state_of(examples, n))) < 1e-4);
  for (const unsigned threads : {2u, 5u}) {
    const tool::Scores shared = scores(model, examples, threads);
    CHECK(shared.free_energy == alone.free_energy);
    CHECK(shared.reconstruction_error == alone.reconstruction_error);
    CHECK(shared.pseudo_likelihood == alone.pseudo_likelihood);
  }
}

TEST_CASE("scores: errors and pseudo-likelihoods of one example are their expectations, within their noise") {
  const tool::Model model = random_model();
  const reference::Parameters exact(model.view());
  constexpr std::size_t rows = 20000;
  tool::Examples examples = random_examples(1, rbm::VisibleUnits::thresholded);
  const reference::State v = state_of(examples, 0);
  for (std::size_t n = 1; n < rows; ++n)
    examples.data.values.insert(examples.data.values.end(), examples.data.values.begin(),
                                examples.data.values.begin() + visible);
  examples.data.rows = rows;
  const tool::Scores found = scores(model, examples, 1);

  double log_pseudo = 0;
  for (std::size_t j = 0; j < visible; ++j) {
    reference::State flipped = v;
    flipped[j] = 1 - v[j];
    log_pseudo -=
        reference::softplus(reference::free_energy(exact, v) - reference::free_energy(exact, flipped));
  }
  double error = 0;
  const reference::State p = reference::hidden_probabilities(exact, v);
  for (std::size_t number = 0; number < std::size_t{1} << hidden; ++number) {
    const reference::State h = reference::to_state(number, hidden);
    double chance = 1;
    for (std::size_t i = 0; i < hidden; ++i) chance *= h[i] > 0 ? p[i] : 1 - p[i];
    const reference::State means = reference::visible_probabilities(exact, h);
    for (std::size_t j = 0; j < visible; ++j) error += chance * std::pow(v[j] - means[j], 2) / visible;
  }
  const auto check = [](const std::vector<float>& values, double truth) {
    const tool::Mean found_mean = tool::mean(values);
    CHECK(found_mean.standard_error > 0);
    CHECK(std::fabs(found_mean.value - truth) < once_in_a_million * found_mean.standard_error);
  };
  check(found.pseudo_likelihood, log_pseudo);
  check(found.reconstruction_error, error);
}

TEST_CASE("gibbs_steps: clamped units stay, and chains reach the model's conditional distribution") {
  const tool::Model model = random_model();
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
