#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/base/statistics.hpp"
#include "tools/inference/inference.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/model/quantized_model.hpp"
#include "tools/quantization/budget.hpp"
#include "tools/quantization/fidelity.hpp"
#include "tools/quantization/label_loss.hpp"
#include "tools/quantization/quantization_loss.hpp"

namespace tool {

/// What a quantized model is made from.
struct QuantizationInputs {
  std::string model_name;  ///< as messages show it
  Model model;
  std::optional<Examples> training;  ///< to tune on; without it, weights are rounded only
  std::optional<Examples> held_out;  ///< to measure the loss on; binary states
};

/// What is asked of a quantized model.
struct QuantizationOptions {
  std::vector<unsigned> widths;         ///< bits a weight, the widest first; without a budget, just one
  std::optional<std::uint64_t> budget;  ///< bytes of flash for the tables of the model and the runtime
  std::optional<std::uint64_t> epochs;  ///< of tuning; if not given, what serves well
  std::optional<float>
      step;  ///< of a reading, in its units, on the device; if not given, sensor_steps() chooses
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< for tuning; 0: one for each core, or a single one where batches are little work
};

/// A plan that was tried for a budget, and the nats that it lost.
struct Trial {
  Plan plan;
  Mean lost;
};

/// A quantized model, and what was found out about it.
struct Quantization {
  QuantizedModel model;
  std::vector<std::size_t> kept;  ///< the hidden units of the original that the model has
  std::size_t original_hidden = 0;
  std::vector<Trial> tried;              ///< what a budget chose among; empty without a budget
  std::optional<Fidelity> fidelity;      ///< with held-out data
  std::optional<QuantizationLoss> loss;  ///< with held-out data, or with a budget
  std::optional<LabelLoss> labels;       ///< of a model with labels, with held-out data
};

/// Makes a quantized model of a model of floats, and measures what it loses. With a budget it tries each plan
/// that is worth it, and takes the one that loses the fewest nats.
class ModelQuantizer {
 public:
  /// Throws Failure where the budget holds not even one hidden unit. All arguments must outlive it.
  ModelQuantizer(const QuantizationInputs& inputs, const QuantizationOptions& options,
                 const Workers& workers);

  /// Throws Failure where tuning diverges, or where the device runtime cannot work with the result.
  Quantization run();

 private:
  Quantization make(const Plan& plan);
  QuantizedModel make(const Model& model, unsigned bits);
  // Where the model of floats has a limit, sets that of the device's scores.
  void find_limit(QuantizedModel& made);
  Quantization best_of_plans();
  QuantizationLoss measure_loss(const Quantization& made);

  const QuantizationInputs& inputs_;
  const QuantizationOptions& options_;
  const Workers workers_;
  const std::vector<Plan> plans_;
  std::optional<AnnealingData> held_out_states_;
  std::optional<LossEstimator> loss_estimator_;  // made when first asked: it takes long
};

}  // namespace tool
