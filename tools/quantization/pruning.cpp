#include "tools/quantization/pruning.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rbm/gibbs.hpp"

namespace tool {
namespace {

// Calls visit(c + W v) for each of rbm::sampled_states that the model makes up.
template <class Visit>
void for_states(const Model& model, std::uint64_t seed, const Visit& visit) {
  const rbm::ModelShape shape{model.visible, model.hidden};
  AlignedVector<unsigned char> memory(rbm::chain_bytes(shape));
  rbm::Chain chain(rbm::Arena{memory.data(), 0, memory.size()}, shape);
  std::vector<float> inputs(model.hidden);
  rbm::sample_states(chain, model.view(), seed, [&] {
    rbm::multiply({inputs.data(), inputs.size()}, model.view().hidden_bias, model.view().weights,
                  chain.visible);
    visit(inputs);
  });
}

std::vector<double> mean_probabilities(const Model& model, std::uint64_t seed) {
  std::vector<double> means(model.hidden);
  for_states(model, seed, [&](const std::vector<float>& inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      means[i] += static_cast<double>(rbm::sigmoid(inputs[i])) / rbm::sampled_states;
  });
  return means;
}

}  // namespace

std::vector<double> costs_of_units(const Model& model, std::uint64_t seed) {
  const std::vector<double> probability = mean_probabilities(model, seed);
  std::vector<double> sums(model.hidden), squares(model.hidden);
  for_states(model, seed, [&](const std::vector<float>& inputs) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const double input = static_cast<double>(inputs[i]);
      // W_i v differs from the input by a constant, which no variance sees.
      const double change = static_cast<double>(rbm::softplus(inputs[i])) - probability[i] * input;
      sums[i] += change;
      squares[i] += change * change;
    }
  });
  constexpr double count = rbm::sampled_states;
  std::vector<double> costs;
  for (std::size_t i = 0; i < model.hidden; ++i)
    costs.push_back((squares[i] - sums[i] * sums[i] / count) / count / 2);
  return costs;
}

PrunedModel pruned(const Model& model, std::size_t hidden, std::uint64_t seed) {
  const std::vector<double> costs = costs_of_units(model, seed),
                            probability = mean_probabilities(model, seed);
  std::vector<std::size_t> order(model.hidden);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return costs[a] > costs[b]; });
  PrunedModel result{Model(model.visible, hidden, model.shape),
                     {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(hidden)}};
  std::sort(result.kept.begin(), result.kept.end());
  result.model.visible_bias = model.visible_bias;
  for (std::size_t n = 0; n < hidden; ++n) {
    const std::size_t i = result.kept[n];
    std::copy_n(model.weights.data() + i * model.visible, model.visible,
                result.model.weights.data() + n * model.visible);
    result.model.hidden_bias[n] = model.hidden_bias[i];
  }
  for (std::size_t n = hidden; n < model.hidden; ++n)
    for (std::size_t j = 0; j < model.visible; ++j)
      result.model.visible_bias[j] +=
          static_cast<float>(probability[order[n]]) * model.weights[order[n] * model.visible + j];
  return result;
}

Model unpruned(const Model& model, const std::vector<std::size_t>& kept, std::size_t hidden) {
  Model result(model.visible, hidden, model.shape);
  result.visible_bias = model.visible_bias;
  for (std::size_t n = 0; n < kept.size(); ++n) {
    std::copy_n(model.weights.data() + n * model.visible, model.visible,
                result.weights.data() + kept[n] * model.visible);
    result.hidden_bias[kept[n]] = model.hidden_bias[n];
  }
  return result;
}

}  // namespace tool
