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
