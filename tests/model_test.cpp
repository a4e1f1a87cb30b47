#include "rbm/model.hpp"

#include <doctest/doctest.h>

#include <type_traits>

#include "fixtures.hpp"

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

TEST_CASE("initial weights are normal with the deviation asked for, biases are 0") {
  fixture::Model model(200, 150, 1, 1, 3);
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(4);
  rbm::initialize(model, random, 0.02f);
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < 150; ++i)
    for (std::size_t j = 0; j < 200; ++j) {
      sum += model.weights.at(i, j) / 0.02;
      squares += std::pow(model.weights.at(i, j) / 0.02, 2);
    }
  const double root = std::sqrt(200.0 * 150.0);
  CHECK(std::abs(sum) / root < fixture::once_in_a_million);
  CHECK(std::abs(squares / root - root) / std::sqrt(2) < fixture::once_in_a_million);
  for (float bias : model.visible_bias) CHECK_UNARY(rbm::bits_of(bias) == 0);
  for (float bias : model.hidden_bias) CHECK_UNARY(rbm::bits_of(bias) == 0);
  CHECK(std::isnan(model.weights.values.back()));  // between rows nothing is written
}

TEST_CASE("initial weights are drawn in storage order, 0.01 apart unless told") {
  static rbm::Rbm<7, 5> model;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(5), same = random;
  rbm::initialize(model, random);
  for (float weight : model.weights.values) CHECK(weight == 0.01f * rbm::draw_normal(same));
}
