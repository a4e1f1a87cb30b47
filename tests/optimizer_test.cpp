#include "rbm/optimizer.hpp"

#include <doctest/doctest.h>

#include "fixtures.hpp"

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
      std::vector<double> exact(parameter.begin(), parameter.end()), exact_velocity(size);
      for (int step = 0; step < 100; ++step) {
        const std::vector<float> gradient = gradient_of_step(step, random);
        float* const slots[] = {velocity.data()};
        sgd.begin_step(counters);
        sgd.update(counters, parameter.data(), gradient.data(), slots, size, decay);
        for (std::size_t n = 0; n < size; ++n) {
          exact_velocity[n] = static_cast<double>(momentum) * exact_velocity[n] +
                              (static_cast<double>(gradient[n]) - static_cast<double>(decay) * exact[n]);
          exact[n] += static_cast<double>(sgd.rate) * exact_velocity[n];
        }
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
      std::vector<double> exact(parameter.begin(), parameter.end()), exact_mean(size), exact_square(size);
      for (int step = 1; step <= 300; ++step) {
        const std::vector<float> gradient = gradient_of_step(step, random);
        float* const slots[] = {mean.data(), square.data()};
        adam.begin_step(counters);
        adam.update(counters, parameter.data(), gradient.data(), slots, size, decay);
        for (std::size_t n = 0; n < size; ++n) {
          const double g = static_cast<double>(gradient[n]) - static_cast<double>(decay) * exact[n];
          exact_mean[n] = 0.9 * exact_mean[n] + 0.1 * g;
          exact_square[n] = 0.999 * exact_square[n] + 0.001 * g * g;
          const double corrected_mean = exact_mean[n] / (1 - std::pow(0.9, step));
          const double corrected_square = exact_square[n] / (1 - std::pow(0.999, step));
          exact[n] += 0.01 * corrected_mean / (std::sqrt(corrected_square) + static_cast<double>(epsilon));
        }
        // 1 - 0.999f is 5e-5 too large, which bounds how well single precision can follow.
        for (std::size_t n = 0; n < size; ++n)
          CHECK_UNARY(std::abs(parameter[n] - exact[n]) < 1e-4 * 0.01 * step);
      }
    }
}

TEST_CASE("Adam's first step is the rate in the gradient's direction, whatever the gradient's size") {
  rbm::Adam adam;
  rbm::Adam::Counters counters;
  const std::vector<float> gradient{1e-4f, -1e-2f, 1, -1e4f, 0};
  std::vector<float> parameter(5), mean(5), square(5);
  float* const slots[] = {mean.data(), square.data()};
  adam.begin_step(counters);
  adam.update(counters, parameter.data(), gradient.data(), slots, 5, 0);
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

TEST_CASE("an update touches the parameters counted and no others") {
  std::vector<float> parameter(8, 1), gradient(8, 1), slot(8), other(8);
  float* const one[] = {slot.data()};
  rbm::Sgd{}.update({}, parameter.data(), gradient.data(), one, 5, 0);
  float* const two[] = {slot.data(), other.data()};
  rbm::Adam::Counters counters;
  rbm::Adam{}.begin_step(counters);
  rbm::Adam{}.update(counters, parameter.data(), gradient.data(), two, 5, 0);
  for (std::size_t n = 0; n < 8; ++n) {
    CHECK((parameter[n] != 1) == (n < 5));
    CHECK((slot[n] != 0) == (n < 5));
    CHECK((other[n] != 0) == (n < 5));
  }
}
