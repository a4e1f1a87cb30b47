#include "rbm/alarm.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/support/fixtures.hpp"

using Alarm = rbm::Alarm<std::int16_t>;

namespace {

constexpr std::uint32_t nat = 65536;

/// Scores of a stream in its usual state: exponential, of this mean, units of 2^-16 nat.
std::uint32_t usual_score(std::mt19937& random, double mean) {
  return static_cast<std::uint32_t>(-mean * nat *
                                    std::log(1 - static_cast<double>(fixture::uniform(random))));
}

/// An alarm of spikes alone, past its start, that has seen the readings from 0 to 100.
Alarm started(std::uint16_t pause) {
  Alarm alarm;
  alarm.options.pause = pause;
  alarm.options.start = 10;
  for (int n = 0; n < 20; ++n) (void)rbm::follow(alarm, nat, static_cast<std::int16_t>(n % 2 * 100));
  return alarm;
}

}  // namespace

TEST_CASE("a running mean is the plain mean at first, then exponential") {
  for (const std::uint16_t memory :
       {std::uint16_t{1}, std::uint16_t{32}, std::uint16_t{2000}, std::uint16_t{2048}}) {
    std::mt19937 random(1);
    rbm::RunningMean mean;
    double exact = 0, sum = 0;
    for (int n = 1; n < 10000; ++n) {
      const std::uint32_t score = usual_score(random, 1.5);
      sum += score;
      exact = n <= memory ? sum / n : exact + (score - exact) / memory;
      CHECK(std::abs(mean.add(score, memory) - exact) <= 2);
    }
  }
}

TEST_CASE("a running mean of the largest scores neither wraps nor passes them") {
  rbm::RunningMean mean;
  for (int n = 0; n < 20000; ++n)
    CHECK(mean.add(UINT32_MAX, rbm::RunningMean::longest) == rbm::RunningMean::largest);
}

TEST_CASE("bins of a running tail are sixths of an octave around 1, the outer ones open") {
  for (int n = -500; n < 500; ++n) {
    const double octaves = 0.0137 * n;
    const double exact = std::floor(6 * octaves) + 32;
    if (std::abs(6 * octaves - std::round(6 * octaves)) < 0.002) continue;
    CHECK(rbm::RunningTail::bin(static_cast<std::int32_t>(octaves * std::log(2.0) * nat)) ==
          static_cast<std::size_t>(std::clamp(exact, 0.0, 63.0)));
  }
  CHECK(rbm::RunningTail::bin(0) == 32);
  CHECK(rbm::RunningTail::bin(-1) == 31);
  CHECK(rbm::RunningTail::bin(23 * 65536) == 63);
  CHECK(rbm::RunningTail::bin(-23 * 65536) == 0);
}

TEST_CASE("a running tail is the share of what it remembers, as its double does") {
  for (const std::uint16_t memory :
       {rbm::RunningTail::shortest, std::uint16_t{1000}, rbm::RunningTail::longest}) {
    std::mt19937 random(2);
    rbm::RunningTail tail;
    std::vector<double> exact(64);
    double remembered = 0;
    for (int n = 0; n < 20000; ++n) {
      const std::int32_t logarithm = static_cast<std::int32_t>(nat * fixture::bell(random));
      const std::size_t bin = rbm::RunningTail::bin(logarithm);
      exact[static_cast<std::size_t>(n) % 64] *= 1 - 64.0 / (memory + 32);
      exact[bin] += 1;
      double all = 0, above = 0;
      for (std::size_t k = 0; k < 64; ++k) {
        all += exact[k];
        if (k >= bin) above += exact[k];
      }
      // A bin loses 1/32 of a sample more or less than its share each time, and no more on the mean.
      CHECK(std::abs(tail.add(logarithm, memory) / 65536.0 - std::log(all / above)) < 0.02 + 0.2 / above);
      if (n >= 10000)
        for (const std::uint16_t count : tail.counts) remembered += count / 32.0 / 10000;
    }
    CHECK(remembered == doctest::Approx(memory).epsilon(0.02));
  }
}

TEST_CASE("a running tail of equal samples does not wrap, and forgets them to nothing") {
  rbm::RunningTail tail;
  for (int n = 0; n < 200000; ++n) {
    CHECK(tail.add(0, rbm::RunningTail::longest) == 0);
    CHECK(tail.counts[32] <= 34 * rbm::RunningTail::longest);
  }
  for (int n = 0; n < 200000; ++n) (void)tail.add(-2 * 65536, rbm::RunningTail::longest);
  CHECK(tail.counts[32] == 0);
}

TEST_CASE("oddness of a usual stream is as rare as it says") {
  std::mt19937 random(3);
  Alarm alarm;
  alarm.options.pause = 1;  // the peak is gone at once
  alarm.options.rise = 0;
  alarm.options.mean = 1;  // scores do not depend on those before them
  constexpr int readings = 60000;
  for (const double nats : {1.0, 3.0, 5.0}) {
    int odd = 0;
    for (int n = 0; n < readings; ++n)
      odd += rbm::follow(alarm, usual_score(random, 1), std::int16_t{0}) >= nats * nat;
    const double expected = readings * std::exp(-nats);
    // At most: the bin of a score is as odd as its lower end. What is remembered is finite: a tenth more.
    CHECK(odd <= 1.1 * expected + fixture::once_in_a_million * std::sqrt(expected));
    CHECK(odd >= 0.3 * expected);
  }
}

TEST_CASE("scales of scores do not matter") {
  Alarm a, b;
  std::mt19937 random(4);
  int differences = 0;
  for (int n = 0; n < 5000; ++n) {
    const std::uint32_t score = usual_score(random, 0.5) + 1000;
    const std::uint32_t of_a = rbm::follow(a, score, std::int16_t{0});
    differences += rbm::follow(b, 4 * score, std::int16_t{0}) != of_a;
  }
  CHECK(differences < 50);  // a sample near a bin's end may fall into the next one
}

TEST_CASE("a spike is farther out than a twentieth of what was seen") {
  for (const auto& [reading, is_spike] : {std::pair{105, false}, {106, true}, {-5, false}, {-6, true}}) {
    Alarm alarm = started(1200);
    const std::uint32_t oddness = rbm::follow(alarm, nat, static_cast<std::int16_t>(reading));
    CHECK((oddness == 8 * nat) == is_spike);
    // Now it has been seen.
    alarm.peak = 0;
    CHECK(rbm::follow(alarm, nat, static_cast<std::int16_t>(reading)) < 8 * nat);
  }
  Alarm alarm = started(1200);
  alarm.options.spike = 0;
  CHECK(rbm::follow(alarm, nat, std::int16_t{20000}) < 8 * nat);

  Alarm wide;
  wide.options.start = 0;
  CHECK(rbm::follow(wide, nat, std::int16_t{INT16_MIN}) < 8 * nat);  // the first of all
  CHECK(rbm::follow(wide, nat, std::int16_t{INT16_MAX}) < 8 * nat);  // nothing but one value was seen
  rbm::Alarm<float> floats;
  floats.options.start = 0;
  for (const float reading : {0.0f, 1.0f, 0.5f}) (void)rbm::follow(floats, nat, reading);
  CHECK(rbm::follow(floats, nat, 1.04f) < 8 * nat);
  CHECK(rbm::follow(floats, nat, 1.2f) == 8 * nat);
}

TEST_CASE("the peak holds back what is not odder by the rise, until it has decayed") {
  for (const std::uint16_t pause : {std::uint16_t{100}, std::uint16_t{1200}})
    for (const double rise : {0.25, 2.0}) {
      Alarm alarm = started(pause);
      alarm.options.rise = static_cast<std::uint32_t>(rise * nat);
      std::int16_t reading = 200;
      REQUIRE(rbm::follow(alarm, nat, reading) == 8 * nat);
      int held_back = 0;
      do {  // each a spike
        reading = static_cast<std::int16_t>(reading + reading / 16 + 1);
        if (reading > 15000) {
          alarm.seen = {0, 100};
          reading = 200;
        }
        ++held_back;
      } while (rbm::follow(alarm, nat, reading) == 0 && held_back < 10000);
      // 8 nats that fall by a factor of 1 - 1 / pause each time, to below 8 nats less the rise.
      const double exact = std::ceil(std::log(1 - rise / 8) / std::log(1 - 1.0 / pause)) + 1;
      CHECK(std::abs(held_back - exact) <= 1);
    }
}

TEST_CASE("the first readings are never odd, and raise no peak") {
  Alarm alarm;
  alarm.options.start = 200;
  for (int n = 0; n < 200; ++n)
    CHECK(rbm::follow(alarm, n == 150 ? 20 * nat : nat, static_cast<std::int16_t>(n * 100)) == 0);
  CHECK(alarm.peak == 0);
  CHECK(rbm::follow(alarm, nat, std::int16_t{32000}) == 8 * nat);
}

TEST_CASE("a lasting change makes one alarm, or a few, within the mean's memory, and then is usual") {
  std::mt19937 random(5);
  Alarm alarm;
  std::vector<int> alarms;
  for (int n = 0; n < 70000; ++n) {  // more than the count of readings holds
    const double mean = n >= 68000 && n < 68300 ? 4 : 1;
    if (rbm::follow(alarm, usual_score(random, mean), static_cast<std::int16_t>(random() >> 24)) >=
            alarm.options.limit &&
        n >= 68000)
      alarms.push_back(n);
  }
  REQUIRE(!alarms.empty());
  CHECK(alarms.front() < 68032);
  CHECK(alarms.size() <= 6);
  CHECK(alarm.readings == 65535);
}
