#include "rbm/optimizer.hpp"

#include <doctest/doctest.h>

#include <cstring>

#include "rbm/matrix.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference_learning.hpp"

namespace {

constexpr std::size_t size = 19;

/// Gradients with a tendency, so that momentum and averages matter.
std::vector<float> gradient_of_step(int step, std::mt19937& random) {
  std::vector<float> gradient(size);
  for (std::size_t n = 0; n < size; ++n)
    gradient[n] =
        std::sin(0.1f * static_cast<float>(step) + static_cast<float>(n)) + 0.3f * fixture::bell(random);
  return gradient;
}

/// Updates each parameter; the optimizer's arrays are `arrays`.
template <class Optimizer>
void update_all(const Optimizer& optimizer, const typename Optimizer::Counters& counters,
                std::vector<float>& parameter, const std::vector<float>& gradient,
                std::vector<float>* const (&arrays)[Optimizer::slot_count], float decay) {
  for (std::size_t n = 0; n < parameter.size(); ++n) {
    float slot[Optimizer::slot_count];
    for (std::size_t s = 0; s < Optimizer::slot_count; ++s) slot[s] = (*arrays[s])[n];
    parameter[n] = optimizer.update(counters, parameter[n], gradient[n], slot, decay);
    for (std::size_t s = 0; s < Optimizer::slot_count; ++s) (*arrays[s])[n] = slot[s];
  }
}

}  // namespace

TEST_CASE("SGD with momentum and decay follows its formula in double precision") {
  for (float momentum : {0.0f, 0.5f, 0.9f})
    for (float decay : {0.0f, 0.02f}) {
      std::mt19937 random(1);
      rbm::Sgd sgd;
      sgd.rate = 0.03f;
      sgd.momentum = momentum;
      rbm::Sgd::Counters counters;
      std::vector<float> parameter = fixture::random_vector(size, 1, random), velocity(size);
      std::vector<double> exact(parameter.begin(), parameter.end());
      std::vector<reference::Sgd> reference(size);
      for (int step = 0; step < 100; ++step) {
        const std::vector<float> gradient = gradient_of_step(step, random);
        sgd.begin_step(counters);
        update_all(sgd, counters, parameter, gradient, {&velocity}, decay);
        for (std::size_t n = 0; n < size; ++n)
          reference[n].step(sgd, exact[n], gradient[n], static_cast<double>(decay));
      }
      for (std::size_t n = 0; n < size; ++n) CHECK(std::abs(parameter[n] - exact[n]) < 2e-5);
    }
}

TEST_CASE("Adam follows its paper in double precision") {
  for (float epsilon : {1e-8f, 0.1f})
    for (float decay : {0.0f, 0.02f}) {
      std::mt19937 random(2);
      rbm::Adam adam;
      adam.rate = 0.01f;
      adam.epsilon = epsilon;
      rbm::Adam::Counters counters;
      std::vector<float> parameter = fixture::random_vector(size, 1, random), mean(size), square(size);
      std::vector<double> exact(parameter.begin(), parameter.end());
      std::vector<reference::Adam> reference(size);
      for (int step = 1; step <= 300; ++step) {
        const std::vector<float> gradient = gradient_of_step(step, random);
        adam.begin_step(counters);
        update_all(adam, counters, parameter, gradient, {&mean, &square}, decay);
        for (std::size_t n = 0; n < size; ++n) {
          reference[n].step(adam, exact[n], gradient[n], static_cast<double>(decay));
          // 1 - 0.999f is 5e-5 too large, which bounds how well single precision can follow.
          CHECK_UNARY(std::abs(parameter[n] - exact[n]) < 1e-4 * 0.01 * step);
        }
      }
    }
}

TEST_CASE("Adam's first step is the rate in the gradient's direction, whatever the gradient's size") {
  rbm::Adam adam;
  rbm::Adam::Counters counters;
  const std::vector<float> gradient{1e-4f, -1e-2f, 1, -1e4f, 0};
  std::vector<float> parameter(5), mean(5), square(5);
  adam.begin_step(counters);
  update_all(adam, counters, parameter, gradient, {&mean, &square}, 0);
  for (std::size_t n = 0; n < 4; ++n)
    CHECK(parameter[n] == doctest::Approx(gradient[n] > 0 ? 0.005 : -0.005).epsilon(2e-4));
  CHECK(parameter[4] == 0);
}

TEST_CASE("defaults are those of the tutorial and of the paper") {
  CHECK(rbm::Adam{}.rate == 0.005f);
  CHECK(rbm::Adam{}.mean_decay == 0.9f);
  CHECK(rbm::Adam{}.square_decay == 0.999f);
  CHECK(rbm::Adam{}.epsilon == 1e-8f);
  CHECK(rbm::Adam{}.weight_decay == 0);
  CHECK(rbm::Sgd{}.momentum == 0);
  CHECK(rbm::Sgd{}.weight_decay == 0);
}

TEST_CASE("a register of parameters and each alone give the same bits") {
  using Lanes = rbm::detail::Lanes;
  constexpr std::size_t lanes = rbm::vector_lanes;
  std::mt19937 random(3);
  rbm::Adam adam;
  rbm::Adam::Counters counters;
  for (int step = 0; step < 50; ++step) {
    adam.begin_step(counters);
    std::vector<float> parameter = fixture::random_vector(lanes, 1, random);
    const std::vector<float> gradient = fixture::random_vector(lanes, 1, random);
    std::vector<float> mean = fixture::random_vector(lanes, 1, random), square(lanes, 0.01f);
    Lanes slots[2] = {rbm::detail::load_lanes<Lanes>(mean.data()),
                      rbm::detail::load_lanes<Lanes>(square.data())};
    const Lanes updated = adam.update(counters, rbm::detail::load_lanes<Lanes>(parameter.data()),
                                      rbm::detail::load_lanes<Lanes>(gradient.data()), slots, 0.01f);
    update_all(adam, counters, parameter, gradient, {&mean, &square}, 0.01f);
    CHECK(std::memcmp(&updated, parameter.data(), sizeof updated) == 0);
    CHECK(std::memcmp(&slots[0], mean.data(), sizeof updated) == 0);
    CHECK(std::memcmp(&slots[1], square.data(), sizeof updated) == 0);
  }
}
