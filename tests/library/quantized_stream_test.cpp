// Streams of readings, against their definition over all that was pushed.
#include <doctest/doctest.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

#include "rbm/quantized.h"
#include "tests/support/detrended.hpp"
#include "tests/support/random_real.hpp"

namespace {

using fixture::Numbers;
using fixture::RealModel;

struct Shape {
  std::size_t channels, length, hop, decimation;
  unsigned detrend;
  unsigned votes = 1, of = 1;
};

fixture::RealShape model_shape(const Shape& of) {
  return {of.channels * of.length, 5, 2, 8, 10, 6, false};
}

/// A detector and its model; every channel had readings from `least` to `most` in training.
struct Detector {
  RealModel model;
  std::vector<std::int16_t> ranges;
  rbm_detector runtime{};

  explicit Detector(const Shape& of, std::int16_t least = -3000, std::int16_t most = 3000,
                    std::uint16_t equal = 9)
      : model(model_shape(of), 7) {
    for (std::size_t channel = 0; channel < of.channels; ++channel)
      ranges.insert(ranges.end(), {least, most});
    runtime = {&model.runtime,
               ranges.data(),
               0,
               static_cast<std::uint16_t>(of.length),
               static_cast<std::uint16_t>(of.hop),
               static_cast<std::uint16_t>(of.decimation),
               equal,
               static_cast<std::uint8_t>(of.channels),
               static_cast<std::uint8_t>(of.detrend),
               static_cast<std::uint8_t>(of.votes),
               static_cast<std::uint8_t>(of.of)};
  }
};

/// A stream in memory of exactly the size asked for, guarded.
struct Stream {
  std::vector<std::uint32_t> memory;
  rbm_stream runtime;

  Stream(const Shape& of, const Detector& detector)
      : memory(RBM_STREAM_WORDS(of.channels, of.length, of.hop, of.detrend, of.decimation,
                                detector.model.shape.hidden, detector.model.shape.factors) +
                   1,
               0x5a5a5a5a) {
    rbm_stream_start(&runtime, &detector.runtime, memory.data());
    const auto& model = detector.model.shape;
    CHECK(runtime.scratch + RBM_REAL_SCRATCH_WORDS(model.visible, model.hidden, model.factors) <=
          &memory.back());
  }
  ~Stream() { CHECK(memory.back() == 0x5a5a5a5a); }
};

/// What a stream must give, from all rows that were pushed.
class Definition {
 public:
  Definition(const Shape& of, const Detector& detector) : shape_(of), detector_(detector), end_(span()) {}

  std::size_t span() const { return RBM_WINDOW_SPAN(shape_.length, shape_.detrend); }

  void push(const Numbers& row) {
    pending_.push_back(row);
    if (pending_.size() < shape_.decimation) return;
    Numbers mean(shape_.channels);
    for (std::size_t c = 0; c < shape_.channels; ++c) {
      long sum = 0;
      bool missing = false;
      for (const Numbers& one : pending_) {
        missing = missing || one[c] == RBM_MISSING;
        sum += one[c];
      }
      mean[c] = static_cast<std::int16_t>(
          missing ? RBM_MISSING : fixture::nearest(sum, static_cast<long>(shape_.decimation)));
    }
    rows_.push_back(mean);
    pending_.clear();
  }

  /// Whether there is a window to take; takes it.
  bool take() {
    if (rows_.size() < end_) return false;
    lost_ = rows_.size() - end_ >= shape_.hop;
    while (rows_.size() - end_ >= shape_.hop) end_ += shape_.hop;
    for (std::size_t t = std::max(last_, end_ - span()); t < end_; ++t) seen_.push_back(t);
    last_ = end_;
    end_ += shape_.hop;
    const std::uint64_t flags = status();
    if ((flags & RBM_MISSING_READINGS) == 0) scores_.push_back(score());
    return true;
  }

  Numbers readings(std::size_t channel) const {
    Numbers found;
    for (std::size_t t = last_ - span(); t < last_; ++t) found.push_back(rows_[t][channel]);
    return found;
  }

  Numbers window() const {
    Numbers all;
    for (std::size_t c = 0; c < shape_.channels; ++c) {
      const Numbers one = fixture::detrended(shape_.detrend, readings(c), shape_.length);
      all.insert(all.end(), one.begin(), one.end());
    }
    return all;
  }

  std::int32_t score() const {
    std::vector<std::uint32_t> scratch(1000);
    return rbm_real_free_energy(&detector_.model.runtime, rbm_from_int16(window().data()), scratch.data());
  }

  /// By sorting: the `votes`-th largest of the last `of` scores is above the limit.
  bool odd() const {
    if ((status() & RBM_MISSING_READINGS) != 0 || scores_.size() < shape_.votes) return false;
    std::vector<std::int32_t> last(
        scores_.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(shape_.of, scores_.size())),
        scores_.end());
    std::sort(last.rbegin(), last.rend());
    return last[shape_.votes - 1] > detector_.runtime.limit;
  }

  /// With ranges from -3000 to 3000: 6000 apart, and 13 bits hold them.
  unsigned status() const {
    unsigned flags = lost_ ? RBM_OVERRUN : 0;
    for (std::size_t c = 0; c < shape_.channels; ++c) {
      const auto at = [&](std::size_t n) -> int { return rows_[seen_[n]][c]; };
      std::size_t equal = 0;
      for (std::size_t n = seen_.size(); n-- > 0 && at(n) != RBM_MISSING && at(n) == at(seen_.size() - 1);)
        ++equal;
      if (equal >= span() && equal > detector_.runtime.longest_equal) flags |= RBM_STUCK;
      for (std::size_t n = seen_.size() - span(); n < seen_.size(); ++n) {
        if (at(n) == RBM_MISSING) {
          flags |= RBM_MISSING_READINGS;
          continue;
        }
        if (std::abs(at(n)) == 32767) flags |= RBM_SATURATED;
        if (std::abs(at(n)) > 9000) flags |= RBM_OUT_OF_RANGE;
        if (n > 0 && at(n - 1) != RBM_MISSING && std::abs(at(n) - at(n - 1)) > 6000) flags |= RBM_WRAPPED;
      }
    }
    return flags;
  }

 private:
  Shape shape_;
  const Detector& detector_;
  std::vector<Numbers> pending_, rows_;
  std::vector<std::int32_t> scores_;
  std::vector<std::size_t> seen_;  // rows of windows taken
  std::size_t end_, last_ = 0;
  bool lost_ = false;
};

void compare(rbm_stream& stream, const Definition& definition) {
  const Numbers wanted = definition.window();
  REQUIRE(std::equal(wanted.begin(), wanted.end(), stream.window));
  CHECK(rbm_stream_status(&stream) == definition.status());
  CHECK(rbm_is_odd(&stream) == (definition.odd() ? 1 : 0));
  const bool missing = (definition.status() & RBM_MISSING_READINGS) != 0;
  CHECK(rbm_score(&stream) == (missing ? INT32_MIN : definition.score()));
  CHECK(rbm_is_odd(&stream) == (definition.odd() ? 1 : 0));  // a window votes once
}

/// Rows of a sensor that now and then has each of the faults.
class Sensor {
 public:
  Sensor(std::size_t channels, std::uint32_t seed) : random_(seed), last_(channels) {}

  Numbers row() {
    if (random_() % 40 == 0) fault_ = random_() % 8;
    if (random_() % 10 == 0) fault_ = 0;
    for (std::int16_t& reading : last_) {
      const int walked = static_cast<int>(random_() % 601) - 300 + (reading == RBM_MISSING ? 0 : reading);
      const int normal = std::clamp(walked, -3000, 3000);
      const int any = static_cast<int>(random_() % 65536) - 32768;
      const int values[] = {normal, RBM_MISSING, reading, 32767, -32767, any, normal * 3 + 1, normal};
      reading = static_cast<std::int16_t>(values[fault_]);
    }
    return last_;
  }

 private:
  std::mt19937 random_;
  Numbers last_;
  std::size_t fault_ = 0;
};

/// The median of scores, so that votes go either way.
std::int32_t usual_score(const Shape& shape, const Detector& detector) {
  Definition definition(shape, detector);
  Sensor sensor(shape.channels, 99);
  std::vector<std::int32_t> scores;
  while (scores.size() < 101) {
    definition.push(sensor.row());
    if (definition.take()) scores.push_back(definition.score());
  }
  std::nth_element(scores.begin(), scores.begin() + 50, scores.end());
  return scores[50];
}

const Shape shapes[] = {
    {1, 8, 2, 1, RBM_DETREND_NONE, 1, 1},        {1, 8, 3, 1, RBM_DETREND_LEVEL, 2, 3},
    {2, 8, 8, 1, RBM_DETREND_DIFFERENCES, 1, 2}, {3, 5, 1, 1, RBM_DETREND_TREND, 3, 5},
    {2, 16, 20, 1, RBM_DETREND_START, 2, 2},     {1, 4, 1, 3, RBM_DETREND_DIFFERENCES, 20, 32},
    {4, 7, 4, 2, RBM_DETREND_TREND, 1, 4},       {1, 1, 1, 1, RBM_DETREND_LEVEL, 1, 1},
    {2, 1, 2, 5, RBM_DETREND_DIFFERENCES, 1, 1}, {1, 64, 8, 1, RBM_DETREND_LEVEL, 2, 3},
    {36, 1, 1, 1, RBM_DETREND_NONE, 1, 1}};

TEST_CASE(
    "windows, scores, votes and statuses are those of the readings pushed, over many rounds of the ring") {
  for (const Shape& shape : shapes)
    for (const unsigned idle : {0u, 1u, 7u}) {  // of so many rows and one, the last is followed by a look
      CAPTURE(shape.length);
      CAPTURE(shape.hop);
      CAPTURE(idle);
      Detector detector(shape);
      detector.runtime.limit = usual_score(shape, detector);
      Stream stream(shape, detector);
      Definition definition(shape, detector);
      Sensor sensor(shape.channels, static_cast<std::uint32_t>(shape.length + idle));
      std::mt19937 random(3);
      int windows = 0;
      for (std::size_t n = 0; n < 60 * shape.length * shape.decimation + 900; ++n) {
        const Numbers row = sensor.row();
        rbm_stream_push(&stream.runtime, row.data());
        definition.push(row);
        if (idle > 0 && random() % (idle + 1) != 0) continue;
        const bool ready = definition.take();
        REQUIRE(rbm_stream_ready(&stream.runtime) == (ready ? 1 : 0));
        if (!ready) continue;
        ++windows;
        compare(stream.runtime, definition);
      }
      CHECK(windows > 20);
      CHECK(rbm_stream_ready(&stream.runtime) == (definition.take() ? 1 : 0));
    }
}

TEST_CASE("windows that nobody takes in time are lost, and the status says so") {
  const Shape shape{2, 8, 4, 1, RBM_DETREND_LEVEL};
  const Detector detector(shape);
  Stream stream(shape, detector);
  Definition definition(shape, detector);
  Sensor sensor(2, 5);
  const auto push = [&](int rows) {
    for (; rows > 0; --rows) {
      const Numbers row = sensor.row();
      rbm_stream_push(&stream.runtime, row.data());
      definition.push(row);
    }
  };
  const auto take = [&] {
    REQUIRE(rbm_stream_ready(&stream.runtime) == (definition.take() ? 1 : 0));
    return rbm_stream_status(&stream.runtime) & RBM_OVERRUN;
  };
  push(8 + 3);  // one short of the second window
  CHECK(take() == 0);
  push(1 + 4);  // the second, and the third is complete too
  CHECK(take() == RBM_OVERRUN);
  compare(stream.runtime, definition);
  push(4);
  CHECK(take() == 0);
  push(40000);
  CHECK(take() == RBM_OVERRUN);
  compare(stream.runtime, definition);
  push(4);
  CHECK(take() == 0);
  compare(stream.runtime, definition);
  CHECK(rbm_stream_ready(&stream.runtime) == 0);
}

TEST_CASE("a stream goes on where its counter has no more bits") {
  const Shape shape{1, 8, 3, 1, RBM_DETREND_LEVEL};
  const Detector detector(shape);
  Stream stream(shape, detector);
  Definition definition(shape, detector);
  stream.runtime.count -= 50;  // as after 2^32 - 50 readings
  stream.runtime.end -= 50;
  Sensor sensor(1, 6);
  int windows = 0;
  for (int n = 0; n < 100; ++n) {
    const Numbers row = sensor.row();
    rbm_stream_push(&stream.runtime, row.data());
    definition.push(row);
    const bool ready = definition.take();
    REQUIRE(rbm_stream_ready(&stream.runtime) == (ready ? 1 : 0));
    if (ready) compare(stream.runtime, definition);
    windows += ready;
  }
  CHECK(windows == 31);
}

/// The statuses of all windows of a faulty stream, or'd, without one of before it.
unsigned faults_of(const Numbers& readings, std::int16_t least, std::int16_t most, bool ranges = true) {
  const Shape shape{1, 8, 2, 1, RBM_DETREND_LEVEL};
  Detector detector(shape, least, most, 9);
  if (!ranges) detector.runtime.ranges = nullptr;
  Stream stream(shape, detector);
  unsigned found = 0;
  for (const std::int16_t reading : readings) {
    rbm_stream_push(&stream.runtime, &reading);
    if (rbm_stream_ready(&stream.runtime) == 0) continue;
    rbm_is_odd(&stream.runtime);
    found |= rbm_stream_status(&stream.runtime);
  }
  return found;
}

/// Readings from 1200 to 2800, of which `change` makes a fault.
template <class Change>
Numbers faulty(Change change) {
  Numbers readings;
  for (int n = 0; n < 60; ++n) {
    const int normal = 2000 + (n * 7919 + n * n) % 801 * (n % 2 == 0 ? 1 : -1);
    readings.push_back(static_cast<std::int16_t>(change(n, normal)));
  }
  return readings;
}

TEST_CASE("the status says what is wrong with a sensor") {
  const auto faults = [](const Numbers& readings) { return faults_of(readings, 1200, 2800); };
  const auto once = [](int fault) { return [=](int n, int normal) { return n == 30 ? fault : normal; }; };
  CHECK(faults(faulty([](int, int normal) { return normal; })) == 0);
  CHECK(faults(faulty(once(RBM_MISSING))) == RBM_MISSING_READINGS);
  SUBCASE("stuck: longer than the nine readings of training, and than a window") {
    const auto stuck = [](int readings) {
      return [=](int n, int normal) { return n >= 20 && n < 20 + readings ? 2000 : normal; };
    };
    CHECK(faults(faulty(stuck(9))) == 0);
    CHECK(faults(faulty(stuck(12))) == RBM_STUCK);
    CHECK(faults(faulty([](int, int) { return 2000; })) == RBM_STUCK);
  }
  SUBCASE("saturated: at an end of 16 bits, or of the sensor's own, 0 and 2^12 - 1") {
    CHECK((faults(faulty(once(4095))) & RBM_SATURATED) != 0);
    CHECK((faults(faulty(once(4094))) & RBM_SATURATED) == 0);
    CHECK(faults(faulty(once(0))) == RBM_SATURATED);
    CHECK((faults(faulty(once(32767))) & RBM_SATURATED) != 0);
    CHECK((faults(faulty(once(-32767))) & RBM_SATURATED) != 0);
    CHECK((faults_of(faulty(once(0)), -2800, 2800) & RBM_SATURATED) == 0);
    CHECK(faults_of(faulty(once(0)), 0, 4095) == 0);  // as in training
    CHECK(faults_of(faulty(once(4095)), 0, 4095) == 0);
  }
  SUBCASE("out of range: by more than all that training spans") {
    CHECK(faults(faulty([](int n, int normal) {
            return n < 30 ? normal : std::min(normal + 50 * (n - 30), 4400);
          })) == 0);
    CHECK((faults(faulty(once(4401))) & RBM_OUT_OF_RANGE) != 0);
    CHECK((faults(faulty(once(-400))) & RBM_OUT_OF_RANGE) == 0);
    CHECK((faults(faulty(once(-401))) & RBM_OUT_OF_RANGE) != 0);
  }
  SUBCASE("wrapped: 12 bits or 16 that begin again from the other end") {
    const auto wrapped = [](int bits) {
      return [=](int n, int normal) {
        const int drifted = normal + (n < 20 ? 0 : 60 * (n - 20));
        return bits == 12 ? drifted % 4096 : drifted;
      };
    };
    CHECK((faults(faulty(wrapped(12))) & RBM_WRAPPED) != 0);
    CHECK((faults(faulty(wrapped(16))) & RBM_WRAPPED) == 0);
    const auto wrapped_16 = [](int n, int normal) { return static_cast<std::int16_t>(normal + 800 * n); };
    CHECK((faults(faulty(wrapped_16)) & RBM_WRAPPED) != 0);
    CHECK(faults_of(faulty([](int n, int) { return n % 20 < 10 ? 16384 + n % 3 : -16384 - n % 2; }), 0, 0,
                    false) == RBM_WRAPPED);
    CHECK(faults_of(faulty([](int n, int) { return n % 20 < 10 ? 16384 - n % 3 : -16384 + n % 2; }), 0, 0,
                    false) == 0);
  }
  SUBCASE("wrapped: the half of a range that is mostly negative") {
    const auto jump = [](int size) { return [=](int n, int) { return n % 2 == 0 ? 60 : 60 - size; }; };
    CHECK((faults_of(faulty(jump(4096)), -3000, 100) & RBM_WRAPPED) == 0);
    CHECK((faults_of(faulty(jump(4097)), -3000, 100) & RBM_WRAPPED) != 0);
  }
  SUBCASE("wildly scaled") {
    CHECK((faults(faulty([](int, int normal) { return std::min(normal * 16, 32767); })) & RBM_OUT_OF_RANGE) !=
          0);
    CHECK((faults(faulty([](int, int normal) { return normal / 10000; })) & RBM_STUCK) != 0);
  }
}

TEST_CASE("a sensor that stays the same is stuck for as long as it does") {
  const Shape shape{1, 4, 4, 1, RBM_DETREND_NONE};
  const Detector detector(shape, 0, 4000, UINT16_MAX - 1);
  Stream stream(shape, detector);
  const std::int16_t reading = 2000;
  for (int n = 1; n <= 80000; ++n) {
    rbm_stream_push(&stream.runtime, &reading);
    if (rbm_stream_ready(&stream.runtime) == 0) continue;
    const bool stuck = (rbm_stream_status(&stream.runtime) & RBM_STUCK) != 0;
    if (stuck != (n >= UINT16_MAX)) FAIL("after " << n);
  }
}

TEST_CASE("missing readings of a window are filled in at their level") {
  std::mt19937 random(4);
  for (const Shape& shape : shapes) {
    const Detector detector(shape);
    Stream stream(shape, detector);
    Definition definition(shape, detector);
    const auto& of = detector.model.shape;
    const std::size_t span = definition.span(), visible = shape.channels * shape.length;
    std::vector<std::uint32_t> scratch(RBM_FILL_WORDS(of.visible, of.hidden, of.factors) + 1, 0x5a5a5a5a);
    Numbers filled(shape.channels * span);
    rbm_random drawn{};
    rbm_random_seed(&drawn, 1);
    CHECK(rbm_fill(&stream.runtime, 4, &drawn, filled.data(), scratch.data()) == 0);  // no window yet
    for (std::size_t n = 0; n < 400 * shape.decimation; ++n) {
      Numbers row(shape.channels);
      for (std::int16_t& reading : row)
        reading =
            static_cast<std::int16_t>(random() % 5 == 0 ? RBM_MISSING : static_cast<int>(random() % 4001));
      rbm_stream_push(&stream.runtime, row.data());
      definition.push(row);
      if (!definition.take()) continue;
      REQUIRE(rbm_stream_ready(&stream.runtime) == 1);
      Numbers window = definition.window(), wanted;
      std::vector<std::uint8_t> known(RBM_STATE_BYTES(visible));
      for (std::size_t j = 0; j < visible; ++j) rbm_set_unit(known.data(), j, window[j] != RBM_MISSING);
      rbm_random same = drawn;
      std::vector<std::uint32_t> room(scratch.size());
      rbm_real_fill(&detector.model.runtime, window.data(), known.data(), 4, &same, room.data());
      for (std::size_t c = 0; c < shape.channels; ++c) {
        Numbers one = definition.readings(c);
        rbm_retrend(shape.detrend, window.data() + c * shape.length, shape.length, one.data());
        wanted.insert(wanted.end(), one.begin(), one.end());
      }
      REQUIRE(rbm_fill(&stream.runtime, 4, &drawn, filled.data(), scratch.data()) == 1);
      CHECK(filled == wanted);
      CHECK(std::count(filled.begin(), filled.end(), std::int16_t{RBM_MISSING}) == 0);
      // Once the next window is complete, readings of this one may be gone.
      if (n % 7 != 0) continue;
      for (std::size_t more = 0; more < shape.hop * shape.decimation; ++more) {
        rbm_stream_push(&stream.runtime, row.data());
        definition.push(row);
      }
      CHECK(rbm_fill(&stream.runtime, 4, &drawn, filled.data(), scratch.data()) == 0);
    }
    CHECK(scratch.back() == 0x5a5a5a5a);
  }
}

// An interrupt, for which a signal stands: it comes between any two instructions.
rbm_stream* interrupted = nullptr;
volatile std::uint16_t next_reading = 0;
std::atomic<unsigned> interrupts{0};

void on_interrupt(int) {
  const unsigned most = 1 + interrupts.load() % 7;
  for (unsigned n = 0; n < most; ++n) {
    const std::uint16_t number = next_reading;
    const auto reading = static_cast<std::int16_t>(number % 30000);
    const std::int16_t readings[] = {reading, static_cast<std::int16_t>(-reading)};
    rbm_stream_push(interrupted, readings);
    next_reading = static_cast<std::uint16_t>((number + 1) % 60000);
  }
  interrupts.fetch_add(1);
}

/// Interrupts this thread again and again.
class Interrupts {
 public:
  explicit Interrupts(Stream& stream) {
    interrupted = &stream.runtime;
    interrupts = 0;
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    REQUIRE(sigaction(SIGUSR1, &action, &before_) == 0);
    sensor_ = std::thread([this, program = pthread_self()] {
      for (unsigned sent = 0; !stop_.load(); ++sent) {
        pthread_kill(program, SIGUSR1);
        while (interrupts.load() <= sent && !stop_.load()) std::this_thread::yield();
      }
    });
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts() {
    stop_ = true;
    sensor_.join();
    sigaction(SIGUSR1, &before_, nullptr);
  }

 private:
  struct sigaction before_ {};
  std::atomic<bool> stop_{false};
  std::thread sensor_;
};

TEST_CASE("a window that is overwritten while it is taken is none, and the status says so") {
  const Shape shape{2, 2048, 1, 1, RBM_DETREND_NONE};
  const Detector detector(shape);
  Stream stream(shape, detector);
  const Interrupts running(stream);
  bool overwritten = false;
  while (!overwritten && interrupts.load() < 1000000)
    overwritten = rbm_stream_ready(&stream.runtime) == 0 &&
                  rbm_stream_status(&stream.runtime) == (RBM_MISSING_READINGS | RBM_OVERRUN);
  CHECK(overwritten);
  CHECK(rbm_score(&stream.runtime) == INT32_MIN);
  CHECK(rbm_is_odd(&stream.runtime) == 0);
}

TEST_CASE("an interrupt pushes while windows are taken, and none is torn") {
  const Shape shape{2, 2048, 16, 1, RBM_DETREND_DIFFERENCES};
  const Detector detector(shape);
  Stream stream(shape, detector);
  const Interrupts running(stream);
  int taken = 0, whole = 0, overrun = 0;
  while (taken < 300) {
    if (rbm_stream_ready(&stream.runtime) == 0) continue;
    ++taken;
    overrun += (rbm_stream_status(&stream.runtime) & RBM_OVERRUN) != 0;
    // Each channel goes up, or down, by one, but for where the numbers begin anew.
    bool right = true;
    for (std::size_t c = 0; c < 2; ++c) {
      const int step = c == 0 ? 1 : -1;
      int restarts = 0;
      for (std::size_t t = 0; t < shape.length; ++t) {
        const int difference = stream.runtime.window[c * shape.length + t] * step;
        restarts += difference == -29999;
        right = right && (difference == 1 || difference == -29999);
      }
      right = right && restarts <= 1;
    }
    whole += right;
  }
  CHECK(whole == taken);
  CHECK(overrun < taken);
}

}  // namespace
