#include "rbm/bits.hpp"

#include <doctest/doctest.h>

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

TEST_CASE("the list of units that are on is ascending and complete") {
  std::mt19937 random(1);
  for (unsigned mask : {0u, 1u, 3u, 7u})  // one unit in 1, 2, 4, 8 is on
    for (std::size_t words : {0u, 1u, 2u, 25u}) {
      std::vector<std::uint32_t> bits(words);
      std::vector<rbm::Unit> expected, list(32 * words + 1, 0xffff);
      for (std::size_t u = 0; u < 32 * words; ++u)
        if ((random() & mask) == 0) {
          bits[u / 32] |= 1u << (u % 32);
          expected.push_back(static_cast<rbm::Unit>(u));
        }
      const std::size_t count = rbm::list_units_on(list.data(), bits.data(), words);
      CHECK(list.back() == 0xffff);
      list.resize(count);
      CHECK(list == expected);
    }
}

TEST_CASE("a factor is 1 where a state is binary") {
  const rbm::Unit units[] = {3, 5};
  const float factors[] = {0.25f, 0.5f};
  CHECK(rbm::ActiveUnits{units, nullptr, 2}.factor(1) == 1.0f);
  CHECK(rbm::ActiveUnits{units, factors, 2}.factor(1) == 0.5f);
}

TEST_CASE("lists by sample become lists by unit, range by range") {
  constexpr std::size_t samples = 9, shown = 7, units = 21, most_samples = 11;
  for (bool real : {false, true}) {
    std::mt19937 random(2);
    std::vector<rbm::Unit> sample_units(samples * units), sample_counts(samples);
    std::vector<float> sample_factors(samples * units);
    std::vector<float> value(samples * units);
    for (std::size_t n = 0; n < samples; ++n)
      for (std::size_t u = 0; u < units; ++u) {
        if (n == 2 || (n != 3 && random() % 3 != 0)) continue;  // sample 2 is empty, sample 3 is full
        const std::size_t place = n * units + sample_counts[n]++;
        value[n * units + u] = real ? 0.01f * static_cast<float>(place + 1) : 1.0f;
        sample_units[place] = static_cast<rbm::Unit>(u);
        sample_factors[place] = value[n * units + u];
      }
    std::vector<rbm::Unit> unit_samples(units * most_samples), unit_counts(units, 0xffff);
    std::vector<float> unit_factors(units * most_samples);
    const rbm::UnitLists by_sample{sample_units.data(), real ? sample_factors.data() : nullptr,
                                   sample_counts.data(), samples, units};
    const rbm::UnitLists by_unit{unit_samples.data(), real ? unit_factors.data() : nullptr,
                                 unit_counts.data(), units, most_samples};

    rbm::transpose_lists(by_unit, by_sample, shown, 5, 5);
    rbm::transpose_lists(by_unit, by_sample, shown, 8, 20);
    for (std::size_t u = 0; u < units; ++u) CHECK((unit_counts[u] != 0xffff) == (u >= 8 && u < 20));
    rbm::transpose_lists(by_unit, by_sample, shown, 20, 21);
    rbm::transpose_lists(by_unit, by_sample, shown, 0, 8);

    for (std::size_t u = 0; u < units; ++u) {
      std::vector<rbm::Unit> expected, got;
      std::vector<float> expected_values, got_values;
      for (std::size_t n = 0; n < shown; ++n)
        if (value[n * units + u] != 0.0f) {
          expected.push_back(static_cast<rbm::Unit>(n));
          expected_values.push_back(value[n * units + u]);
        }
      const rbm::ActiveUnits row = by_unit.row(u);
      for (std::size_t n = 0; n < row.count; ++n) {
        got.push_back(row.units[n]);
        got_values.push_back(row.factor(n));
      }
      CHECK(got == expected);
      CHECK(got_values == expected_values);
    }
  }
}
