#include "rbm/running_quantile.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

using rbm::QuantileOptions;
using rbm::RunningQuantile;

namespace {

std::int32_t saturated(double x) {
  return static_cast<std::int32_t>(std::fmin(std::fmax(std::floor(x), -2147483648.0), 2147483647.0));
}

struct Source {
  std::string name;
  std::function<double(std::mt19937&)> draw;
};

double uniform(std::mt19937& random) {
  return (static_cast<double>(random()) + 0.5) / 4294967296.0;
}

double normal(std::mt19937& random) {
  return std::sqrt(-2 * std::log(uniform(random))) * std::cos(6.283185307179586 * uniform(random));
}

/// Independent values: smooth, heavy tails, two heaps, ties, a number of any size.
std::vector<Source> sources() {
  return {
      {"uniform", [](std::mt19937& r) { return 1000000 * uniform(r); }},
      {"narrow", [](std::mt19937& r) { return 5e8 + 50 * uniform(r); }},
      {"normal", [](std::mt19937& r) { return -7e6 + 20000 * normal(r); }},
      {"exponential", [](std::mt19937& r) { return -3000 * std::log(uniform(r)); }},
      {"lognormal", [](std::mt19937& r) { return 5000 * std::exp(1.5 * normal(r)); }},
      {"Pareto", [](std::mt19937& r) { return 1000 / uniform(r); }},
      {"Cauchy", [](std::mt19937& r) { return 1000 * std::tan(3.14159265 * (uniform(r) - 0.5)); }},
      {"two heaps", [](std::mt19937& r) { return (uniform(r) < 0.15 ? 90000 : 0) + 1000 * normal(r); }},
      {"full range", [](std::mt19937& r) { return 4294967296.0 * uniform(r) - 2147483648.0; }},
      {"extremes", [](std::mt19937& r) { return uniform(r) < 0.7 ? -2147483648.0 : 2147483647.0; }},
      {"ties", [](std::mt19937& r) { return 6 * uniform(r); }},
      {"rare tie", [](std::mt19937& r) { return uniform(r) < 0.003 ? 1.0 : 0.0; }},
      {"constant", [](std::mt19937&) { return 4711.0; }},
      {"constant least", [](std::mt19937&) { return -2147483648.0; }},
      {"constant most", [](std::mt19937&) { return 2147483647.0; }},
  };
}

/// The value that a share of the sorted values lies at or below.
std::int32_t at_share(const std::vector<std::int32_t>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size());
  return sorted[static_cast<std::size_t>(
      std::fmin(std::fmax(place, 0), static_cast<double>(sorted.size() - 1)))];
}

}  // namespace

TEST_CASE("a running quantile takes 12 bytes") {
  static_assert(sizeof(RunningQuantile) == 12);
}

TEST_CASE("the share that is above comes to the one that is asked for, and the estimate to the sorted one") {
  for (const Source& source : sources())
    for (const std::uint16_t exceeded :
         std::initializer_list<std::uint16_t>{66, 655, 6554, 32768, 52429, 64881})
      for (const std::uint16_t memory : std::initializer_list<std::uint16_t>{300, 1000, 20000}) {
        std::mt19937 random(memory);
        const double share = exceeded / 65536.0, rare = std::fmin(share, 1 - share);
        const double remembered = std::fmax(memory, 1 / rare);
        const std::size_t settle = static_cast<std::size_t>(10 * remembered + 20 / rare), counted = 50000;
        RunningQuantile quantile;
        std::vector<std::int32_t> values, estimates;
        double above = 0, inside = 0;
        for (std::size_t n = 0; n < settle + counted; ++n) {
          const std::int32_t x = saturated(source.draw(random));
          const bool expected = n > 0 && x > quantile.estimate;
          REQUIRE(rbm::follow(quantile, x, {exceeded, memory}) == expected);
          if (n < settle) continue;
          values.push_back(x);
          estimates.push_back(quantile.estimate);
          above += expected;
        }
        std::sort(values.begin(), values.end());
        CAPTURE(source.name);
        CAPTURE(exceeded);
        CAPTURE(memory);
        // Nothing is below the least number, so that not more can be above it.
        const auto least = std::upper_bound(values.begin(), values.end(), INT32_MIN) - values.begin();
        const double reachable = std::fmin(share, 1 - static_cast<double>(least) / counted);
        // Binomial, and where the estimate was at both ends.
        const double allowed = 5 * std::sqrt(rare / counted) + 3 * rare * remembered / counted;
        CHECK(std::abs(above / counted - reachable) < allowed);
        // Where the estimate lies among the sorted values, for all but a tenth of the time.
        const double off = std::fmin(8 * std::sqrt(1 / (2 * remembered * rare)), 6);
        const std::int32_t low = at_share(values, 1 - share - rare * off),
                           high = at_share(values, 1 - share + rare * off / (1 + off));
        for (const std::int32_t estimate : estimates)
          inside += estimate >= low - 8.0 && estimate <= high + 8.0;
        // No value lies between two heaps at the ends, where the estimate jumps to and fro.
        CHECK((inside / counted > 0.9 || source.name == "extremes"));
      }
}

TEST_CASE("a running quantile follows a stream that drifts or jumps, to any distance") {
  for (const double drift : {0.0, 1.0, -1.0, 20.0, -20.0})
    for (const double jump : {0.0, 1e6, -1e6, 2e9, -2e9}) {
      CAPTURE(drift);
      CAPTURE(jump);
      std::mt19937 random(5);
      RunningQuantile quantile;
      double above = 0;
      for (int n = 0; n < 60000; ++n) {
        const double level = drift * n + (n < 20000 ? 0 : jump);
        // Above counts when the stream has had 200 times 1 / share since its jump.
        above += rbm::follow(quantile, saturated(level + 10000 * normal(random)), {655, 1000}) && n >= 40000;
      }
      // A drift of two deviations within the memory asks for more moves of one kind.
      const bool fast = std::abs(drift) > 1;
      CHECK(above / 20000 > (fast ? 0.002 : 0.005));
      CHECK(above / 20000 < (fast ? 0.1 : 0.02));
    }
}

TEST_CASE("a share of a few in a million follows a jump, too, though late") {
  RunningQuantile quantile;
  const QuantileOptions options{1, 1000};
  for (int n = 0; n < 1000; ++n) (void)rbm::follow(quantile, 1000000 + n % 7, options);
  for (int n = 0; n < 3000000; ++n) (void)rbm::follow(quantile, n % 7, options);
  CHECK(quantile.estimate < 500000);
  CHECK(quantile.estimate >= 0);
}

TEST_CASE("the estimate saturates at both ends, and comes back") {
  RunningQuantile quantile;
  const QuantileOptions options{6554, 100};
  for (const std::int32_t end : {INT32_MAX, INT32_MIN}) {
    for (int n = 0; n < 3000; ++n) (void)rbm::follow(quantile, n % 2 == 0 ? end : 0, options);
    const std::int32_t least = end == INT32_MAX ? 1 << 30 : -1000000;
    CHECK(quantile.estimate > least);
  }
  for (int n = 0; n < 5000; ++n) (void)rbm::follow(quantile, 5 + n % 10, options);
  CHECK(std::abs(quantile.estimate - 13) <= 8);
}

TEST_CASE("logarithms and powers of the quantile's steps are each other's inverse") {
  for (std::uint32_t n = 0; n < 32 * rbm::detail::octave; ++n) {
    const std::uint32_t x = rbm::detail::power_steps(n);
    CHECK(std::abs(static_cast<double>(x) / std::exp2(n / 1024.0) - 1) < (n < 10240 ? 1.0 : 0.0625));
    if (n >= 10 * rbm::detail::octave) CHECK(rbm::detail::log_steps(x) == n);
  }
  CHECK(rbm::detail::power_steps(32 * rbm::detail::octave) == UINT32_MAX);
  CHECK(rbm::detail::log_steps(UINT32_MAX) == 32 * rbm::detail::octave - 1);
}
