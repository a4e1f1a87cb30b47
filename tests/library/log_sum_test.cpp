#include "rbm/log_sum.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "tests/support/fixtures.hpp"

namespace {

double log_of_sum(const std::vector<float>& terms) {
  double sum = 0;
  for (const float term : terms) sum += std::exp(static_cast<double>(term));
  return std::log(sum);
}

float sum_logs(const std::vector<float>& terms) {
  rbm::LogSum sum;
  for (const float term : terms) sum.add(term);
  return sum.value();
}

}  // namespace

TEST_CASE("a sum of a million terms keeps the digits that plain addition loses") {
  std::mt19937 random(1);
  rbm::Sum sum;
  float plain = 0;
  double exact = 0;
  for (int n = 0; n < 1000000; ++n) {
    const float term = fixture::uniform(random);
    sum.add(term);
    plain += term;
    exact += static_cast<double>(term);
  }
  CHECK(std::fabs(static_cast<double>(sum.value()) - exact) <= 0x1p-24 * exact);
  CHECK(std::fabs(static_cast<double>(plain) - exact) > 0x1p-20 * exact);
}

TEST_CASE("the logarithm of a sum of exponentials, in any order and in parts") {
  std::mt19937 random(2);
  std::vector<float> terms;
  for (int n = 0; n < 3000; ++n) terms.push_back(300 + 20 * fixture::bell(random));
  const double exact = log_of_sum(terms);
  CHECK(sum_logs(terms) == doctest::Approx(exact).epsilon(2e-7));
  std::sort(terms.begin(), terms.end());
  CHECK(sum_logs(terms) == doctest::Approx(exact).epsilon(2e-7));
  std::reverse(terms.begin(), terms.end());
  CHECK(sum_logs(terms) == doctest::Approx(exact).epsilon(2e-7));

  rbm::LogSum whole, parts[3];
  for (std::size_t n = 0; n < terms.size(); ++n) parts[n % 3].add(terms[n]);
  for (const rbm::LogSum& part : parts) whole.add(part);
  CHECK(whole.value() == doctest::Approx(exact).epsilon(2e-7));
}

TEST_CASE("terms far beyond the range of exp, and factors") {
  CHECK(sum_logs({-1e30f, 5000, 5000}) == doctest::Approx(5000 + std::log(2)).epsilon(1e-7));
  CHECK(sum_logs({-5000}) == -5000);
  rbm::LogSum sum;
  sum.add(-200, 3);
  sum.add(-201, 5);
  CHECK(sum.value() == doctest::Approx(-200 + std::log(3 + 5 * std::exp(-1.0))).epsilon(1e-7));
}

TEST_CASE("many small terms are not lost beside a large one") {
  rbm::LogSum sum;
  sum.add(0);
  for (int n = 0; n < 1 << 20; ++n) sum.add(-18);
  CHECK(std::exp(static_cast<double>(sum.value())) ==
        doctest::Approx(1 + (1 << 20) * std::exp(-18.0)).epsilon(2e-7));
}

TEST_CASE("a larger term shrinks all of the sum before it, the digits that a float cannot hold too") {
  rbm::LogSum sum;
  double exact = 0, worst = 0;
  for (int n = 0; n < 2000; ++n) {
    sum.add(0, 10.1f);
    exact += static_cast<double>(10.1f);
    rbm::LogSum more = sum;
    more.add(12);
    worst = std::fmax(worst, std::fabs(static_cast<double>(more.value()) - std::log(exact + std::exp(12.0))));
  }
  CHECK(worst < 2e-6);
}
