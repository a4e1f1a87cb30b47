#include "rbm/quantizer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

namespace {

constexpr unsigned widths[] = {8, 4, 2, 1};

/// A quantized model with its storage.
struct Quantized {
  std::vector<std::uint8_t> codes, shifts;
  std::vector<std::int16_t> visible_bias, hidden_bias;
  rbm::QuantizedModelView model;

  Quantized(rbm::ConstRbmView from, unsigned bits)
      : codes(from.visible() * from.hidden(), 99),
        shifts(from.hidden(), 99),
        visible_bias(from.visible(), 99),
        hidden_bias(from.hidden(), 99),
        model{bits,
              0,
              from.visible(),
              from.hidden(),
              codes.data(),
              shifts.data(),
              visible_bias.data(),
              hidden_bias.data()} {}
  Quantized(rbm::ConstRbmView from, unsigned bits, const rbm::Means& means) : Quantized(from, bits) {
    rbm::quantize(model, from, means);
  }
  Quantized(const Quantized&) = delete;

  double step() const { return std::ldexp(1.0, -static_cast<int>(model.fraction)); }
  double scale(std::size_t i) const { return std::ldexp(step(), shifts[i]); }
  double lowest() const { return model.bits == 1 ? 0 : -std::ldexp(1.0, static_cast<int>(model.bits) - 1); }
  double level(std::size_t i, std::size_t j) const { return lowest() + codes[i * model.visible + j]; }
  double weight(std::size_t i, std::size_t j) const { return scale(i) * level(i, j); }
};

/// Means of each unit, as one may have them from data.
struct SomeMeans {
  std::vector<float> visible, hidden;

  SomeMeans(rbm::ConstRbmView model, std::uint32_t seed) {
    std::mt19937 random(seed);
    visible = fixture::random_intensities(model.visible(), random);
    hidden = fixture::random_intensities(model.hidden(), random);
  }
  operator rbm::Means() const { return {fixture::view(visible), fixture::view(hidden)}; }
};

/// The level nearest to x, exactly.
double nearest_level(const Quantized& quantized, double x) {
  const double highest = quantized.lowest() + std::ldexp(1.0, static_cast<int>(quantized.model.bits)) - 1;
  return std::fmin(std::fmax(std::nearbyint(x), quantized.lowest()), highest);
}

}  // namespace

TEST_CASE("every weight becomes the nearest level of its unit's scale") {
  const fixture::Model model(60, 41, 0.3f, 2, 3);
  const SomeMeans means(model, 1);
  for (const unsigned bits : widths) {
    CAPTURE(bits);
    const Quantized quantized(model, bits, means);
    for (std::size_t i = 0; i < 41; ++i)
      for (std::size_t j = 0; j < 60; ++j)
        CHECK(quantized.level(i, j) ==
              nearest_level(quantized, static_cast<double>(model.weights.at(i, j)) / quantized.scale(i)));
  }
}

TEST_CASE("a unit's scale is the power of two with the least sum of fourth powers of errors") {
  fixture::Model model(30, 12, 0.3f, 3);
  for (const unsigned bits : widths) {
    CAPTURE(bits);
    Quantized quantized(model, bits);
    rbm::choose_scales(quantized.model, model);
    for (std::size_t i = 0; i < 12; ++i) {
      const auto error = [&](double scale) {
        double sum = 0;
        for (std::size_t j = 0; j < 30; ++j) {
          const double weight = static_cast<double>(model.weights.at(i, j));
          sum += std::pow(scale * nearest_level(quantized, weight / scale) - weight, 4);
        }
        return sum;
      };
      for (int exponent = -10; exponent <= 5; ++exponent)
        CHECK(error(quantized.scale(i)) <= error(std::ldexp(1.0, exponent)) * (1 + 1e-4));
    }
  }
}

TEST_CASE("scales of a model lie within a factor of eight, the largest of them as chosen") {
  fixture::Model model(30, 4, 0.3f, 4);
  for (std::size_t j = 0; j < 30; ++j) {
    model.weights.values[j] *= 0.01f;
    model.weights.values[30 + j] *= 40;
  }
  for (const unsigned bits : widths) {
    Quantized quantized(model, bits);
    rbm::choose_scales(quantized.model, model);
    CHECK(quantized.shifts[1] - quantized.shifts[0] == 3);
    fixture::Model largest_alone(30, 1, 0, 0);
    for (std::size_t j = 0; j < 30; ++j) largest_alone.weights.values[j] = model.weights.values[30 + j];
    Quantized alone(largest_alone, bits);
    rbm::choose_scales(alone.model, largest_alone);
    CHECK(alone.shifts[0] == quantized.shifts[1]);
  }
}

TEST_CASE("the largest scale is for the largest weights, and a unit without weights changes no other's") {
  fixture::Model model(30, 3, 0.01f, 4);
  for (const unsigned bits : widths) {
    Quantized quantized(model, bits);
    rbm::choose_scales(quantized.model, model);
    fixture::Model with_none = model;
    for (std::size_t j = 0; j < 30; ++j) with_none.weights.values[60 + j] = 0;
    Quantized other(with_none, bits);
    rbm::choose_scales(other.model, with_none);
    for (std::size_t i = 0; i < 2; ++i) CHECK(other.shifts[i] == quantized.shifts[i]);
  }
  for (std::size_t j = 0; j < 30; ++j) model.weights.values[j] = 1000;
  Quantized quantized(model, 1);
  rbm::choose_scales(quantized.model, model);
  CHECK(quantized.shifts[0] == rbm::most_chosen_shift);
}

TEST_CASE("biases take back what rounding does on average") {
  const fixture::Model model(50, 20, 0.4f, 5, 1);
  const SomeMeans means(model, 6);
  for (const unsigned bits : widths) {
    const Quantized quantized(model, bits, means);
    for (std::size_t i = 0; i < 20; ++i) {
      double bias = static_cast<double>(model.hidden_bias[i]);
      for (std::size_t j = 0; j < 50; ++j)
        bias += (static_cast<double>(model.weights.at(i, j)) - quantized.weight(i, j)) *
                static_cast<double>(means.visible[j]);
      CHECK(std::abs(quantized.step() * quantized.hidden_bias[i] - bias) < 0.501 * quantized.step());
    }
    for (std::size_t j = 0; j < 50; ++j) {
      double bias = static_cast<double>(model.visible_bias[j]);
      for (std::size_t i = 0; i < 20; ++i)
        bias += (static_cast<double>(model.weights.at(i, j)) - quantized.weight(i, j)) *
                static_cast<double>(means.hidden[i]);
      CHECK(std::abs(quantized.step() * quantized.visible_bias[j] - bias) < 0.501 * quantized.step());
    }
  }
}

TEST_CASE("steps grow where biases need it, and what does not fit even so is the largest number") {
  for (const float bias : {31.0f, 40.0f, -1000.0f, 1e6f, -1e6f}) {
    fixture::Model model(8, 5, 0.3f, 7);
    model.visible_bias[3] = bias;
    const SomeMeans means(model, 8);
    const Quantized small(fixture::Model(8, 5, 0.3f, 7), 4, means), quantized(model, 4, means);
    CAPTURE(bias);
    CHECK(small.model.fraction == 10);
    CHECK(quantized.model.fraction == (bias == 31.0f ? 10 : bias == 40.0f ? 9 : bias == -1000.0f ? 5 : 4));
    for (std::size_t i = 0; i < 5; ++i) CHECK(quantized.scale(i) == small.scale(i));
    CHECK(quantized.codes == small.codes);
    const double kept = quantized.step() * quantized.visible_bias[3];
    if (std::abs(bias) < 1e5f)
      CHECK(std::abs(kept - static_cast<double>(bias)) < 2);
    else
      CHECK(quantized.visible_bias[3] == (bias < 0 ? -32767 : 32767));
  }
}

TEST_CASE("steps stop growing at the coarsest, however much the scales would allow") {
  fixture::Model model(8, 5, 8.0f, 7);
  model.hidden_bias[2] = 1e6f;
  const SomeMeans means(model, 8);
  const Quantized quantized(model, 4, means);
  CHECK(quantized.model.fraction == rbm::least_fraction);
  CHECK(*std::min_element(quantized.shifts.begin(), quantized.shifts.end()) > 0);
  CHECK(quantized.hidden_bias[2] == 32767);
}

TEST_CASE("biases are kept where the smallest scales have to grow for it") {
  fixture::Model model(8, 5, 0.01f, 7);
  model.hidden_bias[2] = 1000;
  const SomeMeans means(model, 8);
  const Quantized small(fixture::Model(8, 5, 0.01f, 7), 8, means), quantized(model, 8, means);
  CHECK(*std::min_element(small.shifts.begin(), small.shifts.end()) < 5);
  CHECK(quantized.model.fraction == 5);
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(quantized.scale(i) == std::fmax(small.scale(i), quantized.step()));
  CHECK(std::abs(quantized.step() * quantized.hidden_bias[2] - 1000) < quantized.step());
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t j = 0; j < 8; ++j) {
      const double weight = static_cast<double>(model.weights.at(i, j));
      CHECK(quantized.level(i, j) == nearest_level(quantized, weight / quantized.scale(i)));
    }
}

TEST_CASE("steps grow where sums need it") {
  // Of 300 weights of 100 nats the sum is 30,000 nats, of which 2^-8 are the finest steps that stay below
  // 2^23.
  fixture::Model model(300, 2, 0.3f, 7);
  for (std::size_t j = 0; j < 300; ++j) model.weights.values[j] = 100;
  const SomeMeans means(model, 8);
  const Quantized quantized(model, 8, means);
  CHECK(quantized.model.fraction == 8);
  std::int64_t sum = 0;
  for (std::size_t j = 0; j < 300; ++j) sum += rbm::weight_in_steps(quantized.model, 0, j);
  CHECK(sum < 1 << 23);
  CHECK(2 * sum >= (1 << 23) - 32768);
}

TEST_CASE("sums of either sign and layer make steps grow") {
  // 12 weights of 1000 nats are 12.3 million steps of 2^-10 nat, where 2^23 are 8.4 million.
  for (const float weight : {1000.0f, -1000.0f}) {
    fixture::Model wide(12, 1, 0, 1), tall(1, 12, 0, 1);
    std::fill(wide.weights.values.begin(), wide.weights.values.end(), weight);
    std::fill(tall.weights.values.begin(), tall.weights.values.end(), weight);
    for (const fixture::Model* const model : {&wide, &tall}) {
      const Quantized quantized(*model, 8, SomeMeans(*model, 2));
      CHECK(quantized.model.fraction == 9);
      CHECK(quantized.weight(0, 0) == static_cast<double>(weight));
    }
  }
}

TEST_CASE("a unit without weights has none afterwards") {
  fixture::Model model(9, 3, 0.3f, 9);
  for (std::size_t j = 0; j < 9; ++j) model.weights.values[9 + j] = 0;
  const SomeMeans means(model, 10);
  for (const unsigned bits : widths) {
    const Quantized quantized(model, bits, means);
    for (std::size_t j = 0; j < 9; ++j) CHECK(quantized.weight(1, j) == 0);
  }
}

TEST_CASE("the integers stand for an ordinary model") {
  const fixture::Model model(33, 17, 0.3f, 11, 2);
  const SomeMeans means(model, 12);
  for (const unsigned bits : widths) {
    const Quantized quantized(model, bits, means);
    fixture::Model floats(33, 17, 0, 0, 1);
    rbm::dequantize(floats, quantized.model);
    for (std::size_t i = 0; i < 17; ++i)
      for (std::size_t j = 0; j < 33; ++j)
        CHECK(static_cast<double>(floats.weights.at(i, j)) == quantized.weight(i, j));
    for (std::size_t i = 0; i < 17; ++i)
      CHECK(static_cast<double>(floats.hidden_bias[i]) == quantized.step() * quantized.hidden_bias[i]);
    for (std::size_t j = 0; j < 33; ++j)
      CHECK(static_cast<double>(floats.visible_bias[j]) == quantized.step() * quantized.visible_bias[j]);
  }
}

TEST_CASE("means from the model alone are near its own") {
  const fixture::Model model(8, 6, 0.8f, 15);
  const reference::Parameters exact(model);
  const auto joint = reference::joint_probabilities(exact);
  std::vector<double> visible(8), hidden(6);
  for (std::size_t v = 0; v < joint.size(); ++v)
    for (std::size_t h = 0; h < joint[v].size(); ++h) {
      for (std::size_t j = 0; j < 8; ++j) visible[j] += joint[v][h] * reference::to_state(v, 8)[j];
      for (std::size_t i = 0; i < 6; ++i) hidden[i] += joint[v][h] * reference::to_state(h, 6)[i];
    }
  fixture::Memory memory(rbm::chain_bytes({8, 6}));
  rbm::Chain chain(memory, {8, 6});
  std::vector<float> means_v(8), means_h(6);
  rbm::sample_means(fixture::view(means_v), fixture::view(means_h), chain, model, 1);
  // A thousand states, not independent: a few times 1 / sqrt(4000).
  for (std::size_t j = 0; j < 8; ++j) CHECK(std::abs(static_cast<double>(means_v[j]) - visible[j]) < 0.06);
  for (std::size_t i = 0; i < 6; ++i) CHECK(std::abs(static_cast<double>(means_h[i]) - hidden[i]) < 0.06);
}
