#include "tools/inference/shares.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "tests/support/fixtures.hpp"
#include "tests/support/labelled_model.hpp"

using namespace fixture;

namespace {

// Readings with two factors whose loadings are orthogonal.
tool::Model model_of_readings(std::size_t hidden, std::mt19937& random) {
  constexpr std::size_t visible = 6;
  tool::Model model(visible, hidden, {1, visible});
  model.set_groups({{rbm::VisibleKind::real, 0, visible}}, 2);
  for (std::size_t j = 0; j < visible; ++j) {
    model.offset[j] = 10 * bell(random);
    model.scale[j] = 0.5f + uniform(random);
    model.visible_bias[j] = 0.3f * bell(random);
    model.loadings[j % 2 * visible + j] = bell(random);
  }
  for (float& weight : model.weights) weight = bell(random);
  for (float& bias : model.hidden_bias) bias = bell(random);
  return model;
}

// The precision of x: the inverse of 1 + L'L, by elimination.
std::vector<std::vector<double>> precision(const tool::Model& model) {
  const std::size_t n = model.visible;
  std::vector<std::vector<double>> rows(n, std::vector<double>(2 * n));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      rows[i][j] = i == j;
      rows[i][n + j] = i == j;
      for (std::size_t k = 0; k < model.factors; ++k)
        rows[i][j] +=
            static_cast<double>(model.loadings[k * n + i]) * static_cast<double>(model.loadings[k * n + j]);
    }
  for (std::size_t i = 0; i < n; ++i) {
    const double pivot = rows[i][i];
    for (double& value : rows[i]) value /= pivot;
    for (std::size_t other = 0; other < n; ++other) {
      const double factor = rows[other][i];
      if (other != i)
        for (std::size_t j = 0; j < 2 * n; ++j) rows[other][j] -= factor * rows[i][j];
    }
  }
  for (auto& row : rows) row.erase(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(n));
  return rows;
}

std::vector<double> product(const std::vector<std::vector<double>>& matrix, const std::vector<double>& x) {
  std::vector<double> result;
  for (const auto& row : matrix) result.push_back(std::inner_product(row.begin(), row.end(), x.begin(), 0.0));
  return result;
}

// F(x) = x'P x / 2 - b'P x - sum_i log(1 + exp(c_i + W_i P x)), at x = (reading - offset) / scale.
double free_energy(const tool::Model& model, const std::vector<double>& x) {
  const std::vector<double> a = product(precision(model), x);
  double energy = 0;
  for (std::size_t j = 0; j < x.size(); ++j)
    energy += (x[j] / 2 - static_cast<double>(model.visible_bias[j])) * a[j];
  for (std::size_t i = 0; i < model.hidden; ++i) {
    auto input = static_cast<double>(model.hidden_bias[i]);
    for (std::size_t j = 0; j < x.size(); ++j)
      input += static_cast<double>(model.weights[i * model.visible + j]) * a[j];
    energy -= std::log(1 + std::exp(input));
  }
  return energy;
}

std::vector<double> values_of(const tool::Model& model, const std::vector<float>& readings) {
  std::vector<double> x;
  for (std::size_t j = 0; j < readings.size(); ++j)
    x.push_back((static_cast<double>(readings[j]) - static_cast<double>(model.offset[j])) /
                static_cast<double>(model.scale[j]));
  return x;
}

}  // namespace

TEST_CASE("shares: of a Gaussian, (v - o) times the precision times (v - o), halved") {
  std::mt19937 random(1);
  tool::Model model = model_of_readings(3, random);
  std::fill(model.weights.begin(), model.weights.end(), 0.0f);
  std::fill(model.visible_bias.begin(), model.visible_bias.end(), 0.0f);
  for (int round = 0; round < 20; ++round) {
    std::vector<float> readings = random_vector(model.visible, 10, random);
    readings[2] = model.offset[2];
    const std::vector<double> shares = tool::Shares(model).of(readings.data());
    const std::vector<double> x = values_of(model, readings), a = product(precision(model), x);
    for (std::size_t j = 0; j < x.size(); ++j)
      CHECK(shares[j] == doctest::Approx(x[j] * a[j] / 2).epsilon(1e-5));
    CHECK(shares[2] == 0);
  }
}

TEST_CASE("shares: they sum to the free energy above that of the mean, and each is its integral") {
  std::mt19937 random(2);
  for (int round = 0; round < 10; ++round) {
    const tool::Model model = model_of_readings(4, random);
    std::vector<float> readings = random_vector(model.visible, 3, random);
    for (std::size_t j = 0; j < readings.size(); ++j) readings[j] += model.offset[j];
    const std::vector<double> shares = tool::Shares(model).of(readings.data());
    const std::vector<double> x = values_of(model, readings);
    const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
    CHECK(sum == doctest::Approx(free_energy(model, x) - free_energy(model, std::vector<double>(x.size())))
                     .epsilon(1e-5));

    // The midpoint rule over slopes by differences.
    constexpr int steps = 400;
    constexpr double small = 1e-4;
    for (const std::size_t j : {std::size_t{0}, std::size_t{3}}) {
      double integral = 0;
      for (int step = 0; step < steps; ++step) {
        std::vector<double> above = x;
        for (double& value : above) value *= (step + 0.5) / steps;
        std::vector<double> below = above;
        above[j] += small, below[j] -= small;
        integral += (free_energy(model, above) - free_energy(model, below)) / (2 * small) / steps;
      }
      CHECK(shares[j] == doctest::Approx(x[j] * integral).epsilon(1e-3));
    }
  }
}

TEST_CASE("shares: of bits, what those that are on add to F; a unit that the hidden ones do not see") {
  tool::Model model(3, 1, {1, 3});
  model.visible_bias = {0.5f, -2.0f, 0.25f};
  model.weights = {1.5f, 0, -1};
  model.hidden_bias = {-0.5f};
  const std::vector<float> bits{1, 1, 0};
  const std::vector<double> shares = tool::Shares(model).of(bits.data());
  const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
  CHECK(shares[0] == doctest::Approx(-0.5 - (softplus(1.0) - softplus(-0.5))));
  CHECK(shares[1] == doctest::Approx(2.0));
  CHECK(shares[2] == 0);
}

TEST_CASE("shares: of a model with labels they sum to the free energy with the labels summed out") {
  constexpr std::size_t units = 6, labels = 3;
  const tool::Model model = labelled_model(units, labels, 4, 1.5f);
  const reference::Parameters exact(model.view());
  const auto free_energy = [&](const reference::State& v) {
    return label_truth(v, labels,
                       [&](const reference::State& all) { return reference::free_energy(exact, all); })
        .free_energy;
  };
  const std::vector<float> bits{1, 0, 1, 1, 0, 1};
  const std::vector<double> shares = tool::Shares(model).of(bits.data());
  REQUIRE(shares.size() == units);
  CHECK(shares[1] == 0);
  CHECK(
      std::accumulate(shares.begin(), shares.end(), 0.0) ==
      doctest::Approx(free_energy({1, 0, 1, 1, 0, 1}) - free_energy(reference::State(units))).epsilon(1e-4));
}
