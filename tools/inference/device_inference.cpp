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
    if (model.has_readings()) {
      state.readings.resize(visible);
      state.clamped.resize(RBM_STATE_BYTES(visible));
      state.means.resize(hidden);
      state.scratch.resize(RBM_REAL_SCRATCH_WORDS(visible, hidden, model.real().factors) + visible);
      continue;
    }
    for (auto* const bits : {&state.packed, &state.before, &state.clamped})
      bits->resize(RBM_STATE_BYTES(visible));
    state.bytes.resize(visible);
    state.means.resize(std::max(visible, hidden));
    state.scratch.resize(RBM_SCRATCH_WORDS(visible, hidden));
  }
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

void DeviceInference::features(std::size_t n, float* out) {
  State& state = states_[n];
  if (has_readings())
    rbm_real_features(&packed_.real(), rbm_from_int16(state.readings.data()), state.means.data(),
                      state.scratch.data());
  else
    rbm_features(&model_, state.input(), state.means.data(), state.scratch.data());
  to_floats(state.means, model_.hidden, out);
}

float DeviceInference::nats(std::size_t n) {
  return static_cast<float>(std::ldexp(free_energy(n), -model_.fraction));
}

std::int32_t DeviceInference::free_energy(std::size_t n) {
  if (has_readings())
    return rbm_real_free_energy(&packed_.real(), rbm_from_int16(states_[n].readings.data()),
                                states_[n].scratch.data());
  return rbm_free_energy(&model_, states_[n].input(), states_[n].scratch.data());
}

void DeviceInference::reconstruct(std::size_t n, float* out) {
  State& state = states_[n];
  if (has_readings()) {
    State made = state;  // what was seen stays
    rbm_real_reconstruct(&packed_.real(), rbm_from_int16(state.readings.data()), RBM_SAMPLE, &state.random,
                         made.readings.data(), state.scratch.data());
    to_readings(made, out);
    return;
  }
  rbm_reconstruct(&model_, state.input(), RBM_SAMPLE, &state.random, state.means.data(),
                  state.scratch.data());
  to_floats(state.means, model_.visible, out);
}

void DeviceInference::gibbs_steps(std::size_t n, std::uint64_t steps, const rbm::Clamped& clamped,
                                  float* out) {
  State& state = states_[n];
  if (has_readings()) {
    for (std::uint64_t step = 0; step < steps; ++step)
      rbm_real_gibbs_step(&packed_.real(), state.readings.data(), nullptr, &state.random,
                          state.scratch.data());
    to_readings(state, out);
    return;
  }
  std::fill(state.clamped.begin(), state.clamped.end(), std::uint8_t{0});
  for (const rbm::ActiveUnits& units : {clamped.on, clamped.off})
    for (std::size_t unit = 0; unit < units.count; ++unit)
      rbm_set_unit(state.clamped.data(), units.units[unit], 1);
  rbm_random random{};
  for (std::uint64_t step = 0; step < steps; ++step) {
    if (step + 1 == steps) {
      state.before = state.packed;
      random = state.random;
    }
    rbm_gibbs_step(&model_, state.packed.data(), state.clamped.data(), &state.random, state.scratch.data());
  }
  // The generator as it was before the last step draws the hidden units of that step again.
  rbm_reconstruct(&model_, rbm_from_bits(state.before.data()), RBM_SAMPLE, &random, state.means.data(),
                  state.scratch.data());
  to_floats(state.means, model_.visible, out);
  rbm::clamp({out, model_.visible}, clamped);
}

void DeviceInference::fill(std::size_t n, unsigned steps, float* readings) {
  State& state = states_[n];
  std::fill(state.clamped.begin(), state.clamped.end(), std::uint8_t{0});
  for (std::size_t j = 0; j < model_.visible; ++j) {
    const bool known = !std::isnan(readings[j]);
    if (known) state.readings[j] = to_steps(j, readings[j]);
    rbm_set_unit(state.clamped.data(), j, known);
  }
  rbm_real_fill(&packed_.real(), state.readings.data(), state.clamped.data(), steps, &state.random,
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
