#include "rbm/model.hpp"

#include <doctest/doctest.h>

#include <type_traits>

#include "tests/support/mixed_model.hpp"
#include "tests/support/reference.hpp"

TEST_CASE("a model takes the bytes of its parameters and is a plain struct") {
  static_assert(sizeof(rbm::Rbm<64, 32>) == 4 * (64 * 32 + 64 + 32));
  static_assert(sizeof(rbm::Rbm<784, 496>) == 4 * (784 * 496 + 784 + 496));
  static_assert(sizeof(rbm::Rbm<9, 7>) >= 4 * (9 * 7 + 9 + 7));
  static_assert(sizeof(rbm::Rbm<9, 7>) < 4 * (9 * 7 + 9 + 7) + 3 * 4 * rbm::vector_lanes);
  static_assert(std::is_trivial_v<rbm::Rbm<64, 24>> && std::is_standard_layout_v<rbm::Rbm<64, 24>>);
}

TEST_CASE("views of a model have its shape and its storage") {
  rbm::Rbm<5, 3> model = {};
  const rbm::RbmView view = model;
  CHECK(view.visible() == 5);
  CHECK(view.hidden() == 3);
  CHECK(view.visible_bias.size == 5);
  CHECK(view.hidden_bias.size == 3);
  view.weights.row(2)[4] = 6;
  CHECK(model.weights.values[2 * 5 + 4] == 6);
  const rbm::Rbm<5, 3>& constant = model;
  const rbm::ConstRbmView reading = constant;
  CHECK(reading.weights.data == view.weights.data);
  CHECK(reading.visible_bias.data == view.visible_bias.data);
  CHECK(rbm::ConstRbmView(view).hidden_bias.data == view.hidden_bias.data);
}

TEST_CASE("a shape is valid where both layers have 1 to 65,535 units, and a view has its own shape only") {
  for (const std::size_t units : {std::size_t{1}, std::size_t{65535}}) {
    CHECK(rbm::ModelShape{units, 7}.is_valid());
    CHECK(rbm::ModelShape{7, units}.is_valid());
  }
  for (const std::size_t units : {std::size_t{0}, std::size_t{65536}}) {
    CHECK(!rbm::ModelShape{units, 7}.is_valid());
    CHECK(!rbm::ModelShape{7, units}.is_valid());
  }
  rbm::Rbm<5, 3> model = {};
  const rbm::RbmView view = model;
  CHECK(view.has_shape({5, 3}));
  CHECK(!view.has_shape({4, 3}));
  CHECK(!view.has_shape({5, 4}));
}

TEST_CASE("initial weights are normal with the deviation asked for, biases are 0") {
  fixture::Model model(200, 150, 1, 1, 3);
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(4);
  rbm::initialize(model, 0.02f, random);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < 150; ++i)
    for (std::size_t j = 0; j < 200; ++j) {
      sum += model.weights.at(i, j) / 0.02;
      squares += std::pow(model.weights.at(i, j) / 0.02, 2);
    }
  const double root = std::sqrt(200.0 * 150.0);
  CHECK(std::abs(sum) / root < fixture::once_in_a_million);
  CHECK(std::abs(squares / root - root) / std::sqrt(2) < fixture::once_in_a_million);
  for (float bias : model.visible_bias) CHECK_UNARY(rbm::to_bits(bias) == 0);
  for (float bias : model.hidden_bias) CHECK_UNARY(rbm::to_bits(bias) == 0);
  CHECK(std::isnan(model.weights.values.back()));  // between rows nothing is written
}

TEST_CASE("initial weights are drawn in storage order, 0.01 apart unless told") {
  static rbm::Rbm<7, 5> model;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(5), same = random;
  rbm::initialize(model, random);
  for (float weight : model.weights.values) CHECK(weight == 0.01f * rbm::draw_normal(same));
}

TEST_CASE("the bias of a mean is its log-odds, bounded") {
  float below = rbm::bias_for_mean(0);
  for (int n = 2; n < 2048; ++n) {
    const float mean = static_cast<float>(n) / 2048;
    const double exact = std::log(static_cast<double>(mean) / (1 - static_cast<double>(mean)));
    CHECK(std::abs(rbm::bias_for_mean(mean) - exact) < 2e-6);
    CHECK(rbm::bias_for_mean(mean) > below);
    below = rbm::bias_for_mean(mean);
  }
  const float least = static_cast<float>(-std::log(2047.0));
  for (float mean : {-1.0f, 0.0f, 1e-30f, 1.0f / 2048})
    CHECK(rbm::bias_for_mean(mean) == doctest::Approx(least).epsilon(1e-6));
  for (float mean : {2047.0f / 2048, 0.9999f, 1.0f, 2.0f})
    CHECK(rbm::bias_for_mean(mean) == doctest::Approx(-least).epsilon(1e-6));
  CHECK(rbm::bias_for_mean(0.5f) == 0);
}

TEST_CASE("the mean of models is that of their parameters, whatever stood in its place before") {
  constexpr std::size_t visible = 13, hidden = 9, models = 50;
  fixture::Model mean(visible, hidden, 0, 0, 3);
  std::vector<double> sums(visible * hidden + visible + hidden);
  for (float& weight : mean.weights.values) weight = fixture::nan;
  for (float& bias : mean.visible_bias) bias = fixture::infinity;
  for (std::size_t count = 1; count <= models; ++count) {
    const fixture::Model model(visible, hidden, 1, static_cast<std::uint32_t>(count), 1);
    const std::vector<float> parameters = fixture::all_parameters(model);
    rbm::add_to_mean(mean, model, count);
    const std::vector<float> got = fixture::all_parameters(mean);
    double worst = 0;
    for (std::size_t n = 0; n < sums.size(); ++n) {
      sums[n] += parameters[n];
      const double difference = std::abs(got[n] - sums[n] / static_cast<double>(count));
      if (!(difference <= worst)) worst = difference;  // NaN too
    }
    CHECK(worst < 1e-6);
    if (count == 1) CHECK(fixture::same_bits(got, parameters));
  }
  CHECK(std::isnan(mean.weights.values.back()));  // between rows nothing is written
}

TEST_CASE("the mean of models of readings has the mean of the scales, and the last model's loadings") {
  std::vector<fixture::MixedModel> models;
  for (std::uint32_t seed = 1; seed <= 3; ++seed) models.emplace_back(fixture::mixed_kinds(), 2, 2, 1, seed);
  fixture::MixedModel mean = models[0];
  for (std::size_t n = 0; n < 3; ++n) rbm::add_to_mean(mean, models[n], n + 1);
  for (std::size_t j = 0; j < 7; ++j) {
    double scale = 0;
    for (const fixture::MixedModel& model : models) scale += static_cast<double>(model.scale[j]) / 3;
    CHECK(mean.scale[j] == doctest::Approx(scale).epsilon(1e-6));
  }
  CHECK(fixture::same_bits(mean.loadings.values, models[2].loadings.values));
}

TEST_CASE("a hidden unit's opposite gives visible states the same probabilities") {
  constexpr std::size_t visible = 6, hidden = 4;
  fixture::Model model(visible, hidden, 1, 8, 2);
  const reference::Parameters before(model);
  rbm::flip_hidden(model, 2);
  const reference::Parameters after(model);
  const double moved = before.hidden_bias[2];
  CHECK(reference::log_partition(after) == doctest::Approx(reference::log_partition(before) - moved));
  for (unsigned v = 0; v < 1u << visible; ++v) {
    const reference::State state = reference::to_state(v, visible);
    CHECK(reference::free_energy(after, state) ==
          doctest::Approx(reference::free_energy(before, state) + moved));
    const reference::State p = reference::hidden_probabilities(before, state);
    const reference::State q = reference::hidden_probabilities(after, state);
    for (std::size_t i = 0; i < hidden; ++i) CHECK(q[i] == doctest::Approx(i == 2 ? 1 - p[i] : p[i]));
  }
}
