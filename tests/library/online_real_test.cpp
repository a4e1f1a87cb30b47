// Online learning from readings. online_test.cpp has what binary units learn.

#include "rbm/online.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "rbm/trainer.hpp"
#include "tests/support/mixed_model.hpp"
#include "tests/support/online_step.hpp"
#include "tests/support/stream.hpp"

using fixture::view;
using rbm::VisibleUnits;

namespace {

std::vector<float> offsets_and_scales(const rbm::ConstRbmView& model) {
  std::vector<float> all;
  for (std::size_t j = 0; j < model.visible(); ++j) {
    all.push_back(model.layer.offset[j]);
    all.push_back(model.layer.scale[j]);
  }
  return all;
}

template <std::size_t Visible, std::size_t Hidden>
rbm::RealRbm<Visible, Hidden> started(float scale) {
  rbm::RealRbm<Visible, Hidden> model{};
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(3);
  rbm::initialize(rbm::RbmView(model), random);
  for (float& x : model.scale.values) x = scale;
  return model;
}

}  // namespace

TEST_CASE("a step of readings moves every parameter by the states that it saw, offsets and scales by none") {
  for (const bool all : {true, false})
    for (const std::size_t factors : {0u, 2u})
      for (const unsigned gibbs_steps : {1u, 3u}) {
        const auto kinds = all ? fixture::all_real(33) : fixture::mixed_kinds();
        const std::size_t visible = kinds.size();
        constexpr std::size_t hidden = 9;
        fixture::MixedModel model(kinds, hidden, factors, 0.2f, 3);
        fixture::Memory memory(rbm::online_bytes({visible, hidden, true}));
        rbm::Online online(model, memory, {visible, hidden, true},
                           {0.02f, VisibleUnits::real, gibbs_steps, 5});
        const std::vector<float> before = offsets_and_scales(rbm::RbmView(model));
        std::mt19937 random(7);
        for (int sample = 0; sample < 20; ++sample) {
          const std::vector<float> readings = fixture::random_readings(model, random);
          const fixture::MixedModel as_it_was = model;
          const float loss = rbm::learn(online, view(readings));
          fixture::check_online_step(as_it_was, model, online, loss);
        }
        CHECK(fixture::same_bits(before, offsets_and_scales(rbm::RbmView(model))));
      }
}

TEST_CASE("a step is the rate times the slope of F(vk) - F(v0), by finite differences") {
  for (const std::size_t factors : {0u, 2u}) {
    const auto kinds = fixture::mixed_kinds();
    const std::size_t visible = kinds.size();
    constexpr std::size_t hidden = 4;
    fixture::MixedModel model(kinds, hidden, factors, 0.4f, 4);
    const reference::MixedModel exact = model.exact();
    fixture::Memory memory(rbm::online_bytes({visible, hidden, true}));
    constexpr float rate = 0.125f;
    rbm::Online online(model, memory, {visible, hidden, true}, {rate, VisibleUnits::real});
    std::mt19937 random(8);
    const std::vector<float> readings = fixture::random_readings(model, random);
    const double loss = static_cast<double>(rbm::learn(online, view(readings)));
    // vk as readings, which the states in the working memory stand for.
    std::vector<float> vk(visible);
    rbm::values_from_states(view(vk), rbm::ConstRbmView(model).layer, online.model);
    rbm::readings_from_values(view(vk), rbm::ConstRbmView(model).layer);
    const reference::State data = fixture::to_state(readings), chain = fixture::to_state(vk);
    const auto difference = [&](const reference::MixedModel& at) {
      return at.free_energy(chain) - at.free_energy(data);
    };
    CHECK(loss == doctest::Approx(-difference(exact)).epsilon(1e-4));
    const auto slope = [&](auto parameter) {
      constexpr double small = 1e-5;
      reference::MixedModel less = exact, more = exact;
      parameter(less.parameters) -= small;
      parameter(more.parameters) += small;
      return (difference(more) - difference(less)) / (2 * small);
    };
    const reference::Parameters after = model.exact().parameters;
    double worst = 0;
    for (std::size_t j = 0; j < visible; ++j) {
      const auto bias = [j](auto& p) -> auto& {
        return p.visible_bias[j];
      };
      worst = std::fmax(
          worst, std::abs(bias(after) - bias(exact.parameters) - static_cast<double>(rate) * slope(bias)));
      for (std::size_t i = 0; i < hidden; ++i) {
        const auto weight = [ i, j, visible ](auto& p) -> auto& {
          return p.weights[i * visible + j];
        };
        worst = std::fmax(worst, std::abs(weight(after) - weight(exact.parameters) -
                                          static_cast<double>(rate) * slope(weight)));
      }
    }
    for (std::size_t i = 0; i < hidden; ++i) {
      const auto bias = [i](auto& p) -> auto& {
        return p.hidden_bias[i];
      };
      worst = std::fmax(
          worst, std::abs(bias(after) - bias(exact.parameters) - static_cast<double>(rate) * slope(bias)));
    }
    CHECK(worst < 2e-6);
  }
}

TEST_CASE("running offsets and scales come to mean and deviation, whatever is odd in the stream") {
  constexpr std::size_t visible = 10, hidden = 2;
  for (const unsigned odd_one_in : {0u, 10u}) {
    rbm::RealRbm<visible, hidden> model = started<visible, hidden>(1);
    fixture::Memory memory(rbm::online_bytes({visible, hidden, true}));
    rbm::Online online(model, memory, {visible, hidden, true}, {0, VisibleUnits::real, 1, 1, 10000, 0.5f});
    fixture::Stream stream(visible, odd_one_in, 5);
    std::vector<double> sum(visible), square(visible);
    constexpr int samples = 3000;
    for (int n = 0; n < samples; ++n) {
      const std::vector<float> readings = stream.next();
      (void)rbm::learn(online, view(readings));
      for (std::size_t j = 0; j < visible; ++j) {
        const double x = static_cast<double>(readings[j] - stream.mean[j]);
        sum[j] += x / samples;
        square[j] += x * x / samples;
      }
    }
    for (std::size_t j = 0; j < visible; ++j) {
      const double deviation = static_cast<double>(stream.deviation[j]);
      const double off = static_cast<double>(model.offset.values[j] - stream.mean[j]) / deviation;
      const double scale = static_cast<double>(model.scale.values[j]) / deviation;
      CHECK(std::abs(off) < (odd_one_in ? 0.4 : 0.1));
      CHECK(std::abs(scale - 1) < 0.25);
      // What a plain mean and deviation make of the same stream.
      const double plain = std::sqrt(square[j] - sum[j] * sum[j]) / deviation;
      CHECK((odd_one_in ? plain > 2 : std::abs(plain - 1) < 0.1));
    }
  }
}

TEST_CASE("offsets and scales move once a sample, whatever the number of Gibbs steps") {
  rbm::RealRbm<3, 2> model = started<3, 2>(1);
  fixture::Memory memory(rbm::online_bytes({3, 2, true}));
  rbm::Online online(model, memory, {3, 2, true}, {0.01f, VisibleUnits::real, 5, 1, 100});
  online.step = 9;
  (void)rbm::learn(online, view(std::vector<float>(3, 20)));
  // The eleventh part for the tenth sample, twice of it for the offset.
  for (const float x : model.offset.values) CHECK(x == doctest::Approx(1.5 * 2 / 11));
  for (const float x : model.scale.values) CHECK(x == doctest::Approx(1 + (1.5 / 0.73927 - 1) / 11));
}

TEST_CASE("the same stream in other units gives the same model: its offsets and scales in those units") {
  constexpr std::size_t visible = 12, hidden = 5;
  constexpr float factor = 1024;  // a power of two, so that nothing is rounded otherwise
  rbm::RealRbm<visible, hidden> models[2];
  float loss[2] = {};
  for (int n = 0; n < 2; ++n) {
    const float unit = n == 0 ? 1 : factor;
    models[n] = started<visible, hidden>(unit);
    fixture::Memory memory(rbm::online_bytes({visible, hidden, true}));
    rbm::Online online(models[n], memory, {visible, hidden, true},
                       {0.01f, VisibleUnits::real, 1, 1, 200, 0.5f * unit});
    fixture::Stream stream(visible, 8, 6);
    for (int sample = 0; sample < 300; ++sample) {
      std::vector<float> readings = stream.next();
      for (float& x : readings) x *= unit;
      loss[n] = rbm::learn(online, view(readings));
    }
  }
  CHECK(loss[0] == loss[1]);
  CHECK(fixture::same_bits(fixture::all_parameters(rbm::ConstRbmView(models[0])),
                           fixture::all_parameters(rbm::ConstRbmView(models[1]))));
  for (std::size_t j = 0; j < visible; ++j) {
    CHECK(models[0].offset.values[j] * factor == models[1].offset.values[j]);
    CHECK(models[0].scale.values[j] * factor == models[1].scale.values[j]);
  }
}

TEST_CASE("bits beside readings keep their offsets and scales, and readings run along") {
  fixture::MixedModel model(fixture::mixed_kinds(), 3, 0, 0.1f, 2);
  const fixture::MixedModel before = model;
  fixture::Memory memory(rbm::online_bytes({7, 3, true}));
  rbm::Online online(model, memory, {7, 3, true}, {0.01f, VisibleUnits::real, 1, 1, 50});
  std::mt19937 random(3);
  for (int n = 0; n < 20; ++n) (void)rbm::learn(online, view(fixture::random_readings(before, random)));
  for (std::size_t j = 0; j < 7; ++j) {
    const bool is_real = before.exact().is_real[j];
    CHECK((model.offset[j] != before.offset[j]) == is_real);
    CHECK((model.scale[j] != before.scale[j]) == is_real);
  }
}

TEST_CASE("the worst streams leave everything finite") {
  constexpr std::size_t visible = 5, hidden = 3;
  for (int kind = 0; kind < 4; ++kind) {
    rbm::RealRbm<visible, hidden> model = started<visible, hidden>(kind == 3 ? 0.0f : 1.0f);
    fixture::Memory memory(rbm::online_bytes({visible, hidden, true}));
    rbm::Online online(model, memory, {visible, hidden, true}, {0.05f, VisibleUnits::real, 1, 1, 30});
    for (int n = 0; n < 20000; ++n) {
      const float extreme = n % 2 == 0 ? 1e30f : -1e30f;
      const float value = kind == 0 ? 7.0f : kind == 1 ? extreme : n % 100 == 99 ? 1e30f : 1e-3f;
      const std::vector<float> readings(visible, value);
      REQUIRE(std::isfinite(rbm::learn(online, view(readings))));
    }
    for (const float x : fixture::all_parameters(rbm::ConstRbmView(model))) CHECK(std::isfinite(x));
    for (const float x : offsets_and_scales(rbm::ConstRbmView(model))) CHECK(std::isfinite(x));
    for (const float x : model.scale.values) CHECK(x >= 1e-6f);
  }
}

TEST_CASE("a memory of one sample is one of two") {
  std::vector<float> found[2];
  for (const unsigned running : {1u, 2u}) {
    rbm::RealRbm<3, 2> model = started<3, 2>(1);
    fixture::Memory memory(rbm::online_bytes({3, 2, true}));
    rbm::Online online(model, memory, {3, 2, true}, {0, VisibleUnits::real, 1, 1, running});
    online.step = 9;
    (void)rbm::learn(online, view(std::vector<float>(3, 20)));
    // Half of what the sample says.
    for (const float x : model.offset.values) CHECK(x == doctest::Approx(1.5 / 2));
    for (const float x : model.scale.values) CHECK(x == doctest::Approx(1 + (1.5 / 0.73927 - 1) / 2));
    found[running - 1] = offsets_and_scales(rbm::ConstRbmView(model));
  }
  CHECK(fixture::same_bits(found[0], found[1]));
}
