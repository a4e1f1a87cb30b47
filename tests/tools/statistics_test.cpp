#include "tools/base/statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>

TEST_CASE("a mean and its standard error, computed by hand") {
  const tool::Mean mean = tool::mean({1, 2, 3, 6});  // deviations -2, -1, 0, 3
  CHECK(mean.value == 3);
  CHECK(mean.standard_error == doctest::Approx(std::sqrt(14.0 / 3 / 4)));
  CHECK(std::isnan(tool::mean({5}).standard_error));
  CHECK(tool::mean({5, 5}).standard_error == 0);
}

TEST_CASE("a mean has two digits of its standard error") {
  CHECK(tool::to_text({-101.321, 0.2134}) == "-101.32 +/- 0.21");
  CHECK(tool::to_text({101.321, 21.34}) == "101 +/- 21");
  CHECK(tool::to_text({0.1, 0.00096}) == "0.10000 +/- 0.00096");
  CHECK(tool::to_text({0.123456, 0}) == "0.12346");
  CHECK(tool::to_text({0.123456, std::nan("")}) == "0.12346");
}
