#include "tools/base/bytes.hpp"

#include <doctest/doctest.h>

#include <cmath>

TEST_CASE("16-bit floats: values that IEEE 754 gives, with both zeros, the smallest and the largest") {
  const struct {
    unsigned bits;
    double value;
  } cases[] = {{0x0000, 0.0},
               {0x0001, 5.9604644775390625e-8},
               {0x03ff, 6.0975551605224609375e-5},
               {0x0400, 6.103515625e-5},
               {0x3555, 0.333251953125},
               {0x3c00, 1.0},
               {0x3c01, 1.0009765625},
               {0x7bff, 65504.0},
               {0xc000, -2.0},
               {0xfbff, -65504.0}};
  for (const auto& one : cases) CHECK(tool::half_from_bits(one.bits) == one.value);
  CHECK(std::signbit(tool::half_from_bits(0x8000)));
  CHECK_FALSE(std::signbit(tool::half_from_bits(0)));
  CHECK(tool::half_from_bits(0x7c00) == INFINITY);
  CHECK(tool::half_from_bits(0xfc00) == -INFINITY);
  CHECK(std::isnan(tool::half_from_bits(0x7c01)));
  CHECK(std::isnan(tool::half_from_bits(0xfe00)));
}

TEST_CASE("16-bit floats: every value grows with its bits, and none is lost in a float") {
  for (unsigned bits = 0; bits < 0x7c00; ++bits) {
    const double value = tool::half_from_bits(bits);
    CHECK(value < tool::half_from_bits(bits + 1));
    CHECK(static_cast<double>(static_cast<float>(value)) == value);
    CHECK(tool::half_from_bits(bits | 0x8000) == -value);
  }
}
