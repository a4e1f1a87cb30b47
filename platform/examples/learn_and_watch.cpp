// An example firmware: a microcontroller listens to a pump, learns by itself how it sounds, then tells when
// it sounds otherwise, and keeps what it knows over a loss of power. All in integers, in 4 KB of RAM with the
// stack, on the smallest Cortex-M; no C library, no heap.

#include "platform/assertion.hpp"
#include "platform/console.h"
#include "rbm/quantized.h"
#include "rbm/rbm.hpp"

namespace {

constexpr size_t length = 64, hop = 16, hidden = 16;
constexpr rbm::ModelShape shape{length, hidden};
constexpr unsigned learned_windows = 1000, power_fails_at = 1300, last_window = 1600;

rbm::FixedPointRealRbm<length, hidden> model;
rbm::Memory<rbm::fixed_point_real_online_bytes(shape)> memory;
int16_t last_readings[length];
static_assert(sizeof model + sizeof memory + sizeof last_readings <= 3200, "the rest of 4 KB is stack");

// Two pages of flash, which outlive a loss of power. A product writes to its own: here they lie in RAM, since
// few emulators have flash that a program can write.
struct Flash {
  static constexpr size_t words = 768;
  static uint32_t pages[2][words];

  void erase(unsigned slot) {
    for (uint32_t& word : pages[slot]) word = UINT32_MAX;
  }
  void write(unsigned slot, size_t word, uint32_t value) { pages[slot][word] &= value; }
  uint32_t read(unsigned slot, size_t word) const { return pages[slot][word]; }
};
static_assert(rbm::saved_detector_words(shape) <= Flash::words);
__attribute__((section(".flash_pages"))) uint32_t Flash::pages[2][Flash::words];

// A product reads its ADC here. The pump turns once in about 20 readings, a little faster or slower; it hums,
// and knocks once a turn. For a while it runs dry and hums an octave higher, then the plug is pulled out.
class Pump {
 public:
  int16_t next() {
    ++time_;
    const unsigned at = time_ / hop;  // windows since the start
    const bool dry = (at > 1100 && at <= 1112) || (at > 1400 && at <= 1420);
    if (at > 1200 && at <= 1220) return 512;
    phase_ += 3277 + static_cast<uint32_t>(random_.next() >> 24);
    const int32_t hum = 200 * sine(dry ? 2 * phase_ : phase_) / 256;
    const int32_t knock = (phase_ & 0xffffu) < 5000 ? 90 : 0;
    return static_cast<int16_t>(500 + hum + knock + static_cast<int32_t>(random_.next() >> 27));
  }

 private:
  // A parabola for each half of the turn, whose 65536 parts are `phase`; -256 to 256.
  static int32_t sine(uint32_t phase) {
    const int32_t x = static_cast<int32_t>(phase & 0x7fffu) >> 7;  // 0 to 255 over half a turn
    const int32_t arch = x * (256 - x) / 64;
    return (phase & 0x8000u) != 0 ? -arch : arch;
  }
  rbm::Xoshiro128 random_ = rbm::Xoshiro128::seeded(7);
  uint32_t time_ = 0, phase_ = 0;
};

// A single odd window may be chance; three in a row are an alarm.
const char* name_of(unsigned status, const rbm::FixedPointDetector& detector) {
  return (status & rbm::readings_stuck)  ? "the sensor is stuck"
         : (status & rbm::readings_flat) ? "the sensor hears next to nothing"
         : detector.odd >= 3             ? "ALARM, the pump sounds odd"
                                         : "usual";
}

// What is done before and after watching has functions of its own: their stack is free meanwhile.

[[gnu::noinline]] void report(unsigned window, const char* what) {
  console_write("window ");
  console_write_number(window);
  console_write(": ");
  console_write(what);
  console_write("\n");
}

/// The next window of the stream, its mean taken away. It lies where learning keeps its own states later.
[[gnu::noinline]] rbm::VectorView<const int16_t> next_window(rbm::VectorView<int16_t> window, Pump& pump,
                                                             unsigned number) {
  const size_t readings = number == 0 ? length : hop;
  for (size_t t = readings; t < length; ++t) last_readings[t - readings] = last_readings[t];
  for (size_t t = length - readings; t < length; ++t) last_readings[t] = pump.next();
  rbm_detrend(RBM_DETREND_LEVEL, last_readings, length, window.data);
  return window;
}

[[gnu::noinline]] rbm::FixedPointDetector power_on(Flash& flash) {
  rbm::FixedPointDetector detector(model, memory, shape, {655, 1, 300, 1});
  detector.options.first = learned_windows;
  if (rbm::restore(flash, detector)) {
    console_write("power is on, what was learned is restored\n");
  } else {
    rbm::initialize(model, 1, detector.online.random);
    console_write("power is on, nothing is known\n");
  }
  return detector;
}

[[gnu::noinline]] void save(Flash& flash, rbm::FixedPointDetector& detector) {
  console_write(rbm::save(flash, detector) ? "saved, and power fails\n" : "not saved\n");
}

/// What the program does whenever power comes. Here it ends before a window, and saves.
void run(Flash& flash, Pump& pump, unsigned number, unsigned end) {
  rbm::FixedPointDetector detector = power_on(flash);
  const char* before = "usual";
  for (; number < end; ++number) {
    const unsigned status = rbm::watch(detector, next_window(detector.online.model, pump, number));
    if (number + 1 == learned_windows) report(number, "has learned, and watches");
    const char* const name = name_of(status, detector);
    if (name != before) report(number, name);
    before = name;
  }
  save(flash, detector);
}

}  // namespace

int main() {
  console_write("A device learns how a pump sounds, 64 readings with 16 hidden units, and watches it.\n\n");
  Flash flash;
  Pump pump;
  flash.erase(0);
  flash.erase(1);
  run(flash, pump, 0, power_fails_at);
  run(flash, pump, power_fails_at, last_window);
  console_write("\nchecksum of the saved state: ");
  console_write_hexadecimal(flash.read(1, rbm::saved_detector_words(shape) - 1));
  console_write("\n");
  return 0;
}
