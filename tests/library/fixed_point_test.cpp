#include "rbm/fixed_point.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>

#include "tests/support/fixed_point_models.hpp"
#include "tests/support/fixtures.hpp"

using fixture::FixedPointModel;
using rbm::Probability;

namespace {

constexpr double most_probability_error = 14, most_energy_error = 34;  // out of 65536

rbm::VectorView<Probability> view(std::vector<Probability>& values) {
  return {values.data(), values.size()};
}

reference::State random_state(std::size_t units, std::mt19937& random) {
  reference::State state(units);
  for (double& x : state) x = static_cast<double>(random() >> 31);
  return state;
}

double worst_error(const std::vector<Probability>& probability, const reference::State& exact) {
  double worst = 0;
  for (std::size_t n = 0; n < exact.size(); ++n)
    worst = std::fmax(worst, std::abs(probability[n] - 65536 * exact[n]));
  return worst;
}

}  // namespace

TEST_CASE("sigmoid and softplus of integers are within their bounds, at every input") {
  double error = 0, least = 0, most = 0;
  std::int32_t before = 0;
  bool rises = true, mirrored = true;
  for (std::int32_t input = -30000; input <= 30000; ++input) {
    const std::int32_t p = rbm::fixed_point_sigmoid(input);
    error = std::fmax(error, std::abs(p - 65536 * reference::sigmoid(input / 2048.0)));
    rises = rises && p >= before;
    mirrored = mirrored && (p == 65536 - rbm::fixed_point_sigmoid(-input) || p == 65535 || p == 0);
    before = p;
    const double excess =
        rbm::detail::fixed_point_softplus(input) - 65536 * reference::softplus(input / 2048.0);
    least = std::fmin(least, excess);
    most = std::fmax(most, excess);
  }
  CHECK(error < most_probability_error);
  CHECK(error > 10);  // the bound is not idle
  CHECK(least > -2);
  CHECK(most < most_energy_error);
  CHECK(rises);
  CHECK(mirrored);
  CHECK(rbm::fixed_point_sigmoid(0) == 32768);
  for (const std::int32_t far : {30001, 65535 * 32767 + 32767}) {
    CHECK(rbm::fixed_point_sigmoid(far) == 65535);
    CHECK(rbm::fixed_point_sigmoid(-far) == 0);
    CHECK(rbm::detail::fixed_point_softplus(-far) == 0);
  }
}

TEST_CASE(
    "the tables are sigmoid and softplus, rounded to nearest, and a processor makes those of the compiler") {
  const auto made = std::make_unique<rbm::detail::LogisticTables>();
  for (std::size_t k = 0; k < rbm::detail::LogisticTables::entries; ++k) {
    const double x = static_cast<double>(k) / 8;
    CHECK(made->sigmoid[k] == std::lround(65536 * reference::sigmoid(x)));
    CHECK(made->softplus[k] == std::lround(65536 * std::log1p(std::exp(-x))));
    CHECK(made->sigmoid[k] == rbm::detail::logistic_tables.sigmoid[k]);
    CHECK(made->softplus[k] == rbm::detail::logistic_tables.softplus[k]);
  }
}

TEST_CASE("probabilities and free energies of integers are those of the double-precision reference") {
  std::mt19937 random(1);
  for (const std::size_t visible : {1u, 3u, 29u, 64u})
    for (const std::size_t hidden : {1u, 13u, 24u})
      for (const float deviation : {0.1f, 1.0f, 3.0f}) {
        FixedPointModel model = fixture::random_fixed_point_model(visible, hidden, deviation, 2, 3);
        const reference::Parameters exact = fixture::exact(model);
        const reference::State v = random_state(visible, random), h = random_state(hidden, random);
        std::vector<Probability> of_hidden(hidden), again(hidden), of_visible(visible);
        rbm::hidden_probabilities(view(of_hidden), model, fixture::Listed(v));
        rbm::visible_probabilities(view(of_visible), model, fixture::Listed(h));
        CHECK(worst_error(of_hidden, reference::hidden_probabilities(exact, v)) < most_probability_error);
        CHECK(worst_error(of_visible, reference::visible_probabilities(exact, h)) < most_probability_error);
        const double energy = rbm::free_energy(view(again), model, fixture::Listed(v));
        CHECK(again == of_hidden);
        CHECK(std::abs(energy - 65536 * reference::free_energy(exact, v)) <=
              most_energy_error * static_cast<double>(hidden));
      }
}

TEST_CASE("the largest sums do not overflow") {
  constexpr std::size_t units = 65535;
  FixedPointModel wide(units, 1), tall(1, units);
  const reference::State all(units, 1), one(1, 1);
  std::vector<Probability> probability(1);
  for (const int sign : {-1, 1}) {
    wide.set_all(static_cast<rbm::Parameter>(sign * rbm::largest_parameter));
    tall.set_all(static_cast<rbm::Parameter>(sign * rbm::largest_parameter));
    rbm::hidden_probabilities(view(probability), wide, fixture::Listed(all));
    CHECK(probability[0] == (sign < 0 ? 0 : 65535));
    rbm::visible_probabilities(view(probability), tall, fixture::Listed(all));
    CHECK(probability[0] == (sign < 0 ? 0 : 65535));
  }
}

TEST_CASE("units are drawn with their probabilities, two from each number") {
  std::vector<Probability> probability{0, 1, 20000, 32768, 65535, 700, 48000};
  const std::size_t units = probability.size();
  std::vector<rbm::Unit> listed(units);
  rbm::UnitList list{listed.data(), nullptr, 0};
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(3), same = random;
  std::vector<double> on(units);
  constexpr int draws = 40000;
  bool as_documented = true;
  for (int n = 0; n < draws; ++n) {
    rbm::draw_units(list, view(probability), random);
    const std::vector<double> state = fixture::to_values(list, units);
    std::uint32_t number = 0;
    for (std::size_t u = 0; u < units; ++u) {
      number = u % 2 == 0 ? same.next() : number >> 16;
      as_documented = as_documented && state[u] == (number % 65536 < probability[u]);
      on[u] += state[u];
    }
  }
  CHECK(as_documented);
  CHECK(on[0] == 0);
  for (std::size_t u = 1; u < units; ++u) {
    const double p = probability[u] / 65536.0;
    CHECK(std::abs(on[u] - draws * p) < 1 + fixture::once_in_a_million * std::sqrt(draws * p * (1 - p)));
  }
}

TEST_CASE("bytes become states: 0 is never on, 255 always") {
  std::vector<std::uint8_t> intensity(256);
  for (std::size_t n = 0; n < 256; ++n) intensity[n] = static_cast<std::uint8_t>(n);
  std::vector<rbm::Unit> listed(256);
  rbm::UnitList list{listed.data(), nullptr, 0};
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(4);
  const rbm::VectorView<const std::uint8_t> bytes{intensity.data(), intensity.size()};

  rbm::set_visible(list, bytes, rbm::VisibleUnits::thresholded, random);
  CHECK(list.count == 128);
  CHECK(list.units[0] == 128);

  std::vector<double> on(256);
  constexpr int draws = 20000;
  for (int n = 0; n < draws; ++n) {
    rbm::set_visible(list, bytes, rbm::VisibleUnits::sampled, random);
    for (std::size_t k = 0; k < list.count; ++k) on[list.units[k]] += 1;
  }
  CHECK(on[0] == 0);
  CHECK(on[255] == draws);
  for (std::size_t n = 1; n < 255; ++n) {
    const double p = static_cast<double>(n) / 255;  // intensities n / 256 and (n + 1) / 256 stand for it
    CHECK(std::abs(on[n] - draws * p) <
          draws / 256.0 + fixture::once_in_a_million * std::sqrt(draws * p * (1 - p)));
  }
}

TEST_CASE("floats become the nearest integers within bounds, and integers the very floats") {
  fixture::Model floats(5, 3, 4.0f, 5, 2), back(5, 3, 0, 6, 1);
  floats.weights.values[0] = 1e30f;
  floats.weights.values[1] = -17;
  floats.weights.values[2] = 2.5f / 2048;
  floats.weights.values[3] = -2.49f / 2048;
  floats.hidden_bias[2] = 15.9f;
  FixedPointModel model(5, 3, 4);
  rbm::convert(model, floats);
  rbm::convert(back, model);
  CHECK(back.weights.at(0, 0) == 32767 / 2048.0f);
  CHECK(back.weights.at(0, 1) == -32767 / 2048.0f);
  CHECK(back.weights.at(0, 2) == 3 / 2048.0f);
  CHECK(back.weights.at(0, 3) == -2 / 2048.0f);
  floats.weights.values[0] = 32767 / 2048.0f;
  floats.weights.values[1] = -32767 / 2048.0f;
  reference::Parameters difference(floats);
  CHECK(difference.worst_difference(reference::Parameters(back)) <= 0.5 / 2048);
  CHECK(fixture::exact(model).worst_difference(reference::Parameters(back)) == 0);
  CHECK(model.weights[5] == FixedPointModel::untouched);
}

TEST_CASE("a model starts with weights of the deviation asked for") {
  FixedPointModel model(100, 100);
  model.hidden_bias[7] = model.visible_bias[9] = 5;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(7);
  for (const int deviation : {655, 6554}) {
    rbm::initialize(model, deviation, random);
    double sum = 0, squares = 0;
    for (const rbm::Parameter weight : model.weights) {
      sum += weight;
      squares += weight * weight;
    }
    const double expected = deviation / 65536.0 * 2048, count = static_cast<double>(model.weights.size());
    CHECK(std::abs(sum / count) < fixture::once_in_a_million * expected / std::sqrt(count));
    const double variance = expected * expected + 1 / 12.0;  // rounding's included
    CHECK(std::abs(squares / count - variance) <
          fixture::once_in_a_million * variance * std::sqrt(2 / count));
    CHECK(model.hidden_bias[7] + model.visible_bias[9] == 0);
  }
}
