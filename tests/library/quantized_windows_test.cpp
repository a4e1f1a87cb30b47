// Detrending in whole numbers, against least squares and means in exact fractions.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include "rbm/quantized.h"
#include "tests/support/detrended.hpp"

namespace {

using fixture::Numbers;
using fixture::saturated;
using fixture::taken_away;

constexpr unsigned detrendings[] = {RBM_DETREND_NONE, RBM_DETREND_START, RBM_DETREND_LEVEL, RBM_DETREND_TREND,
                                    RBM_DETREND_DIFFERENCES};

/// Kinds of readings: of any size, small ones, two values at the ends of the range, and nearly a line.
Numbers random_readings(std::size_t span, std::mt19937& random, unsigned missing) {
  Numbers readings(span);
  const unsigned kind = random() % 4;
  for (std::size_t t = 0; t < span; ++t) {
    const int any = static_cast<int>(random() % 65535) - 32767;
    const int values[] = {any, any % 5, any < 0 ? -32767 : 32767,
                          std::clamp(static_cast<int>(t) * 31 - 9000 + any % 3, -32767, 32767)};
    readings[t] = static_cast<std::int16_t>(random() % 10 < missing ? RBM_MISSING : values[kind]);
  }
  return readings;
}

TEST_CASE("a window has its level or trend taken away, to the nearest whole number") {
  std::mt19937 random(1);
  for (const std::size_t length : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 16u, 33u, 64u, 255u, 1024u, 4096u})
    for (const unsigned detrend : detrendings)
      for (int turn = 0; turn < (length < 1000 ? 24 : 4); ++turn) {
        CAPTURE(length);
        CAPTURE(detrend);
        const Numbers readings =
            random_readings(RBM_WINDOW_SPAN(length, detrend), random,
                            std::array{0u, 1u, 9u, 10u}[static_cast<std::size_t>(turn % 4)]);
        const Numbers wanted = fixture::detrended(detrend, readings, length);
        Numbers window(length), in_place = readings;
        rbm_detrend(detrend, readings.data(), length, window.data());
        CHECK(window == wanted);
        rbm_detrend(detrend, in_place.data(), length, in_place.data());
        in_place.resize(length);
        CHECK(in_place == wanted);
      }
}

TEST_CASE("the line of the most extreme readings overflows nothing") {
  const std::size_t length = RBM_LONGEST_WINDOW;
  for (const bool rises : {false, true})
    for (std::size_t half = 0; half <= length; half += 512) {
      Numbers readings(length);
      for (std::size_t t = 0; t < length; ++t)
        readings[t] = static_cast<std::int16_t>((t < half) == rises ? -32767 : 32767);
      Numbers window(length);
      rbm_detrend(RBM_DETREND_TREND, readings.data(), length, window.data());
      CHECK(window == fixture::detrended(RBM_DETREND_TREND, readings, length));
    }
  // Two known readings beside each other make the steepest line there is.
  Numbers steep(length, RBM_MISSING), filled(length, 0);
  steep[0] = -32767;
  steep[1] = 32767;
  rbm_retrend(RBM_DETREND_TREND, filled.data(), length, steep.data());
  CHECK(steep[0] == -32767);
  CHECK(std::all_of(steep.begin() + 1, steep.end(), [](std::int16_t value) { return value == 32767; }));
}

TEST_CASE("what was taken away comes back to readings that were filled in") {
  std::mt19937 random(2);
  for (const std::size_t length : {1u, 2u, 5u, 16u, 64u})
    for (const unsigned detrend : {RBM_DETREND_NONE, RBM_DETREND_START, RBM_DETREND_LEVEL, RBM_DETREND_TREND})
      for (int turn = 0; turn < 32; ++turn) {
        const Numbers readings = random_readings(length, random, 3);
        Numbers window(length), filled = readings, wanted = readings;
        rbm_detrend(detrend, readings.data(), length, window.data());
        for (std::size_t t = 0; t < length; ++t)
          if (readings[t] == RBM_MISSING) {
            window[t] = static_cast<std::int16_t>(random() % 4001 - 2000);
            wanted[t] = saturated(window[t] + taken_away(detrend, readings, length, t));
          }
        rbm_retrend(detrend, window.data(), length, filled.data());
        CHECK(filled == wanted);
      }
}

TEST_CASE("differences add up from the known readings, forwards and before the first one backwards") {
  const std::int16_t none = RBM_MISSING;
  const Numbers window{1, 2, 3, 4, 5};
  const auto filled = [&](Numbers readings) {
    rbm_retrend(RBM_DETREND_DIFFERENCES, window.data(), window.size(), readings.data());
    return readings;
  };
  CHECK(filled({none, none, 10, none, none, 70}) == Numbers{7, 8, 10, 13, 17, 70});
  CHECK(filled({none, none, none, none, none, none}) == Numbers{0, 1, 3, 6, 10, 15});
  CHECK(filled({32766, none, none, 0, none, none}) == Numbers{32766, 32767, 32767, 0, 4, 9});
  CHECK(filled({none, none, none, none, none, 9}) == Numbers{-6, -5, -3, 0, 4, 9});
}

}  // namespace
