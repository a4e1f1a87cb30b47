#include "tools/quantization/recalibration.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "tools/inference/recorded_scores.hpp"
#include "tools/inference/scores.hpp"

namespace tool {
namespace {

constexpr std::size_t samples = 512, steps = 200;

// Examples that the model makes up: states of Gibbs chains, or probabilities of bits, to be drawn.
Examples made_up(const Model& model, std::uint64_t seed, const Workers& workers) {
  Examples examples{{}, model.has_readings() ? rbm::VisibleUnits::real : rbm::VisibleUnits::sampled, seed};
  Dataset& data = examples.data;
  data.name = "samples of the model";
  data.kind = model.has_readings() ? DataKind::readings : DataKind::intensities;
  data.rows = samples;
  data.columns = data.width = model.units();
  data.height = 1;
  data.values.resize(samples * model.units());
  Inference inference(model, samples, false);
  workers.threads(samples,
                  [&](std::size_t begin, std::size_t end) { inference.see_noise(seed, begin, end); });
  ClampedChains none({});
  for (std::size_t n = 0; n < samples; ++n) none.add(inference.visible(n));
  workers.threads(samples, [&](std::size_t begin, std::size_t end) {
    inference.gibbs_steps(begin, end, steps, none);
    for (std::size_t n = begin; n < end; ++n)
      std::copy_n(inference.visible_values(n).data, model.units(), &data.values[n * model.units()]);
  });
  return examples;
}

}  // namespace

Calibration recalibrate(const Calibration& known, const Model& quantized, const Examples& normal,
                        const Workers& workers) {
  return calibrate(normal.data, free_energies(quantized, normal, workers), {known.false_alarms, 0},
                   {known.votes, known.of});
}

Calibration shifted(const Calibration& known, const Model& model, const Model& quantized, std::uint64_t seed,
                    const Workers& workers) {
  const Examples examples = made_up(model, seed, workers);
  const std::vector<double> before = free_energies(model, examples, workers);
  std::vector<double> change = free_energies(quantized, examples, workers);
  for (std::size_t n = 0; n < change.size(); ++n) change[n] -= before[n];
  const auto middle = change.begin() + static_cast<std::ptrdiff_t>(change.size() / 2);
  std::nth_element(change.begin(), middle, change.end());
  Calibration moved = known;
  moved.limit += *middle;
  moved.threshold += *middle;
  return moved;
}

}  // namespace tool
