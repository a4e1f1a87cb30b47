#include "rbm/two_way_weights.hpp"

#include <doctest/doctest.h>

#include "tests/support/fixtures.hpp"

namespace {

std::size_t bytes(rbm::ModelShape shape) {
  rbm::Arena arena;
  (void)rbm::TwoWayWeights({}, arena, shape);
  return arena.used;
}

void check_copies(const rbm::TwoWayWeights& weights, const fixture::Model& model) {
  const rbm::ConstRbmView exact = model;
  CHECK(weights.transposed.rows == exact.visible());
  CHECK(weights.transposed.end == rbm::padded(exact.hidden()));
  CHECK(weights.hidden_bias.size == rbm::padded(exact.hidden()));
  for (std::size_t i = 0; i < weights.hidden_bias.size; ++i) {
    const bool padding = i >= exact.hidden();
    CHECK(weights.hidden_bias[i] == (padding ? 0.0f : exact.hidden_bias[i]));
    for (std::size_t j = 0; j < exact.visible(); ++j)
      CHECK_UNARY(weights.transposed.at(j, i) == (padding ? 0.0f : exact.weights.row(i)[j]));
  }
}

}  // namespace

TEST_CASE("the copies are the model's transposed weights and hidden biases, padded with zeros") {
  for (std::size_t hidden : {1u, 7u, 16u, 33u}) {
    fixture::Model model(19, hidden, 0.5f, 1, 3);
    fixture::Memory memory(bytes({19, hidden}));
    rbm::Arena arena = memory;
    const rbm::TwoWayWeights weights(model, arena, {19, hidden});
    check_copies(weights, model);
    for (float& bias : model.hidden_bias) bias += 1;
    rbm::RbmView(model).weights.row(0)[3] = 9;
    weights.load();
    check_copies(weights, model);
  }
}

TEST_CASE("a memory that has no W begins with weights of 0, and with the biases") {
  constexpr std::size_t visible = 70, hidden = 75, labels = 3;
  const fixture::Model model(visible, hidden, 0.5f, 2, 3);
  rbm::ConstRbmView without = model;
  without.weights.data = nullptr;
  const rbm::OwnUnits own{true, {32, 64}, {0, 64}};
  const auto bytes_of_part = [&] {
    rbm::Arena arena;
    (void)rbm::TwoWayWeights({}, arena, {visible, hidden}, own, labels);
    return arena.used;
  };
  fixture::Memory memory(bytes_of_part());  // all NaN
  rbm::Arena arena = memory;
  const rbm::TwoWayWeights weights(without, arena, {visible, hidden}, own, labels);
  for (std::size_t i = 0; i < hidden; ++i) {
    CHECK(weights.hidden_bias[i] == without.hidden_bias[i]);
    const bool is_own = i >= 32 && i < 64;
    for (std::size_t j = 0; j < visible && is_own; ++j) CHECK_UNARY(weights.transposed.at(j, i) == 0);
    for (std::size_t y = 0; y < labels && !is_own; ++y)
      CHECK_UNARY(weights.label_panels[i < 32 ? 0 : 1].at(y, i) == 0);
    for (std::size_t j = 0; j < 64; ++j)
      CHECK_UNARY(rbm::columns_of(without, weights, {j, j + 1}).row(i)[0] == 0);
  }
}

TEST_CASE("the hidden inputs of a batch are c + W v of each of its states") {
  constexpr std::size_t visible = 40, hidden = 21, states = 3;
  const fixture::Model model(visible, hidden, 0.5f, 2, 3);
  fixture::Memory memory(bytes({visible, hidden}));
  rbm::Arena arena = memory;
  const rbm::TwoWayWeights weights(model, arena, {visible, hidden});
  std::vector<rbm::Unit> units(states * visible), counts(states);
  const rbm::UnitLists lists{units.data(), nullptr, counts.data(), states, visible};
  for (std::size_t n = 0; n < states; ++n)
    lists.write_row(n, [&](rbm::UnitList& list) {
      for (std::size_t j = n; j < visible; j += n + 2) list.add(j);
    });
  std::vector<float> values(states * rbm::padded(hidden), -1), expected(hidden);
  const rbm::MatrixView<float> out{values.data(), states, rbm::padded(hidden), rbm::padded(hidden)};
  rbm::hidden_inputs(out, weights, lists, 1, states);
  CHECK(out.row(0)[0] == -1);
  for (std::size_t n = 1; n < states; ++n) {
    rbm::multiply(fixture::view(expected), rbm::ConstRbmView(model).hidden_bias,
                  rbm::ConstRbmView(model).weights, lists.row(n));
    for (std::size_t i = 0; i < hidden; ++i) CHECK(out.row(n)[i] == expected[i]);
  }
}
