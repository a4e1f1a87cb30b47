/// A device learns which windows of readings are usual, then watches, and goes on learning: but never from
/// what it flags. All in integers, in some bytes beside those of fixed_point_real_online.hpp.
///
///     static rbm::FixedPointRealRbm<64, 16> model;
///     static rbm::Memory<rbm::fixed_point_real_online_bytes({64, 16})> memory;
///     rbm::FixedPointDetector detector(model, memory, {64, 16});
///     rbm::initialize(model, 1, detector.online.random);
///     unsigned status = rbm::watch(detector, window);
///     if (status & rbm::window_odd) ...                      // its score: detector.score
///
/// A window's score is its free energy before it is learned, F. Running quantiles of all scores say what is
/// usual:
///
///     learned: F <= quartile         odd: F > quartile + margin (quartile - median)
///
/// where the quartile is the upper one. So a quarter of the windows, the least usual one, is never learned:
/// up to that share may be odd, from the first window on, and the model still learns the others. A limit at
/// the share of false alarms alone would not do: what is odd lifts it, is learned, and is odd no more. Were
/// scores normal, margins of 1, 2 and 3 would flag 9, 2 and 0.4 % of usual windows: the default, 3, is for
/// streams in which odd windows are rare, and 1 for those in which one in five may be odd. Of odd windows in
/// a row the quantiles see the first alone: an odd stretch does not lift them to its own scores.
///
/// What no working sensor gives is refused at any time, neither scored nor learned, and the status says why.
/// After `patience` odd windows in a row the status is world_changed: none of them is learned, until the
/// program decides that they are usual now, by learn_anew().
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "fixed_point_real_online.hpp"
#include "running_quantile.hpp"

namespace rbm {

/// What watch() says of a window: bits. Those of readings are the bits of the same names in the status of a
/// stream of the device runtime (quantized/stream.h).
inline constexpr unsigned readings_missing = 1;       ///< a reading is INT16_MIN
inline constexpr unsigned readings_saturated = 2;     ///< a reading is at an end of int16
inline constexpr unsigned readings_out_of_range = 4;  ///< one is 32 deviations off; such a window is odd, too
inline constexpr unsigned readings_wrapped = 8;       ///< only the caller can know
inline constexpr unsigned readings_stuck = 16;        ///< all readings are equal
inline constexpr unsigned readings_flat = 64;         ///< their range is far below the usual one
inline constexpr unsigned window_learned = 256;       ///< it was learned
inline constexpr unsigned detector_learning = 512;    ///< one of the first: whether it is odd is not known
inline constexpr unsigned window_odd = 1024;          ///< its score is above the limit
inline constexpr unsigned world_changed = 2048;       ///< so were as many in a row as the patience
/// Windows with one of these are neither scored nor learned.
inline constexpr unsigned faulty_readings =
    readings_missing | readings_saturated | readings_wrapped | readings_stuck | readings_flat;

/// Options of a detector.
struct FixedPointDetectorOptions {
  uint16_t first = 150;       ///< windows that are learned before it watches, at least 2
  uint16_t remembered = 100;  ///< windows that the quantiles remember
  uint16_t margin = 24;       ///< in eighths: from the quartile to the limit, of that from the median to it
  uint16_t patience = 400;    ///< odd windows in a row until the world has changed
  uint16_t flat = 4;  ///< readings are flat where their range is below the median by this factor, at most
                      ///< 32767; 0: never
};

/// A detector: a learner, its quantiles, and where it stands.
struct FixedPointDetector {
  FixedPointRealOnline online;
  FixedPointDetectorOptions options;  ///< may change between windows
  RunningQuantile median, quartile;   ///< of scores; the quartile is the upper one
  RunningQuantile range;              ///< the median of greatest less least reading of a window
  int32_t score = 0;                  ///< of the last window that was scored, in steps of 2^-11 nats
  uint16_t windows = 0;               ///< windows seen, up to the first ones
  uint16_t odd = 0;                   ///< odd windows in a row, up to the patience

  constexpr FixedPointDetector(const FixedPointRealRbmView& target, Arena arena, ModelShape shape,
                               const FixedPointRealOnlineOptions& learning = {655, 1, 1000, 1},
                               const FixedPointDetectorOptions& chosen_options = {})
      : online(target, arena, shape, learning), options(chosen_options) {}

  /// The score that is still usual, in steps of 2^-11 nats.
  constexpr int32_t limit() const {
    const int64_t distance = int64_t{quartile.estimate} - median.estimate;
    const int64_t limit = quartile.estimate + (distance < 0 ? 0 : distance) * options.margin / 8;
    return limit > INT32_MAX ? INT32_MAX : static_cast<int32_t>(limit);
  }
};

namespace detail {

constexpr QuantileOptions half_above(const FixedPointDetector& detector) {
  return {32768, detector.options.remembered};
}

inline void follow_score(FixedPointDetector& detector) {
  (void)follow(detector.median, detector.score, half_above(detector));
  (void)follow(detector.quartile, detector.score, {16384, detector.options.remembered});
}

inline int32_t range_of(VectorView<const int16_t> readings) {
  int32_t least = readings[0], most = readings[0];
  for (size_t j = 1; j < readings.size; ++j) {
    if (readings[j] < least) least = readings[j];
    if (readings[j] > most) most = readings[j];
  }
  return most - least;
}

/// The faults that a window shows by itself.
inline unsigned faults_of(const FixedPointDetector& detector, VectorView<const int16_t> readings,
                          int32_t range) {
  unsigned faults = range == 0 ? readings_stuck : 0;
  for (size_t j = 0; j < readings.size; ++j) {
    if (readings[j] == INT16_MIN) faults |= readings_missing;
    if (readings[j] == INT16_MAX || readings[j] == -INT16_MAX) faults |= readings_saturated;
  }
  const bool known = detector.windows >= detector.options.first / 2;
  if (known && range * detector.options.flat < detector.range.estimate) faults |= readings_flat;
  return faults;
}

/// Whether a state is at its bound.
inline bool is_out_of_range(VectorView<const RealState> x) {
  for (size_t j = 0; j < x.size; ++j)
    if (x[j] == largest_state || x[j] == -largest_state) return true;
  return false;
}

}  // namespace detail

/// Scores a window of readings [visible], which may have had its level taken away, and learns it unless it is
/// faulty, odd, or among the least usual quarter. The window may lie in detector.online.model. The result is
/// made of the bits above. `faults` are what the caller knows of the readings, as from before their level was
/// taken away: the status of a stream.
inline unsigned watch(FixedPointDetector& detector, VectorView<const int16_t> readings, unsigned faults = 0) {
  const FixedPointDetectorOptions& options = detector.options;
  FixedPointRealOnline& online = detector.online;
  const bool learning = detector.windows < options.first;
  const int32_t range = detail::range_of(readings);
  unsigned status = learning ? detector_learning : 0;
  status |=
      (faults & (faulty_readings | readings_out_of_range)) | detail::faults_of(detector, readings, range);
  if (status & faulty_readings) return status;

  set_visible(online.data, online.rbm, readings);
  detector.score = free_energy(online.data_hidden, online.rbm, online.data);
  const bool usual = learning || detector.score <= detector.quartile.estimate;
  if (!learning && detail::is_out_of_range(online.data)) status |= readings_out_of_range;
  if (!learning && (detector.score > detector.limit() || (status & readings_out_of_range)))
    status |= window_odd;
  if (!(status & window_odd)) detector.odd = 0;
  // Scores fall, in the first half of the first windows, while offsets and scales come to fit.
  if (detector.odd == 0 && detector.windows >= options.first / 2) detail::follow_score(detector);
  if (status & window_odd) {
    if (detector.odd < options.patience) ++detector.odd;
    return status | (detector.odd >= options.patience ? world_changed : 0);
  }
  if (learning) ++detector.windows;
  if (!usual) return status;
  (void)follow(detector.range, range, detail::half_above(detector));
  (void)learn(online, readings);
  return status | window_learned;
}

/// Lets the detector learn anew what is usual, as from the first window on; what the model knows it keeps
/// until the stream says otherwise.
inline void learn_anew(FixedPointDetector& detector) {
  detector.median = detector.quartile = detector.range = {};
  detector.windows = detector.odd = 0;
  detector.online.step = 0;
}

}  // namespace rbm
