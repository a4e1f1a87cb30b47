#include "rbm/fixed_point_real.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/fixed_point_models.hpp"
#include "tests/support/mixed_model.hpp"

using fixture::FixedPointRealModel;
using rbm::Probability;
using rbm::RealState;

namespace {

constexpr double steps_in_deviation = 256, steps_in_nat = 2048;

template <class T>
rbm::VectorView<T> view(std::vector<T>& values) {
  return {values.data(), values.size()};
}
template <class T>
rbm::VectorView<const T> read(const std::vector<T>& values) {
  return {values.data(), values.size()};
}

FixedPointRealModel random_model(std::size_t visible, std::size_t hidden, float deviation,
                                 std::uint32_t seed) {
  return FixedPointRealModel(fixture::random_fixed_point_model(visible, hidden, deviation, seed, 3));
}

/// F(v) by its definition, nats, of a state in steps.
double exact_free_energy(const reference::Parameters& parameters, const std::vector<RealState>& x) {
  reference::State values;
  double quadratic = 0;
  for (const RealState steps : x) {
    values.push_back(steps / steps_in_deviation);
    quadratic += values.back() * values.back() / 2;
  }
  return quadratic + reference::free_energy(parameters, values);
}

}  // namespace

TEST_CASE("the memory of a model of readings is what its header says") {
  static_assert(sizeof(rbm::FixedPointRealRbm<64, 16>) == 2 * (64 * 16 + 64 + 16) + 8 * 64);
}

TEST_CASE("readings become states within a step and the rounding of the divisor, and saturate") {
  FixedPointRealModel model(fixture::FixedPointModel(1, 1));
  std::vector<RealState> x(1);
  double worst = 0;
  for (const std::int32_t scale : {1, 32768, 33000, 70000, 6553600, 1 << 30, INT32_MAX})
    for (const std::int32_t offset : {INT32_MIN, -65536 * 7 - 300, 0, 123456789, INT32_MAX})
      for (std::int32_t reading = -32768; reading <= 32767; reading += 257) {
        model.offset[0] = offset;
        model.scale[0] = scale;
        const std::vector<std::int16_t> readings{static_cast<std::int16_t>(reading)};
        rbm::set_visible(view(x), model, read(readings));
        const double within = std::fmin(std::fmax(scale, rbm::least_scale), rbm::largest_scale);
        const double exact = (65536.0 * reading - offset) / within * steps_in_deviation;
        const double bounded = std::fmin(std::fmax(exact, -rbm::largest_state), rbm::largest_state);
        const double allowed = 1 + std::abs(bounded) / (within / 512) + 256.0 * 256 / within;
        worst = std::fmax(worst, std::abs(x[0] - bounded) / allowed);
      }
  CHECK(worst <= 1);
  CHECK(worst > 0.5);  // the bound is not idle
}

TEST_CASE("readings come back within a step") {
  FixedPointRealModel model(fixture::FixedPointModel(1, 1));
  std::vector<RealState> x(1);
  std::vector<std::int16_t> back(1);
  for (const std::int32_t scale : {32768, 200000, 6553600, 1 << 26}) {
    model.offset[0] = -300 * 65536 + 12345;
    model.scale[0] = scale;
    const int farthest = static_cast<int>(std::fmin(31.0 * scale / 65536, 30000));
    for (int distance = -farthest; distance <= farthest; distance += 1 + farthest / 100) {
      const std::vector<std::int16_t> readings{static_cast<std::int16_t>(distance - 300)};
      rbm::set_visible(view(x), model, read(readings));
      rbm::to_readings(view(back), model, read(x));
      const double rounding = scale / 65536.0 / 256 + std::abs(distance) * 512.0 / scale;
      CHECK(std::abs(back[0] - readings[0]) <= 1 + rounding);
    }
  }
  // Beyond int16 they saturate.
  for (const int sign : {-1, 1}) {
    model.scale[0] = rbm::largest_scale;
    model.offset[0] = sign < 0 ? INT32_MIN : INT32_MAX;
    x[0] = static_cast<RealState>(sign * rbm::largest_state);
    rbm::to_readings(view(back), model, read(x));
    CHECK(back[0] == (sign < 0 ? -32768 : 32767));
  }
}

TEST_CASE("probabilities, means and free energies are the definition's") {
  std::mt19937 random(3);
  for (const std::size_t visible : {1u, 4u, 63u}) {
    constexpr std::size_t hidden = 9;
    FixedPointRealModel model = random_model(visible, hidden, 0.3f, 2);
    const reference::Parameters exact = fixture::exact(model.model);
    for (int round = 0; round < 20; ++round) {
      std::vector<RealState> x(visible);
      for (RealState& value : x) value = static_cast<RealState>(400 * fixture::bell(random));
      reference::State values(x.begin(), x.end()), h(hidden);
      for (double& value : values) value /= steps_in_deviation;
      std::vector<Probability> p(hidden), left(hidden);
      rbm::hidden_probabilities(view(p), model, read(x));
      const reference::State exact_p = reference::hidden_probabilities(exact, values);
      // Half a step for each four products.
      const double input_error = (static_cast<double>(visible) / 8 + 0.5) / steps_in_nat;
      for (std::size_t i = 0; i < hidden; ++i)
        CHECK(std::abs(p[i] / 65536.0 - exact_p[i]) < 14 / 65536.0 + input_error / 4);
      const double energy = rbm::free_energy(view(left), model, read(x)) / steps_in_nat;
      CHECK(left == p);
      const double bound = hidden * (input_error + 2 / steps_in_nat) + static_cast<double>(visible) / 4096;
      CHECK(std::abs(energy - exact_free_energy(exact, x)) < bound);

      for (double& on : h) on = static_cast<double>(random() >> 31);
      rbm::visible_means(view(x), model, fixture::Listed(h));
      for (std::size_t j = 0; j < visible; ++j) {
        double mean = exact.visible_bias[j];
        for (std::size_t i = 0; i < hidden; ++i) mean += exact.weight(i, j) * h[i];
        CHECK(std::abs(x[j] / steps_in_deviation - mean) <= 0.5 / steps_in_deviation);
      }
    }
  }
}

TEST_CASE("no sum overflows at the bounds of everything") {
  constexpr std::size_t visible = rbm::most_real_units, hidden = 5;
  for (const int weight : {-rbm::largest_parameter, rbm::largest_parameter})
    for (const int state : {-rbm::largest_state, rbm::largest_state}) {
      FixedPointRealModel model = random_model(visible, hidden, 0, 1);
      model.model.set_all(static_cast<rbm::Parameter>(weight));
      const std::vector<RealState> x(visible, static_cast<RealState>(state));
      std::vector<Probability> p(hidden);
      const double energy = rbm::free_energy(view(p), model, read(x));
      const double exact = exact_free_energy(fixture::exact(model.model), x) * steps_in_nat;
      const double bounded = std::fmax(exact, INT32_MIN);  // F never rises by hidden units
      CHECK(std::abs(energy - bounded) < visible + hidden);
      CHECK(p[0] == ((weight < 0) == (state < 0) ? 65535 : 0));
      std::vector<RealState> means(visible);
      rbm::visible_means(view(means), model, fixture::Listed(std::vector<int>(hidden, 1)));
      CHECK(means[7] == (weight < 0 ? -rbm::largest_state : rbm::largest_state));
    }
}

TEST_CASE("states are drawn around their means with deviation 1, near normally") {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(4);
  constexpr int draws = 400000;
  double moment[5] = {};
  std::vector<double> counts(8);
  for (int n = 0; n < draws; ++n) {
    std::vector<RealState> x{512};
    rbm::draw_visible(view(x), random);
    const double z = x[0] / steps_in_deviation - 2;
    double power = 1;
    for (double& sum : moment) sum += power / draws, power *= z;
  }
  CHECK(std::abs(moment[1]) < fixture::once_in_a_million / std::sqrt(draws));
  CHECK(std::abs(moment[2] - 1) < fixture::once_in_a_million * std::sqrt(2.0 / draws) + 1e-3);
  CHECK(std::abs(moment[3]) < fixture::once_in_a_million * std::sqrt(15.0 / draws));
  // A sum of eight uniform draws: 3 - 1.2 / 8.
  CHECK(std::abs(moment[4] - 2.85) < fixture::once_in_a_million * std::sqrt(96.0 / draws));
  std::vector<RealState> top{rbm::largest_state}, bottom{-rbm::largest_state};
  for (int n = 0; n < 100; ++n) {
    rbm::draw_visible(view(top), random);
    rbm::draw_visible(view(bottom), random);
    CHECK(top[0] <= rbm::largest_state);
    CHECK(bottom[0] >= -rbm::largest_state);
  }
}

TEST_CASE("models convert to floats and back, in the units of the readings") {
  constexpr std::size_t visible = 7, hidden = 3;
  fixture::MixedModel floats(fixture::all_real(visible), hidden, 0, 0.5f, 3), back = floats;
  FixedPointRealModel model = random_model(visible, hidden, 0, 1);
  constexpr float step = 0.005f;
  rbm::convert(rbm::FixedPointRealRbmView(model), floats, step);
  rbm::convert(rbm::RbmView(back), model, step);
  for (std::size_t j = 0; j < visible; ++j) {
    CHECK(std::abs(back.offset[j] - floats.offset[j]) < 1e-6f);
    CHECK(std::abs(back.scale[j] - floats.scale[j]) < 1e-6f);
    CHECK(std::abs(back.model.visible_bias[j] - floats.model.visible_bias[j]) < 0.51f / 2048);
  }
  floats.offset.assign(visible, -1e30f);
  floats.scale.assign(visible, 1e30f);
  floats.scale[0] = 1e-30f;
  rbm::convert(rbm::FixedPointRealRbmView(model), floats, step);
  CHECK(model.offset[1] < -2147483000);
  CHECK(model.scale[1] == rbm::largest_scale);
  CHECK(model.scale[0] == rbm::least_scale);
}
