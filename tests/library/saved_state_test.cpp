#include "rbm/saved_state.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <vector>

#include "tests/support/fixtures.hpp"

namespace {

constexpr std::size_t visible = 9, hidden = 5, most_words = 128;
constexpr rbm::ModelShape shape{visible, hidden};

struct PowerCut {};

/// Two slots of flash whose power fails in an erase or a write: so many are done before. `torn` of 32 bits of
/// the word that is then written, or of the words that are then erased, are changed.
struct Flash {
  std::array<std::array<std::uint32_t, most_words>, 2> slots;
  std::array<std::array<bool, most_words>, 2> written{};
  std::array<unsigned, 2> erases{};
  unsigned operations_left = UINT32_MAX;
  std::uint32_t torn = 0;

  Flash() {
    for (auto& slot : slots) slot.fill(0x12345678);  // what another program has left there
    for (auto& slot : written) slot.fill(true);
  }
  void erase(unsigned slot) {
    ++erases[slot];
    const bool last = operations_left-- == 0;
    for (std::size_t n = 0; n < most_words; ++n)
      if (!last || (torn >> n % 32 & 1u)) {
        slots[slot][n] = UINT32_MAX;
        written[slot][n] = false;
      }
    if (last) throw PowerCut();
  }
  void write(unsigned slot, std::size_t word, std::uint32_t value) {
    REQUIRE(word < most_words);
    REQUIRE(!written[slot][word]);
    const bool last = operations_left-- == 0;
    written[slot][word] = true;
    slots[slot][word] = last ? value | ~torn : value;
    if (last) throw PowerCut();
  }
  std::uint32_t read(unsigned slot, std::size_t word) const { return slots[slot][word]; }
};

struct Device {
  rbm::FixedPointRealRbm<visible, hidden> model;
  rbm::Memory<rbm::fixed_point_real_online_bytes(shape)> memory;
  rbm::FixedPointDetector detector;

  explicit Device(std::uint64_t seed) : detector(model, memory, shape, {655, 1, 100, seed}) {
    detector.options.first = 20;
    rbm::initialize(model, 2, detector.online.random);
  }
  void watch(std::mt19937& random, int windows) {
    for (int n = 0; n < windows; ++n) {
      std::int16_t readings[visible];
      for (std::int16_t& reading : readings) reading = static_cast<std::int16_t>(300 * fixture::bell(random));
      (void)rbm::watch(detector, {readings, visible});
    }
  }
  std::vector<std::uint32_t> state() {
    std::vector<std::uint32_t> words;
    rbm::for_each_saved(detector, [&](auto part) {
      for (std::size_t n = 0; n < part.size; ++n) words.push_back(static_cast<std::uint32_t>(part[n]));
    });
    return words;
  }
};

}  // namespace

TEST_CASE("what is saved fits the words that are said") {
  Device device(1);
  Flash flash;
  flash.operations_left = 1000;
  CHECK(rbm::save(flash, device.detector));
  CHECK(1000 - flash.operations_left == rbm::saved_detector_words(shape) + 1);
  static_assert(rbm::saved_detector_words(shape) <= most_words);
}

TEST_CASE("flash of wider words may gather those that it is given") {
  struct Wide : Flash {
    std::array<std::uint32_t, 8> gathered{};

    void write(unsigned slot, std::size_t word, std::uint32_t value) {
      gathered[word % 8] = value;
      for (std::size_t n = 0; word % 8 == 7 && n < 8; ++n) Flash::write(slot, word - 7 + n, gathered[n]);
    }
  } flash;
  Device device(1), restored(2);
  CHECK(rbm::save(flash, device.detector));
  CHECK(rbm::restore(flash, restored.detector));
  CHECK(restored.state() == device.state());
}

TEST_CASE("a restored detector goes on bit for bit") {
  Device device(2);
  std::mt19937 readings(3);
  Flash flash;
  CHECK(!rbm::restore(flash, device.detector));
  for (int round = 0; round < 10; ++round) {
    device.watch(readings, 7);
    CHECK(rbm::save(flash, device.detector));
    Device restored(99);
    CHECK(rbm::restore(flash, restored.detector));
    CHECK(restored.state() == device.state());
    std::mt19937 same = readings;
    restored.watch(same, 40);
    std::mt19937 original = readings;
    device.watch(original, 40);
    CHECK(restored.state() == device.state());
    CHECK(restored.detector.score == device.detector.score);
  }
  CHECK(flash.erases[0] == 5);
  CHECK(flash.erases[1] == 5);
}

TEST_CASE("wherever the power fails, what is restored is the old state or the new one") {
  std::mt19937 random(4);
  std::mt19937 readings(5);
  Device device(6);
  Flash flash;
  device.watch(readings, 30);
  std::vector<std::uint32_t> old_state;
  const unsigned operations = static_cast<unsigned>(rbm::saved_detector_words(shape)) + 1;
  int kept = 0, saved = 0, none = 0;
  for (int generation = 0; generation < 3; ++generation) {
    const std::vector<std::uint32_t> new_state = device.state();
    for (unsigned cut = 0; cut < operations; ++cut)
      for (const std::uint32_t torn :
           {std::uint32_t{0}, UINT32_MAX, std::uint32_t{0xffff}, static_cast<std::uint32_t>(random())}) {
        Flash failing = flash;
        failing.operations_left = cut;
        failing.torn = torn;
        CHECK_THROWS_AS((void)rbm::save(failing, device.detector), PowerCut);
        failing.operations_left = UINT32_MAX;
        Device restored(7);
        const std::vector<std::uint32_t> untouched = restored.state();
        if (!rbm::restore(failing, restored.detector)) {
          REQUIRE(generation == 0);
          REQUIRE(restored.state() == untouched);
          ++none;
          continue;
        }
        const bool is_new = restored.state() == new_state;
        REQUIRE((is_new || restored.state() == old_state));
        ++(is_new ? saved : kept);
        // And it saves again over what the failure left.
        REQUIRE(rbm::save(failing, restored.detector));
        Device again(8);
        REQUIRE(rbm::restore(failing, again.detector));
        REQUIRE(again.state() == restored.state());
      }
    REQUIRE(rbm::save(flash, device.detector));
    old_state = new_state;
    device.watch(readings, 5);
  }
  CHECK(none > 0);
  CHECK(kept > 0);
  CHECK(saved > 0);
}

TEST_CASE("the newest state is found over the wrap of sequence numbers, and a worn slot is told") {
  Device device(9);
  Flash flash;
  std::mt19937 readings(10);
  REQUIRE(rbm::save(flash, device.detector));
  // A sequence number just below the wrap, with the CRC that belongs to it.
  const std::size_t words = rbm::saved_detector_words(shape);
  flash.slots[0][0] = UINT32_MAX - 1;
  std::uint32_t crc = UINT32_MAX;
  for (std::size_t n = 0; n + 1 < words; ++n) crc = rbm::detail::next_crc(crc, flash.slots[0][n]);
  flash.slots[0][words - 1] = ~crc;
  for (int round = 0; round < 4; ++round) {
    device.watch(readings, 3);
    REQUIRE(rbm::save(flash, device.detector));
    Device restored(11);
    REQUIRE(rbm::restore(flash, restored.detector));
    CHECK(restored.state() == device.state());
  }
  struct Worn : Flash {
    void write(unsigned slot, std::size_t word, std::uint32_t value) {
      Flash::write(slot, word, word == 17 ? value ^ 1u : value);
    }
  } worn;
  CHECK(!rbm::save(worn, device.detector));
}

TEST_CASE("what does not reach locked flash is told, and the last state is still there") {
  struct Lockable : Flash {
    bool locked = false;

    void erase(unsigned slot) {
      if (!locked) Flash::erase(slot);
    }
    void write(unsigned slot, std::size_t word, std::uint32_t value) {
      if (!locked) Flash::write(slot, word, value);
    }
  } flash;
  Device device(14), restored(15);
  std::mt19937 readings(16);
  for (int round = 0; round < 2; ++round) {
    device.watch(readings, 3);
    REQUIRE(rbm::save(flash, device.detector));
  }
  const std::vector<std::uint32_t> last = device.state();
  device.watch(readings, 3);
  flash.locked = true;
  CHECK(!rbm::save(flash, device.detector));
  REQUIRE(rbm::restore(flash, restored.detector));
  CHECK(restored.state() == last);
}

TEST_CASE("the CRC is that of IEEE 802.3") {
  // Of the bytes "12345678", as every archiver computes it.
  std::uint32_t crc = UINT32_MAX;
  crc = rbm::detail::next_crc(crc, 0x34333231);
  crc = rbm::detail::next_crc(crc, 0x38373635);
  CHECK(~crc == 0x9ae0daafu);
}

TEST_CASE("a learner alone is saved alike") {
  Device device(12), restored(13);
  Flash flash;
  REQUIRE(rbm::save(flash, device.detector.online));
  CHECK(!rbm::restore(flash, restored.detector));  // a state of another length
  REQUIRE(rbm::restore(flash, restored.detector.online));
  CHECK(restored.state() == device.state());
}
