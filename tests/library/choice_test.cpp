#include "rbm/choice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/fixed_point_models.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference_choice.hpp"

using fixture::FixedPointModel;

namespace {

constexpr std::size_t visible = 17, hidden = 6;
/// At the front, in the midst and at the end of the visible units, and of one unit.
constexpr rbm::Choice choices[] = {{0, 5}, {4, 11}, {9, visible}, {3, 4}};

/// Random values of the units outside of a choice: bits, or any number from -1 to 1.
std::vector<double> random_rest(rbm::Choice choice, bool real, std::mt19937& random) {
  std::vector<double> rest(visible);
  for (std::size_t j = 0; j < visible; ++j)
    if (j < choice.begin || j >= choice.end)
      rest[j] = real ? static_cast<double>(2 * fixture::uniform(random) - 1)
                     : static_cast<double>(fixture::uniform(random) < 0.4f);
  return rest;
}

rbm::VectorView<std::int32_t> view(std::vector<std::int32_t>& values) {
  return {values.data(), values.size()};
}

}  // namespace

TEST_CASE("a choice's probabilities are those of enumeration") {
  std::mt19937 random(1);
  for (const rbm::Choice choice : choices)
    for (const bool real : {false, true}) {
      const fixture::Model model(visible, hidden, 1.0f, 2, 3);
      const std::vector<double> rest = random_rest(choice, real, random);
      const std::vector<double> exact =
          reference::choice_probabilities(reference::Parameters(model), choice, rest);
      std::vector<float> probability(choice.size()), inputs(hidden);
      for (std::size_t chosen = 0; chosen < choice.size(); ++chosen) {
        const float surprise = rbm::choice_surprise(fixture::view(probability), fixture::view(inputs), model,
                                                    choice, fixture::Listed(rest, real), chosen);
        CHECK(static_cast<double>(surprise) == doctest::Approx(-std::log(exact[chosen])).epsilon(1e-4));
        for (std::size_t y = 0; y < exact.size(); ++y)
          CHECK(static_cast<double>(probability[y]) == doctest::Approx(exact[y]).epsilon(1e-4));
      }
      std::vector<float> again(choice.size());
      rbm::choice_probabilities(fixture::view(again), fixture::view(inputs), model, choice,
                                fixture::Listed(rest, real));
      CHECK(fixture::same_bits(again, probability));
      const reference::Parameters parameters(model);
      for (std::size_t i = 0; i < hidden; ++i)
        CHECK(static_cast<double>(inputs[i]) ==
              doctest::Approx(reference::hidden_input(parameters, rest, i)).epsilon(1e-4));
    }
}

TEST_CASE("in fixed point they are so within the bounds that choice.hpp states") {
  std::mt19937 random(3);
  for (const rbm::Choice choice : choices)
    for (const float deviation : {0.3f, 1.0f, 3.0f}) {
      FixedPointModel model = fixture::random_fixed_point_model(visible, hidden, deviation, 4, 3);
      const std::vector<double> rest = random_rest(choice, false, random);
      const std::vector<double> exact = reference::choice_probabilities(fixture::exact(model), choice, rest);
      std::vector<std::int32_t> probability(choice.size()), inputs(hidden);
      for (std::size_t chosen = 0; chosen < choice.size(); ++chosen) {
        const std::int32_t surprise = rbm::choice_surprise(view(probability), view(inputs), model, choice,
                                                           fixture::Listed(rest), chosen);
        CHECK(std::abs(surprise + 65536 * std::log(exact[chosen])) <= 32 * hidden + 16);
        for (std::size_t y = 0; y < exact.size(); ++y)
          CHECK(std::abs(probability[y] - 65536 * exact[y]) <= 32 * hidden + 24);
      }
      std::vector<std::int32_t> again(choice.size());
      rbm::choice_probabilities(view(again), view(inputs), model, choice, fixture::Listed(rest));
      CHECK(again == probability);
    }
}

TEST_CASE("softmax in fixed point is within its bounds, for one score, many, and scores far apart") {
  std::mt19937 random(5);
  for (const std::size_t size : {1u, 2u, 64u, 256u})
    for (const float nats : {0.0f, 1.0f, 10.0f, 4000.0f}) {
      std::vector<std::int32_t> scores(size);
      for (std::int32_t& score : scores)
        score = static_cast<std::int32_t>(65536 * nats * (2 * fixture::uniform(random) - 1));
      std::vector<double> exact(size);
      const double largest = *std::max_element(scores.begin(), scores.end());
      double sum = 0;
      for (std::size_t y = 0; y < size; ++y) sum += exact[y] = std::exp((scores[y] - largest) / 65536);
      const std::int32_t log_sum = rbm::softmax(view(scores));
      CHECK(std::abs(log_sum - largest - 65536 * std::log(sum)) <= 16);
      std::int64_t total = 0;
      for (std::size_t y = 0; y < size; ++y) {
        CHECK(std::abs(scores[y] - 65536 * exact[y] / sum) <= 24);
        total += scores[y];
      }
      CHECK(total <= 65536);
    }
}

TEST_CASE("softmax of floats loses nothing where scores are far apart or large") {
  std::vector<float> scores{-3000.0f, 4000.0f, 3999.0f};
  const float log_sum = rbm::softmax(fixture::view(scores));
  CHECK(log_sum == doctest::Approx(4000 + std::log(1 + std::exp(-1.0))));
  CHECK(scores[0] == 0.0f);
  CHECK(static_cast<double>(scores[2]) == doctest::Approx(reference::sigmoid(-1)));
}
