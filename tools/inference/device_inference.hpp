#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rbm/gibbs.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// The device runtime at work on some visible states: the integers that a device computes. Each state has its
/// own generator and scratch, so that threads can share the states. Probabilities are the device's bytes,
/// divided by 256. Readings are rounded to the sensor's steps, and saturate. Of a model with labels each
/// state has one, at first the first, given which all but classify() and draw_label() work.
class DeviceInference {
 public:
  /// The model must outlive it.
  DeviceInference(const PackedModel& model, std::size_t states);

  /// Starts the generator of state n by rbm_random_seed().
  void seed(std::size_t n, std::uint64_t seed);

  /// Makes state n binary, with these units on.
  void see(std::size_t n, rbm::ActiveUnits on);

  /// Makes state n real-valued: [visible] intensities, rounded to steps of 1/255. Gibbs steps cannot start
  /// there.
  void see_intensities(std::size_t n, const float* intensities);

  /// Makes state n these readings [visible], of a model of readings.
  void see_readings(std::size_t n, const float* readings);

  /// [visible]: the readings that state n holds, as rounded to the sensor's steps.
  void readings(std::size_t n, float* out) const { to_readings(states_[n], out); }

  /// The label of state n.
  void set_label(std::size_t n, std::size_t label) { states_[n].label = label; }
  std::size_t label(std::size_t n) const { return states_[n].label; }

  /// p(y | v) by rbm_label_probability(), out of 65536, and log p(y | v) from the scores of rbm_classify();
  /// both [labels]. Returns F(v) by rbm_label_free_energy(), in nats.
  float classify(std::size_t n, float* probabilities, float* log_probabilities);

  /// Draws a label after classify(), by rbm_draw_label().
  std::size_t draw_label(std::size_t n);

  /// [hidden]: p(h = 1 | v), by rbm_features(); given another label than the state's where that is said.
  void features(std::size_t n, float* out) { features(n, states_[n].label, out); }
  void features(std::size_t n, std::size_t label, float* out);

  /// F(v) in steps, by rbm_free_energy().
  std::int32_t free_energy(std::size_t n);

  /// The same in nats.
  float nats(std::size_t n);

  /// [visible]: p(v = 1 | h), h drawn, by rbm_reconstruct() with RBM_SAMPLE; or readings.
  void reconstruct(std::size_t n, float* out);

  /// Takes state n through `steps` calls of rbm_gibbs_step(), at least 1. [visible]: p(v = 1 | h) of the last
  /// step; clamped units have their value instead. Readings [visible] of a model of readings, which has no
  /// clamped units here. A label is drawn after each step by rbm_draw_label(), unless a unit beyond the
  /// model's own is clamped.
  void gibbs_steps(std::size_t n, std::uint64_t steps, const rbm::Clamped& clamped, float* out);

  /// Fills in readings [visible] that are NaN, in place, by rbm_real_fill() with `steps` steps.
  void fill(std::size_t n, unsigned steps, float* readings);

  bool has_readings() const { return packed_.has_readings(); }

  /// Writes the units of state n that are on after Gibbs steps to a list with room for all visible units.
  void list(std::size_t n, rbm::UnitList& out) const;

 private:
  struct State {
    std::vector<std::uint8_t> packed, before, clamped;  // [RBM_STATE_BYTES(visible)]
    std::vector<std::uint8_t> bytes;                    // [visible] of intensities
    bool intensities = false;
    std::vector<std::int16_t> readings;  // [visible], in sensor's steps
    std::vector<std::uint8_t> means;     // [visible] or [hidden]
    std::vector<std::uint32_t> scratch;
    std::vector<std::int32_t> scores;  // [labels]
    std::size_t label = 0;
    rbm_random random{};

    rbm_input input() const {
      return intensities ? rbm_from_bytes(&bytes.front()) : rbm_from_bits(&packed.front());
    }
  };

  // Scores of the labels, in steps.
  void score_labels(State& state);

  // The model given a label, if there are labels.
  rbm_quantized given(std::size_t label) const;
  rbm_real real_given(std::size_t label) const;

  // Between readings in their own units and sensor's steps.
  std::int16_t to_steps(std::size_t j, float reading) const;
  void to_readings(const State& state, float* out) const;

  const PackedModel& packed_;
  const rbm_quantized& model_;
  std::vector<State> states_;
};

}  // namespace tool
