#include "rbm/fixed_point_log.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <random>

TEST_CASE("the logarithm in fixed point is within 5 of 65536, and is exact at 1") {
  CHECK(rbm::fixed_point_log(1) == 0);
  const auto check = [](std::uint32_t x) {
    CAPTURE(x);
    CHECK(std::abs(rbm::fixed_point_log(x) - 65536 * std::log(static_cast<double>(x))) <= 5);
  };
  for (std::uint32_t x = 1; x < 5000; ++x) check(x);
  for (unsigned octave = 1; octave < 32; ++octave) {
    check(1u << octave);
    check((1u << octave) - 1);
    check((1u << octave) + 1);
  }
  check(UINT32_MAX);
  // Between the first two entries of the table the curve is farthest from its chord.
  for (std::uint32_t x = 1u << 27; x < (1u << 27) + (1u << 21); x += 97) check(x);
  std::mt19937 random(1);
  for (int n = 0; n < 5000; ++n) check(static_cast<std::uint32_t>(random()) >> (n % 32) | 1u);
}

TEST_CASE("tables of logarithms and powers are rounded to nearest") {
  // Made while running, as the compiler makes them.
  const auto made = std::make_unique<rbm::detail::LogTables>();
  for (std::size_t k = 0; k < rbm::detail::LogTables::entries; ++k) {
    const double x = static_cast<double>(k) / 64;
    CHECK(made->log[k] == std::lround(65536 * std::log1p(x)));
    CHECK(std::abs(made->power[k] - 65535 * std::exp2(-x)) <= 0.5001);  // at 1/2 it is a tie
    CHECK(made->log[k] == rbm::detail::log_tables.log[k]);
    CHECK(made->power[k] == rbm::detail::log_tables.power[k]);
  }
}

TEST_CASE("the logarithm in fixed point never falls") {
  std::uint32_t before = 0;
  for (std::uint32_t x = 1; x < 200000; ++x) {
    const std::uint32_t log = rbm::fixed_point_log(x);
    CHECK_MESSAGE(log >= before, x);
    before = log;
  }
}

TEST_CASE("the exponential in fixed point is within 4 of 65536") {
  CHECK(rbm::fixed_point_exp_of_minus(0) == 65535);
  double worst = 0;
  for (std::uint32_t x = 0; x < 13u << 16; ++x)
    worst = std::fmax(worst, std::abs(rbm::fixed_point_exp_of_minus(x) - 65535 * std::exp(x / -65536.0)));
  CHECK(worst <= 4);
  CHECK(rbm::fixed_point_exp_of_minus(UINT32_MAX) == 0);
}
