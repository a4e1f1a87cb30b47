/// Detectors of what is odd in one series of readings, from its first reading on, each seen once: a model of
/// a reading's level gives -log p of it (choice_online.hpp), and an alarm makes oddness of that (alarm.hpp).
/// All settings are here, the same for every series.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "rbm/alarm.hpp"
#include "rbm/choice_online.hpp"

namespace bench {

constexpr std::size_t levels = 64;         ///< of a reading
constexpr std::size_t lags = 2;            ///< readings before it that the model sees
constexpr std::size_t lagged_levels = 32;  ///< of such a reading
constexpr std::size_t hours = 24;          ///< of the day
constexpr std::size_t hidden = 4;
constexpr std::uint16_t first_readings = 300;  ///< that the span is learned from where it is not known
constexpr float rate = 0.2f, deviation = 0.1f;
constexpr float remembered = 4000;  ///< readings that the histogram remembers

/// What a model is told of a reading: its level, coarser ones of those before it, and the hour.
struct Moment {
  std::size_t level, hour;
  std::size_t before[lags];
};

/// p(level | levels before, hour) of a class RBM with parameters T, float or rbm::Parameter.
template <class T>
class ConditionalRbm {
 public:
  explicit ConditionalRbm(std::uint64_t seed) : online_(model_, memory_, shape, step(seed)) {
    rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(seed);
    if constexpr (fixed_point)
      rbm::initialize(rbm::FixedPointRbmView(model_), static_cast<std::int32_t>(deviation * 65536), random);
    else
      rbm::initialize(rbm::RbmView(model_), deviation, random);
  }
  ConditionalRbm(const ConditionalRbm&) = delete;
  ConditionalRbm& operator=(const ConditionalRbm&) = delete;

  /// -log p of a moment's level, in units of 2^-16 nat; then learns it.
  std::uint32_t surprise(const Moment& moment) {
    rbm::Unit rest[lags + 1];
    for (std::size_t n = 0; n < lags; ++n)
      rest[n] = static_cast<rbm::Unit>(levels + n * lagged_levels + moment.before[n]);
    rest[lags] = static_cast<rbm::Unit>(levels + lags * lagged_levels + moment.hour);
    const rbm::ChoiceScore<T> nats = rbm::learn(online_, {rest, nullptr, lags + 1}, moment.level);
    if (!(nats > 0)) return 0;
    return static_cast<std::uint32_t>(fixed_point ? nats : nats * 65536);
  }

 private:
  static constexpr bool fixed_point = sizeof(T) == sizeof(rbm::Parameter);
  static constexpr std::size_t visible = levels + lags * lagged_levels + hours;
  static constexpr rbm::ChoiceShape shape{visible, hidden, {0, levels}};
  static rbm::ChoiceStep<T> step(std::uint64_t seed) {
    rbm::ChoiceStep<T> out;
    if constexpr (fixed_point) {
      out.rate = static_cast<std::uint16_t>(rate * 65536);
      out.random = rbm::Xoshiro128::seeded(seed + 1000);
    } else {
      out.rate = rate;
    }
    return out;
  }

  std::conditional_t<fixed_point, rbm::FixedPointRbm<visible, hidden>, rbm::Rbm<visible, hidden>> model_;
  rbm::Memory<rbm::choice_online_bytes<T>(shape)> memory_;
  rbm::BasicChoiceOnline<T> online_;
};

/// -log of a level's share of the last readings, with one reading of each level beforehand.
class Histogram {
 public:
  explicit Histogram(std::uint64_t) {}

  std::uint32_t surprise(const Moment& moment) {
    const float share = (counts_[moment.level] + 1) / (total_ + levels);
    for (float& count : counts_) count *= 1 - 1 / remembered;
    total_ = total_ * (1 - 1 / remembered) + 1;
    ++counts_[moment.level];
    return static_cast<std::uint32_t>(-65536 * std::log(share));
  }

 private:
  float counts_[levels] = {}, total_ = 0;
};

/// No model: what is left is the alarm's rule of spikes.
class Nothing {
 public:
  explicit Nothing(std::uint64_t) {}
  std::uint32_t surprise(const Moment&) { return 0; }
};

/// A model with levels and an alarm, for readings that are steps of a sensor, or floats.
template <class Model, class Reading>
class Detector {
 public:
  /// A known span, or one of size 0 that is to be learned; the first `start` readings are never odd.
  Detector(rbm::ReadingSpan<Reading> span, std::uint16_t start, std::uint64_t seed) : model_(seed) {
    levels_.span = span;
    levels_.learned = span.size() > 0 ? 0 : first_readings;
    alarm_.options.start = start;
  }

  std::uint32_t oddness(Reading reading, std::size_t hour) {
    if (alarm_.readings == 0)
      for (Reading& before : before_) before = reading;
    rbm::follow(levels_, reading);
    Moment moment{rbm::level(levels_, reading, levels), hour, {}};
    for (std::size_t n = 0; n < lags; ++n) moment.before[n] = rbm::level(levels_, before_[n], lagged_levels);
    for (std::size_t n = lags; n-- > 1;) before_[n] = before_[n - 1];
    before_[0] = reading;
    return rbm::follow(alarm_, model_.surprise(moment), reading);
  }

 private:
  Model model_;
  rbm::ReadingLevels<Reading> levels_;
  rbm::Alarm<Reading> alarm_;
  Reading before_[lags] = {};
};

}  // namespace bench
