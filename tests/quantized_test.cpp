#include "rbm/quantized.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "fixtures.hpp"
#include "reference.hpp"

namespace {

/// A model of integers with its storage, its table made in double precision.
struct Model {
  double scale;
  std::vector<std::int8_t> weights;
  std::vector<std::int32_t> visible_bias, hidden_bias;
  std::vector<std::uint16_t> sigmoid;
  rbm_quantized runtime;

  Model(std::size_t visible, std::size_t hidden, double value_of_step, int largest, std::uint32_t seed)
      : scale(value_of_step), weights(visible * hidden), visible_bias(visible), hidden_bias(hidden) {
    std::mt19937 random(seed);
    const auto up_to = [&](int bound) {
      return static_cast<int>(random() % static_cast<unsigned>(2 * bound + 1)) - bound;
    };
    for (std::int8_t& weight : weights) weight = static_cast<std::int8_t>(up_to(largest));
    for (std::int32_t& bias : visible_bias) bias = up_to(largest);
    for (std::int32_t& bias : hidden_bias) bias = up_to(largest);
    int shift = 0;
    while (std::ldexp(scale, shift) < 1.0 / 16) ++shift;
    const double spacing = std::ldexp(scale, shift);
    for (double x = 0; sigmoid.empty() || x - spacing < 11.8; x += spacing)
      sigmoid.push_back(
          static_cast<std::uint16_t>(std::min(65535L, std::lround(65536 * reference::sigmoid(x)))));
    runtime = {static_cast<std::uint16_t>(visible),
               static_cast<std::uint16_t>(hidden),
               weights.data(),
               visible_bias.data(),
               hidden_bias.data(),
               sigmoid.data(),
               static_cast<std::uint16_t>(sigmoid.size()),
               static_cast<std::uint8_t>(shift)};
  }
  Model(const Model&) = delete;

  std::size_t visible() const { return visible_bias.size(); }
  std::size_t hidden() const { return hidden_bias.size(); }
  std::uint16_t probability(std::int64_t sum) const {
    return rbm_probability(&runtime, static_cast<std::int32_t>(sum));
  }

  /// The sums in steps of hidden units, plain loops in 64 bits.
  std::vector<std::int64_t> hidden_sums(const std::vector<std::uint8_t>& state) const {
    std::vector<std::int64_t> sums(hidden_bias.begin(), hidden_bias.end());
    for (std::size_t i = 0; i < hidden(); ++i)
      for (std::size_t j = 0; j < visible(); ++j)
        sums[i] += weights[i * visible() + j] * (state[j / 8] >> j % 8 & 1);
    return sums;
  }
  /// The sums of visible units, each hidden unit taken factor / whole times, rounded to nearest.
  std::vector<std::int64_t> visible_sums(const std::vector<std::int64_t>& factors, std::int64_t whole) const {
    std::vector<std::int64_t> sums(visible());
    for (std::size_t j = 0; j < visible(); ++j) {
      for (std::size_t i = 0; i < hidden(); ++i) sums[j] += factors[i] * weights[i * visible() + j];
      sums[j] = visible_bias[j] + static_cast<std::int64_t>(std::floor(
                                      static_cast<double>(sums[j]) / static_cast<double>(whole) + 0.5));
    }
    return sums;
  }
};

/// A packed state with one unit in `share` on, and ones in the bits beyond the last unit.
std::vector<std::uint8_t> random_state(std::size_t units, unsigned share, std::mt19937& random) {
  std::vector<std::uint8_t> state(RBM_STATE_BYTES(units), 0);
  for (std::size_t u = 0; u < 8 * state.size(); ++u)
    if (u >= units || (share != 0 && random() % share == 0))
      state[u / 8] |= static_cast<std::uint8_t>(1u << u % 8);
  return state;
}

/// Scratch of exactly the size asked for, guarded.
struct Scratch {
  std::vector<std::int32_t> words;
  explicit Scratch(const Model& model)
      : words(RBM_SCRATCH_WORDS(model.visible(), model.hidden()) + 1, 0x5a5a5a5a) {}
  ~Scratch() { CHECK(words.back() == 0x5a5a5a5a); }
};

bool same(const rbm_random& a, const rbm_random& b) {
  return std::memcmp(a.state, b.state, sizeof a.state) == 0;
}

/// Calls body(model, packed state) for models of many shapes and states of many densities.
template <class Body>
void for_many(const Body& body) {
  struct Case {
    std::size_t visible, hidden;
    double scale;
    int largest;
  };
  for (const Case& c : {Case{1, 1, 0.05, 127}, Case{64, 96, 0.02, 127}, Case{255, 7, 0.02, 127},
                        Case{256, 7, 0.02, 127}, Case{257, 9, 0.02, 127}, Case{784, 100, 0.01, 40},
                        Case{700, 3, 0.5, 127}, Case{65, 65, 0.001, 127}, Case{40, 12, 0.2, 5}}) {
    const Model model(c.visible, c.hidden, c.scale, c.largest, static_cast<std::uint32_t>(c.visible));
    std::mt19937 random(1);
    for (unsigned share : {0u, 1u, 2u, 5u}) {
      CAPTURE(c.visible);
      CAPTURE(share);
      body(model, random_state(c.visible, share, random));
    }
  }
}

}  // namespace

TEST_CASE("the runtime's units are bits of bytes") {
  std::uint8_t state[RBM_STATE_BYTES(20)] = {0, 0, 0xf0};
  static_assert(sizeof state == 3 && RBM_STATE_BYTES(8) == 1 && RBM_STATE_BYTES(9) == 2);
  rbm_set_unit(state, 0, 1);
  rbm_set_unit(state, 9, 256);
  rbm_set_unit(state, 19, -1);
  CHECK(state[0] == 0x01);
  CHECK(state[1] == 0x02);
  CHECK(state[2] == 0xf8);
  for (std::size_t u = 0; u < 20; ++u) CHECK(rbm_get_unit(state, u) == (u == 0 || u == 9 || u == 19));
  rbm_set_unit(state, 9, 0);
  rbm_set_unit(state, 10, 0);
  CHECK(state[1] == 0);
}

TEST_CASE("the runtime's generator is xoshiro128++, seeded by splitmix64") {
  rbm_random random = {{1, 2, 3, 4}};
  for (std::uint32_t published : {641u, 1573767u, 3222811527u, 3517856514u})
    CHECK(rbm_random_next(&random) == published);
  rbm_random_seed(&random, 0);
  CHECK(random.state[0] == 0x7b1dcdaf);
  CHECK(random.state[1] == 0xe220a839);
  CHECK(random.state[2] == 0xa1b965f4);
  CHECK(random.state[3] == 0x6e789e6a);
}

TEST_CASE("a draw is on for exactly its probability of the upper 16 bits") {
  // From this state the next number is 7-bit rotation of s[3], so that its upper bits can be chosen.
  const auto draw = [](std::uint32_t number, std::uint16_t probability) {
    rbm_random random = {{0, 0, 0, number >> 7 | number << 25}};
    return rbm_random_draw(&random, probability);
  };
  CHECK(draw(0, 0) == 0);
  CHECK(draw(0, 1) == 1);
  CHECK(draw(0x0000ffff, 1) == 1);
  CHECK(draw(0x00010000, 1) == 0);
  CHECK(draw(0x7fffffff, 32768) == 1);
  CHECK(draw(0x80000000, 32768) == 0);
  CHECK(draw(0xfffeffff, 65535) == 1);
  CHECK(draw(0xffffffff, 65535) == 0);
}

TEST_CASE("probabilities follow the sigmoid, mirror at 0 and saturate") {
  for (double scale : {0.5, 0.05, 0.02, 0.01, 0.001, 0.0003}) {
    CAPTURE(scale);
    const Model model(1, 1, scale, 1, 1);
    double worst = 0;
    bool mirrored = true, rising = true;
    for (std::int32_t sum = 1; sum <= 45000; ++sum) {
      const int p = model.probability(sum), q = model.probability(-sum);
      worst = std::fmax(worst, std::abs(p - 65536 * reference::sigmoid(sum * scale)));
      mirrored = mirrored && (p + q == 65536 || (p == 65535 && q == 0));
      rising = rising && p >= model.probability(sum - 1);
    }
    // Entries up to 1/8 apart on a curve bent by at most 0.0963, then rounding and the cap.
    CHECK(worst <= (model.runtime.sigmoid_shift == 0 ? 1.02 : 14.4));
    CHECK(mirrored);
    CHECK(rising);
    CHECK(model.probability(0) == 32768);
    for (std::int32_t sum : {std::numeric_limits<std::int32_t>::max(), 1 << 30}) {
      CHECK(model.probability(sum) == 65535);
      CHECK(model.probability(-sum) == 0);
    }
    CHECK(model.probability(std::numeric_limits<std::int32_t>::min()) == 0);
  }
}

TEST_CASE("between entries of the table probabilities are interpolated to the nearest") {
  const std::uint16_t table[] = {32768, 40001, 65535};
  for (int shift : {0, 3, 16}) {
    const rbm_quantized model = {1, 1, nullptr, nullptr, nullptr, table, 3, static_cast<std::uint8_t>(shift)};
    const std::int32_t spacing = 1 << shift;
    bool exact = true;
    for (std::int32_t sum = 0; sum <= 2 * spacing; ++sum) {
      const double below = table[sum / spacing], above = table[std::min(sum / spacing + 1, 2)];
      const double between = static_cast<double>(sum % spacing) / spacing;
      const long expected = sum == 2 * spacing ? 65535 : std::lround(below + (above - below) * between);
      exact = exact && rbm_probability(&model, sum) == expected &&
              rbm_probability(&model, -sum) == 65536 - expected - (sum == 2 * spacing);
    }
    CHECK(exact);
  }
}

TEST_CASE("features are the hidden units' probabilities") {
  for_many([](const Model& model, const std::vector<std::uint8_t>& state) {
    std::vector<std::uint8_t> features(model.hidden() + 1, 0xee);
    Scratch scratch(model);
    rbm_features(&model.runtime, state.data(), features.data(), scratch.words.data());
    CHECK(features.back() == 0xee);
    const std::vector<std::int64_t> sums = model.hidden_sums(state);
    for (std::size_t i = 0; i < model.hidden(); ++i) {
      CHECK_UNARY(features[i] == model.probability(sums[i]) / 256);
      const double exact = 256 * reference::sigmoid(static_cast<double>(sums[i]) * model.scale);
      CHECK_UNARY(std::abs(features[i] + 0.5 - exact) <= 0.5 + 14.4 / 256);
    }
  });
}

TEST_CASE("reconstructions through thresholded, drawn and mean hidden units are exact") {
  for_many([](const Model& model, const std::vector<std::uint8_t>& state) {
    const std::vector<std::int64_t> hidden = model.hidden_sums(state);
    for (rbm_hidden_mode mode : {RBM_THRESHOLD, RBM_SAMPLE, RBM_MEAN}) {
      rbm_random random = {{1, 2, 3, 4}}, same_random = random;
      std::vector<std::int64_t> factors(model.hidden());
      for (std::size_t i = 0; i < model.hidden(); ++i) {
        const std::uint16_t p = model.probability(hidden[i]);
        if (mode == RBM_THRESHOLD) factors[i] = hidden[i] > 0;
        if (mode == RBM_SAMPLE) factors[i] = rbm_random_next(&same_random) / 65536 < p;
        if (mode == RBM_MEAN) factors[i] = std::lround(p / 256.0);
      }
      const std::vector<std::int64_t> sums = model.visible_sums(factors, mode == RBM_MEAN ? 256 : 1);
      std::vector<std::uint8_t> means(model.visible() + 1, 0xee);
      Scratch scratch(model);
      rbm_reconstruct(&model.runtime, mode, mode == RBM_SAMPLE ? &random : nullptr, state.data(),
                      means.data(), scratch.words.data());
      CHECK(means.back() == 0xee);
      CHECK(same(random, same_random));
      for (std::size_t j = 0; j < model.visible(); ++j)
        CHECK_UNARY(means[j] == model.probability(sums[j]) / 256);
    }
  });
}

TEST_CASE("mean hidden units reconstruct as in double precision") {
  for_many([](const Model& model, const std::vector<std::uint8_t>& state) {
    const std::vector<std::int64_t> hidden = model.hidden_sums(state);
    std::vector<std::uint8_t> means(model.visible());
    Scratch scratch(model);
    rbm_reconstruct(&model.runtime, RBM_MEAN, nullptr, state.data(), means.data(), scratch.words.data());
    for (std::size_t j = 0; j < model.visible(); ++j) {
      double sum = model.visible_bias[j], magnitude = 0;
      for (std::size_t i = 0; i < model.hidden(); ++i) {
        const double weight = model.weights[i * model.visible() + j];
        sum += weight * reference::sigmoid(static_cast<double>(hidden[i]) * model.scale);
        magnitude += std::abs(weight);
      }
      // A factor is off by half of 1/256 and by the table's error, the sum by half a step more.
      const double off = (magnitude * (1.0 / 512 + 14.4 / 65536) + 0.5) * model.scale;
      CHECK_UNARY(std::abs(means[j] + 0.5 - 256 * reference::sigmoid(sum * model.scale)) <=
                  256 * off / 4 + 0.5 + 14.4 / 256);
    }
  });
}

TEST_CASE("a Gibbs step draws hidden units, then visible units, in order and in place") {
  for_many([](const Model& model, const std::vector<std::uint8_t>& state) {
    rbm_random random = {{5, 6, 7, 8}}, same_random = random;
    const auto draw = [&](std::int64_t sum) {
      return rbm_random_next(&same_random) / 65536 < model.probability(sum);
    };
    std::vector<std::int64_t> hidden = model.hidden_sums(state);
    for (std::int64_t& unit : hidden) unit = draw(unit);
    const std::vector<std::int64_t> sums = model.visible_sums(hidden, 1);
    std::vector<std::uint8_t> expected = state, got = state;
    for (std::size_t j = 0; j < model.visible(); ++j) rbm_set_unit(expected.data(), j, draw(sums[j]));
    Scratch scratch(model);
    rbm_gibbs_step(&model.runtime, &random, got.data(), scratch.words.data());
    CHECK(got == expected);  // bits beyond the last unit stay as they were
    CHECK(same(random, same_random));
  });
}

TEST_CASE("the largest layers and biases do not overflow") {
  constexpr std::size_t most = 65535;
  std::vector<std::int8_t> weights(most, -128);
  std::vector<std::int32_t> large(most, 1 << 30), zero(most);
  const std::uint16_t coarse[] = {32768, 65535};  // one entry in 2^16 steps, the coarsest table
  const rbm_quantized many_hidden = {1, most, weights.data(), zero.data(), large.data(), coarse, 2, 16};
  std::vector<std::int32_t> scratch(RBM_SCRATCH_WORDS(most, most));
  const std::uint8_t on = 1;
  std::uint8_t mean = 77;
  rbm_reconstruct(&many_hidden, RBM_MEAN, nullptr, &on, &mean, scratch.data());
  CHECK(mean == 0);
  std::fill(weights.begin(), weights.end(), static_cast<std::int8_t>(127));
  rbm_reconstruct(&many_hidden, RBM_MEAN, nullptr, &on, &mean, scratch.data());
  CHECK(mean == 255);

  const rbm_quantized many_visible = {most, 1, weights.data(), zero.data(), large.data(), coarse, 2, 16};
  const std::vector<std::uint8_t> all(RBM_STATE_BYTES(most), 0xff);
  std::vector<std::uint8_t> means(most);
  rbm_features(&many_visible, all.data(), &mean, scratch.data());
  CHECK(mean == 255);
  rbm_reconstruct(&many_visible, RBM_THRESHOLD, nullptr, all.data(), means.data(), scratch.data());
  CHECK(means[most - 1] == (32768 + 32767 * 127 / 65536) / 256);
}
