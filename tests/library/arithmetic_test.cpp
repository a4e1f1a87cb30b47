#include "rbm/arithmetic.hpp"

#include <doctest/doctest.h>

#include <cfenv>
#include <initializer_list>

TEST_CASE("arithmetic: this build is exact, and a mode that rounds otherwise is told") {
  CHECK(rbm::arithmetic_is_exact());
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    CAPTURE(mode);
    REQUIRE(std::fesetround(mode) == 0);
    const bool exact = rbm::arithmetic_is_exact();
    std::fesetround(FE_TONEAREST);
    CHECK_FALSE(exact);
  }
}
