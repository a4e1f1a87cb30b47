#include "tools/inference/shares.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tool {
namespace {

double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

// The mean of the logistic function between two points: the rise of softplus over their distance.
double mean_sigmoid(double x, double y) {
  constexpr double near = 1e-6;
  if (std::abs(x - y) > near) return (softplus(x) - softplus(y)) / (x - y);
  return 1 / (1 + std::exp(-(x + y) / 2));
}

}  // namespace

Shares::Shares(const Model& model) : model_(model) {}

std::vector<double> Shares::states(std::vector<double> values) const {
  // Rows of loadings are orthogonal: each is taken away by itself.
  for (std::size_t k = 0; k < model_.factors; ++k) {
    const float* const loadings = model_.loadings.data() + k * model_.visible;
    double product = 0, variance = 0;
    for (std::size_t j = 0; j < values.size(); ++j) {
      const auto loading = static_cast<double>(loadings[j]);
      product += loading * values[j];
      variance += loading * loading;
    }
    for (std::size_t j = 0; j < values.size(); ++j)
      values[j] -= product / (1 + variance) * static_cast<double>(loadings[j]);
  }
  return values;
}

std::vector<double> Shares::mean_activities(const std::vector<double>& ends) const {
  std::vector<double> means(model_.hidden);
  const auto bias = [&](std::size_t i) { return static_cast<double>(model_.hidden_bias[i]); };
  const rbm::Choice choice = model_.choice();
  if (choice.size() == 0) {
    for (std::size_t i = 0; i < means.size(); ++i) means[i] = mean_sigmoid(ends[i], bias(i));
    return means;
  }
  constexpr std::size_t points = 512;
  std::vector<double> scores(choice.size()), inputs(choice.size() * means.size());
  for (std::size_t point = 0; point < points; ++point) {
    const double way = (static_cast<double>(point) + 0.5) / points;
    for (std::size_t y = 0; y < choice.size(); ++y) {
      scores[y] = static_cast<double>(model_.visible_bias[choice.begin + y]);
      for (std::size_t i = 0; i < means.size(); ++i) {
        const auto weight = static_cast<double>(model_.weights[i * model_.visible + choice.begin + y]);
        inputs[y * means.size() + i] = bias(i) + weight + way * (ends[i] - bias(i));
        scores[y] += softplus(inputs[y * means.size() + i]);
      }
    }
    const double largest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (double& score : scores) sum += score = std::exp(score - largest);
    for (std::size_t y = 0; y < choice.size(); ++y)
      for (std::size_t i = 0; i < means.size(); ++i)
        means[i] += scores[y] / sum / points / (1 + std::exp(-inputs[y * means.size() + i]));
  }
  return means;
}

std::vector<double> Shares::of(const float* example) const {
  const std::size_t visible = model_.units();
  // The other example is at x = 0, where a = 0 and u = c.
  std::vector<double> x(visible), gradient(visible);
  for (std::size_t j = 0; j < visible; ++j) {
    x[j] = static_cast<double>(example[j]);
    if (model_.has_readings())
      x[j] = (x[j] - static_cast<double>(model_.offset[j])) / static_cast<double>(model_.scale[j]);
  }
  // Of real units x / 2; a bit, which has no square in its energy, has Q = 0.
  for (const rbm::VisibleGroup& group : model_.groups)
    for (std::size_t j = group.begin; group.kind == rbm::VisibleKind::real && j < group.end; ++j)
      gradient[j] = x[j] / 2;
  for (std::size_t j = 0; j < visible; ++j) gradient[j] -= static_cast<double>(model_.visible_bias[j]);
  const std::vector<double> a = states(x);
  std::vector<double> inputs(model_.hidden_bias.begin(), model_.hidden_bias.end());
  const auto weight = [&](std::size_t i, std::size_t j) {
    return static_cast<double>(model_.weights[i * model_.visible + j]);
  };
  for (std::size_t i = 0; i < model_.hidden; ++i)
    for (std::size_t j = 0; j < visible; ++j) inputs[i] += weight(i, j) * a[j];
  const std::vector<double> means = mean_activities(inputs);
  for (std::size_t i = 0; i < model_.hidden; ++i)
    for (std::size_t j = 0; j < visible; ++j) gradient[j] -= means[i] * weight(i, j);
  std::vector<double> shares = states(std::move(gradient));
  for (std::size_t j = 0; j < visible; ++j) shares[j] *= x[j];
  return shares;
}

}  // namespace tool
