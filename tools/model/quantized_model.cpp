#include "tools/model/quantized_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "rbm/pack.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

void widen(SumRange& range, std::int64_t least, std::int64_t most) {
  range.least = std::min(range.least, least);
  range.most = std::max(range.most, most);
}

// Adds a unit whose weights' negative and positive parts sum up to `sum`, in steps and as multiples.
void add_unit(LayerSums& layer, SumRange sum, SumRange multiples, SumRange bias) {
  widen(layer.steps, sum.least + bias.least, sum.most + bias.most);
  widen(layer.unbiased, sum.least, sum.most);
  widen(layer.multiples, multiples.least, multiples.most);
  layer.most_of_all += std::max<std::int64_t>(0, sum.most + bias.most);
}

void add_weight(SumRange& sum, std::int64_t weight) {
  (weight < 0 ? sum.least : sum.most) += weight;
}

// Before the first unit.
constexpr LayerSums no_sums{
    {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}, {}, {}, 0};

// Those before the labels.
std::vector<rbm::VisibleGroup> groups_of_units(const Model& model) {
  std::vector<rbm::VisibleGroup> groups;
  if (model.has_readings())
    for (const rbm::VisibleGroup& group : model.groups)
      if (group.kind != rbm::VisibleKind::choice) groups.push_back(group);
  return groups;
}

}  // namespace

QuantizedModel::QuantizedModel(const Model& of, unsigned width)
    : bits(width),
      visible(of.units()),
      hidden(of.hidden),
      labels(of.labels()),
      shape(of.shape),
      meaning(of.meaning),
      calibration(of.calibration),
      codes(of.hidden * of.units()),
      shifts(of.hidden),
      visible_bias(of.units()),
      hidden_bias(of.hidden * std::max<std::size_t>(of.labels(), 1)),
      label_bias(of.labels()),
      layer(groups_of_units(of), of.units(), of.factors) {}

rbm::QuantizedModelView QuantizedModel::view() {
  return {bits,
          fraction,
          visible,
          hidden,
          codes.data(),
          shifts.data(),
          visible_bias.data(),
          hidden_bias.data(),
          layer.view(),
          labels,
          label_bias.data()};
}

QuantizedLayer::QuantizedLayer(std::vector<rbm::VisibleGroup> kinds, std::size_t visible,
                               std::size_t factor_count)
    : groups(std::move(kinds)), factors(factor_count) {
  if (groups.empty()) return;
  steps.assign(visible, 1);
  offsets.resize(visible);
  scales.resize(visible);
  gains.resize(3 * factors);
  codes.resize(factors * visible);
  origin.resize(visible);
}

rbm::QuantizedLayerView QuantizedLayer::view() {
  if (groups.empty()) return {};
  return {state_fraction, limit,        factors,      steps.data(), offsets.data(),
          scales.data(),  codes.data(), gains.data(), origin.data()};
}

SumRange range_of_state(const QuantizedModel& model, std::size_t j) {
  if (model.has_readings() && model.layer.scales[j] != 0)
    return {-std::int64_t{model.layer.limit}, std::int64_t{model.layer.limit}};
  return {0, std::int64_t{1} << model.layer.state_fraction};
}

SumRange range_of_hidden_bias(const QuantizedModel& model, std::size_t i) {
  const std::int64_t first = model.hidden_bias[i];
  SumRange range{first, first};
  for (std::size_t n = i; n < model.hidden_bias.size(); n += model.hidden)
    widen(range, model.hidden_bias[n], model.hidden_bias[n]);
  return range;
}

LayerSums hidden_sums(const QuantizedModel& model) {
  LayerSums layer = no_sums;
  for (std::size_t i = 0; i < model.hidden; ++i) {
    // In multiples of the least weight and a step of a state, which is 1 for bits.
    SumRange multiples;
    for (std::size_t j = 0; j < model.visible; ++j) {
      const std::int64_t level = model.weight(i, j) / model.least_weight(i);
      const SumRange states = range_of_state(model, j);
      multiples.least += std::min(level * states.least, level * states.most);
      multiples.most += std::max(level * states.least, level * states.most);
    }
    const std::int64_t state = std::int64_t{1} << model.layer.state_fraction;
    const auto steps = [&](std::int64_t sum) {  // rounded away from 0
      const std::int64_t whole = sum * model.least_weight(i);
      return (whole + (whole < 0 ? 1 - state : state - 1)) / state;
    };
    add_unit(layer, {steps(multiples.least), steps(multiples.most)}, multiples,
             range_of_hidden_bias(model, i));
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
    add_unit(layer, sums[j], {sums[j].least / least_weight, sums[j].most / least_weight},
             {model.visible_bias[j], model.visible_bias[j]});
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

PackedModel::PackedModel(QuantizedModel model)
    : model_(std::move(model)),
      words_(rbm::packed_words(model_.visible, model_.hidden, model_.bits)),
      loadings_(rbm::packed_loading_words(model_.visible, model_.layer.factors)) {
  if (has_readings())
    runtime_ = rbm::pack({words_.data(), words_.size()}, {loadings_.data(), loadings_.size()}, model_.view());
  else
    runtime_.base = rbm::pack({words_.data(), words_.size()}, model_.view());
  if (model_.labels == 0) return;
  const rbm::QuantizedModelView view = model_.view();
  if (has_readings()) {
    real_classifier_ = rbm::with_labels(runtime_, view);
    runtime_ = real_classifier_.base;
  } else {
    classifier_ = rbm::with_labels(runtime_.base, view);
    runtime_.base = classifier_.base;
  }
}

Model to_floats(QuantizedModel model) {
  Model floats(model.visible + model.labels, model.hidden, model.shape);
  floats.meaning = model.meaning;
  floats.calibration = model.calibration;
  std::vector<rbm::VisibleGroup> groups = model.layer.groups;
  if (model.has_labels()) {
    if (groups.empty()) groups.push_back({rbm::VisibleKind::binary, 0, model.visible});
    groups.push_back({rbm::VisibleKind::choice, model.visible, floats.visible});
  }
  if (!groups.empty()) floats.set_groups(std::move(groups), model.layer.factors);
  rbm::dequantize(floats.view(), model.view());
  return floats;
}

Model device_model(const QuantizedModel& model) {
  Model made = to_floats(model);
  made.packed = std::make_shared<PackedModel>(model);
  return made;
}

std::size_t flash_bytes(const QuantizedModel& model) {
  return model.hidden * (sizeof(std::uint32_t) * RBM_ROW_WORDS(model.visible, model.bits) + 1) +
         sizeof(std::int16_t) * (model.visible + model.hidden) +
         flash_bytes_of_labels(model.labels, model.hidden) +
         (model.has_readings() ? flash_bytes_of_layer(model.visible, model.layer.factors) : 0);
}

namespace {

// What a classification takes beside what is seen.
std::size_t ram_bytes_of_labels(const QuantizedModel& model) {
  const std::size_t words =
      model.has_readings() ? RBM_REAL_LABEL_SCRATCH_WORDS(model.visible, model.hidden, model.layer.factors)
                           : RBM_LABEL_SCRATCH_WORDS(model.visible, model.hidden);
  return sizeof(std::uint32_t) * words + sizeof(std::int32_t) * model.labels;
}

}  // namespace

std::size_t ram_bytes(const QuantizedModel& model) {
  const Windows& windows = model.meaning.windows;
  const std::size_t of_labels = model.has_labels() ? ram_bytes_of_labels(model) : 0;
  if (model.has_windows())
    return sizeof(std::uint32_t) * RBM_STREAM_WORDS(windows.channels, windows.length, windows.hop,
                                                    static_cast<unsigned>(windows.detrend),
                                                    windows.decimation, model.hidden, model.layer.factors) +
           of_labels;
  if (model.has_readings())
    return sizeof(std::int16_t) * model.visible +
           (model.has_labels() ? of_labels
                               : sizeof(std::uint32_t) * RBM_REAL_SCRATCH_WORDS(model.visible, model.hidden,
                                                                                model.layer.factors));
  if (model.has_labels()) return of_labels + RBM_STATE_BYTES(model.visible);
  return sizeof(std::uint32_t) * RBM_SCRATCH_WORDS(model.visible, model.hidden) +
         RBM_STATE_BYTES(model.visible) + model.visible;
}

std::string flash_text(const QuantizedModel& model) {
  return grouped(flash_bytes(model)) + " bytes, and " + grouped(shared_flash_bytes) +
         " for tables that all models share";
}

std::string ram_text(const QuantizedModel& model) {
  const char* const parts =
      model.has_windows() ? (model.has_labels() ? "the memory of a stream, scratch and a score for each label"
                                                : "the memory of a stream")
      : model.has_labels()   ? "scratch, what is seen and a score for each label"
      : model.has_readings() ? "scratch and readings, without filling in"
                             : "scratch, the state seen and its means";
  return grouped(ram_bytes(model)) + " bytes: " + parts;
}

}  // namespace tool
