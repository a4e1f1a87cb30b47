#include "rbm/unpack.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "rbm/choice.hpp"
#include "rbm/pack.hpp"
#include "tests/support/fixed_point_models.hpp"
#include "tests/support/random_quantized.hpp"
#include "tests/support/random_real.hpp"

using fixture::FixedPointModel;

namespace {

constexpr std::size_t labels = 3;

/// Labels for so many hidden units, of at most two nats.
struct Labels {
  std::vector<std::int16_t> hidden_bias, bias;

  Labels(std::size_t hidden, unsigned fraction) : hidden_bias(labels * hidden), bias(labels) {
    std::mt19937 random(4);
    const int most = std::min(2 << fraction, 32767);
    for (std::vector<std::int16_t>* of : {&hidden_bias, &bias})
      for (std::int16_t& value : *of)
        value =
            static_cast<std::int16_t>(static_cast<int>(random() % (2u * static_cast<unsigned>(most))) - most);
  }
  rbm_labels runtime() const { return {labels, bias.data()}; }
};

}  // namespace

TEST_CASE("a model of bits has the parameters of its header, and scores labels as it does") {
  for (const unsigned bits : {8u, 4u, 2u, 1u})
    for (std::uint32_t seed = 1; seed < 6; ++seed) {
      constexpr std::size_t visible = 21, hidden = 6, all = visible + labels + 1;
      tool::QuantizedModel made = fixture::random_integers(visible, hidden, bits, seed);
      Labels of_labels(hidden, made.fraction);
      std::vector<std::uint32_t> words(rbm::packed_words(visible, hidden, bits));
      const rbm_classifier classifier = {
          rbm::pack({words.data(), words.size()},
                    {bits, made.fraction, visible, hidden, made.codes.data(), made.shifts.data(),
                     made.visible_bias.data(), of_labels.hidden_bias.data()}),
          of_labels.runtime()};
      FixedPointModel model(all, hidden);
      rbm::unpack(model, classifier);
      const reference::Parameters found = fixture::exact(model);
      const double step = std::ldexp(1.0, -static_cast<int>(made.fraction)), half = 0.5 / 2048;
      const int zero = bits == 1 ? 0 : 1 << (bits - 1);
      for (std::size_t i = 0; i < hidden; ++i) {
        for (std::size_t j = 0; j < visible; ++j) {
          const double weight = step * (made.codes[i * visible + j] - zero) * (1 << made.shifts[i]);
          CHECK(std::abs(found.weights[i * all + j] - weight) <= half);
        }
        for (std::size_t y = 0; y < labels; ++y)
          CHECK(std::abs(found.hidden_bias[i] + found.weights[i * all + visible + y] -
                         step * of_labels.hidden_bias[y * hidden + i]) <= 2 * half);
        CHECK(found.weights[i * all + visible + labels] == 0);
      }
      for (std::size_t j = 0; j < visible; ++j)
        CHECK(std::abs(found.visible_bias[j] - step * made.visible_bias[j]) <= half);
      double least = 99;
      for (std::size_t y = 0; y < labels; ++y) {
        CHECK(std::abs(found.visible_bias[visible + y] - step * of_labels.bias[y]) <= half);
        least = std::min(least, found.visible_bias[visible + y]);
      }
      CHECK(found.visible_bias[visible + labels] == least - 5);

      FixedPointModel without(visible, hidden);
      rbm::unpack(without, classifier.base);
      for (std::size_t i = 0; i < hidden; ++i)
        CHECK(std::abs(without.hidden_bias[i] / 2048.0 - step * of_labels.hidden_bias[i]) <= half);

      const std::uint8_t state[] = {0x5a, 0xc3, 0x0d};
      rbm::Unit units[visible];
      rbm::UnitList list{units, nullptr, 0};
      for (std::size_t j = 0; j < visible; ++j)
        if (rbm_get_unit(state, j)) list.add(j);
      std::vector<std::int32_t> scores(labels), probability(labels), inputs(hidden);
      std::vector<std::uint32_t> scratch(RBM_LABEL_SCRATCH_WORDS(visible, hidden));
      rbm_classify(&classifier, rbm_from_bits(state), scores.data(), scratch.data());
      rbm::choice_probabilities({probability.data(), labels}, {inputs.data(), hidden}, model,
                                {visible, visible + labels}, list);
      for (std::size_t y = 0; y < labels; ++y)
        CHECK(std::abs(probability[y] - rbm_label_probability(&classifier.base, scores.data(), labels, y)) <
              65536 * 0.03);
    }
}

TEST_CASE("parameters that 16 bits do not hold saturate") {
  CHECK(rbm::detail::to_parameter(300, 4) == rbm::largest_parameter);
  CHECK(rbm::detail::to_parameter(-300, 4) == -rbm::largest_parameter);
  CHECK(rbm::detail::to_parameter(100, 4) == 12800);
  CHECK(rbm::detail::to_parameter(100, 14) == 13);
  CHECK(rbm::detail::to_parameter(-100, 14) == -12);
}

TEST_CASE("a model of readings has the states and labels of its header") {
  const fixture::RealShape shape{12, 5, 0, 8, 10, 6, true};
  fixture::RealModel made(shape, 5);
  const Labels of_labels(shape.hidden, shape.fraction);
  made.hidden_bias = of_labels.hidden_bias;
  made.pack();
  const rbm_real_classifier classifier = {made.runtime, of_labels.runtime()};
  fixture::FixedPointRealModel model{FixedPointModel(shape.visible + labels, shape.hidden)};
  rbm::unpack(model, classifier);
  std::mt19937 random(6);
  std::vector<std::int16_t> readings(shape.visible);
  std::vector<rbm::RealState> states(shape.visible);
  std::vector<std::int32_t> scores(labels), probability(labels), inputs(shape.hidden);
  std::vector<std::uint32_t> scratch(RBM_REAL_LABEL_SCRATCH_WORDS(shape.visible, shape.hidden, 0));
  for (int n = 0; n < 50; ++n) {
    for (std::size_t j = 0; j < shape.visible; ++j)
      readings[j] =
          made.real(j)
              ? static_cast<std::int16_t>(made.reading(j, static_cast<double>(random() % 601) / 100 - 3))
              : static_cast<std::int16_t>(random() % 2);
    rbm::set_visible({states.data(), states.size()}, model, {readings.data(), readings.size()});
    const std::vector<double> x = made.states(readings);
    for (std::size_t j = 0; j < shape.visible; ++j)
      CHECK(std::abs(states[j] / 256.0 - x[j]) <
            (made.real(j) ? 0.02 * std::abs(x[j]) + 1.5 / 64 : 1.0 / 1024));
    rbm_real_classify(&classifier, rbm_from_int16(readings.data()), scores.data(), scratch.data());
    rbm::choice_probabilities({probability.data(), labels}, {inputs.data(), inputs.size()}, model.model,
                              {shape.visible, shape.visible + labels}, {states.data(), states.size()});
    for (std::size_t y = 0; y < labels; ++y)
      CHECK(std::abs(probability[y] -
                     rbm_label_probability(&classifier.base.base, scores.data(), labels, y)) < 65536 * 0.05);
  }
}

TEST_CASE("offsets and scales that fixed point does not hold saturate") {
  fixture::RealModel made({2, 1, 0, 8, 10, 6, false}, 5);
  made.offsets = {32767, -32768};
  made.scales = {1024 * 32 + 20, 2047 * 32};
  made.pack();
  fixture::FixedPointRealModel model{FixedPointModel(2, 1)};
  rbm::unpack(model, made.runtime);
  CHECK(model.offset[0] == INT32_MAX);
  CHECK(model.scale[0] == rbm::largest_scale);
  CHECK(model.offset[1] == -32768 * 65536 + 16);
  CHECK(model.scale[1] == 65536 * 64 / 2047);
}
