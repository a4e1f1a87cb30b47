#include "tools/model/quantized_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "rbm/pack.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

// What no sum of the runtime may reach, and what the free energy may not.
constexpr std::int64_t sum_limit = std::int64_t{1} << 23, energy_limit = std::int64_t{1} << 31;
constexpr unsigned most_runtime_shift = 22;

void widen(SumRange& range, std::int64_t least, std::int64_t most) {
  range.least = std::min(range.least, least);
  range.most = std::max(range.most, most);
}

// Adds a unit whose weights' negative and positive parts sum up to `sum`.
void add_unit(LayerSums& layer, SumRange sum, std::int64_t bias, std::int64_t least_weight) {
  widen(layer.steps, sum.least + bias, sum.most + bias);
  widen(layer.unbiased, sum.least, sum.most);
  widen(layer.multiples, sum.least / least_weight, sum.most / least_weight);
  layer.most_of_all += std::max<std::int64_t>(0, sum.most + bias);
}

void add_weight(SumRange& sum, std::int64_t weight) {
  (weight < 0 ? sum.least : sum.most) += weight;
}

// Before the first unit.
constexpr LayerSums no_sums{{energy_limit, -energy_limit}, {}, {}, 0};

}  // namespace

QuantizedModel::QuantizedModel(const Model& of, unsigned width)
    : bits(width),
      visible(of.visible),
      hidden(of.hidden),
      shape(of.shape),
      meaning(of.meaning),
      codes(of.weights.size()),
      shifts(of.hidden),
      visible_bias(of.visible),
      hidden_bias(of.hidden) {}

rbm::QuantizedModelView QuantizedModel::view() {
  return {
      bits, fraction, visible, hidden, codes.data(), shifts.data(), visible_bias.data(), hidden_bias.data()};
}

LayerSums hidden_sums(const QuantizedModel& model) {
  LayerSums layer = no_sums;
  for (std::size_t i = 0; i < model.hidden; ++i) {
    SumRange sum;
    for (std::size_t j = 0; j < model.visible; ++j) add_weight(sum, model.weight(i, j));
    add_unit(layer, sum, model.hidden_bias[i], model.least_weight(i));
  }
  return layer;
}

LayerSums visible_sums(const QuantizedModel& model) {
  std::vector<SumRange> sums(model.visible);
  for (std::size_t i = 0; i < model.hidden; ++i)
    for (std::size_t j = 0; j < model.visible; ++j) add_weight(sums[j], model.weight(i, j));
  LayerSums layer = no_sums;
  const auto lowest = std::min_element(model.shifts.begin(), model.shifts.end()) - model.shifts.begin();
  const std::int64_t least_weight = model.least_weight(static_cast<std::size_t>(lowest));
  for (std::size_t j = 0; j < model.visible; ++j)
    add_unit(layer, sums[j], model.visible_bias[j], least_weight);
  return layer;
}

std::string to_text(const SumRange& sums) {
  const auto text = [](std::int64_t number) {
    return (number < 0 ? "-" : "") + grouped(static_cast<std::uint64_t>(std::abs(number)));
  };
  return text(sums.least) + " to " + text(sums.most);
}

unsigned bits_needed(SumRange sums) {
  using Short = std::numeric_limits<std::int16_t>;
  return sums.least >= Short::min() && sums.most <= Short::max() ? 16 : 32;
}

std::string find_fault(const QuantizedModel& model) {
  if (model.visible < 1 || model.visible > rbm::most_units || model.hidden < 1 ||
      model.hidden > rbm::most_units)
    return "has a layer of no or more than 65,535 units";
  if (model.bits != 8 && model.bits != 4 && model.bits != 2 && model.bits != 1)
    return "has weights of " + std::to_string(model.bits) + " bits, not 8, 4, 2 or 1";
  if (model.fraction < 4 || model.fraction > 14)
    return "has steps of 2^-" + std::to_string(model.fraction) + " nat, not 2^-4 to 2^-14";
  const auto [lowest, highest] = std::minmax_element(model.shifts.begin(), model.shifts.end());
  if (*highest > most_runtime_shift || *highest - *lowest >= RBM_MOST_SHIFTS)
    return "has shifts from " + std::to_string(*lowest) + " to " + std::to_string(*highest) +
           ": they must be " + std::to_string(RBM_MOST_SHIFTS) + " numbers in a row of 0 to " +
           std::to_string(most_runtime_shift);
  const LayerSums hidden = hidden_sums(model), visible = visible_sums(model);
  // Of each hidden unit the free energy adds up its sum and at most log(2).
  std::int64_t energy = hidden.most_of_all + (static_cast<std::int64_t>(model.hidden) << model.fraction);
  for (const std::int16_t bias : model.visible_bias) energy += std::abs(int{bias});
  std::int64_t largest = 0;
  for (const SumRange& sums : {hidden.steps, hidden.unbiased, visible.steps, visible.unbiased})
    largest = std::max({largest, -sums.least, sums.most});
  if (largest >= sum_limit || energy >= energy_limit)
    return "has weights so large or so many that sums overflow 32 bits";
  return {};
}

PackedModel::PackedModel(QuantizedModel model)
    : model_(std::move(model)),
      words_(rbm::packed_words(model_.visible, model_.hidden, model_.bits)),
      runtime_(rbm::pack({words_.data(), words_.size()}, model_.view())) {}

Model to_floats(QuantizedModel model) {
  Model floats(model.visible, model.hidden, model.shape);
  floats.meaning = model.meaning;
  rbm::dequantize(floats.view(), model.view());
  return floats;
}

std::size_t flash_bytes(const QuantizedModel& model) {
  return model.hidden * (sizeof(std::uint32_t) * RBM_ROW_WORDS(model.visible, model.bits) + 1) +
         sizeof(std::int16_t) * (model.visible + model.hidden);
}

std::size_t ram_bytes(const QuantizedModel& model) {
  return sizeof(std::uint32_t) * RBM_SCRATCH_WORDS(model.visible, model.hidden) +
         RBM_STATE_BYTES(model.visible) + model.visible;
}

std::string flash_text(const QuantizedModel& model) {
  return grouped(flash_bytes(model)) + " bytes, and " + grouped(shared_flash_bytes) +
         " for tables that all models share";
}

std::string ram_text(const QuantizedModel& model) {
  return grouped(ram_bytes(model)) + " bytes: scratch, the state seen and its means";
}

}  // namespace tool
