#include "tools/quantization/model_quantizer.hpp"

#include <memory>
#include <numeric>
#include <utility>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/model/quantized_faults.hpp"
#include "tools/quantization/label_tuning.hpp"
#include "tools/quantization/pruning.hpp"
#include "tools/quantization/reading_loss.hpp"
#include "tools/quantization/recalibration.hpp"
#include "tools/quantization/rounding.hpp"
#include "tools/quantization/sensor_steps.hpp"
#include "tools/quantization/tuning.hpp"

namespace tool {
namespace {

std::vector<Plan> list_plans(const QuantizationInputs& inputs, const QuantizationOptions& options) {
  const Model& model = inputs.model;
  const std::vector<unsigned>& widths = options.widths;
  if (!options.budget) return {{widths.front(), model.hidden}};
  std::vector<Plan> plans = plans_within(*options.budget, model.visible, model.hidden, widths);
  if (plans.empty())
    throw Failure(inputs.model_name + ": " + counted(*options.budget, "byte") +
                  " of flash hold no hidden unit of it: one, with " + counted(widths.back(), "bit") +
                  " a weight, takes " + grouped(planned_flash(model.visible, {widths.back(), 1})));
  return plans;
}

}  // namespace

ModelQuantizer::ModelQuantizer(const QuantizationInputs& inputs, const QuantizationOptions& options,
                               const Workers& workers)
    : inputs_(inputs), options_(options), workers_(workers), plans_(list_plans(inputs, options)) {}

Quantization ModelQuantizer::run() {
  Quantization made = options_.budget ? best_of_plans() : make(plans_.front());
  find_limit(made.model);
  if (!inputs_.held_out) return made;
  if (inputs_.model.labels() > 0) {
    made.labels = measure_labels(inputs_.model, made.model, *inputs_.held_out, workers_);
    return made;
  }
  if (inputs_.model.has_readings()) {
    const ReadingLoss found = measure_readings(inputs_.model, made.model, *inputs_.held_out, workers_);
    made.fidelity = found.fidelity;
    made.loss = found.loss;
    return made;
  }
  if (!made.loss) made.loss = measure_loss(made);
  made.fidelity =
      measure_fidelity(inputs_.model, *inputs_.held_out, PackedModel(made.model), made.kept, workers_);
  return made;
}

void ModelQuantizer::find_limit(QuantizedModel& made) {
  const std::optional<Calibration>& known = inputs_.model.calibration;
  if (!known) return;
  const Model quantized = device_model(made);
  made.calibration = inputs_.held_out ? recalibrate(*known, quantized, *inputs_.held_out, workers_)
                                      : shifted(*known, inputs_.model, quantized, options_.seed, workers_);
}

Quantization ModelQuantizer::best_of_plans() {
  Quantization best;
  std::vector<Trial> tried;
  for (const Plan& plan : plans_) {
    Quantization made = make(plan);
    made.loss = measure_loss(made);
    tried.push_back({plan, made.loss->lost});
    // A loss that is no number is no reason to keep a plan.
    if (!best.loss || !(made.loss->lost.value >= best.loss->lost.value)) best = std::move(made);
  }
  best.tried = std::move(tried);
  return best;
}

Quantization ModelQuantizer::make(const Plan& plan) {
  Quantization made;
  made.original_hidden = inputs_.model.hidden;
  if (plan.hidden == inputs_.model.hidden) {
    made.kept.resize(plan.hidden);
    std::iota(made.kept.begin(), made.kept.end(), std::size_t{0});
    made.model = make(inputs_.model, plan.bits);
  } else {
    PrunedModel rest = pruned(inputs_.model, plan.hidden, options_.seed);
    made.kept = std::move(rest.kept);
    made.model = make(rest.model, plan.bits);
  }
  return made;
}

QuantizedModel ModelQuantizer::make(const Model& model, unsigned bits) {
  const auto steps = [&] {
    return model.has_readings() ? sensor_steps(model, options_.step, inputs_.model_name)
                                : std::vector<float>();
  };
  QuantizedModel quantized;
  if (inputs_.training) {
    const Examples& training = *inputs_.training;
    TuningOptions tuning;
    tuning.epochs = options_.epochs      ? *options_.epochs
                    : model.labels() > 0 ? label_tuning_epochs(training.data.rows)
                                         : tuning_epochs(training.data.rows);
    tuning.visible = training.kind;
    tuning.seed = options_.seed;
    tuning.threads = options_.threads;
    quantized = model.labels() > 0 ? tuned_for_labels(model, rounded(model, bits, options_.seed, steps()),
                                                      training.data, tuning, workers_.progress)
                                   : tuned(model, bits, training.data, tuning, workers_.progress);
  } else {
    quantized = rounded(model, bits, options_.seed, steps());
  }
  const std::string fault = find_fault(quantized);
  if (!fault.empty()) throw Failure(inputs_.model_name + ": " + fault);
  return quantized;
}

QuantizationLoss ModelQuantizer::measure_loss(const Quantization& made) {
  if (!loss_estimator_) {
    if (inputs_.held_out)
      held_out_states_ =
          draw_annealing_data(inputs_.model, *inputs_.held_out, inputs_.held_out->data.rows, workers_);
    LossOptions options;
    options.seed = options_.seed;
    loss_estimator_.emplace(inputs_.model, held_out_states_ ? &*held_out_states_ : nullptr, options,
                            workers_);
  }
  return loss_estimator_->measure(unpruned(to_floats(made.model), made.kept, inputs_.model.hidden));
}

}  // namespace tool
