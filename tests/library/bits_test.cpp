#include "rbm/bits.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <vector>

TEST_CASE("words for packed bits") {
  static_assert(rbm::words_for(0) == 0 && rbm::words_for(1) == 1 && rbm::words_for(32) == 1);
  static_assert(rbm::words_for(33) == 2 && rbm::words_for(784) == 25 && rbm::words_for(65535) == 2048);
  static_assert(sizeof(rbm::Bits<33>) == 8);
}

TEST_CASE("a packed state starts empty and each unit has a bit of its own") {
  rbm::Bits<70> state;
  for (std::size_t u = 0; u < 70; ++u) CHECK(!state[u]);
  for (std::size_t u = 0; u < 70; ++u) {
    state.set(u, true);
    for (std::size_t other = 0; other < 70; ++other) CHECK(state[other] == (other == u));
    CHECK(state.words[u / 32] == 1u << (u % 32));
    for (int again = 0; again < 2; ++again) {
      state.set(u, false);
      CHECK(state.words[u / 32] == 0);
    }
  }
  for (std::size_t u = 0; u < 70; ++u) state.set(u, true);
  CHECK(state.words[2] == 0x3f);
  state.set(33, false);
  CHECK(state.words[1] == 0xfffffffd);
}

TEST_CASE("a unit that is added is 1, also in a list with room for other values") {
  rbm::Unit units[3];
  float factors[3] = {5, 5, 5};
  for (float* with : {static_cast<float*>(nullptr), factors}) {
    rbm::UnitList list{units, with, 0};
    list.add(2);
    list.add(rbm::most_units - 1);
    CHECK(list.count == 2);
    CHECK(units[0] == 2);
    CHECK(units[1] == 65534);
  }
  CHECK(factors[0] == 1);
  CHECK(factors[1] == 1);
  CHECK(factors[2] == 5);
}

TEST_CASE("a row of a batch is written from its beginning, and no other row is touched") {
  constexpr std::size_t rows = 3, capacity = 4;
  for (bool real : {false, true}) {
    std::vector<rbm::Unit> units(rows * capacity, 77), counts(rows, 2);
    std::vector<float> factors(rows * capacity, 0.5f);
    const rbm::UnitLists lists{units.data(), real ? factors.data() : nullptr, counts.data(), rows, capacity};
    lists.write_row(1, [](rbm::UnitList& list) {
      CHECK(list.count == 0);
      for (std::size_t unit : {1u, 4u, 9u}) list.add(unit);
    });
    CHECK(counts == std::vector<rbm::Unit>{2, 3, 2});
    CHECK(units == std::vector<rbm::Unit>{77, 77, 77, 77, 1, 4, 9, 77, 77, 77, 77, 77});
    CHECK((lists.row(1).factors != nullptr) == real);
    CHECK(factors[capacity] == (real ? 1.0f : 0.5f));
    const rbm::Unit state[] = {9};
    lists.assign(1, {state, nullptr, 1});
    CHECK(counts == std::vector<rbm::Unit>{2, 1, 2});
    CHECK(units[capacity] == 9);
    CHECK(lists.row(1).factor(0) == 1);
  }
}

TEST_CASE("the list of units that are on is ascending and complete, and nothing is written beyond") {
  std::mt19937 random(1);
  std::vector<std::size_t> sizes{255, 256, 257, 784, 800, 1000};
  for (std::size_t units = 0; units <= 100; ++units) sizes.push_back(units);
  for (unsigned mask : {0u, 1u, 3u, 7u, ~0u})  // one unit in 1, 2, 4, 8 is on, or none
    for (std::size_t units : sizes) {
      CAPTURE(units);
      std::vector<std::uint32_t> bits(rbm::words_for(units));
      std::vector<rbm::Unit> expected, list(units + 16, 0xffff);
      for (std::size_t u = 0; u < units; ++u)
        if ((random() & mask) == 0) {
          bits[u / 32] |= 1u << (u % 32);
          expected.push_back(static_cast<rbm::Unit>(u));
        }
      const std::size_t count = rbm::list_units_on(list.data(), bits.data(), units);
      for (std::size_t n = units; n < list.size(); ++n) CHECK_UNARY(list[n] == 0xffff);
      list.resize(count);
      CHECK(list == expected);
    }
}

TEST_CASE("the table of the bits of each byte") {
  const auto made = std::make_unique<rbm::detail::BitNumbers>();  // at run time too
  const rbm::detail::BitNumbers* const tables[] = {made.get(), &rbm::detail::bit_numbers};
  for (const rbm::detail::BitNumbers* table : tables)
    for (unsigned byte = 0; byte < 256; ++byte) {
      unsigned count = 0;
      for (unsigned bit = 0; bit < 8; ++bit)
        if (byte & 1u << bit) CHECK_UNARY(table->bits[byte][count++] == bit);
      CHECK_UNARY(table->count[byte] == count);
    }
}

TEST_CASE("every pattern of sixteen units is listed, in whole words and in a last one that is cut short") {
  std::size_t wrong = 0;
  for (std::uint32_t pattern = 0; pattern < 0x10000; ++pattern)
    for (std::size_t first : {0u, 16u, 32u}) {  // the last begins a word of 16 units
      const std::uint32_t words[2] = {first < 32 ? pattern << first : 0, first < 32 ? 0 : pattern};
      rbm::Unit list[48];
      std::size_t expected = 0, same = 0;
      const std::size_t count = rbm::list_units_on(list, words, 48);
      for (std::size_t u = 0; u < 16; ++u)
        if (pattern >> u & 1) {
          same += expected < count && list[expected] == first + u;
          ++expected;
        }
      wrong += count != expected || same != expected;
    }
  CHECK(wrong == 0);
}

TEST_CASE("units below a unit are counted, and a part of a list is listed alike") {
  const rbm::Unit units[] = {0, 1, 5, 6, 7, 30, 65534};
  const float factors[] = {1, 2, 3, 4, 5, 6, 7};
  for (std::size_t count = 0; count <= 7; ++count)
    for (std::size_t unit : {0u, 1u, 2u, 4u, 5u, 6u, 7u, 8u, 30u, 31u, 65534u, 65535u}) {
      std::size_t below = 0;
      for (std::size_t n = 0; n < count; ++n) below += units[n] < unit;
      CHECK(rbm::units_below({units, nullptr, count}, unit) == below);
    }
  const rbm::ActiveUnits part = rbm::ActiveUnits{units, factors, 7}.part(2, 5);
  CHECK(part.count == 3);
  CHECK(part.units[0] == 5);
  CHECK(part.factor(2) == 5);
  CHECK(rbm::ActiveUnits{units, nullptr, 7}.part(2, 5).factors == nullptr);
}

TEST_CASE("a factor is 1 where a state is binary") {
  const rbm::Unit units[] = {3, 5};
  const float factors[] = {0.25f, 0.5f};
  CHECK(rbm::ActiveUnits{units, nullptr, 2}.factor(1) == 1.0f);
  CHECK(rbm::ActiveUnits{units, factors, 2}.factor(1) == 0.5f);
}

namespace {

/// States of a batch: sample 2 is empty, sample 3 is full.
struct Lists {
  static constexpr std::size_t samples = 9, units = 21;
  std::vector<rbm::Unit> listed = std::vector<rbm::Unit>(samples * units), counts{0, 0, 0, 0, 0, 0, 0, 0, 0};
  std::vector<float> factors = std::vector<float>(samples * units), value = factors;
  rbm::UnitLists lists;

  Lists(bool real, std::uint32_t seed)
      : lists{listed.data(), real ? factors.data() : nullptr, counts.data(), samples, units} {
    std::mt19937 random(seed);
    for (std::size_t n = 0; n < samples; ++n)
      for (std::size_t u = 0; u < units; ++u) {
        if (n == 2 || (n != 3 && random() % 3 != 0)) continue;
        const std::size_t place = n * units + counts[n]++;
        value[n * units + u] = real ? 0.01f * static_cast<float>(place + 1) : 1.0f;
        listed[place] = static_cast<rbm::Unit>(u);
        factors[place] = value[n * units + u];
      }
  }
  Lists(const Lists&) = delete;
};

}  // namespace

TEST_CASE("lists by sample are appended to lists by unit, range by range and batch by batch") {
  constexpr std::size_t units = Lists::units, shown[] = {7, 5}, number[] = {0, 12}, most_samples = 17;
  for (bool real : {false, true})  // with room for factors, those of binary states are 1
    for (bool room : {real, true}) {
      const Lists batches[] = {{real, 2}, {real, 3}};
      constexpr rbm::Unit untouched = 0xabcd;
      std::vector<rbm::Unit> unit_samples(units * most_samples, untouched), unit_counts(units);
      std::vector<float> unit_factors(units * most_samples);
      const rbm::UnitLists by_unit{unit_samples.data(), room ? unit_factors.data() : nullptr,
                                   unit_counts.data(), units, most_samples};

      for (int batch : {0, 1}) {
        const std::vector<rbm::Unit> before = unit_counts;
        const auto append = [&](std::size_t begin, std::size_t end) {
          rbm::append_transposed(by_unit, batches[batch].lists, shown[batch], number[batch], begin, end);
        };
        append(5, 5);
        append(8, 20);
        for (std::size_t u = 0; u < units; ++u)  // every range has a sample that is full
          CHECK((unit_counts[u] > before[u]) == (u >= 8 && u < 20));
        append(20, 21);
        append(0, 8);
      }

      for (std::size_t u = 0; u < units; ++u) {
        std::vector<rbm::Unit> expected, got;
        std::vector<float> expected_values, got_values;
        for (int batch : {0, 1})
          for (std::size_t n = 0; n < shown[batch]; ++n)
            if (const float value = batches[batch].value[n * units + u]; value != 0.0f) {
              expected.push_back(static_cast<rbm::Unit>(number[batch] + n));
              expected_values.push_back(value);
            }
        const rbm::ActiveUnits row = by_unit.row(u);
        for (std::size_t n = 0; n < row.count; ++n) {
          got.push_back(row.units[n]);
          got_values.push_back(row.factor(n));
        }
        CHECK(got == expected);
        CHECK(got_values == expected_values);
        for (std::size_t n = row.count; n < most_samples; ++n) CHECK_UNARY(row.units[n] == untouched);
      }
    }
}

TEST_CASE("packed states of a batch list the units that are on, in layers of any size") {
  std::mt19937 random(3);
  for (const std::size_t units : {1u, 31u, 32u, 33u, 1023u, 1024u, 1025u, 2500u})
    for (const bool factors : {false, true}) {
      constexpr std::size_t samples = 3;
      std::vector<std::uint32_t> words(rbm::granules(units) * samples);
      std::vector<std::vector<std::size_t>> on(samples);
      for (std::size_t n = 0; n < samples; ++n)
        for (std::size_t u = 0; u < units; ++u)
          if (random() % 3 == 0) {
            on[n].push_back(u);
            words[u / 32 * samples + n] |= 1u << u % 32;
          }
      const rbm::PackedStates packed{words.data(), samples};
      std::vector<rbm::Unit> listed(units);
      std::vector<float> values(units, 7.0f);
      for (std::size_t n = 0; n < samples; ++n) {
        rbm::UnitList list{listed.data(), factors ? values.data() : nullptr, 99};
        rbm::list_state(list, packed, n, units);
        REQUIRE(list.count == on[n].size());
        for (std::size_t m = 0; m < list.count; ++m) {
          CHECK(list.units[m] == on[n][m]);
          if (factors) CHECK(list.factors[m] == 1);
        }
      }
    }
}
