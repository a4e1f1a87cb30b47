#include "rbm/math.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "fixtures.hpp"
#include "reference.hpp"

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
  int exponent;
  std::frexp(bounded(exact), &exponent);
  const double ulp = std::ldexp(1.0, std::max(std::min(exponent, 128) - 24, -149));
  return std::abs(bounded(got) - bounded(exact)) / ulp;
}

/// The worst error over every 1021st float from `first` to `last` (bit patterns), NaN and infinities
/// included.
template <class Function, class Exact>
double worst_ulp(const Function& function, const Exact& exact, std::uint64_t first = 0,
                 std::uint64_t last = 0xffffffff) {
  double worst = 0;
  for (std::uint64_t bits = first; bits <= last; bits += 1021) {
    const float x = rbm::float_of(static_cast<std::uint32_t>(bits));
    worst = std::max(worst, ulp_error(function(x), exact(static_cast<double>(x))));
  }
  return worst;
}

}  // namespace

TEST_CASE("bit patterns, magnitude and positive part") {
  CHECK(rbm::bits_of(1.0f) == 0x3f800000);
  CHECK(rbm::bits_of(-2.0f) == 0xc0000000);
  CHECK(rbm::float_of(0x7f800000) == infinity);
  CHECK(rbm::float_of(1) == least_subnormal);
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

TEST_CASE("exp is within 1.1 ulp over all floats") {
  CHECK(worst_ulp([](float x) { return rbm::exp(x); }, [](double x) { return std::exp(x); }) <= 1.1);
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

TEST_CASE("log is within 1.1 ulp over all floats") {
  CHECK(worst_ulp([](float x) { return rbm::log(x); }, [](double x) { return std::log(x); }) <= 1.1);
}

TEST_CASE("log at its limits") {
  CHECK(rbm::bits_of(rbm::log(1.0f)) == 0);
  CHECK(rbm::log(0.0f) == -infinity);
  CHECK(rbm::log(-0.0f) == -infinity);
  CHECK(rbm::log(infinity) == infinity);
  for (float x : {-least_subnormal, -least_normal, -1.0f, -largest, -infinity, fixture::nan, -fixture::nan})
    CHECK(std::isnan(rbm::log(x)));
  for (float x : {least_subnormal, least_normal, 0.70710677f, 1.4142135f, largest})
    for (float y : {x, std::nextafter(x, 1.0f)})
      CHECK(ulp_error(rbm::log(y), std::log(static_cast<double>(y))) <= 1.1);
}

TEST_CASE("sigmoid is within 2.4 ulp over all floats") {
  CHECK(worst_ulp([](float x) { return rbm::sigmoid(x); }, reference::sigmoid) <= 2.4);
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

TEST_CASE("softplus is within 2 ulp over all floats") {
  CHECK(worst_ulp([](float x) { return rbm::softplus(x); },
                  [](double x) { return std::isnan(x) ? x : reference::softplus(x); }) <= 2);
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

TEST_CASE("square root is within 1 ulp for every normal number") {
  CHECK(worst_ulp([](float x) { return rbm::square_root(x); }, [](double x) { return std::sqrt(x); },
                  0x00800000, 0x7f7fffff) <= 1);
}

TEST_CASE("square root at its limits") {
  CHECK(rbm::square_root(0.0f) == 0.0f);
  CHECK(rbm::square_root(1.0f) == 1.0f);
  CHECK(ulp_error(rbm::square_root(largest), std::sqrt(static_cast<double>(largest))) <= 1);
  CHECK(ulp_error(rbm::square_root(least_normal), 0x1p-63) <= 1);
  double lowest = 0, highest = 0;
  for (std::uint32_t bits = 1; bits < 0x00800000; bits += 101) {
    const double root = rbm::square_root(rbm::float_of(bits));
    lowest = std::fmin(lowest, root);
    highest = std::fmax(highest, root);
  }
  CHECK(lowest >= 0);
  CHECK(highest <= 0x1p-63);
}
