// Hidden units taken away, against enumeration.
#include "tools/quantization/pruning.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

namespace {

constexpr std::size_t visible = 8, hidden = 6;

/// A model whose hidden units matter ever less, but for their order.
tool::Model random_model(std::uint32_t seed) {
  tool::Model model(visible, hidden, {1, visible});
  std::mt19937 random(seed);
  constexpr float deviations[hidden] = {0.2f, 1.0f, 0.05f, 0.7f, 0.1f, 0.4f};
  for (std::size_t i = 0; i < hidden; ++i)
    for (std::size_t j = 0; j < visible; ++j)
      model.weights[i * visible + j] = deviations[i] * fixture::bell(random);
  for (float& bias : model.visible_bias) bias = 0.5f * fixture::bell(random);
  for (float& bias : model.hidden_bias) bias = 0.5f * fixture::bell(random);
  return model;
}

/// p(v) of every visible state.
std::vector<double> distribution(const reference::Parameters& model) {
  const double log_partition = reference::log_partition(model);
  std::vector<double> p;
  for (std::size_t v = 0; v < std::size_t{1} << visible; ++v)
    p.push_back(std::exp(-reference::free_energy(model, reference::to_state(v, visible)) - log_partition));
  return p;
}

double divergence(const tool::Model& from, const tool::Model& to) {
  const std::vector<double> p = distribution(reference::Parameters(from.view())),
                            q = distribution(reference::Parameters(to.view()));
  double sum = 0;
  for (std::size_t v = 0; v < p.size(); ++v) sum += p[v] * std::log(p[v] / q[v]);
  return sum;
}

/// Exact <p(h_i = 1 | v)>.
std::vector<double> mean_probabilities(const tool::Model& model) {
  const reference::Parameters exact(model.view());
  const std::vector<double> p = distribution(exact);
  std::vector<double> means(model.hidden);
  for (std::size_t v = 0; v < p.size(); ++v) {
    const reference::State answers = reference::hidden_probabilities(exact, reference::to_state(v, visible));
    for (std::size_t i = 0; i < means.size(); ++i) means[i] += p[v] * answers[i];
  }
  return means;
}

/// Half the variance of log(1 + exp(c_i + W_i v)) - p_i W_i v, by its definition.
double exact_cost(const tool::Model& model, std::size_t i) {
  const reference::Parameters exact(model.view());
  const std::vector<double> p = distribution(exact);
  const double mean_probability = mean_probabilities(model)[i];
  double mean = 0, square = 0;
  for (std::size_t v = 0; v < p.size(); ++v) {
    const double input = reference::hidden_input(exact, reference::to_state(v, visible), i);
    const double change = reference::softplus(input) - mean_probability * (input - exact.hidden_bias[i]);
    mean += p[v] * change;
    square += p[v] * change * change;
  }
  return (square - mean * mean) / 2;
}

/// The model without one unit, its mean effect in the biases.
tool::Model without(const tool::Model& model, std::size_t unit) {
  tool::Model rest = model;
  const double mean = mean_probabilities(model)[unit];
  for (std::size_t j = 0; j < visible; ++j) {
    rest.visible_bias[j] += static_cast<float>(mean) * model.weights[unit * visible + j];
    rest.weights[unit * visible + j] = 0;
  }
  return rest;
}

}  // namespace

TEST_CASE("what a unit costs to lose is half the variance of what it adds to -F, within sampling error") {
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    const tool::Model model = random_model(seed);
    const std::vector<double> costs = tool::costs_of_units(model, 1);
    REQUIRE(costs.size() == hidden);
    // A thousand states, not independent: a variance is then known to a few times sqrt(2 / 1000).
    for (std::size_t i = 0; i < hidden; ++i) CHECK(std::abs(costs[i] / exact_cost(model, i) - 1) < 0.25);
  }
}

TEST_CASE("that cost is the divergence of the model without the unit, where it is small") {
  const tool::Model model = random_model(4);
  const std::vector<double> costs = tool::costs_of_units(model, 1);
  for (std::size_t i = 0; i < hidden; ++i) {
    const double truth = divergence(model, without(model, i));
    CAPTURE(i);
    if (truth < 0.02) CHECK(std::abs(costs[i] / truth - 1) < 0.5);
  }
  const auto cheapest = std::min_element(costs.begin(), costs.end()) - costs.begin();
  for (std::size_t i = 0; i < hidden; ++i)
    CHECK(divergence(model, without(model, static_cast<std::size_t>(cheapest))) <=
          divergence(model, without(model, i)));
}

TEST_CASE("pruning keeps the units that matter most, in their order, as they were") {
  const tool::Model model = random_model(5);
  for (std::size_t count = 1; count <= hidden; ++count) {
    const tool::PrunedModel pruned = tool::pruned(model, count, 1);
    REQUIRE(pruned.kept.size() == count);
    REQUIRE(pruned.model.hidden == count);
    CHECK(std::is_sorted(pruned.kept.begin(), pruned.kept.end()));
    std::vector<std::size_t> order(hidden);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return exact_cost(model, a) > exact_cost(model, b); });
    order.resize(count);
    std::sort(order.begin(), order.end());
    CHECK(pruned.kept == order);
    for (std::size_t n = 0; n < count; ++n) {
      CHECK(pruned.model.hidden_bias[n] == model.hidden_bias[order[n]]);
      for (std::size_t j = 0; j < visible; ++j)
        CHECK(pruned.model.weights[n * visible + j] == model.weights[order[n] * visible + j]);
    }
  }
}

TEST_CASE("visible biases take the mean effect of what is pruned") {
  const tool::Model model = random_model(6);
  const tool::PrunedModel pruned = tool::pruned(model, 2, 1);
  const std::vector<double> means = mean_probabilities(model);
  for (std::size_t j = 0; j < visible; ++j) {
    double bias = static_cast<double>(model.visible_bias[j]), size = 0;
    for (std::size_t i = 0; i < hidden; ++i) {
      if (std::count(pruned.kept.begin(), pruned.kept.end(), i) != 0) continue;
      const double weight = static_cast<double>(model.weights[i * visible + j]);
      bias += means[i] * weight;
      size += std::abs(weight);
    }
    CHECK(std::abs(static_cast<double>(pruned.model.visible_bias[j]) - bias) < 0.05 * size);
  }
}

TEST_CASE("a pruned model loses less than one whose biases stay, and less the more it keeps") {
  const tool::Model model = random_model(7);
  const std::vector<double> means = mean_probabilities(model);
  double before = 1e9;
  for (std::size_t count = 1; count < hidden; ++count) {
    const tool::PrunedModel pruned = tool::pruned(model, count, 1);
    const tool::Model rest = tool::unpruned(pruned.model, pruned.kept, hidden);
    tool::Model careless = rest;
    careless.visible_bias = model.visible_bias;
    const double lost = divergence(model, rest);
    CAPTURE(count);
    CHECK(lost < divergence(model, careless));
    CHECK(lost < before);
    // No other choice of units is much better.
    for (std::size_t other = 0; other < std::size_t{1} << hidden; ++other) {
      const reference::State kept = reference::to_state(other, hidden);
      if (std::accumulate(kept.begin(), kept.end(), 0.0) != static_cast<double>(count)) continue;
      tool::Model choice = model;
      for (std::size_t i = 0; i < hidden; ++i)
        if (kept[i] == 0) {
          for (std::size_t j = 0; j < visible; ++j) {
            choice.visible_bias[j] += static_cast<float>(means[i]) * model.weights[i * visible + j];
            choice.weights[i * visible + j] = 0;
          }
        }
      CHECK(lost < 1.3 * divergence(model, choice) + 0.001);
    }
    before = lost;
  }
}

TEST_CASE(
    "a pruned model in the original's shape has the same distribution; of all units it is the original") {
  const tool::Model model = random_model(8);
  const tool::PrunedModel few = tool::pruned(model, 3, 1);
  const tool::Model shaped = tool::unpruned(few.model, few.kept, hidden);
  CHECK(shaped.hidden == hidden);
  const std::vector<double> p = distribution(reference::Parameters(few.model.view())),
                            q = distribution(reference::Parameters(shaped.view()));
  for (std::size_t v = 0; v < p.size(); ++v) CHECK(q[v] == doctest::Approx(p[v]).epsilon(1e-9));
  const tool::PrunedModel all = tool::pruned(model, hidden, 1);
  for (const tool::Model& same : {all.model, tool::unpruned(all.model, all.kept, hidden)})
    CHECK(fixture::all_parameters(same.view()) == fixture::all_parameters(model.view()));
}
