#include "tools/quantization/label_loss.hpp"

#include <cstdint>
#include <vector>

#include "tools/inference/label_figures.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/quantization/label_tuning.hpp"

namespace tool {

LabelLoss measure_labels(const Model& model, const QuantizedModel& made, const Examples& examples,
                         const Workers& workers) {
  const Model device = device_model(made);
  const std::vector<std::int32_t>& given = examples.data.classes;
  const Classification by_floats = classify(model, examples, workers),
                       by_device = classify(device, examples, workers);
  const LabelFigures floats = label_figures(by_floats, given), integers = label_figures(by_device, given);
  LabelLoss found{floats.examples, floats.accuracy,   integers.accuracy,
                  floats.log_loss, integers.log_loss, {}};
  if (!(label_weight_of(model) < 1) || !is_enumerable(model)) return found;
  std::vector<float> lost = joint_free_energies(by_device, given);
  const std::vector<float> before = joint_free_energies(by_floats, given);
  for (std::size_t n = 0; n < lost.size(); ++n) lost[n] -= before[n];
  const double change =
      static_cast<double>(enumerate(device, workers)) - static_cast<double>(enumerate(model, workers));
  found.nats_lost = {mean(lost).value + change, mean(lost).standard_error};
  return found;
}

}  // namespace tool
