#include "tools/quantization/fidelity.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rbm/gradient.hpp"
#include "tools/base/statistics.hpp"
#include "tools/inference/device_inference.hpp"

namespace tool {
namespace {

// 1 for the least value, the mean rank for equal ones.
std::vector<double> ranks(const std::vector<float>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    for (std::size_t n = first; n < end; ++n) result[order[n]] = static_cast<double>(first + end + 1) / 2;
    first = end;
  }
  return result;
}

// The share of units that are likelier on in the original, off in the quantized model, or the other way
// round.
float disagreement(rbm::VectorView<const float> original, const std::vector<float>& quantized,
                   const std::vector<std::size_t>& kept) {
  std::size_t differing = 0;
  for (std::size_t i = 0; i < kept.size(); ++i)
    differing += (original[kept[i]] >= 0.5f) != (quantized[i] >= 0.5f);
  return static_cast<float>(differing) / static_cast<float>(kept.size());
}

}  // namespace

double rank_correlation(const std::vector<float>& x, const std::vector<float>& y) {
  const std::vector<double> a = ranks(x), b = ranks(y);
  const double mean = static_cast<double>(x.size() + 1) / 2;
  double products = 0, squares_a = 0, squares_b = 0;
  for (std::size_t n = 0; n < a.size(); ++n) {
    products += (a[n] - mean) * (b[n] - mean);
    squares_a += (a[n] - mean) * (a[n] - mean);
    squares_b += (b[n] - mean) * (b[n] - mean);
  }
  return products / std::sqrt(squares_a * squares_b);
}

Fidelity measure_fidelity(const Model& model, const Examples& examples, const PackedModel& quantized,
                          const std::vector<std::size_t>& kept, const Workers& workers) {
  const std::size_t rows = examples.data.rows;
  std::vector<float> float_errors(rows), device_errors(rows), disagreements(rows), float_energies(rows),
      device_energies(rows);
  const auto measure = [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
    DeviceInference device(quantized, 1);
    std::vector<float> features(kept.size()), means(model.visible);
    inference.hidden_inputs(begin, end);
    for (std::size_t n = begin; n < end; ++n) float_energies[first + n] = inference.free_energy(n);
    inference.hidden_probabilities(begin, end);
    for (std::size_t n = begin; n < end; ++n) {
      device.seed(0, examples.seed + first + n);
      device.see(0, inference.visible(n));
      device_energies[first + n] = static_cast<float>(device.free_energy(0));
      device.features(0, features.data());
      disagreements[first + n] = disagreement(inference.hidden_values(n), features, kept);
      device.reconstruct(0, means.data());
      device_errors[first + n] = rbm::squared_error(inference.visible(n), {means.data(), means.size()}) /
                                 static_cast<float>(means.size());
    }
    inference.reconstruct(begin, end);
    for (std::size_t n = begin; n < end; ++n) float_errors[first + n] = inference.reconstruction_error(n);
  };
  run_over(model, examples, rows, workers, measure, [](Inference&, std::size_t, std::size_t) {});
  return {mean(float_errors), mean(device_errors), mean(disagreements),
          rank_correlation(float_energies, device_energies)};
}

}  // namespace tool
