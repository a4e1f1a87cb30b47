// Models of readings on the device, against their definition in double precision.
#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "rbm/quantized.h"
#include "tests/support/random_real.hpp"

namespace {

using fixture::RealModel;
using fixture::RealShape;

/// Scratch of exactly the size asked for, guarded.
struct Scratch {
  std::vector<std::uint32_t> words;
  explicit Scratch(const RealShape& of, std::size_t more = 0)
      : words(RBM_REAL_SCRATCH_WORDS(of.visible, of.hidden, of.factors) + more + 1, 0x5a5a5a5a) {}
  ~Scratch() { CHECK(words.back() == 0x5a5a5a5a); }
};

double uniform(std::mt19937& random) {
  return static_cast<double>(random() >> 8) * 0x1p-24;
}
double normal(std::mt19937& random) {
  return std::sqrt(-2 * std::log(1 - uniform(random))) * std::cos(6.283185307179586 * uniform(random));
}

std::vector<std::int16_t> random_readings(const RealModel& model, double deviation, std::mt19937& random) {
  std::vector<std::int16_t> readings(model.shape.visible);
  for (std::size_t j = 0; j < readings.size(); ++j)
    readings[j] = model.real(j)
                      ? static_cast<std::int16_t>(std::clamp(
                            std::lround(model.reading(j, deviation * normal(random))), -32768l, 32767l))
                      : static_cast<std::int16_t>(random() % 2);
  return readings;
}

/// Shapes whose rows end in all places of a word, and of which some have more rows than a kernel takes.
const RealShape shapes[] = {{1, 1, 0, 8, 10, 6, false},   {3, 2, 1, 8, 10, 7, false},
                            {5, 3, 0, 4, 10, 6, true},    {8, 5, 2, 8, 9, 6, false},
                            {13, 4, 3, 4, 10, 7, true},   {17, 9, 1, 8, 11, 8, true},
                            {31, 16, 4, 4, 10, 6, false}, {64, 16, 2, 8, 10, 7, false},
                            {70, 33, 5, 8, 10, 6, true},  {128, 20, 16, 4, 10, 5, false}};

/// The most that rounding states to whole steps adds to an input of a hidden unit, and to the energy.
double input_error(const RealModel& model, std::size_t i) {
  double weights = 0;
  for (std::size_t j = 0; j < model.shape.visible; ++j) weights += std::abs(model.weight(i, j));
  return std::ldexp(1.0, -static_cast<int>(model.shape.fraction)) +
         weights * std::ldexp(1.5, -static_cast<int>(model.shape.state_fraction));
}
double energy_error(const RealModel& model, const std::vector<double>& x) {
  const double half = std::ldexp(0.5, -static_cast<int>(model.shape.state_fraction));
  const std::vector<double> a = model.rest(x), y = model.factors(x);
  double error = 0.01;
  for (std::size_t j = 0; j < a.size(); ++j) error += 2 * (std::abs(a[j]) + 2 * half) * half;
  for (std::size_t k = 0; k < y.size(); ++k) error += 2 * (std::abs(y[k]) + half) * half;
  for (std::size_t i = 0; i < model.shape.hidden; ++i) error += input_error(model, i);
  return error;
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

TEST_CASE("free energies and features of readings are those of the formulas") {
  std::mt19937 random(5);
  std::uint32_t seed = 0;
  for (const RealShape& shape : shapes)
    for (const double deviation : {1.0, 4.0, 20.0}) {
      const RealModel model(shape, ++seed);
      CAPTURE(shape.visible);
      CAPTURE(deviation);
      Scratch scratch(shape);
      double sum = 0;
      for (int n = 0; n < 20; ++n) {
        const std::vector<std::int16_t> readings = random_readings(model, deviation, random);
        const rbm_readings input = rbm_from_int16(readings.data());
        const std::vector<double> x = model.states(readings), inputs = model.hidden_inputs(model.rest(x));
        const double energy = std::ldexp(rbm_real_free_energy(&model.runtime, input, scratch.words.data()),
                                         -static_cast<int>(shape.fraction));
        CHECK(std::abs(energy - model.free_energy(x)) < energy_error(model, x));
        sum += (energy - model.free_energy(x)) / energy_error(model, x);
        std::vector<std::uint8_t> features(shape.hidden);
        rbm_real_features(&model.runtime, input, features.data(), scratch.words.data());
        for (std::size_t i = 0; i < shape.hidden; ++i)
          CHECK(std::abs((features[i] + 0.5) / 256 - sigmoid(inputs[i])) <
                0.5 / 256 + 0.0002 + input_error(model, i) / 4);
      }
      CHECK(std::abs(sum) < 20 * 0.5);  // no side is preferred
    }
}

TEST_CASE("readings of eight bits are the same readings") {
  std::mt19937 random(6);
  const RealShape shape{13, 4, 3, 4, 10, 7, true};
  const RealModel model(shape, 3);
  Scratch scratch(shape);
  std::vector<std::int8_t> bytes(shape.visible);
  std::vector<std::int16_t> words(shape.visible);
  for (int n = 0; n < 20; ++n) {
    for (std::size_t j = 0; j < bytes.size(); ++j) words[j] = bytes[j] = static_cast<std::int8_t>(random());
    CHECK(rbm_real_free_energy(&model.runtime, rbm_from_int8(bytes.data()), scratch.words.data()) ==
          rbm_real_free_energy(&model.runtime, rbm_from_int16(words.data()), scratch.words.data()));
  }
}

TEST_CASE("reconstructed readings are the means given hidden units and factors") {
  std::mt19937 random(7);
  std::uint32_t seed = 100;
  for (const RealShape& shape : shapes)
    for (const rbm_hidden_mode mode : {RBM_THRESHOLD, RBM_MEAN}) {
      const RealModel model(shape, ++seed);
      CAPTURE(shape.visible);
      CAPTURE(static_cast<int>(mode));
      Scratch scratch(shape);
      std::vector<std::int16_t> readings = random_readings(model, 1, random);
      const std::vector<double> x = model.states(readings);
      std::vector<double> hidden = model.hidden_inputs(model.rest(x));
      bool clear = true;  // no unit is so near a half that rounding may decide
      double error = 2 * std::ldexp(1.0, -static_cast<int>(shape.state_fraction));
      for (std::size_t i = 0; i < shape.hidden; ++i) {
        clear = clear && std::abs(hidden[i]) > input_error(model, i);
        double largest = 0;
        for (std::size_t j = 0; j < shape.visible; ++j)
          largest = std::max(largest, std::abs(model.weight(i, j)));
        if (mode == RBM_MEAN) error += (input_error(model, i) / 4 + 0.003) * largest;
        hidden[i] = mode == RBM_MEAN ? sigmoid(hidden[i]) : hidden[i] > 0;
      }
      if (mode == RBM_THRESHOLD && !clear) continue;
      const std::vector<double> m = model.means(hidden);
      std::vector<double> distance(shape.visible);
      for (std::size_t j = 0; j < shape.visible; ++j) distance[j] = model.real(j) ? x[j] - m[j] : 0;
      const std::vector<double> y = model.factors(distance);
      rbm_real_reconstruct(&model.runtime, rbm_from_int16(readings.data()), mode, nullptr, readings.data(),
                           scratch.words.data());
      for (std::size_t j = 0; j < shape.visible; ++j) {
        double mean = m[j];
        for (std::size_t k = 0; k < shape.factors; ++k) mean += y[k] * model.loading(k, j);
        if (model.real(j))
          CHECK(std::abs(readings[j] - model.reading(j, mean)) <
                0.5 + (error + std::abs(mean) * 0.001) / model.step(j) * (shape.factors > 0 ? 2 : 1));
        else if (std::abs(mean) > 2 * error)
          CHECK(readings[j] == (mean > 0));
      }
    }
}

TEST_CASE("the normal numbers have the moments of a normal distribution") {
  rbm_random random;
  rbm_random_seed(&random, 1);
  constexpr int count = 400000;
  double sums[5] = {}, beyond = 0;
  for (int n = 0; n < count; ++n) {
    const double z = rbm_draw_normal(&random) / 4096.0;
    for (int power = 1; power < 5; ++power) sums[power] += std::pow(z, power) / count;
    beyond += std::abs(z) > 2;
    REQUIRE(std::abs(z) < 5.96);
  }
  CHECK(std::abs(sums[1]) < 4 / std::sqrt(count));
  CHECK(std::abs(sums[2] - 1) < 4 * std::sqrt(2.0 / count));
  CHECK(std::abs(sums[3]) < 4 * std::sqrt(15.0 / count));
  CHECK(std::abs(sums[4] - 2.94) < 0.04);  // a normal distribution has 3
  CHECK(std::abs(beyond / count - 0.0455) < 0.002);
}

/// Hidden units that are on or off for certain, so that readings are Gaussian: of means m and covariance
/// I + L'L.
struct Certain {
  RealModel model;
  std::vector<double> m;
  explicit Certain(const RealShape& shape) : model(shape, 77) {
    std::vector<double> hidden(shape.hidden);
    for (std::size_t i = 0; i < shape.hidden; ++i) {
      hidden[i] = static_cast<double>(i % 2);
      model.hidden_bias[i] = i % 2 == 1 ? 32767 : -32767;
      for (std::size_t j = 0; j < shape.visible; ++j) model.codes[i * shape.visible + j] /= 16;
      for (std::size_t j = 0; j < shape.visible; ++j) model.codes[i * shape.visible + j] += 120;
    }
    model.pack();
    m = model.means(hidden);
  }
};

TEST_CASE("Gibbs steps draw readings with the means and covariances of the model") {
  const RealShape shape{6, 4, 2, 8, 10, 7, false};
  const Certain certain(shape);
  const RealModel& model = certain.model;
  Scratch scratch(shape);
  rbm_random random;
  rbm_random_seed(&random, 3);
  const std::vector<std::uint8_t> none(1, 0);
  for (const std::uint8_t* const clamped : {static_cast<const std::uint8_t*>(nullptr), none.data()}) {
    std::vector<std::int16_t> readings(shape.visible);
    for (std::size_t j = 0; j < shape.visible; ++j)
      readings[j] = static_cast<std::int16_t>(std::lround(model.reading(j, certain.m[j])));
    const int count = clamped != nullptr ? 60000 : 20000;  // given the factors steps are less independent
    std::vector<double> sum(shape.visible), products(shape.visible * shape.visible);
    for (int n = 0; n < count; ++n) {
      rbm_real_gibbs_step(&model.runtime, readings.data(), clamped, &random, scratch.words.data());
      std::vector<double> x(shape.visible);
      for (std::size_t j = 0; j < shape.visible; ++j)
        x[j] = (readings[j] - model.reading(j, certain.m[j])) * model.step(j);
      for (std::size_t j = 0; j < shape.visible; ++j) {
        sum[j] += x[j] / count;
        for (std::size_t k = 0; k < shape.visible; ++k)
          products[j * shape.visible + k] += x[j] * x[k] / count;
      }
    }
    for (std::size_t j = 0; j < shape.visible; ++j)
      for (std::size_t k = 0; k < shape.visible; ++k) {
        double variance = j == k;
        if (j == k) variance += model.step(j) * model.step(j) / 12;  // of whole steps of the sensor
        for (std::size_t f = 0; f < shape.factors; ++f) variance += model.loading(f, j) * model.loading(f, k);
        double scale = 1;
        for (std::size_t f = 0; f < shape.factors; ++f) scale += model.norm(f);

        CHECK(std::abs(sum[j]) < 0.05 * std::sqrt(scale));
        CHECK(std::abs(products[j * shape.visible + k] - variance) < 0.05 * scale);
      }
  }
}

TEST_CASE("filled readings are the means given the known ones") {
  const RealShape shape{6, 4, 1, 8, 10, 7, false};
  const Certain certain(shape);
  const RealModel& model = certain.model;
  Scratch scratch(shape, shape.visible);
  rbm_random random;
  rbm_random_seed(&random, 4);
  const std::uint8_t known = 0x0b;  // 0, 1 and 3
  std::vector<std::int16_t> readings(shape.visible);
  double products = 0, squares = 0;
  for (std::size_t j = 0; j < shape.visible; ++j) {
    const double x = j % 2 == 0 ? 2.5 : -1;
    if (!(known >> j & 1)) continue;
    readings[j] = static_cast<std::int16_t>(std::lround(model.reading(j, certain.m[j] + x)));
    products += (readings[j] - model.reading(j, certain.m[j])) * model.step(j) * model.loading(0, j);
    squares += model.loading(0, j) * model.loading(0, j);
  }
  const std::vector<std::int16_t> before = readings;
  rbm_real_fill(&model.runtime, readings.data(), &known, 20000, &random, scratch.words.data());
  for (std::size_t j = 0; j < shape.visible; ++j) {
    if (known >> j & 1) {
      CHECK(readings[j] == before[j]);
      continue;
    }
    // The factor given the known readings: y = L x / (1 + |L|^2) over these.
    const double mean = certain.m[j] + model.loading(0, j) * products / (1 + squares);
    CHECK(std::abs(readings[j] - model.reading(j, mean)) * model.step(j) <
          0.5 * model.step(j) + 0.05 * (1 + std::abs(model.loading(0, j))));
  }
}

TEST_CASE("no reading overflows") {
  std::mt19937 random(9);
  for (const RealShape& shape : shapes)
    for (const std::uint8_t code : {std::uint8_t{0}, std::uint8_t{255}}) {
      RealModel model(shape, 1);
      for (std::uint8_t& c : model.codes) c = static_cast<std::uint8_t>(code & ((1 << shape.bits) - 1));
      for (std::size_t n = 0; n < model.levels.size(); ++n)
        if (model.levels[n] != 128) model.levels[n] = code == 0 ? 1 : 255;
      for (std::size_t k = 0; k < shape.factors; ++k) model.set_gain(k, 5);
      model.pack();
      Scratch scratch(shape, shape.visible);
      rbm_random generator;
      rbm_random_seed(&generator, 1);
      for (int n = 0; n < 12; ++n) {
        std::vector<std::int16_t> readings(shape.visible);
        for (std::int16_t& reading : readings)
          reading = static_cast<std::int16_t>(n == 0              ? 32767
                                              : n == 1            ? -32768
                                              : random() % 2 == 0 ? 32767
                                                                  : -32768);
        const rbm_readings input = rbm_from_int16(readings.data());
        const std::vector<double> x = model.states(readings);
        const double energy = std::ldexp(rbm_real_free_energy(&model.runtime, input, scratch.words.data()),
                                         -static_cast<int>(shape.fraction));
        CHECK(std::abs(energy - model.free_energy(x)) < 2 * energy_error(model, x) + 1);
        std::vector<std::uint8_t> known((shape.visible + 7) / 8, 0x55);
        for (const rbm_hidden_mode mode : {RBM_THRESHOLD, RBM_SAMPLE, RBM_MEAN})
          rbm_real_reconstruct(&model.runtime, input, mode, &generator, readings.data(),
                               scratch.words.data());
        rbm_real_gibbs_step(&model.runtime, readings.data(), nullptr, &generator, scratch.words.data());
        rbm_real_fill(&model.runtime, readings.data(), known.data(), 4, &generator, scratch.words.data());
      }
    }
}

TEST_CASE("readings beyond 16 bits saturate") {
  const RealShape shape{5, 2, 0, 8, 10, 7, false};
  RealModel model(shape, 4);
  std::fill(model.codes.begin(), model.codes.end(), std::uint8_t{128});  // no weights
  for (std::size_t j = 0; j < shape.visible; ++j) {
    // Means at 8 deviations of some 2 to 128 steps beside the offset, beyond the ends of 16 bits or not.
    model.offsets[j] = static_cast<std::int16_t>(j == 0 ? 32767 : j == 1 ? -32768 : j == 2 ? 32700 : 0);
    model.visible_bias[j] = static_cast<std::int16_t>((j == 1 ? -8 : 8) * 1024);
  }
  model.pack();
  Scratch scratch(shape);
  std::vector<std::int16_t> readings(shape.visible);
  rbm_real_reconstruct(&model.runtime, rbm_from_int16(readings.data()), RBM_THRESHOLD, nullptr,
                       readings.data(), scratch.words.data());
  for (std::size_t j = 0; j < shape.visible; ++j) {
    const double mean = std::clamp(model.reading(j, j == 1 ? -8 : 8), -32768.0, 32767.0);
    CHECK(std::abs(readings[j] - mean) <= 1);
  }
  CHECK(readings[0] == 32767);
  CHECK(readings[1] == -32768);
}

TEST_CASE("the checksum sees every number of a model of readings") {
  const RealShape shape{13, 4, 3, 4, 10, 7, true};
  RealModel model(shape, 3);
  const std::uint32_t whole = rbm_real_checksum(&model.runtime);
  const auto differs = [&](auto& number) {
    ++number;
    CHECK(rbm_real_checksum(&model.runtime) != whole);
    --number;
  };
  for (auto& word : model.words) differs(word);
  for (auto& word : model.loadings) differs(word);
  for (auto& number : model.offsets) differs(number);
  for (auto& number : model.scales) differs(number);
  for (auto& number : model.gains) differs(number);
  for (auto& number : model.visible_bias) differs(number);
  --model.runtime.factors;
  CHECK(rbm_real_checksum(&model.runtime) != whole);
  ++model.runtime.factors;
  differs(model.runtime.state_fraction);
  differs(model.runtime.limit);
  CHECK(rbm_real_checksum(&model.runtime) == whole);
}

}  // namespace
