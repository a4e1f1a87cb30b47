#include "rbm/fixed_point_real_online.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "rbm/online.hpp"
#include "tests/support/fixed_point_models.hpp"
#include "tests/support/stream.hpp"

using fixture::FixedPointRealModel;
using rbm::RealState;
using Readings = std::vector<std::int16_t>;

namespace {

rbm::VectorView<const std::int16_t> view(const Readings& readings) {
  return {readings.data(), readings.size()};
}

Readings to_steps(const std::vector<float>& readings) {
  Readings steps;
  for (const float x : readings) steps.push_back(static_cast<std::int16_t>(std::lround(x)));
  return steps;
}

reference::State to_values(rbm::VectorView<RealState> x) {
  reference::State values;
  for (std::size_t j = 0; j < x.size; ++j) values.push_back(x[j] / 256.0);
  return values;
}

}  // namespace

TEST_CASE("64 readings and 16 hidden units learn within 4 KB") {
  using Model = rbm::FixedPointRealRbm<64, 16>;
  static_assert(sizeof(Model) + rbm::fixed_point_real_online_bytes({64, 16}) +
                    sizeof(rbm::FixedPointRealOnline) <=
                4096);
}

TEST_CASE("one sample moves every parameter as the double-precision reference, but for a step") {
  constexpr std::size_t visible = 41, hidden = 13;
  std::mt19937 random(1);
  for (const unsigned gibbs_steps : {1u, 3u})
    for (const std::uint16_t rate : {std::uint16_t{3}, std::uint16_t{655}, std::uint16_t{32767}})
      for (const std::uint16_t running : {std::uint16_t{0}, std::uint16_t{1000}}) {
        FixedPointRealModel model(fixture::random_fixed_point_model(visible, hidden, 0.2f, 2, 3));
        reference::Parameters exact = fixture::exact(model.model);
        fixture::Memory memory(rbm::fixed_point_real_online_bytes({visible, hidden}));
        rbm::FixedPointRealOnline online(model, memory, {visible, hidden}, {rate, gibbs_steps, running});
        online.step = 3;  // not the first, so that offsets are what they are
        const FixedPointRealModel before = model;
        Readings readings;
        for (std::size_t j = 0; j < visible; ++j)
          readings.push_back(static_cast<std::int16_t>(150 * fixture::bell(random)));

        std::vector<RealState> x(visible);
        rbm::set_visible({x.data(), visible}, model, view(readings));
        const reference::State data = to_values({x.data(), visible});
        const double loss = rbm::learn(online, view(readings)) / 2048.0;
        // What was learned from and what it was compared with are left in the working memory.
        const reference::State v0 = to_values(online.data), vk = to_values(online.model);
        double quadratic = 0;
        for (std::size_t j = 0; j < visible; ++j) quadratic += (data[j] * data[j] - vk[j] * vk[j]) / 2;
        CHECK(std::abs(loss - quadratic - reference::free_energy(exact, data) +
                       reference::free_energy(exact, vk)) < hidden * 12 / 2048.0);
        const reference::State p0 = reference::hidden_probabilities(exact, data),
                               pk = reference::hidden_probabilities(exact, vk);
        const double scaled = rate / 65536.0;
        for (std::size_t j = 0; j < visible; ++j) {
          for (std::size_t i = 0; i < hidden; ++i)
            exact.weights[i * visible + j] += scaled * (p0[i] * v0[j] - pk[i] * vk[j]);
          exact.visible_bias[j] += scaled * (v0[j] - vk[j]);
          const bool cut = running > 0;
          if (!cut) CHECK(v0[j] == data[j]);
        }
        for (std::size_t i = 0; i < hidden; ++i) exact.hidden_bias[i] += scaled * (p0[i] - pk[i]);
        // Beside the step: the error of probabilities, and factors of 2^-16 of a step, times |x| up to 10.
        const double allowed = 1 + 2 * 10 * (scaled * 2048 * 0.002 + 0.02);
        CHECK(exact.worst_difference(fixture::exact(model.model)) * 2048 < allowed);
        CHECK(model.model.weights[visible] == fixture::FixedPointModel::untouched);

        // Offset and scale.
        for (std::size_t j = 0; j < visible; ++j) {
          if (running == 0) {
            CHECK(model.offset[j] == before.offset[j]);
            CHECK(model.scale[j] == before.scale[j]);
            continue;
          }
          const double moved = (model.offset[j] - before.offset[j]) / (before.scale[j] * 0.4);
          CHECK(std::abs(moved) <= 1.501);
          CHECK(moved == doctest::Approx(std::fmin(std::fmax(data[j], -1.5), 1.5)).epsilon(0.01));
          // Where something was cut away, the residual is 1.5.
          const double grown = (model.scale[j] - before.scale[j]) / (before.scale[j] * 0.2);
          CHECK(grown > -1.001);
          if (data[j] != v0[j]) CHECK(grown == doctest::Approx(1.5 / 0.73927 - 1).epsilon(0.002));
        }
      }
}

TEST_CASE("each Gibbs step draws from what the one before left") {
  constexpr std::size_t visible = 5, hidden = 6;
  FixedPointRealModel model(fixture::random_fixed_point_model(visible, hidden, 1, 2));
  fixture::Memory memory(rbm::fixed_point_real_online_bytes({visible, hidden}));
  rbm::FixedPointRealOnline online(model, memory, {visible, hidden}, {0, 3});
  std::mt19937 source(4);
  for (int round = 0; round < 20; ++round) {
    Readings readings;
    for (std::size_t j = 0; j < visible; ++j)
      readings.push_back(static_cast<std::int16_t>(300 * fixture::bell(source)));
    rbm::Xoshiro128 draws = online.random;
    (void)rbm::learn(online, view(readings));
    RealState x[visible];
    rbm::Probability p[hidden];
    rbm::Unit units[hidden];
    rbm::UnitList list{units, nullptr, 0};
    rbm::set_visible({x, visible}, model, view(readings));
    for (int step = 0; step < 3; ++step) {
      rbm::hidden_probabilities({p, hidden}, model, {x, visible});
      rbm::draw_units(list, {p, hidden}, draws);
      rbm::visible_means({x, visible}, model, list);
      rbm::draw_visible({x, visible}, draws);
    }
    for (std::size_t j = 0; j < visible; ++j) CHECK(x[j] == online.model[j]);
  }
}

TEST_CASE("a scale grows while states are at their bound, even where the model expects them there") {
  FixedPointRealModel model(fixture::FixedPointModel(2, 4));
  model.model.set_all(rbm::largest_parameter);
  fixture::Memory memory(rbm::fixed_point_real_online_bytes({2, 4}));
  rbm::FixedPointRealOnline online(model, memory, {2, 4}, {0, 1, 100});
  online.step = 9;
  const std::int32_t before = model.scale[0];
  (void)rbm::learn(online, view({32767, 32767}));
  CHECK(model.scale[0] == doctest::Approx(before * (1 + (1.5 / 0.73927 - 1) / 11)).epsilon(1e-3));
}

TEST_CASE("shares of a scale are products, and sums saturate") {
  for (const std::int32_t scale : {32768, 99999, 1 << 24, (1 << 30) - 1, 1 << 30})
    for (std::int32_t share = -32768; share <= 32768; share += 331)
      CHECK(std::abs(rbm::detail::share_of(scale, share) - scale * (share / 32768.0)) <= 1);
  CHECK(rbm::detail::saturated_sum(INT32_MAX, 1) == INT32_MAX);
  CHECK(rbm::detail::saturated_sum(INT32_MIN, -1) == INT32_MIN);
  CHECK(rbm::detail::saturated_sum(-5, INT32_MAX) == INT32_MAX - 5);
}

TEST_CASE("draws for rounding are even: any start gives each number as often") {
  for (const unsigned bits : {1u, 9u, 14u}) {
    std::vector<int> counts(std::size_t{1} << bits);
    for (std::uint32_t start = 0; start < 1u << 16; ++start)
      ++counts[rbm::detail::EvenDraws{start << 16}.next(bits)];
    CHECK(*std::min_element(counts.begin(), counts.end()) == 65536 >> bits);
    CHECK(*std::max_element(counts.begin(), counts.end()) == 65536 >> bits);
  }
}

TEST_CASE("offset and scale come to mean and deviation of a stream, whatever is odd in it") {
  constexpr std::size_t visible = 10, hidden = 2;
  for (const unsigned odd_one_in : {0u, 10u}) {
    FixedPointRealModel model(fixture::FixedPointModel(visible, hidden));
    fixture::Memory memory(rbm::fixed_point_real_online_bytes({visible, hidden}));
    rbm::FixedPointRealOnline online(model, memory, {visible, hidden}, {0, 1, 10000});
    rbm::initialize(rbm::FixedPointRealRbmView(model), 2, online.random);
    fixture::Stream stream(visible, odd_one_in, 5);
    for (int n = 0; n < 3000; ++n) (void)rbm::learn(online, view(to_steps(stream.next())));
    for (std::size_t j = 0; j < visible; ++j) {
      const double deviation = static_cast<double>(stream.deviation[j]);
      const double offset = model.offset[j] / 65536.0, scale = model.scale[j] / 65536.0;
      CHECK(std::abs(offset - static_cast<double>(stream.mean[j])) < (odd_one_in ? 0.4 : 0.15) * deviation);
      CHECK(std::abs(scale / deviation - 1) < 0.25);
    }
  }
}

TEST_CASE("learning in fixed point tells odd samples as learning in floats does") {
  constexpr std::size_t visible = 24, hidden = 8;
  rbm::FixedPointRealRbm<visible, hidden> model;
  rbm::RealRbm<visible, hidden> floats;
  fixture::Memory memory(rbm::fixed_point_real_online_bytes({visible, hidden})),
      float_memory(rbm::online_bytes({visible, hidden, true}));
  rbm::FixedPointRealOnline online(model, memory, {visible, hidden}, {655, 1, 1000});
  rbm::Online in_floats(floats, float_memory, {visible, hidden, true},
                        {0.01f, rbm::VisibleUnits::real, 1, 1, 1000, 0.5f});
  rbm::initialize(rbm::FixedPointRealRbmView(model), 2, online.random);
  rbm::convert(rbm::RbmView(floats), rbm::ConstFixedPointRealRbmView(model), 1);
  fixture::Stream stream(visible, 5, 6);
  for (int n = 0; n < 300; ++n) {
    const std::vector<float> readings = stream.next();
    (void)rbm::learn(online, view(to_steps(readings)));
    (void)rbm::learn(in_floats, {readings.data(), visible});
  }
  std::vector<double> scores[2][2];
  for (int n = 0; n < 400; ++n) {
    const std::vector<float> readings = stream.next();
    RealState x[visible];
    rbm::Probability on[hidden];
    float inputs[hidden];
    rbm::set_visible({x, visible}, model, view(to_steps(readings)));
    scores[0][stream.is_odd].push_back(rbm::free_energy({on, hidden}, model, {x, visible}) / 2048.0);
    rbm::list_readings(in_floats.data, {readings.data(), visible}, in_floats.rbm.layer);
    scores[1][stream.is_odd].push_back(
        static_cast<double>(rbm::free_energy({inputs, hidden}, floats, in_floats.data)));
  }
  double area[2];
  for (int way = 0; way < 2; ++way) area[way] = fixture::area_under_curve(scores[way][0], scores[way][1]);
  CHECK(area[0] > 0.99);
  CHECK(std::abs(area[0] - area[1]) < 0.01);
}

TEST_CASE("the worst streams leave parameters, offsets and scales within their bounds, and learning able") {
  constexpr std::size_t visible = 9, hidden = 4;
  for (int kind = 0; kind < 5; ++kind) {
    FixedPointRealModel model(fixture::random_fixed_point_model(visible, hidden, 0.1f, 3));
    fixture::Memory memory(rbm::fixed_point_real_online_bytes({visible, hidden}));
    rbm::FixedPointRealOnline online(model, memory, {visible, hidden}, {32767, 2, 100});
    if (kind == 3) std::fill(model.scale.begin(), model.scale.end(), INT32_MIN);
    if (kind == 4) model.model.set_all(rbm::largest_parameter);
    std::mt19937 random(9);
    for (int n = 0; n < 3000; ++n) {
      const int extreme = n % 2 == 0 ? -32768 : 32767;
      const int value = kind == 0   ? 77
                        : kind == 1 ? 32767
                        : kind == 2 ? extreme
                                    : static_cast<int>(random() >> 16) - 32768;
      (void)rbm::learn(online, view(Readings(visible, static_cast<std::int16_t>(value))));
      for (std::size_t j = 0; j < visible; ++j) {
        REQUIRE(model.scale[j] >= rbm::least_scale);
        REQUIRE(model.scale[j] <= rbm::largest_scale);
      }
    }
    // Learns what comes then, at a usual rate.
    online.options.rate = 131;
    rbm::initialize(model.model, online.random);
    fixture::Stream stream(visible, 0, 7);
    for (int n = 0; n < 12000; ++n) (void)rbm::learn(online, view(to_steps(stream.next())));
    for (std::size_t j = 0; j < visible; ++j) {
      const double deviation = static_cast<double>(stream.deviation[j]);
      CHECK(std::abs(model.offset[j] / 65536.0 - static_cast<double>(stream.mean[j])) < 0.5 * deviation);
      CHECK(model.scale[j] / 65536.0 == doctest::Approx(deviation).epsilon(0.4));
    }
  }
}

TEST_CASE("a memory of one sample is one of two, and samples are counted up to 65,535") {
  const auto after = [](std::uint16_t running, std::uint32_t step) {
    FixedPointRealModel model(fixture::random_fixed_point_model(3, 2, 0.2f, 2));
    fixture::Memory memory(rbm::fixed_point_real_online_bytes({3, 2}));
    rbm::FixedPointRealOnline online(model, memory, {3, 2}, {655, 1, running});
    online.step = step;
    (void)rbm::learn(online, view({120, -340, 90}));
    return std::make_tuple(model.offset, model.scale, model.model.weights, online.step);
  };
  CHECK(after(1, 9) == after(2, 9));
  CHECK(after(3, 9) != after(2, 9));
  CHECK(after(1000, 65534) == after(1000, 65535));
  CHECK(std::get<3>(after(1000, 65535)) == 65535);
}

TEST_CASE("a loss beyond 32 bits saturates") {
  constexpr std::size_t visible = 128, hidden = 32;
  FixedPointRealModel model(fixture::FixedPointModel(visible, hidden));
  model.model.set_all(rbm::largest_parameter);
  std::fill(model.model.visible_bias.begin(), model.model.visible_bias.end(), rbm::Parameter{0});
  std::fill(model.model.hidden_bias.begin(), model.model.hidden_bias.end(), rbm::Parameter{0});
  fixture::Memory memory(rbm::fixed_point_real_online_bytes({visible, hidden}));
  rbm::FixedPointRealOnline online(model, memory, {visible, hidden}, {0, 1});
  const std::int32_t loss = rbm::learn(online, view(Readings(visible, 0)));
  // Half of the hidden units, on at random, send each state to its bound, near 32. F(v0) = -32 log 2;
  // F(vk) is below -32 * 128 * 15 * 31 nats, where 2^31 steps are 1,048,576 nats.
  CHECK(loss == doctest::Approx(INT32_MAX - hidden * std::log(2.0) * 2048).epsilon(1e-7));
}
