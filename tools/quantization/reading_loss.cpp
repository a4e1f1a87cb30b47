#include "tools/quantization/reading_loss.hpp"

#include <memory>
#include <vector>

#include "tools/inference/likelihood.hpp"

namespace tool {
namespace {

// What a model makes of examples.
struct Made {
  std::vector<float> energies, errors;
  std::vector<bool> on;  // [examples][hidden]: likelier on than off

  Made(const Model& model, const Examples& examples, const Workers& workers)
      : energies(examples.data.rows), errors(examples.data.rows) {
    run_over(
        model, examples, examples.data.rows, workers,
        [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
          inference.hidden_inputs(begin, end);
          for (std::size_t n = begin; n < end; ++n) energies[first + n] = inference.free_energy(n);
          inference.hidden_probabilities(begin, end);
        },
        [&](Inference& inference, std::size_t first, std::size_t count) {
          for (std::size_t n = 0; n < count; ++n)
            for (std::size_t i = 0; i < model.hidden; ++i)
              on.push_back(inference.hidden_values(n)[i] >= 0.5f);
          inference.reconstruct(0, count);
          for (std::size_t n = 0; n < count; ++n) errors[first + n] = inference.reconstruction_error(n);
        });
  }
};

}  // namespace

ReadingLoss measure_readings(const Model& model, const QuantizedModel& made, const Examples& examples,
                             const Workers& workers) {
  const Model quantized = device_model(made);
  const Made before(model, examples, workers), after(quantized, examples, workers);
  std::vector<float> differing(examples.data.rows), lost(examples.data.rows);
  for (std::size_t n = 0; n < before.on.size(); ++n)
    if (before.on[n] != after.on[n]) differing[n / model.hidden] += 1.0f / static_cast<float>(model.hidden);
  for (std::size_t n = 0; n < lost.size(); ++n) lost[n] = after.energies[n] - before.energies[n];
  ReadingLoss found{{mean(before.errors), mean(after.errors), mean(differing),
                     rank_correlation(before.energies, after.energies)},
                    {}};
  if (!is_enumerable(model)) return found;
  const double change =
      static_cast<double>(enumerate(quantized, workers)) - static_cast<double>(enumerate(model, workers));
  found.loss = {{mean(lost).value + change, mean(lost).standard_error}, {change, 0}, {}};
  return found;
}

}  // namespace tool
