#include "rbm/fixed_point_detector.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "rbm/quantized.h"
#include "tests/support/fixed_point_models.hpp"
#include "tests/support/stream.hpp"

using Readings = std::vector<std::int16_t>;

namespace {

constexpr std::size_t visible = 16, hidden = 6;

Readings to_steps(const std::vector<float>& readings) {
  Readings steps;
  for (const float x : readings) steps.push_back(static_cast<std::int16_t>(std::lround(x)));
  return steps;
}

/// A detector of 16 readings, a quick one, and the stream that it learns.
struct Device {
  rbm::FixedPointRealRbm<visible, hidden> model;
  rbm::Memory<rbm::fixed_point_real_online_bytes({visible, hidden})> memory;
  rbm::FixedPointDetector detector;
  fixture::Stream stream;

  explicit Device(unsigned odd_one_in, std::uint32_t seed = 1)
      : detector(model, memory, {visible, hidden}, {655, 1, 300, seed}), stream(visible, odd_one_in, seed) {
    detector.options.first = 100;
    detector.options.remembered = 100;
    detector.options.margin = 24;
    detector.options.patience = 60;
    rbm::initialize(model, 2, detector.online.random);
  }
  unsigned watch(const Readings& readings, unsigned faults = 0) {
    return rbm::watch(detector, {readings.data(), visible}, faults);
  }
  unsigned watch_next() { return watch(to_steps(stream.next())); }

  /// How well usual windows are told from those that are three deviations off in half of the readings.
  double area_under_curve() {
    fixture::Stream fresh = stream;
    std::vector<double> usual, odd;
    for (int n = 0; n < 200; ++n) {
      std::vector<float> readings = fresh.next();
      if (fresh.is_odd) continue;
      for (const bool moved : {false, true}) {
        for (std::size_t j = 0; moved && j < visible; j += 2) readings[j] += 3 * fresh.deviation[j];
        rbm::RealState x[visible];
        rbm::Probability p[hidden];
        const Readings steps = to_steps(readings);
        rbm::set_visible({x, visible}, model, {steps.data(), visible});
        (moved ? odd : usual).push_back(rbm::free_energy({p, hidden}, model, {x, visible}));
      }
    }
    return fixture::area_under_curve(usual, odd);
  }
  /// All that learning changes.
  std::vector<std::int32_t> learned() const {
    std::vector<std::int32_t> all(model.rbm.weights, model.rbm.weights + visible * hidden);
    all.insert(all.end(), model.offset, model.offset + visible);
    all.insert(all.end(), model.scale, model.scale + visible);
    return all;
  }
};

}  // namespace

TEST_CASE("a detector learns, then flags what is odd, and does not learn it") {
  for (const unsigned odd_one_in : {0u, 20u, 6u})
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
      Device device(odd_one_in, seed);
      if (odd_one_in == 6) device.detector.options.margin = 8;
      double seen[2] = {}, flagged[2] = {}, refused = 0;
      for (int n = 0; n < 3000; ++n) {
        const std::vector<std::int32_t> before = device.learned();
        const unsigned status = device.watch_next();
        CHECK((status & rbm::detector_learning) == (n < 100 ? rbm::detector_learning : 0));
        CHECK(((status & rbm::window_learned) != 0) == (device.learned() != before));
        if (n < 100) {
          CHECK((status & rbm::window_learned) != 0);
          continue;
        }
        CHECK((status & (rbm::window_learned | rbm::window_odd)) != (rbm::window_learned | rbm::window_odd));
        if (n < 600) continue;  // the model still settles
        ++seen[device.stream.is_odd];
        flagged[device.stream.is_odd] += (status & rbm::window_odd) != 0;
        refused += device.stream.is_odd && !(status & rbm::window_learned);
      }
      // Of scores like a sum of 16 squares, margins of 3 and 1 would flag 1.1 and 10 %.
      CHECK(flagged[0] / seen[0] < (odd_one_in == 6 ? 0.12 : 0.05));
      if (odd_one_in == 0) continue;
      CHECK(flagged[1] / seen[1] > 0.97);
      CHECK(refused / seen[1] > 0.97);
    }
}

TEST_CASE("a low margin flags more, and a detector may be asked to flag all windows above the quartile") {
  double flagged[4] = {};
  for (int margin = 0; margin < 4; ++margin) {
    Device device(0, 3);
    device.detector.options.margin = static_cast<std::uint16_t>(8 * margin);
    for (int n = 0; n < 3000; ++n) flagged[margin] += (device.watch_next() & rbm::window_odd) != 0;
  }
  CHECK(flagged[0] / 2900 == doctest::Approx(0.25).epsilon(0.2));
  for (int margin = 1; margin < 4; ++margin) CHECK(flagged[margin] < 0.7 * flagged[margin - 1]);
}

TEST_CASE("the status of a stream says what is wrong with its windows") {
  static_assert(rbm::readings_missing == RBM_MISSING_READINGS && rbm::readings_saturated == RBM_SATURATED &&
                rbm::readings_out_of_range == RBM_OUT_OF_RANGE && rbm::readings_wrapped == RBM_WRAPPED &&
                rbm::readings_stuck == RBM_STUCK && (rbm::faulty_readings & RBM_OVERRUN) == 0);
  Device device(0);
  for (int n = 0; n < 300; ++n) (void)device.watch_next();
  const Readings usual = to_steps(device.stream.next());
  CHECK(device.watch(usual, RBM_WRAPPED | RBM_OVERRUN) == rbm::readings_wrapped);
  CHECK(device.watch(usual, RBM_OUT_OF_RANGE) == (rbm::readings_out_of_range | rbm::window_odd));
}

TEST_CASE("the limit saturates, and is not below the quartile") {
  Device device(0);
  device.detector.median.estimate = INT32_MIN;
  device.detector.quartile.estimate = INT32_MAX;
  CHECK(device.detector.limit() == INT32_MAX);
  device.detector.quartile.estimate = 1000;
  device.detector.median.estimate = 2000;
  CHECK(device.detector.limit() == 1000);
}

TEST_CASE("faulty windows are neither learned nor scored, and the status says why") {
  for (const int before : {0, 40, 300}) {
    Device device(0);
    for (int n = 0; n < before; ++n) (void)device.watch_next();
    const Readings usual = to_steps(device.stream.next());
    Readings missing = usual, saturated = usual, low = usual, flat = usual;
    missing[3] = INT16_MIN;
    saturated[15] = INT16_MAX;
    low[0] = -INT16_MAX;
    for (std::size_t j = 0; j < visible; ++j) flat[j] = static_cast<std::int16_t>(j % 2);
    const std::vector<std::int32_t> learned = device.learned();
    const std::int32_t score = device.detector.score;
    const unsigned learning = before < 100 ? rbm::detector_learning : 0;
    CHECK(device.watch(missing) == (rbm::readings_missing | learning));
    CHECK(device.watch(saturated) == (rbm::readings_saturated | learning));
    CHECK(device.watch(low) == (rbm::readings_saturated | learning));
    const unsigned stuck = device.watch(Readings(visible, 77));
    CHECK((stuck & ~rbm::readings_flat) == (rbm::readings_stuck | learning));
    CHECK(device.watch(usual, rbm::readings_stuck) == (rbm::readings_stuck | learning));
    if (before == 300) {
      CHECK(device.watch(flat) == rbm::readings_flat);
      CHECK((stuck & rbm::readings_flat) != 0);
    }
    CHECK(device.learned() == learned);
    CHECK(device.detector.score == score);
    CHECK(device.detector.windows == std::min(before, 100));
    // What the caller knows of usual readings alone does not make them faulty.
    CHECK((device.watch(usual, rbm::window_odd) & rbm::window_odd) == 0);
  }
}

TEST_CASE("hours of faulty readings end without a trace") {
  struct Fault {
    std::string name;
    unsigned status;
    std::function<int(int reading, int n, std::size_t j)> change;
  };
  const std::vector<Fault> faults = {
      {"stuck", rbm::readings_stuck, [](int, int, std::size_t) { return 300; }},
      {"stuck with noise", rbm::readings_flat,
       [](int, int n, std::size_t j) { return (n + static_cast<int>(j)) % 3; }},
      {"missing", rbm::readings_missing,
       [](int x, int n, std::size_t j) { return (n + static_cast<int>(j)) % 5 == 0 ? -32768 : x; }},
      {"saturated", rbm::readings_saturated, [](int x, int, std::size_t) { return 40 * x; }},
      {"wrapped", rbm::window_odd | rbm::world_changed,
       [](int x, int, std::size_t) { return static_cast<std::int16_t>(x + 32700); }},
      {"ten times", rbm::window_odd | rbm::world_changed, [](int x, int, std::size_t) { return 10 * x; }},
      {"a tenth", rbm::window_odd | rbm::world_changed | rbm::readings_flat,
       [](int x, int, std::size_t) { return x / 10; }},
      {"random", rbm::window_odd | rbm::world_changed,
       [](int, int n, std::size_t j) {
         return static_cast<std::int16_t>((n * 40503 + static_cast<int>(j) * 25717) % 60000 - 30000);
       }},
  };
  for (const Fault& fault : faults) {
    CAPTURE(fault.name);
    Device device(0, 4);
    for (int n = 0; n < 2000; ++n) (void)device.watch_next();
    const double before = device.area_under_curve();
    REQUIRE(before > 0.95);
    const std::vector<std::int32_t> learned = device.learned();
    unsigned said = 0;
    int told = 0;
    constexpr int windows = 4 * 3600;  // four hours of one a second
    for (int n = 0; n < windows; ++n) {
      Readings readings = to_steps(device.stream.next());
      for (std::size_t j = 0; j < visible; ++j)
        readings[j] = static_cast<std::int16_t>(std::clamp(fault.change(readings[j], n, j), -32768, 32767));
      const unsigned status = device.watch(readings);
      said |= status;
      told += (status & (rbm::window_odd | rbm::faulty_readings)) != 0;
    }
    CHECK((said & fault.status) != 0);
    CHECK((said & rbm::window_learned) == 0);
    CHECK(told > windows * 0.99);
    CHECK(device.learned() == learned);
    int flagged = 0;
    for (int n = 0; n < 300; ++n) flagged += (device.watch_next() & rbm::window_odd) != 0;
    CHECK(flagged < 20);
    CHECK(std::abs(device.area_under_curve() - before) < 0.01);
  }
}

TEST_CASE("a changed world is said, and learned when the program says so") {
  Device device(0, 5);
  for (int n = 0; n < 400; ++n) (void)device.watch_next();
  for (float& mean : device.stream.mean) mean += 1500;
  int said = 0;
  for (int n = 0; n < 200; ++n) {
    const unsigned status = device.watch_next();
    CHECK((status & rbm::window_odd) != 0);
    CHECK(((status & rbm::world_changed) != 0) == (n >= 59));
    said += (status & rbm::world_changed) != 0;
  }
  CHECK(said == 141);
  device.detector.options.patience = 30;  // less than the odd windows counted
  CHECK((device.watch_next() & rbm::world_changed) != 0);
  rbm::learn_anew(device.detector);
  int flagged = 0;
  for (int n = 0; n < 1500; ++n) flagged += n > 500 && (device.watch_next() & rbm::window_odd) != 0;
  CHECK(flagged < 40);
  CHECK(device.area_under_curve() > 0.95);
}

TEST_CASE("slow changes are followed") {
  Device device(0, 6);
  int flagged = 0;
  for (int n = 0; n < 6000; ++n) {
    for (std::size_t j = 0; j < visible; ++j) device.stream.mean[j] += 0.002f * device.stream.deviation[j];
    flagged += (device.watch_next() & rbm::window_odd) != 0;
  }
  CHECK(flagged < 240);
}
