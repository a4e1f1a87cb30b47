#include "rbm/math.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"
#include "tests/support/sweep.hpp"

namespace {

using fixture::infinity;

constexpr float largest = std::numeric_limits<float>::max();
constexpr float least_normal = std::numeric_limits<float>::min();
constexpr float least_subnormal = std::numeric_limits<float>::denorm_min();

float above(float x) {
  return std::nextafter(x, infinity);
}

/// The error of `got` in units in the last place of `exact`; infinity counts as 2^128, the next float.
double ulp_error(float got, double exact) {
  if (std::isnan(got) || std::isnan(exact)) return std::isnan(got) && std::isnan(exact) ? 0 : infinity;
  const auto bounded = [](double x) { return std::clamp(x, -0x1p128, 0x1p128); };
  // A double's exponent, as 2^(23 - exponent), the reciprocal of a float's last place; frexp and ldexp would
  // take longer than what is tested.
  std::uint64_t bits;
  const double limited = std::clamp(std::abs(exact), 0x1p-126, 0x1p127);
  std::memcpy(&bits, &limited, sizeof bits);
  bits = (2 * 1023 + 23 - (bits >> 52)) << 52;
  double reciprocal;
  std::memcpy(&reciprocal, &bits, sizeof reciprocal);
  return std::abs(bounded(got) - bounded(exact)) * reciprocal;
}

/// The worst error of a function, in ulp, and where it is.
struct Worst {
  double ulp = 0;
  float at = 0;
};

/// The worst error over the floats with bit patterns `first` to `last`, NaN and infinities included: every
/// 1021st, or all (`make exhaustive`). Ties go to the lower pattern, whatever the number of threads.
template <class Function, class Exact>
Worst worst_ulp(const Function& function, const Exact& exact, std::uint32_t first = 0,
                std::uint32_t last = 0xffffffff) {
  const std::vector<Worst> parts = sweep::over_floats<Worst>(first, last, [&](Worst& worst, float x) {
    const double error = ulp_error(function(x), exact(static_cast<double>(x)));
    if (error > worst.ulp) worst = {error, x};
  });
  Worst worst;
  for (const Worst& part : parts)
    if (part.ulp > worst.ulp) worst = part;
  return worst;
}

/// Holds the worst error to what the function's comment says; where all floats were tried, the comment may
/// not say more than a fiftieth too much either.
void check_bound(const char* name, Worst worst, double documented) {
  CAPTURE(worst.at);
  CHECK(worst.ulp <= documented);
  if (!sweep::is_whole()) return;
  CHECK(worst.ulp > documented - 0.02);
  std::printf("%-12s %.4f ulp at %a\n", name, worst.ulp, static_cast<double>(worst.at));
}

}  // namespace

TEST_CASE("bit patterns, magnitude and positive part") {
  CHECK(rbm::to_bits(1.0f) == 0x3f800000);
  CHECK(rbm::to_bits(-2.0f) == 0xc0000000);
  CHECK(rbm::from_bits(0x7f800000) == infinity);
  CHECK(rbm::from_bits(1) == least_subnormal);
  for (float x : {0.0f, least_subnormal, least_normal, 1.5f, largest, infinity}) {
    CHECK(rbm::absolute(x) == x);
    CHECK(rbm::absolute(-x) == x);
    CHECK(!std::signbit(rbm::absolute(-x)));
    CHECK(rbm::positive_part(x) == x);
    CHECK(rbm::positive_part(-x) == 0.0f);
  }
  CHECK(std::isnan(rbm::positive_part(fixture::nan)));
  CHECK(std::isnan(rbm::positive_part(-fixture::nan)));
}

TEST_CASE("exp is within 0.99 ulp over all floats") {
  check_bound("exp", worst_ulp([](float x) { return rbm::exp(x); }, [](double x) { return std::exp(x); }),
              0.99);
}

TEST_CASE("exp at its limits") {
  CHECK(rbm::exp(0.0f) == 1.0f);
  CHECK(rbm::exp(-0.0f) == 1.0f);
  CHECK(rbm::exp(least_subnormal) == 1.0f);
  CHECK(rbm::exp(infinity) == infinity);
  CHECK(rbm::exp(-infinity) == 0.0f);
  CHECK(rbm::exp(largest) == infinity);
  CHECK(rbm::exp(-largest) == 0.0f);
  CHECK(std::isnan(rbm::exp(fixture::nan)));
  CHECK(std::isnan(rbm::exp(-fixture::nan)));
  CHECK(rbm::exp(88.72f) < infinity);
  CHECK(rbm::exp(88.73f) == infinity);
  CHECK(rbm::exp(-103.9f) == least_subnormal);
  CHECK(rbm::exp(-104.0f) == 0.0f);
  // Each neighbour of a limit of the algorithm: the clamp at 104, the last normal and the last finite result.
  for (float x : {104.0f, 88.72284f, 87.33654f})
    for (float y : {std::nextafter(x, 0.0f), x, above(x)}) {
      CHECK(ulp_error(rbm::exp(y), std::exp(static_cast<double>(y))) <= 1.1);
      CHECK(ulp_error(rbm::exp(-y), std::exp(-static_cast<double>(y))) <= 1.1);
    }
}

TEST_CASE("log is within 0.88 ulp over all floats") {
  check_bound("log", worst_ulp([](float x) { return rbm::log(x); }, [](double x) { return std::log(x); }),
              0.88);
}

TEST_CASE("log at its limits") {
  CHECK(rbm::to_bits(rbm::log(1.0f)) == 0);
  CHECK(rbm::log(0.0f) == -infinity);
  CHECK(rbm::log(-0.0f) == -infinity);
  CHECK(rbm::log(infinity) == infinity);
  for (float x : {-least_subnormal, -least_normal, -1.0f, -largest, -infinity, fixture::nan, -fixture::nan})
    CHECK(std::isnan(rbm::log(x)));
  for (float x : {least_subnormal, least_normal, 0.70710677f, 1.4142135f, largest})
    for (float y : {x, std::nextafter(x, 1.0f)})
      CHECK(ulp_error(rbm::log(y), std::log(static_cast<double>(y))) <= 1.1);
}

TEST_CASE("sigmoid is within 2.41 ulp over all floats") {
  check_bound("sigmoid", worst_ulp([](float x) { return rbm::sigmoid(x); }, reference::sigmoid), 2.41);
}

TEST_CASE("sigmoid stays from 0 to 1 and saturates") {
  CHECK(rbm::sigmoid(0.0f) == 0.5f);
  CHECK(rbm::sigmoid(-0.0f) == 0.5f);
  for (float x : {17.5f, 89.0f, 104.0f, 1e4f, largest, infinity}) {
    CHECK(rbm::sigmoid(x) == 1.0f);
    CHECK(rbm::sigmoid(-x) <= 2.6e-8f);
  }
  CHECK(rbm::sigmoid(-104.0f) == 0.0f);
  CHECK(rbm::sigmoid(-infinity) == 0.0f);
  CHECK(std::isnan(rbm::sigmoid(fixture::nan)));
  bool inside = true;
  for (float x = -110; x < 110; x += 0.0137f) {
    const float p = rbm::sigmoid(x);
    inside = inside && p >= 0 && p <= 1 && std::abs(p + rbm::sigmoid(-x) - 1) <= 1.2e-7f;
  }
  CHECK(inside);
}

TEST_CASE("softplus is within 1.99 ulp over all floats") {
  check_bound("softplus",
              worst_ulp([](float x) { return rbm::softplus(x); },
                        [](double x) { return std::isnan(x) ? x : reference::softplus(x); }),
              1.99);
}

TEST_CASE("softplus neither overflows nor vanishes") {
  CHECK(rbm::softplus(1e4f) == 1e4f);
  CHECK(rbm::softplus(largest) == largest);
  CHECK(rbm::softplus(infinity) == infinity);
  CHECK(rbm::softplus(-infinity) == 0.0f);
  CHECK(rbm::softplus(-17.0f) == doctest::Approx(4.1399e-8).epsilon(1e-4));
  CHECK(rbm::softplus(-103.0f) > 0.0f);
  CHECK(std::isnan(rbm::softplus(fixture::nan)));
}

TEST_CASE("square root is within 0.85 ulp for every normal number") {
  check_bound("square_root",
              worst_ulp([](float x) { return rbm::square_root(x); }, [](double x) { return std::sqrt(x); },
                        0x00800000, 0x7f7fffff),
              0.85);
}

TEST_CASE("square root at its limits") {
  CHECK(rbm::square_root(0.0f) == 0.0f);
  CHECK(rbm::square_root(1.0f) == 1.0f);
  CHECK(ulp_error(rbm::square_root(largest), std::sqrt(static_cast<double>(largest))) <= 1);
  CHECK(ulp_error(rbm::square_root(least_normal), 0x1p-63) <= 1);
  struct Extremes {
    double lowest = 0, highest = 0;
  };
  for (const Extremes& part : sweep::over_floats<Extremes>(1, 0x007fffff, [](Extremes&extremes, float x) {
         const double root = rbm::square_root(x);
         extremes.lowest = std::fmin(extremes.lowest, root);
         extremes.highest = std::fmax(extremes.highest, root);
       })) {
    CHECK(part.lowest >= 0);
    CHECK(part.highest <= 0x1p-63);
  }
}
