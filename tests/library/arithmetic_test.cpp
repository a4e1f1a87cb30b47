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

#ifdef __GLIBC__
TEST_CASE("arithmetic: programs that trap floating-point exceptions can ask") {
  if (feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW) == -1) return;  // the processor has no traps
  const bool exact = rbm::arithmetic_is_exact();
  fedisableexcept(FE_ALL_EXCEPT);
  CHECK(exact);
}
#endif
