// From a model of readings in floats to the device's integers.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "rbm/energy.hpp"
#include "rbm/pack.hpp"
#include "rbm/partition.hpp"
#include "rbm/quantizer.hpp"
#include "tests/support/mixed_model.hpp"

namespace {

constexpr std::size_t visible = 11, hidden = 7, factors = 2;

/// Real units 0 to 3 and 6 to 10, binary ones 4 and 5. Factor k has the real units of its parity.
struct FloatModel {
  static constexpr rbm::VisibleGroup groups[] = {
      {rbm::VisibleKind::real, 0, 4}, {rbm::VisibleKind::binary, 4, 6}, {rbm::VisibleKind::real, 6, 11}};
  std::vector<float> weights, bias, hidden_bias, offset, scale, loadings;

  explicit FloatModel(std::uint32_t seed = 1)
      : weights(hidden * visible),
        bias(visible),
        hidden_bias(hidden),
        offset(visible),
        scale(visible, 1.0f),
        loadings(factors * visible) {
    std::mt19937 random(seed);
    const auto uniform = [&](float most) {
      return most * (static_cast<float>(random() >> 8) * 0x1p-23f - 1.0f);
    };
    for (float& w : weights) w = uniform(0.6f);
    for (float& b : bias) b = uniform(3.0f);
    for (float& c : hidden_bias) c = uniform(1.0f);
    for (std::size_t j = 0; j < visible; ++j) {
      if (!real(j)) continue;
      offset[j] = uniform(20.0f);
      scale[j] = 0.3f + 0.1f * static_cast<float>(j);
      loadings[j % factors * visible + j] = uniform(2.0f);
    }
  }
  static bool real(std::size_t j) { return j != 4 && j != 5; }
  rbm::RbmView view() {
    return {{weights.data(), hidden, visible, visible},
            {bias.data(), visible},
            {hidden_bias.data(), hidden},
            {groups,
             3,
             {offset.data(), visible},
             {scale.data(), visible},
             {loadings.data(), factors, visible, visible}}};
  }
};

/// Integers with their storage.
struct Quantized {
  std::vector<std::uint8_t> codes, shifts, levels;
  std::vector<std::int16_t> bias, hidden_bias, offsets;
  std::vector<std::uint16_t> scales, gains;
  std::vector<float> steps, origin;
  std::vector<std::uint32_t> words, loadings;
  rbm::QuantizedModelView view;
  rbm_real runtime{};

  Quantized(rbm::ConstRbmView model, unsigned bits, float step, const rbm::Means& means)
      : codes(model.hidden() * model.visible()),
        shifts(model.hidden()),
        levels(model.layer.factors() * model.visible()),
        bias(model.visible()),
        hidden_bias(model.hidden()),
        offsets(model.visible()),
        scales(model.visible()),
        gains(3 * model.layer.factors()),
        steps(model.visible(), step),
        origin(model.visible()),
        words(rbm::packed_words(model.visible(), model.hidden(), bits)),
        loadings(rbm::packed_loading_words(model.visible(), model.layer.factors())),
        view{bits,
             0,
             model.visible(),
             model.hidden(),
             codes.data(),
             shifts.data(),
             bias.data(),
             hidden_bias.data(),
             {0, 0, model.layer.factors(), steps.data(), offsets.data(), scales.data(), levels.data(),
              gains.data(), origin.data()}} {
    rbm::quantize(view, model, means);
    runtime = rbm::pack({words.data(), words.size()}, {loadings.data(), loadings.size()}, view);
  }
  Quantized(const Quantized&) = delete;

  double free_energy(const std::vector<std::int16_t>& readings) const {
    std::vector<std::uint32_t> scratch(RBM_REAL_SCRATCH_WORDS(view.visible, view.hidden, view.layer.factors));
    return std::ldexp(rbm_real_free_energy(&runtime, rbm_from_int16(readings.data()), scratch.data()),
                      -static_cast<int>(view.fraction));
  }
};

double free_energy(FloatModel& model, const std::vector<std::int16_t>& readings, float step) {
  std::vector<float> values(visible), scratch(hidden), state(visible);
  for (std::size_t j = 0; j < visible; ++j)
    values[j] = static_cast<float>(readings[j]) * (FloatModel::real(j) ? step : 1.0f);
  std::vector<rbm::Unit> units(visible);
  rbm::UnitList list{units.data(), state.data(), 0};
  rbm::list_readings(list, {values.data(), visible}, model.view().layer);
  return static_cast<double>(rbm::free_energy(rbm::VectorView<float>{scratch.data(), hidden},
                                              rbm::ConstRbmView(model.view()), list));
}

struct Zeros {
  std::vector<float> v = std::vector<float>(visible), h = std::vector<float>(hidden);
  rbm::Means means() const { return {{v.data(), visible}, {h.data(), hidden}}; }
};

/// Readings as the model has them, in sensor's steps.
std::vector<std::int16_t> readings_near(FloatModel& model, float step, std::mt19937& random) {
  std::vector<std::int16_t> readings(visible);
  for (std::size_t j = 0; j < visible; ++j) {
    const float x = model.bias[j] + 6.0f * (static_cast<float>(random() >> 8) * 0x1p-24f - 0.5f);
    readings[j] = static_cast<std::int16_t>(
        FloatModel::real(j) ? std::lround((model.offset[j] + model.scale[j] * x) / step) : random() % 2);
  }
  return readings;
}

TEST_CASE("the integers' free energy is the model's, but for a constant") {
  std::mt19937 random(2);
  const Zeros zeros;
  for (const unsigned bits : {8u, 4u})
    for (const float step : {0.01f, 0.002f}) {
      FloatModel model;
      const Quantized made(model.view(), bits, step, zeros.means());
      CAPTURE(bits);
      CHECK(made.view.fraction == 10);
      CHECK(rbm_real_checksum(&made.runtime) == made.runtime.base.checksum);
      double sum = 0, squares = 0;
      constexpr int count = 200;
      for (int n = 0; n < count; ++n) {
        const std::vector<std::int16_t> readings = readings_near(model, step, random);
        const double difference = made.free_energy(readings) - free_energy(model, readings, step);
        sum += difference / count;
        squares += difference * difference / count;
      }
      CHECK(std::sqrt(squares - sum * sum) < (bits == 8 ? 0.05 : 0.8));
    }
}

TEST_CASE("dequantizing gives the model whose free energy the integers compute") {
  std::mt19937 random(3);
  const Zeros zeros;
  for (const unsigned bits : {8u, 4u}) {
    FloatModel model, same;
    const Quantized made(model.view(), bits, 0.01f, zeros.means());
    rbm::dequantize(same.view(), made.view);
    for (int n = 0; n < 100; ++n) {
      const std::vector<std::int16_t> readings = readings_near(model, 0.01f, random);
      CHECK(std::abs(made.free_energy(readings) - free_energy(same, readings, 0.01f)) < 0.15);
    }
    for (std::size_t j = 0; j < visible; ++j) {
      CHECK(std::abs(same.scale[j] - model.scale[j]) < 0.0005f * model.scale[j] + 1e-6f);
      for (std::size_t k = 0; k < factors; ++k)
        CHECK(std::abs(same.loadings[k * visible + j] - model.loadings[k * visible + j]) < 2.0f / 64);
    }
  }
}

TEST_CASE("readings in volts and in millivolts give the same integers") {
  const Zeros zeros;
  FloatModel volts, millivolts;
  for (float& offset : millivolts.offset) offset *= 1024.0f;
  for (std::size_t j = 0; j < visible; ++j)
    if (FloatModel::real(j)) millivolts.scale[j] *= 1024.0f;
  const Quantized first(volts.view(), 8, 0.01f, zeros.means()),
      second(millivolts.view(), 8, 10.24f, zeros.means());
  CHECK(first.runtime.base.checksum == second.runtime.base.checksum);
}

TEST_CASE("means of states that the model draws make rounded biases good") {
  FloatModel model;
  static rbm::Memory<rbm::chain_bytes({visible, hidden}, true)> memory;
  rbm::Chain chain(memory, {visible, hidden}, true);
  Zeros found;
  const rbm::Means means =
      rbm::sample_means({found.v.data(), visible}, {found.h.data(), hidden}, chain, model.view(), 1);
  const Quantized with(model.view(), 4, 0.01f, means);
  // c' + W'' origin + (W - W'') mean: at states that are the mean, inputs of hidden units are the model's.
  for (std::size_t i = 0; i < hidden; ++i) {
    double exact = static_cast<double>(model.hidden_bias[i]);
    double rounded = std::ldexp(with.hidden_bias[i], -static_cast<int>(with.view.fraction));
    for (std::size_t j = 0; j < visible; ++j) {
      const double weight = std::ldexp(static_cast<double>(with.codes[i * visible + j]) - 8,
                                       with.shifts[i] - static_cast<int>(with.view.fraction));
      exact += static_cast<double>(model.weights[i * visible + j] * found.v[j]);
      rounded += weight * static_cast<double>(found.v[j] - with.origin[j]);
    }
    CHECK(std::abs(exact - rounded) < 0.002);
  }
}

TEST_CASE("steps grow where energies of hidden units, or squares of states, would not fit") {
  const struct {
    std::size_t visible, hidden;
    float weight, loading;
    unsigned fraction;
  } cases[] = {
      // Four states of at most 128 deviations: 128 * 4 * 15 nats a hidden unit, 2^29 steps of 2^-10 in all.
      {4, 60, 15, 0, 10},
      {4, 80, 15, 0, 9},
      // A state's step is 2^-4: half of the sum of its squares comes in steps of 2^-9, less two bits.
      {100, 1, 0, 30, 7}};
  for (const auto& at : cases) {
    CAPTURE(at.hidden);
    CAPTURE(at.visible);
    fixture::MixedModel model(fixture::all_real(at.visible), at.hidden, 1, 0, 1, 0);
    for (std::size_t i = 0; i < at.hidden; ++i)
      for (std::size_t j = 0; j < at.visible; ++j) rbm::RbmView(model).weights.row(i)[j] = at.weight;
    model.loadings.values[1] = at.loading;
    std::fill(model.offset.begin(), model.offset.end(), 0.0f);
    std::fill(model.scale.begin(), model.scale.end(), 1.0f);
    const std::vector<float> zeros(at.visible + at.hidden);
    const Quantized made(model, 8, 0.125f, {{zeros.data(), at.visible}, {zeros.data(), at.hidden}});
    CHECK(made.view.fraction == at.fraction);
    // From 0 to states near the bound: the definition's difference.
    const int most = static_cast<int>(made.view.layer.limit >> made.view.layer.state_fraction) - 1;
    const reference::MixedModel exact = model.exact();
    const auto far = static_cast<std::int16_t>(8 * most);
    const double difference = exact.free_energy(reference::State(at.visible, most)) -
                              exact.free_energy(reference::State(at.visible, 0));
    CHECK(made.free_energy(std::vector<std::int16_t>(at.visible, far)) -
              made.free_energy(std::vector<std::int16_t>(at.visible, 0)) ==
          doctest::Approx(difference).epsilon(0.002));
  }
}

}  // namespace
