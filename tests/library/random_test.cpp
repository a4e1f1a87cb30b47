#include "rbm/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/sweep.hpp"

namespace {

using fixture::chi_square_deviation;
using fixture::once_in_a_million;

template <std::size_t Count, class Generator>
constexpr auto first_draws(Generator generator) {
  std::array<decltype(generator.next()), Count> draws{};
  for (std::size_t n = 0; n < Count; ++n) draws[n] = generator.next();
  return draws;
}

constexpr std::size_t lanes = rbm::RandomStream::lanes;

/// Draw n of a stream, as documented: from generator n % lanes.
std::vector<std::uint32_t> draws_lane_by_lane(const rbm::RandomStream& stream, std::size_t count) {
  std::vector<std::uint32_t> draws(count);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    rbm::Xoshiro128 generator{
        {stream.state[0][lane], stream.state[1][lane], stream.state[2][lane], stream.state[3][lane]}};
    for (std::size_t n = lane; n < count; n += lanes) draws[n] = generator.next();
  }
  return draws;
}

}  // namespace

TEST_CASE("the generators give their published numbers") {
  CHECK(first_draws<5>(rbm::Xorshift32{2463534242}) ==
        std::array<std::uint32_t, 5>{723471715, 2497366906, 2064144800, 2008045182, 3532304609});
  CHECK(first_draws<5>(rbm::Xorshift128{123456789, 362436069, 521288629, 88675123}) ==
        std::array<std::uint32_t, 5>{3701687786, 458299110, 2500872618, 3633119408, 516391518});
  CHECK(first_draws<4>(rbm::Xoshiro128{{1, 2, 3, 4}}) ==
        std::array<std::uint32_t, 4>{641, 1573767, 3222811527, 3517856514});
  CHECK(first_draws<2>(rbm::SplitMix64{0}) ==
        std::array<std::uint64_t, 2>{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4});
  CHECK(first_draws<5>(rbm::SplitMix64{1234567}) ==
        std::array<std::uint64_t, 5>{6457827717110365317, 3203168211198807973, 9817491932198370423u,
                                     4593380528125082431, 16408922859458223821u});
  static_assert(first_draws<1>(rbm::Xoshiro128{{1, 2, 3, 4}})[0] == 641);
}

TEST_CASE("a seed becomes a state by splitmix64, low half first") {
  const rbm::Xoshiro128 seeded = rbm::Xoshiro128::seeded(0);
  CHECK(seeded.state[0] == 0x7b1dcdaf);
  CHECK(seeded.state[1] == 0xe220a839);
  CHECK(seeded.state[2] == 0xa1b965f4);
  CHECK(seeded.state[3] == 0x6e789e6a);
}

TEST_CASE("each seed has a state of its own, whatever half of it differs") {
  std::set<std::vector<std::uint32_t>> states;
  for (unsigned bit = 0; bit <= 64; ++bit) {  // 64: seed 0
    const std::uint64_t seed = bit < 64 ? std::uint64_t{1} << bit : 0;
    const rbm::Xoshiro128 generator = rbm::Xoshiro128::seeded(seed);
    rbm::SplitMix64 words{seed};
    for (const std::size_t half : {0u, 2u}) {
      const std::uint64_t word = words.next();
      CHECK(generator.state[half] == (word & 0xffffffff));
      CHECK(generator.state[half + 1] == word >> 32);
    }
    states.insert({std::begin(generator.state), std::end(generator.state)});
  }
  CHECK(states.size() == 65);
}

TEST_CASE("lane n of a stream is a xoshiro128++ generator with that lane's state") {
  rbm::RandomStream stream = rbm::RandomStream::keyed(5, 6, 7);
  for (std::size_t lane = 0; lane < 4; ++lane)
    for (std::size_t word = 0; word < 4; ++word)
      stream.state[word][lane] = static_cast<std::uint32_t>(word + 1);
  const std::vector<std::uint32_t> expected = draws_lane_by_lane(stream, 48);
  CHECK(expected[0] == 641);
  std::vector<std::uint32_t> draws(48);
  stream.next(draws.data(), 32);
  stream.next(draws.data() + 32, 0);
  stream.next(draws.data() + 32, 16);
  CHECK(draws == expected);
}

TEST_CASE("streams are repeatable and each part of their key counts") {
  std::set<std::vector<std::uint32_t>> starts;
  const std::uint64_t far = std::uint64_t{1} << 40;
  for (std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, far})
    for (std::uint64_t first : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, far})
      for (std::uint64_t second : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, far}) {
        const rbm::RandomStream stream = rbm::RandomStream::keyed(seed, first, second);
        starts.insert(draws_lane_by_lane(stream, lanes));
        CHECK(draws_lane_by_lane(rbm::RandomStream::keyed(seed, first, second), lanes) ==
              draws_lane_by_lane(stream, lanes));
      }
  CHECK(starts.size() == 64);
  CHECK(draws_lane_by_lane(rbm::RandomStream::keyed(3), lanes) ==
        draws_lane_by_lane(rbm::RandomStream::keyed(3, 0, 0), lanes));
}

TEST_CASE("streams of neighbouring keys and their lanes are unrelated") {
  // 3 x 4,096 neighbouring streams: no lane runs as another does, in their first numbers every byte is
  // equally often, and numbers of two lanes or of two neighbouring streams share half of their bits.
  std::vector<double> bytes(256), shared_lanes(2), shared_keys(2);
  const std::vector<double> expected(256, 3 * 4096 * lanes * 4 / 256.0);
  for (int part = 0; part < 3; ++part) {
    std::set<std::uint64_t> starts;
    std::vector<std::uint32_t> before(lanes);
    for (std::uint64_t n = 0; n < 4096; ++n) {
      const auto stream = rbm::RandomStream::keyed(part == 0 ? n : 1, part == 1 ? n : 1, part == 2 ? n : 1);
      const std::vector<std::uint32_t> draws = draws_lane_by_lane(stream, 2 * lanes);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        starts.insert(std::uint64_t{draws[lane]} << 32 | draws[lane + lanes]);
        for (unsigned shift = 0; shift < 32; shift += 8) ++bytes[draws[lane] >> shift & 255];
        const std::uint32_t between_lanes = draws[lane] ^ draws[(lane + 1) % lanes];
        const std::uint32_t between_keys = draws[lane] ^ before[lane];
        for (unsigned bit = 0; bit < 32; ++bit) {
          ++shared_lanes[between_lanes >> bit & 1];
          if (n > 0) ++shared_keys[between_keys >> bit & 1];
        }
      }
      before = draws;
    }
    CHECK(starts.size() == 4096 * lanes);
  }
  CHECK(chi_square_deviation(bytes, expected) < once_in_a_million);
  const std::vector<double> half_lanes(2, 3 * 4096 * lanes * 16), half_keys(2, 3 * 4095 * lanes * 16);
  CHECK(chi_square_deviation(shared_lanes, half_lanes) < once_in_a_million);
  CHECK(chi_square_deviation(shared_keys, half_keys) < once_in_a_million);
}

TEST_CASE("a Bernoulli draw is exact: k of 2^24 numbers are on at p = k / 2^24") {
  for (std::uint32_t k : {1u, 2u, 1000u, 0x800000u, 0xfffffeu, 0xffffffu}) {
    const float p = static_cast<float>(k) * 0x1p-24f;
    CHECK(rbm::bernoulli((k - 1) << 8 | 0xff, p));
    CHECK(!rbm::bernoulli(k << 8, p));
    CHECK(rbm::bernoulli(0, p));
    CHECK(!rbm::bernoulli(0xffffffff, p));
  }
  CHECK(!rbm::bernoulli(0, 0.0f));
  for (float no_probability : {-0.5f, 1.5f, fixture::nan, fixture::infinity})
    CHECK(!rbm::bernoulli(0, no_probability));
  CHECK(rbm::bernoulli(0xffffffff, 1.0f));
}

TEST_CASE("whatever float is the probability, the draws below 2^24 p and no others are on") {
  for (const std::size_t wrong :
       sweep::over_floats<std::size_t>(0, 0xffffffff, [](std::size_t&count, float p) {
         const bool is_probability = p >= 0 && p <= 1 && !std::signbit(p);
         const auto on = is_probability ? static_cast<std::uint32_t>(static_cast<double>(p) * 0x1p24) : 0u;
         count += (on > 0 && !rbm::bernoulli((on - 1) << 8 | 0xff, p)) ||
                  (on < 0x1000000 && rbm::bernoulli(on << 8, p));
       }))
    CHECK(wrong == 0);
}

TEST_CASE("units are drawn one from each number of the stream, into packed bits") {
  std::mt19937 random(3);
  for (std::size_t count : {1u, 7u, 8u, 9u, 31u, 32u, 33u, 63u, 65u, 100u, 784u}) {
    std::vector<float> probability = fixture::random_intensities(count, random);
    probability[0] = 1.0f;
    if (count > 1) probability[count - 1] = 0.0f;
    rbm::RandomStream stream = rbm::RandomStream::keyed(count);
    const std::vector<std::uint32_t> draws = draws_lane_by_lane(stream, count + lanes);
    std::vector<std::uint32_t> bits(rbm::words_for(count) + 1, 0xdeadbeef);
    rbm::draw_units(bits.data(), probability.data(), count, stream);
    for (std::size_t u = 0; u < 32 * rbm::words_for(count); ++u) {
      const bool on = bits[u / 32] >> (u % 32) & 1;
      CHECK(on == (u < count && rbm::bernoulli(draws[u], probability[u])));
    }
    CHECK(bits.back() == 0xdeadbeef);
    // Only whole rounds of the generators are taken.
    std::uint32_t next[lanes];
    stream.next(next, lanes);
    CHECK(next[0] == draws[(count + lanes - 1) / lanes * lanes]);
  }
}

TEST_CASE("units are on as often as their probability says") {
  const std::vector<float> probability{0.001f, 0.02f,  0.1f, 0.25f, 0.5f, 0.7f,
                                       0.93f,  0.999f, 0.4f, 0.6f,  0.8f};
  constexpr int rounds = 100000;
  std::vector<double> on(probability.size());
  rbm::RandomStream stream = rbm::RandomStream::keyed(11);
  for (int round = 0; round < rounds; ++round) {
    std::uint32_t bits;
    rbm::draw_units(&bits, probability.data(), probability.size(), stream);
    for (std::size_t u = 0; u < on.size(); ++u) on[u] += bits >> u & 1;
  }
  for (std::size_t u = 0; u < on.size(); ++u) {
    const double expected = static_cast<double>(probability[u]) * rounds;
    CHECK(chi_square_deviation({on[u], rounds - on[u]}, {expected, rounds - expected}) < once_in_a_million);
  }
}

TEST_CASE("whole numbers below a bound are equally likely") {
  rbm::Xoshiro128 generator = rbm::Xoshiro128::seeded(12);
  CHECK(rbm::draw_below(1, generator) == 0);
  for (std::uint32_t bound : {2u, 3u, 10u, 257u}) {
    std::vector<double> counts(bound), expected(bound, 100000.0 / bound);
    for (int n = 0; n < 100000; ++n) ++counts.at(rbm::draw_below(bound, generator));
    CHECK(chi_square_deviation(counts, expected) < once_in_a_million);
  }
  // Without rejection a third of these numbers would be drawn twice as often as the others.
  constexpr std::uint32_t bound = 0xc0000000;
  std::vector<double> counts(3);
  for (int n = 0; n < 30000; ++n) {
    const std::uint32_t drawn = rbm::draw_below(bound, generator);
    CHECK_UNARY(drawn < bound);
    ++counts[drawn % 3];
  }
  CHECK(chi_square_deviation(counts, {10000, 10000, 10000}) < once_in_a_million);
}

TEST_CASE("a normal draw takes two numbers until their point is inside of the circle and not its centre") {
  struct Told {
    const std::uint32_t* numbers;
    std::uint32_t next() { return *numbers++; }
  };
  // The centre; a corner, a point on the circle (-1, 0), and one at (1/2, 1/4).
  const std::uint32_t numbers[] = {0, 0, 0x7fffffff, 0x7fffffff, 0x80000000, 0, 0x40000000, 0x20000000};
  Told told{numbers};
  const double square = 0.25 + 0.0625;
  CHECK(rbm::draw_normal(told) ==
        doctest::Approx(0.5 * std::sqrt(-2 * std::log(square) / square)).epsilon(1e-6));
  CHECK(told.numbers == std::end(numbers));
}

TEST_CASE("normal draws follow the normal distribution") {
  constexpr std::size_t size = 1000000;
  rbm::Xoshiro128 generator = rbm::Xoshiro128::seeded(13);
  std::vector<double> draws(size);
  for (double& draw : draws) draw = rbm::draw_normal(generator);

  // Each moment within 4.75 standard errors of the normal distribution's.
  const double root = std::sqrt(static_cast<double>(size));
  const auto mean = [&](auto&& value) {
    double sum = 0;
    for (std::size_t n = 0; n < size; ++n) sum += value(n);
    return sum / static_cast<double>(size);
  };
  CHECK(std::abs(mean([&](std::size_t n) { return draws[n]; })) * root < once_in_a_million);
  CHECK(std::abs(mean([&](std::size_t n) { return draws[n] * draws[n]; }) - 1) * root / std::sqrt(2) <
        once_in_a_million);
  CHECK(std::abs(mean([&](std::size_t n) { return std::pow(draws[n], 3); })) * root / std::sqrt(15) <
        once_in_a_million);
  CHECK(std::abs(mean([&](std::size_t n) { return std::pow(draws[n], 4); }) - 3) * root / std::sqrt(96) <
        once_in_a_million);
  CHECK(std::abs(mean([&](std::size_t n) { return draws[n] * draws[(n + 1) % size]; })) * root <
        once_in_a_million);

  std::sort(draws.begin(), draws.end());
  double distance = 0;  // Kolmogorov and Smirnov's
  for (std::size_t n = 0; n < size; ++n) {
    const double below = std::erfc(-draws[n] / std::sqrt(2)) / 2 * static_cast<double>(size);
    distance = std::max({distance, below - static_cast<double>(n), static_cast<double>(n + 1) - below});
  }
  CHECK(distance / root < 2.69);  // sqrt(ln(2 / 10^-6) / 2)
  CHECK(draws.back() > 4.2);      // a million draws all below this: once in 600,000
  CHECK(draws.back() < 6.5);
}
