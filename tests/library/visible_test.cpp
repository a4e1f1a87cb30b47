#include "rbm/visible.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "rbm/gibbs.hpp"
#include "tests/support/mixed_model.hpp"

namespace {

using fixture::once_in_a_million;
using fixture::view;

/// Means and products of all pairs of values over many states, and how far they are from what is expected,
/// in standard errors.
class Moments {
 public:
  explicit Moments(std::size_t units) : units_(units), sums_(units), products_(units * units) {}

  void add(const std::vector<float>& x) {
    ++count_;
    for (std::size_t i = 0; i < units_; ++i) {
      sums_[i] += static_cast<double>(x[i]);
      for (std::size_t j = 0; j < units_; ++j)
        products_[i * units_ + j] += static_cast<double>(x[i]) * static_cast<double>(x[j]);
    }
  }

  double worst(const reference::State& mean, const reference::Matrix& covariance) const {
    double worst = 0;
    for (std::size_t i = 0; i < units_; ++i)
      for (std::size_t j = 0; j < units_; ++j) {
        const double product = products_[i * units_ + j] / count_ - mean[j] * sums_[i] / count_ -
                               mean[i] * sums_[j] / count_ + mean[i] * mean[j];
        // The variance of a product is at most about three times that of normal variables.
        const double variance = 3 * covariance[i][i] * covariance[j][j] / count_;
        worst = std::fmax(worst, std::abs(product - covariance[i][j]) / std::sqrt(variance));
        worst =
            std::fmax(worst, std::abs(sums_[i] / count_ - mean[i]) / std::sqrt(covariance[i][i] / count_));
      }
    return worst;
  }

 private:
  std::size_t units_;
  double count_ = 0;
  std::vector<double> sums_, products_;
};

/// The values x of a chain's visible state.
std::vector<float> values_of(const rbm::Chain& chain, const rbm::ConstRbmView& model) {
  std::vector<float> x(model.visible());
  rbm::values_from_states(view(x), model.layer, chain.visible);
  return x;
}

}  // namespace

TEST_CASE("normal deviates are the inverse of the distribution function") {
  double worst = 0;
  for (std::uint64_t draw = 0; draw < std::uint64_t{1} << 32; draw += 65537) {
    const double x = static_cast<double>(rbm::normal_deviate(static_cast<std::uint32_t>(draw)));
    const double p = (static_cast<double>(draw) + 0.5) / 4294967296.0;
    // The tail on the side of x keeps its digits.
    const double tail = std::erfc(std::abs(x) / std::sqrt(2.0)) / 2;
    const double density = std::exp(-x * x / 2) / std::sqrt(8 * std::atan(1.0));
    worst = std::fmax(worst, std::abs(tail - std::fmin(p, 1 - p)) / density / std::fmax(1, std::abs(x)));
  }
  CHECK(worst < 4e-7);
  CHECK(rbm::normal_deviate(0) == -rbm::normal_deviate(0xffffffffu));
  CHECK(rbm::normal_deviate(0) == doctest::Approx(-6.3384).epsilon(1e-4));
}

TEST_CASE(
    "visible units are drawn from p(v | h): bits by their probability, readings with their covariance") {
  const fixture::MixedModel mixed(fixture::mixed_kinds(), 3, 2, 0.8f, 5);
  const rbm::ConstRbmView model = mixed;
  const reference::MixedModel exact = mixed.exact();
  constexpr std::size_t draws = 200000;
  fixture::Memory memory(rbm::chain_bytes({7, 3}, true));
  rbm::Chain chain(memory, {7, 3}, true);
  const std::vector<float> h{1, 0, 1};
  rbm::visible_probabilities(chain.visible_probability, model, fixture::Listed(h));
  reference::State mean = exact.visible_inputs({1, 0, 1});
  reference::Matrix covariance = exact.covariance();
  for (std::size_t j : {3u, 4u}) {
    mean[j] = reference::sigmoid(mean[j]);
    covariance[j][j] = mean[j] * (1 - mean[j]);
  }
  for (std::size_t j = 0; j < 7; ++j)
    CHECK(chain.visible_probability[j] == doctest::Approx(mean[j]).epsilon(1e-5));
  rbm::RandomStream random = rbm::RandomStream::keyed(9);
  Moments moments(7);
  for (std::size_t n = 0; n < draws; ++n) {
    rbm::draw_visible(chain.visible, chain.visible_probability, model.layer, random);
    moments.add(values_of(chain, model));
  }
  CHECK(moments.worst(mean, covariance) < once_in_a_million);
}

TEST_CASE("a Gibbs chain of readings keeps the model's distribution: its moments stay") {
  const fixture::MixedModel mixed(fixture::mixed_kinds(), 3, 1, 0.8f, 6);
  const rbm::ConstRbmView model = mixed;
  const reference::MixedModel exact = mixed.exact();
  // The mixture's mean and covariance, exactly.
  reference::State mean(7);
  reference::Matrix second(7, reference::State(7));
  const double log_z = exact.log_partition();
  std::vector<double> share;
  for (std::size_t number = 0; number < 8; ++number) {
    const reference::State h = reference::to_state(number, 3);
    share.push_back(std::exp(exact.log_weight(h) - log_z));
    reference::State m = exact.visible_inputs(h);
    const reference::Matrix sigma = exact.covariance();
    for (std::size_t j : {3u, 4u}) m[j] = reference::sigmoid(m[j]);
    for (std::size_t i = 0; i < 7; ++i) {
      mean[i] += share.back() * m[i];
      for (std::size_t j = 0; j < 7; ++j)
        second[i][j] +=
            share.back() * (m[i] * m[j] + (i == j && !exact.is_real[i] ? m[i] * (1 - m[i]) : sigma[i][j]));
    }
  }
  for (std::size_t i = 0; i < 7; ++i)
    for (std::size_t j = 0; j < 7; ++j) second[i][j] -= mean[i] * mean[j];
  // Chains begin in the model's distribution: h from its shares.
  fixture::Memory memory(rbm::chain_bytes({7, 3}, true));
  rbm::Chain chain(memory, {7, 3}, true);
  std::mt19937 source(11);
  Moments moments(7);
  for (std::size_t n = 0; n < 100000; ++n) {
    double rest = static_cast<double>(fixture::uniform(source));
    std::size_t number = 0;
    while (number < 7 && rest >= share[number]) rest -= share[number++];
    chain.hidden.count = 0;
    for (std::size_t i = 0; i < 3; ++i)
      if (number >> i & 1) chain.hidden.add(i);
    rbm::RandomStream random = rbm::RandomStream::keyed(4, n);
    rbm::visible_probabilities(chain.visible_probability, model, chain.hidden);
    rbm::draw_visible(chain.visible, chain.visible_probability, model.layer, random);
    for (int step = 0; step < 3; ++step) rbm::gibbs_step(chain, model, random);
    moments.add(values_of(chain, model));
  }
  CHECK(moments.worst(mean, second) < once_in_a_million);
}

TEST_CASE("readings become states and come back, and hidden probabilities are those of dense covariances") {
  std::mt19937 random(8);
  const fixture::MixedModel mixed(fixture::mixed_kinds(), 4, 2, 0.7f, 7);
  const rbm::ConstRbmView model = mixed;
  const reference::MixedModel exact = mixed.exact();
  fixture::Memory memory(rbm::chain_bytes({7, 4}, true));
  rbm::Chain chain(memory, {7, 4}, true);
  rbm::RandomStream stream = rbm::RandomStream::keyed(1);
  for (int round = 0; round < 20; ++round) {
    const std::vector<float> readings = fixture::random_readings(mixed, random);
    rbm::set_visible(chain.visible, view(readings), model.layer, rbm::VisibleUnits::real, stream);
    std::vector<float> back = values_of(chain, model);
    rbm::readings_from_values(view(back), model.layer);
    rbm::hidden_probabilities(chain.hidden_probability, model, chain.visible);
    const reference::State p =
        reference::hidden_probabilities(exact.parameters, exact.seen(fixture::to_state(readings)));
    for (std::size_t j = 0; j < 7; ++j)
      CHECK(back[j] == doctest::Approx(static_cast<double>(readings[j])).epsilon(1e-5));
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(chain.hidden_probability[i] == doctest::Approx(p[i]).epsilon(1e-4));
  }
}

TEST_CASE("means are a state of all units, also where one is exactly 0 and factors join it to the others") {
  rbm::RealRbm<3, 1, 1> model{};
  const float loadings[] = {1, 2, -1};
  for (std::size_t j = 0; j < 3; ++j) model.loadings[j] = loadings[j];
  const std::vector<float> x{0.5f, 0.0f, 1.5f};
  fixture::Memory memory(rbm::chain_bytes({3, 1}, true));
  rbm::Chain chain(memory, {3, 1}, true);
  rbm::list_means(chain.visible, view(x), rbm::ConstRbmView(model).layer);
  REQUIRE(chain.visible.count == 3);
  // a = x - L (L'x) / (1 + |L|^2) with L'x = -1 and |L|^2 = 6.
  for (std::size_t j = 0; j < 3; ++j)
    CHECK(chain.visible.factors[j] == doctest::Approx(x[j] + loadings[j] / 7).epsilon(1e-6));
}

TEST_CASE("values of bits are readings as they are") {
  std::vector<float> x{0, 1, 0.25f};
  rbm::readings_from_values(view(x), {});
  CHECK(x == std::vector<float>{0, 1, 0.25f});
}
