#include "rbm/energy.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "rbm/gibbs.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

using fixture::Listed;
using fixture::view;

TEST_CASE("energy of every joint state agrees with the definition") {
  constexpr std::size_t visible = 5, hidden = 4;
  const fixture::Model model(visible, hidden, 2, 1, 1);
  const reference::Parameters exact(model);
  for (std::size_t v = 0; v < 32; ++v)
    for (std::size_t h = 0; h < 16; ++h) {
      const reference::State on = reference::to_state(v, visible), active = reference::to_state(h, hidden);
      double expected = 0;
      for (std::size_t j = 0; j < visible; ++j) expected -= exact.visible_bias[j] * on[j];
      for (std::size_t i = 0; i < hidden; ++i) {
        expected -= exact.hidden_bias[i] * active[i];
        for (std::size_t j = 0; j < visible; ++j) expected -= active[i] * exact.weight(i, j) * on[j];
      }
      CHECK(reference::energy(exact, on, active) == doctest::Approx(expected).epsilon(1e-12));
      CHECK(rbm::energy(model, Listed(on), Listed(active)) == doctest::Approx(expected).epsilon(2e-6));
    }
}

TEST_CASE("energy of real-valued states agrees with double precision") {
  std::mt19937 random(2);
  const fixture::Model model(40, 30, 1, 3);
  const std::vector<float> v = fixture::random_intensities(40, random),
                           h = fixture::random_intensities(30, random);
  CHECK(rbm::energy(model, Listed(v, true), Listed(h, true)) ==
        doctest::Approx(
            reference::energy(reference::Parameters(model), {v.begin(), v.end()}, {h.begin(), h.end()}))
            .epsilon(1e-5));
}

TEST_CASE("free energy is -log of the sum over all hidden states of exp(-E)") {
  constexpr std::size_t visible = 5, hidden = 4;
  const fixture::Model model(visible, hidden, 2, 4, 1);
  const reference::Parameters exact(model);
  for (std::size_t v = 0; v < 32; ++v) {
    const reference::State on = reference::to_state(v, visible);
    double sum = 0;
    for (std::size_t h = 0; h < 16; ++h)
      sum += std::exp(-reference::energy(exact, on, reference::to_state(h, hidden)));
    CHECK(reference::free_energy(exact, on) == doctest::Approx(-std::log(sum)).epsilon(1e-12));
    std::vector<float> inputs(hidden);
    const float free_energy = rbm::free_energy(view(inputs), model, Listed(on));
    CHECK(free_energy == doctest::Approx(-std::log(sum)).epsilon(2e-6));
    for (std::size_t i = 0; i < hidden; ++i)
      CHECK(inputs[i] == doctest::Approx(reference::hidden_input(exact, on, i)).epsilon(2e-6));
    CHECK(rbm::free_energy(model, Listed(on), rbm::VectorView<const float>(view(inputs))) == free_energy);
  }
}

TEST_CASE("free energy of real-valued states agrees with double precision") {
  std::mt19937 random(5);
  const fixture::Model model(60, 90, 0.5f, 6);
  const std::vector<float> v = fixture::random_intensities(60, random);
  std::vector<float> inputs(90);
  CHECK(rbm::free_energy(view(inputs), model, Listed(v, true)) ==
        doctest::Approx(reference::free_energy(reference::Parameters(model), {v.begin(), v.end()}))
            .epsilon(1e-5));
}

TEST_CASE("free energy does not overflow where exp would") {
  for (float size : {100.0f, 1e4f, -100.0f, -1e4f}) {
    fixture::Model model(3, 20, 0, 7);
    for (float& weight : model.weights.values) weight = size;
    for (float& bias : model.visible_bias) bias = size;
    std::vector<float> inputs(20);
    const reference::State on{1, 1, 1};
    CHECK(rbm::free_energy(view(inputs), model, Listed(on)) ==
          doctest::Approx(reference::free_energy(reference::Parameters(model), on)).epsilon(1e-6));
    CHECK(inputs[19] == 3 * size);
  }
}

TEST_CASE("the sum of softplus agrees with double precision for any length") {
  // Each factor 1 + e^-|x| and each product of them is rounded; then each term of a partial sum, and
  // logarithms.
  std::mt19937 random(8);
  for (std::size_t size : {0u, 1u, 15u, 16u, 17u, 31u, 500u, 1023u, 1024u, 1025u, 1040u, 3000u})
    for (float deviation : {0.0f, 0.01f, 3.0f, 50.0f}) {
      const std::vector<float> x = fixture::random_vector(size, deviation, random);
      double exact = 0;
      for (float value : x) exact += reference::softplus(value);
      const double terms = static_cast<double>(size), rounding = 0x1p-24;
      CHECK(std::abs(rbm::sum_softplus(view(x)) - exact) <=
            (3.1 * terms + (2 + terms / 16) * exact) * rounding);
    }
}

TEST_CASE("the sum of softplus at its limits") {
  const auto repeated = [](float x, std::size_t size) {
    return rbm::sum_softplus(view(static_cast<const std::vector<float>&>(std::vector<float>(size, x))));
  };
  CHECK(repeated(1e4f, 500) == 5e6f);
  CHECK(repeated(-1e4f, 500) == 0);
  CHECK(repeated(-fixture::infinity, 5) == 0);
  CHECK(repeated(fixture::infinity, 5) == fixture::infinity);
  CHECK(std::isnan(repeated(fixture::nan, 5)));
}

TEST_CASE("the change of the softplus sum has as many digits right when it is small") {
  std::mt19937 random(5);
  for (const std::size_t size : {1u, 15u, 16u, 500u, 1025u, 3000u}) {
    const std::vector<float> x = fixture::random_vector(size, 6, random);
    for (const float from : {0.0f, 0.3f, 0.9999f})
      for (const float change : {0.0f, 2e-5f, 0.1f, 2.0f}) {
        CAPTURE(size);
        CAPTURE(from);
        CAPTURE(change);
        const float to = from + change;
        double exact = 0, terms = 0;
        for (const float value : x) {
          const double term = reference::softplus(static_cast<double>(to) * static_cast<double>(value)) -
                              reference::softplus(static_cast<double>(from) * static_cast<double>(value));
          exact += term;
          terms += std::fabs(term);
        }
        const double error =
            std::fabs(static_cast<double>(rbm::softplus_change(fixture::view(x), from, to)) - exact);
        CHECK(error < static_cast<double>(size) * 0x1p-22 + 1e-6 * terms);
      }
  }
}

TEST_CASE("softplus and probabilities of a granule are those of double precision") {
  std::mt19937 random(9);
  for (const std::size_t samples : {1u, 63u, 64u, 65u, 200u})
    for (const std::size_t units : {1u, 7u, 16u, 31u, 32u})
      for (const float deviation : {0.01f, 3.0f, 50.0f}) {
        std::vector<float> inputs = fixture::random_vector(samples * (units + 3), deviation, random);
        inputs[0] = 1e4f;
        if (units > 6) inputs[1] = -1e4f, inputs[2] = 0;
        const std::vector<float> before = inputs;
        const float sum = rbm::sum_softplus_and_sigmoid({inputs.data(), samples, units, units + 3});
        double expected = 0;
        for (std::size_t n = 0; n < samples; ++n)
          for (std::size_t i = 0; i < units + 3; ++i) {
            const std::size_t at = n * (units + 3) + i;
            if (i >= units) {
              CHECK(rbm::to_bits(inputs[at]) == rbm::to_bits(before[at]));
              continue;
            }
            const double x = static_cast<double>(before[at]);
            expected += std::fmax(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
            CHECK(rbm::to_bits(inputs[at]) == rbm::to_bits(rbm::sigmoid(before[at])));
          }
        CHECK(static_cast<double>(sum) ==
              doctest::Approx(expected).epsilon(1e-6).scale(static_cast<double>(samples * units) * 0.3));
      }
}
