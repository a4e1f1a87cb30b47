#include "tools/inference/device_inference.hpp"

#include <algorithm>
#include <cmath>

namespace tool {
namespace {

void to_floats(const std::vector<std::uint8_t>& bytes, std::size_t count, float* out) {
  for (std::size_t n = 0; n < count; ++n) out[n] = static_cast<float>(bytes[n]) / 256;
}

}  // namespace

DeviceInference::DeviceInference(const PackedModel& model, std::size_t states)
    : packed_(model), model_(model.runtime()), states_(states) {
  const std::size_t visible = model_.visible, hidden = model_.hidden;
  for (State& state : states_) {
    state.scores.resize(model.labels());
    if (model.has_readings()) {
      state.readings.resize(visible);
      state.clamped.resize(RBM_STATE_BYTES(visible));
      state.means.resize(hidden);
      state.scratch.resize(
          std::max<std::size_t>(RBM_REAL_SCRATCH_WORDS(visible, hidden, model.real().factors) + visible,
                                RBM_REAL_LABEL_SCRATCH_WORDS(visible, hidden, model.real().factors)));
      continue;
    }
    for (auto* const bits : {&state.packed, &state.before, &state.clamped})
      bits->resize(RBM_STATE_BYTES(visible));
    state.bytes.resize(visible);
    state.means.resize(std::max(visible, hidden));
    state.scratch.resize(
        std::max<std::size_t>(RBM_SCRATCH_WORDS(visible, hidden), RBM_LABEL_SCRATCH_WORDS(visible, hidden)));
  }
}

rbm_quantized DeviceInference::given(std::size_t label) const {
  return packed_.labels() > 0 ? rbm_given_label(&packed_.classifier(), label) : model_;
}

rbm_real DeviceInference::real_given(std::size_t label) const {
  return packed_.labels() > 0 ? rbm_real_given_label(&packed_.real_classifier(), label) : packed_.real();
}

void DeviceInference::score_labels(State& state) {
  if (has_readings())
    rbm_real_classify(&packed_.real_classifier(), rbm_from_int16(state.readings.data()), state.scores.data(),
                      state.scratch.data());
  else
    rbm_classify(&packed_.classifier(), state.input(), state.scores.data(), state.scratch.data());
}

float DeviceInference::classify(std::size_t n, float* probabilities, float* log_probabilities) {
  State& state = states_[n];
  score_labels(state);
  const std::int32_t largest = *std::max_element(state.scores.begin(), state.scores.end());
  const auto nats_above = [&](std::int32_t score) {
    return std::ldexp(static_cast<double>(score) - static_cast<double>(largest), -model_.fraction);
  };
  double sum = 0;
  for (const std::int32_t score : state.scores) sum += std::exp(nats_above(score));
  for (std::size_t y = 0; y < state.scores.size(); ++y) {
    probabilities[y] =
        static_cast<float>(rbm_label_probability(&model_, state.scores.data(), state.scores.size(), y)) /
        65536;
    log_probabilities[y] = static_cast<float>(nats_above(state.scores[y]) - std::log(sum));
  }
  return static_cast<float>(
      std::ldexp(rbm_label_free_energy(&model_, state.scores.data(), state.scores.size()), -model_.fraction));
}

std::size_t DeviceInference::draw_label(std::size_t n) {
  State& state = states_[n];
  return rbm_draw_label(&model_, state.scores.data(), state.scores.size(), &state.random);
}

void DeviceInference::seed(std::size_t n, std::uint64_t seed) {
  rbm_random_seed(&states_[n].random, seed);
}

void DeviceInference::see(std::size_t n, rbm::ActiveUnits on) {
  State& state = states_[n];
  state.intensities = false;
  std::fill(state.packed.begin(), state.packed.end(), std::uint8_t{0});
  for (std::size_t unit = 0; unit < on.count; ++unit) rbm_set_unit(state.packed.data(), on.units[unit], 1);
}

void DeviceInference::see_intensities(std::size_t n, const float* intensities) {
  State& state = states_[n];
  state.intensities = true;
  for (std::size_t j = 0; j < state.bytes.size(); ++j)
    state.bytes[j] = static_cast<std::uint8_t>(255 * intensities[j] + 0.5f);
}

std::int16_t DeviceInference::to_steps(std::size_t j, float reading) const {
  return static_cast<std::int16_t>(std::lrint(std::clamp(reading / packed_.steps()[j], -32768.0f, 32767.0f)));
}

void DeviceInference::to_readings(const State& state, float* out) const {
  for (std::size_t j = 0; j < state.readings.size(); ++j)
    out[j] = static_cast<float>(state.readings[j]) * packed_.steps()[j];
}

void DeviceInference::see_readings(std::size_t n, const float* readings) {
  for (std::size_t j = 0; j < model_.visible; ++j) states_[n].readings[j] = to_steps(j, readings[j]);
}

void DeviceInference::features(std::size_t n, std::size_t label, float* out) {
  State& state = states_[n];
  const rbm_quantized model = given(label);
  const rbm_real real = real_given(label);
  if (has_readings())
    rbm_real_features(&real, rbm_from_int16(state.readings.data()), state.means.data(), state.scratch.data());
  else
    rbm_features(&model, state.input(), state.means.data(), state.scratch.data());
  to_floats(state.means, model_.hidden, out);
}

float DeviceInference::nats(std::size_t n) {
  return static_cast<float>(std::ldexp(free_energy(n), -model_.fraction));
}

std::int32_t DeviceInference::free_energy(std::size_t n) {
  State& state = states_[n];
  const rbm_quantized model = given(state.label);
  const rbm_real real = real_given(state.label);
  if (has_readings())
    return rbm_real_free_energy(&real, rbm_from_int16(state.readings.data()), state.scratch.data());
  return rbm_free_energy(&model, state.input(), state.scratch.data());
}

void DeviceInference::reconstruct(std::size_t n, float* out) {
  State& state = states_[n];
  if (has_readings()) {
    const rbm_real real = real_given(state.label);
    State made = state;  // what was seen stays
    rbm_real_reconstruct(&real, rbm_from_int16(state.readings.data()), RBM_SAMPLE, &state.random,
                         made.readings.data(), state.scratch.data());
    to_readings(made, out);
    return;
  }
  const rbm_quantized model = given(state.label);
  rbm_reconstruct(&model, state.input(), RBM_SAMPLE, &state.random, state.means.data(), state.scratch.data());
  to_floats(state.means, model_.visible, out);
}

void DeviceInference::gibbs_steps(std::size_t n, std::uint64_t steps, const rbm::Clamped& clamped,
                                  float* out) {
  State& state = states_[n];
  const std::size_t clamped_on = clamped.on.count;
  const bool keeps_label =
      packed_.labels() == 0 || (clamped_on > 0 && clamped.on.units[clamped_on - 1] >= model_.visible);
  const auto draw_label_anew = [&] {
    if (keeps_label) return;
    score_labels(state);
    state.label = draw_label(n);
  };
  if (has_readings()) {
    for (std::uint64_t step = 0; step < steps; ++step) {
      const rbm_real real = real_given(state.label);
      rbm_real_gibbs_step(&real, state.readings.data(), nullptr, &state.random, state.scratch.data());
      draw_label_anew();
    }
    to_readings(state, out);
    return;
  }
  std::fill(state.clamped.begin(), state.clamped.end(), std::uint8_t{0});
  for (const rbm::ActiveUnits& units : {clamped.on, clamped.off})
    for (std::size_t unit = 0; unit < units.count; ++unit)
      if (units.units[unit] < model_.visible) rbm_set_unit(state.clamped.data(), units.units[unit], 1);
  rbm_random random{};
  std::size_t label = 0;
  for (std::uint64_t step = 0; step < steps; ++step) {
    if (step + 1 == steps) {
      state.before = state.packed;
      random = state.random;
      label = state.label;
    }
    const rbm_quantized model = given(state.label);
    rbm_gibbs_step(&model, state.packed.data(), state.clamped.data(), &state.random, state.scratch.data());
    draw_label_anew();
  }
  // The generator as it was before the last step draws the hidden units of that step again.
  const rbm_quantized model = given(label);
  rbm_reconstruct(&model, rbm_from_bits(state.before.data()), RBM_SAMPLE, &random, state.means.data(),
                  state.scratch.data());
  to_floats(state.means, model_.visible, out);
  const auto clamp = [&](const rbm::ActiveUnits& units, float value) {
    for (std::size_t unit = 0; unit < units.count; ++unit)
      if (units.units[unit] < model_.visible) out[units.units[unit]] = value;
  };
  clamp(clamped.on, 1.0f);
  clamp(clamped.off, 0.0f);
}

void DeviceInference::fill(std::size_t n, unsigned steps, float* readings) {
  State& state = states_[n];
  std::fill(state.clamped.begin(), state.clamped.end(), std::uint8_t{0});
  for (std::size_t j = 0; j < model_.visible; ++j) {
    const bool known = !std::isnan(readings[j]);
    if (known) state.readings[j] = to_steps(j, readings[j]);
    rbm_set_unit(state.clamped.data(), j, known);
  }
  const rbm_real real = real_given(state.label);
  rbm_real_fill(&real, state.readings.data(), state.clamped.data(), steps, &state.random,
                state.scratch.data());
  for (std::size_t j = 0; j < model_.visible; ++j)
    if (std::isnan(readings[j])) readings[j] = static_cast<float>(state.readings[j]) * packed_.steps()[j];
}

void DeviceInference::list(std::size_t n, rbm::UnitList& out) const {
  out.count = 0;
  for (std::size_t j = 0; j < model_.visible; ++j)
    if (rbm_get_unit(states_[n].packed.data(), j)) out.add(j);
}

}  // namespace tool
