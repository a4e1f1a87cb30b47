#include "tools/quantization/label_loss.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "rbm/choice.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/quantization/label_tuning.hpp"

namespace tool {
namespace {

// The state of an example, as floats and as a device see it.
class State {
 public:
  explicit State(const Model& model)
      : values_(model.units()),
        factors_(model.units()),
        units_(model.units()),
        bits_(RBM_STATE_BYTES(model.units())),
        bytes_(model.units()),
        readings_(model.units()) {}

  void see(const Model& model, const PackedModel& packed, const Examples& examples, std::size_t n) {
    examples.data.row(n, values_.data());
    rbm::RandomStream random = rbm::RandomStream::keyed(examples.seed, n);
    means_ = examples.kind == rbm::VisibleUnits::means;
    list_ = {units_.data(), model.has_readings() || means_ ? factors_.data() : nullptr, 0};
    // Units alone: a state of the model without a label.
    rbm::set_visible(list_, {values_.data(), values_.size()}, units_of(model), examples.kind, random);
    std::fill(bits_.begin(), bits_.end(), std::uint8_t{0});
    for (std::size_t j = 0; means_ && j < values_.size(); ++j)
      bytes_[j] = static_cast<std::uint8_t>(255 * values_[j] + 0.5f);
    for (std::size_t m = 0; !model.has_readings() && m < list_.count; ++m)
      rbm_set_unit(bits_.data(), list_.units[m], 1);
    for (std::size_t j = 0; model.has_readings() && j < values_.size(); ++j)
      readings_[j] = static_cast<std::int16_t>(
          std::lrint(std::clamp(values_[j] / packed.steps()[j], -32768.0f, 32767.0f)));
  }

  rbm::ActiveUnits list() const { return list_; }
  rbm_input bits() const { return means_ ? rbm_from_bytes(bytes_.data()) : rbm_from_bits(bits_.data()); }
  rbm_readings readings() const { return rbm_from_int16(readings_.data()); }

 private:
  static rbm::ConstVisibleLayer units_of(const Model& model) {
    const rbm::ConstRbmView view = model.view();
    return rbm::detail::first_units(view, model.units()).layer;
  }

  std::vector<float> values_, factors_;
  std::vector<rbm::Unit> units_;
  std::vector<std::uint8_t> bits_, bytes_;
  std::vector<std::int16_t> readings_;
  rbm::UnitList list_{};
  bool means_ = false;  // bits between 0 and 1
};

std::size_t likeliest(const std::vector<double>& scores) {
  return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

double log_sum(const std::vector<double>& scores) {
  const double largest = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (const double score : scores) sum += std::exp(score - largest);
  return largest + std::log(sum);
}

}  // namespace

LabelLoss measure_labels(const Model& model, const QuantizedModel& made, const Examples& examples,
                         const Workers& workers) {
  const PackedModel packed(made);
  const rbm::ConstRbmView view = model.view();
  std::vector<std::size_t> labelled;
  for (std::size_t n = 0; n < examples.data.rows; ++n)
    if (examples.data.classes[n] != no_label) labelled.push_back(n);
  const std::size_t count = labelled.size(), labels = model.labels();
  std::vector<float> float_right(count), device_right(count), float_surprise(count), device_surprise(count),
      lost(count);
  workers.threads(count, [&](std::size_t begin, std::size_t end) {
    State state(model);
    std::vector<float> scores(labels), inputs(model.hidden);
    std::vector<std::int32_t> steps(labels);
    std::vector<double> floats(labels), device(labels);
    std::vector<std::uint32_t> scratch(
        std::max<std::size_t>(RBM_LABEL_SCRATCH_WORDS(made.visible, made.hidden),
                              RBM_REAL_LABEL_SCRATCH_WORDS(made.visible, made.hidden, made.layer.factors)));
    for (std::size_t m = begin; m < end; ++m) {
      const std::size_t n = labelled[m];
      const auto label = static_cast<std::size_t>(examples.data.classes[n]);
      state.see(model, packed, examples, n);
      rbm::detail::score_choice<float>({scores.data(), labels}, {inputs.data(), inputs.size()}, view,
                                       model.choice(), state.list());
      const float energy = rbm::detail::visible_energy(view, state.list());
      const std::size_t answer =
          model.has_readings()
              ? rbm_real_classify(&packed.real_classifier(), state.readings(), steps.data(), scratch.data())
              : rbm_classify(&packed.classifier(), state.bits(), steps.data(), scratch.data());
      for (std::size_t y = 0; y < labels; ++y) {
        floats[y] = static_cast<double>(scores[y]) - static_cast<double>(energy);
        device[y] = std::ldexp(steps[y], -static_cast<int>(made.fraction));
      }
      float_right[m] = likeliest(floats) == label;
      device_right[m] = answer == label;
      float_surprise[m] = static_cast<float>(log_sum(floats) - floats[label]);
      device_surprise[m] = static_cast<float>(log_sum(device) - device[label]);
      lost[m] = static_cast<float>(floats[label] - device[label]);
    }
  });
  LabelLoss found{count, mean(float_right), mean(device_right), mean(float_surprise), mean(device_surprise),
                  {}};
  if (!(label_weight_of(model) < 1) || !is_enumerable(model)) return found;
  const double change = static_cast<double>(enumerate(device_model(made), workers)) -
                        static_cast<double>(enumerate(model, workers));
  found.nats_lost = {mean(lost).value + change, mean(lost).standard_error};
  return found;
}

}  // namespace tool
