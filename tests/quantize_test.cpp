#include "rbm/quantize.hpp"

#include <doctest/doctest.h>

#include "fixtures.hpp"
#include "rbm/quantized.h"
#include "reference.hpp"

namespace {

/// A quantized model with its storage.
struct Quantized {
  std::vector<std::int8_t> weights;
  std::vector<std::int32_t> visible_bias, hidden_bias;
  rbm::QuantizedModel model{};
  rbm::QuantizeReport report;

  explicit Quantized(rbm::ConstRbmView from)
      : weights(from.visible() * from.hidden()), visible_bias(from.visible()), hidden_bias(from.hidden()) {
    model.weights = weights.data();
    model.visible_bias = visible_bias.data();
    model.hidden_bias = hidden_bias.data();
    report = rbm::quantize(model, from);
  }
  Quantized(const Quantized&) = delete;

  double scale() const { return model.scale; }
  rbm_quantized runtime() const {
    return {static_cast<std::uint16_t>(visible_bias.size()),
            static_cast<std::uint16_t>(hidden_bias.size()),
            weights.data(),
            visible_bias.data(),
            hidden_bias.data(),
            model.sigmoid,
            static_cast<std::uint16_t>(model.sigmoid_entries),
            static_cast<std::uint8_t>(model.sigmoid_shift)};
  }
};

/// A model whose largest weight has the given size.
fixture::Model model_with_largest(float largest) {
  fixture::Model model(8, 5, 0.2f, 1);
  for (float& weight : model.weights.values) weight = weight > 0.5f ? 0.5f : weight < -0.5f ? -0.5f : weight;
  model.weights.values[7] = -1;
  for (float& weight : model.weights.values) weight *= largest;
  return model;
}

}  // namespace

TEST_CASE("rounding to whole numbers: nearest, halves away from zero, bounded") {
  const auto round = rbm::detail::round_to_integer;
  for (float x : {0.0f, 0.25f, std::nextafter(0.5f, 0.0f), 0.5f, 1.0f, 1.5f, 2.5f, 126.49999f, 8388607.5f,
                  16777216.0f, 1e9f}) {
    CHECK(round(x) == std::lround(static_cast<double>(x)));
    CHECK(round(-x) == -round(x));
  }
  constexpr std::int32_t limit = 1 << 30;
  CHECK(round(std::nextafter(0x1p30f, 0.0f)) == limit - 64);
  for (float x : {0x1p30f, 2e9f, 1e20f, fixture::infinity}) {
    CHECK(round(x) == limit);
    CHECK(round(-x) == -limit);
  }
  CHECK(round(fixture::nan) == limit);
}

TEST_CASE("every parameter is rounded within half a step, and the report says how far") {
  const fixture::Model model(60, 41, 0.3f, 2, 3);
  const Quantized quantized(model);
  double largest = 0, squares = 0, largest_weight = 0;
  int largest_steps = 0;
  for (std::size_t i = 0; i < 41; ++i)
    for (std::size_t j = 0; j < 60; ++j) {
      const int steps = quantized.weights[i * 60 + j];
      const double weight = model.weights.at(i, j), error = std::abs(weight - quantized.scale() * steps);
      largest = std::fmax(largest, error);
      squares += error * error;
      largest_weight = std::fmax(largest_weight, std::abs(weight));
      largest_steps = std::max(largest_steps, std::abs(steps));
    }
  CHECK(quantized.scale() == doctest::Approx(largest_weight / 127).epsilon(1e-6));
  CHECK(largest_steps == 127);
  CHECK(largest <= quantized.scale() * 0.50001);
  CHECK(quantized.report.largest_error == doctest::Approx(largest).epsilon(1e-4));
  CHECK(quantized.report.mean_square_error == doctest::Approx(squares / (60 * 41)).epsilon(1e-3));
  for (std::size_t j = 0; j < 60; ++j)
    CHECK(std::abs(model.visible_bias[j] - quantized.scale() * quantized.visible_bias[j]) <=
          quantized.scale() * 0.50001);
  for (std::size_t i = 0; i < 41; ++i)
    CHECK(std::abs(model.hidden_bias[i] - quantized.scale() * quantized.hidden_bias[i]) <=
          quantized.scale() * 0.50001);
}

TEST_CASE("the extremes: the smallest and largest weights, biases beyond all sums") {
  for (float largest : {127 * 0x1p-20f, 1e-3f, 1.0f, 1e3f, 1e30f}) {
    fixture::Model model = model_with_largest(largest);
    model.visible_bias[0] = fixture::infinity;
    model.visible_bias[1] = -fixture::infinity;
    model.hidden_bias[0] = 3e38f;
    model.hidden_bias[1] = -1e38f;
    const Quantized quantized(model);
    CHECK(quantized.weights[7] == -127);
    CHECK(quantized.visible_bias[0] == 1 << 30);
    CHECK(quantized.visible_bias[1] == -(1 << 30));
    if (largest < 1e20f) {
      CHECK(quantized.hidden_bias[0] == 1 << 30);
      CHECK(quantized.hidden_bias[1] == -(1 << 30));
    }
    CHECK(quantized.report.largest_error <= quantized.model.scale * 0.50001f);
  }
}

TEST_CASE("the sigmoid table holds the rounded probabilities, up to certainty") {
  for (float largest : {127 * 0x1p-20f, 1e-3f, 0.05f, 0.5f, 1.0f, 3.7f, 7.93f, 7.94f, 50.0f, 2000.0f}) {
    CAPTURE(largest);
    const Quantized quantized(model_with_largest(largest));
    const rbm::QuantizedModel& model = quantized.model;
    const double spacing = quantized.scale() * std::ldexp(1.0, static_cast<int>(model.sigmoid_shift));
    CHECK(spacing >= 1.0 / 16);
    CHECK((spacing < 1.0 / 8 || model.sigmoid_shift == 0));
    CHECK(model.sigmoid_shift <= 16);
    REQUIRE(model.sigmoid_entries <= rbm::most_sigmoid_entries);
    REQUIRE(model.sigmoid_entries >= 2);
    for (std::size_t k = 0; k < model.sigmoid_entries; ++k) {
      const double exact = 65536 * reference::sigmoid(static_cast<double>(k) * spacing);
      CHECK(std::abs(model.sigmoid[k] - std::fmin(exact, 65535)) <= 0.52);
    }
    CHECK(model.sigmoid[0] == 32768);
    CHECK(model.sigmoid[model.sigmoid_entries - 1] == 65535);
    CHECK(static_cast<double>(model.sigmoid_entries - 1) * spacing >= 11.79);
    CHECK(static_cast<double>(model.sigmoid_entries - 2) * spacing < 11.8);

    // What the runtime makes of it: entries up to 1/8 apart on a curve bent by at most 0.0963 leave 12.4 of
    // 65,536, and rounding and the cap leave less than 2.
    const rbm_quantized runtime = quantized.runtime();
    double worst = 0;
    const double reach = 13 / quantized.scale();
    for (int n = -1000; n <= 1000; ++n) {
      const auto sum = static_cast<std::int32_t>(reach * n / 1000);
      const double exact = 65536 * reference::sigmoid(sum * quantized.scale());
      worst = std::fmax(worst, std::abs(rbm_probability(&runtime, sum) - exact));
    }
    CHECK(worst <= (model.sigmoid_shift == 0 ? 1.02 : 14.4));
  }
}

TEST_CASE("a quantized model reconstructs as the model of floats does, within what rounding can do") {
  constexpr std::size_t visible = 50, hidden = 30;
  const fixture::Model model(visible, hidden, 0.5f, 3);
  const Quantized quantized(model);
  const rbm_quantized runtime = quantized.runtime();
  const reference::Parameters exact(model);
  std::mt19937 random(4);
  std::vector<std::int32_t> scratch(RBM_SCRATCH_WORDS(visible, hidden));
  std::vector<std::uint8_t> means(visible), features(hidden);
  for (int round = 0; round < 20; ++round) {
    reference::State v(visible);
    std::uint8_t packed[RBM_STATE_BYTES(visible)] = {};
    for (std::size_t j = 0; j < visible; ++j) {
      v[j] = static_cast<double>(random() & 1);
      rbm_set_unit(packed, j, v[j] != 0);
    }
    // An input is a sum of at most 51 terms, each off by half a step; a probability changes by at most a
    // quarter as much; the result is rounded down to a whole of 256.
    const double of_input = (visible + 1) * quantized.scale() / 2, of_hidden = of_input / 4 + 3.0 / 512;
    const reference::State p = reference::hidden_probabilities(exact, v);
    rbm_features(&runtime, packed, features.data(), scratch.data());
    for (std::size_t i = 0; i < hidden; ++i) CHECK(std::abs((features[i] + 0.5) / 256 - p[i]) <= of_hidden);
    rbm_reconstruct(&runtime, RBM_MEAN, nullptr, packed, means.data(), scratch.data());
    const reference::State q = reference::visible_probabilities(exact, p);
    for (std::size_t j = 0; j < visible; ++j) {
      double moved = (hidden + 2) * quantized.scale() / 2;
      for (std::size_t i = 0; i < hidden; ++i) moved += std::abs(exact.weight(i, j)) * of_hidden;
      CHECK(std::abs((means[j] + 0.5) / 256 - q[j]) <= moved / 4 + 3.0 / 512);
    }
  }
}
