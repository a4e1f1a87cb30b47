#include "tools/quantization/fidelity.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "rbm/energy.hpp"
#include "rbm/gradient.hpp"
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

}  // namespace

double rank_correlation(const std::vector<float>& x, const std::vector<float>& y) {
  const std::vector<double> a = ranks(x), b = ranks(y);
  const double mean = static_cast<double>(x.size() + 1) / 2;
  double products = 0, of_a = 0, of_b = 0;
  for (std::size_t n = 0; n < a.size(); ++n) {
    products += (a[n] - mean) * (b[n] - mean);
    of_a += (a[n] - mean) * (a[n] - mean);
    of_b += (b[n] - mean) * (b[n] - mean);
  }
  return products / std::sqrt(of_a * of_b);
}

Fidelity measure_fidelity(const Arguments& arguments, const Examples& examples, const PackedModel& integers,
                          const std::vector<std::size_t>& kept) {
  const std::size_t rows = examples.data.rows;
  std::vector<float> float_errors(rows), integer_errors(rows), disagreements(rows), float_energies(rows),
      integer_energies(rows);
  run_over(
      arguments, examples, rows,
      [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
        DeviceInference device(integers, 1);
        std::vector<float> features(kept.size()), means(examples.model.visible);
        inference.hidden_inputs(begin, end);
        for (std::size_t n = begin; n < end; ++n)
          float_energies[first + n] =
              rbm::free_energy(examples.model.view(), inference.visible(n), inference.hidden_values(n));
        inference.hidden_probabilities(begin, end);
        for (std::size_t n = begin; n < end; ++n) {
          device.seed(0, examples.seed + first + n);
          device.see(0, inference.visible(n));
          device.features(0, features.data());
          std::size_t differing = 0;
          for (std::size_t i = 0; i < kept.size(); ++i)
            differing += (inference.hidden_values(n)[kept[i]] >= 0.5f) != (features[i] >= 0.5f);
          disagreements[first + n] = static_cast<float>(differing) / static_cast<float>(kept.size());
          integer_energies[first + n] = static_cast<float>(device.free_energy(0));
          device.reconstruct(0, means.data());
          integer_errors[first + n] = rbm::squared_error(inference.visible(n), {means.data(), means.size()}) /
                                      static_cast<float>(means.size());
        }
        inference.reconstruct(begin, end);
        for (std::size_t n = begin; n < end; ++n) float_errors[first + n] = inference.reconstruction_error(n);
      },
      [](Inference&, std::size_t, std::size_t) {});
  return {mean(float_errors), mean(integer_errors), mean(disagreements),
          rank_correlation(float_energies, integer_energies)};
}

}  // namespace tool
