#include "rbm/quantized.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"

namespace {

struct Shape {
  std::size_t visible, hidden;
  unsigned bits, fraction, lowest_shift, highest_shift;
};

/// A model of integers with its storage, and what it should compute, in plain loops of 64 bits.
struct Model {
  Shape shape;
  std::vector<std::uint8_t> codes, shifts;
  std::vector<std::int16_t> visible_bias, hidden_bias;
  std::vector<std::uint32_t> words;
  rbm_quantized runtime;

  Model(const Shape& of, std::uint32_t seed)
      : shape(of),
        codes(of.visible * of.hidden),
        shifts(of.hidden),
        visible_bias(of.visible),
        hidden_bias(of.hidden) {
    std::mt19937 random(seed);
    const int largest_bias = std::min(32767, 3 << of.fraction);
    const auto bias = [&] {
      return static_cast<std::int16_t>(
          static_cast<int>(random() % static_cast<unsigned>(2 * largest_bias + 1)) - largest_bias);
    };
    for (std::uint8_t& code : codes) code = static_cast<std::uint8_t>(random() & ((1u << of.bits) - 1));
    for (std::uint8_t& shift : shifts)
      shift =
          static_cast<std::uint8_t>(of.lowest_shift + random() % (of.highest_shift - of.lowest_shift + 1));
    for (std::int16_t& value : visible_bias) value = bias();
    for (std::int16_t& value : hidden_bias) value = bias();
    pack();
  }
  Model(const Model&) = delete;

  /// Code u of a row at bit u * bits of the row, whose words are of 32 bits.
  void pack() {
    const std::size_t units = 32 / shape.bits, row = (shape.visible + units - 1) / units;
    words.assign(shape.hidden * row, 0);
    for (std::size_t i = 0; i < shape.hidden; ++i)
      for (std::size_t j = 0; j < shape.visible; ++j)
        words[i * row + j / units] |= static_cast<std::uint32_t>(codes[i * shape.visible + j])
                                      << j % units * shape.bits;
    runtime = {static_cast<std::uint16_t>(shape.visible),
               static_cast<std::uint16_t>(shape.hidden),
               static_cast<std::uint8_t>(shape.bits),
               static_cast<std::uint8_t>(shape.fraction),
               static_cast<std::uint8_t>(shape.lowest_shift),
               static_cast<std::uint8_t>(shape.highest_shift),
               0,
               words.data(),
               shifts.data(),
               visible_bias.data(),
               hidden_bias.data()};
  }

  /// In steps.
  std::int64_t weight(std::size_t i, std::size_t j) const {
    const int zero = shape.bits == 1 ? 0 : 1 << (shape.bits - 1);
    return static_cast<std::int64_t>(codes[i * shape.visible + j] - zero) * (1 << shifts[i]);
  }
  double nats(std::int64_t steps) const {
    return std::ldexp(static_cast<double>(steps), -static_cast<int>(shape.fraction));
  }
  std::uint16_t probability(std::int64_t sum) const {
    return rbm_probability(&runtime, static_cast<std::int32_t>(sum));
  }

  /// The inputs of hidden units; v_j is values[j] / whole.
  std::vector<std::int64_t> hidden_sums(const std::vector<std::int64_t>& values, std::int64_t whole) const {
    std::vector<std::int64_t> sums(shape.hidden);
    for (std::size_t i = 0; i < shape.hidden; ++i) {
      for (std::size_t j = 0; j < shape.visible; ++j) sums[i] += weight(i, j) * values[j];
      sums[i] = hidden_bias[i] + rounded(sums[i], whole);
    }
    return sums;
  }
  std::vector<std::int64_t> visible_sums(const std::vector<std::int64_t>& values, std::int64_t whole) const {
    std::vector<std::int64_t> sums(shape.visible);
    for (std::size_t j = 0; j < shape.visible; ++j) {
      for (std::size_t i = 0; i < shape.hidden; ++i) sums[j] += weight(i, j) * values[i];
      sums[j] = visible_bias[j] + rounded(sums[j], whole);
    }
    return sums;
  }
  /// To the nearest whole number, halves up.
  static std::int64_t rounded(std::int64_t value, std::int64_t whole) {
    return static_cast<std::int64_t>(
        std::floor(static_cast<double>(value) / static_cast<double>(whole) + 0.5));
  }
};

std::vector<std::int64_t> to_values(const std::vector<std::uint8_t>& state, std::size_t units) {
  std::vector<std::int64_t> values(units);
  for (std::size_t u = 0; u < units; ++u) values[u] = state[u / 8] >> u % 8 & 1;
  return values;
}

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
  std::vector<std::uint32_t> words;
  explicit Scratch(const Model& model)
      : words(RBM_SCRATCH_WORDS(model.shape.visible, model.shape.hidden) + 1, 0x5a5a5a5a) {}
  ~Scratch() { CHECK(words.back() == 0x5a5a5a5a); }
};

bool same(const rbm_random& a, const rbm_random& b) {
  return std::memcmp(a.state, b.state, sizeof a.state) == 0;
}

/// What a draw should be: the number's upper half below the probability, which is 1 beyond the table.
bool drawn(const Model& model, rbm_random& random, std::int64_t sum) {
  const bool beyond = sum >= 189 << (model.shape.fraction - 4);
  return rbm_random_next(&random) / 65536 < (beyond ? 65536u : model.probability(sum));
}

/// Calls body(model, packed state) for models of all widths and many shapes, and states of many densities.
template <class Body>
void for_many(const Body& body) {
  const Shape shapes[] = {{1, 1, 8, 10, 1, 1},    {1, 1, 1, 4, 1, 3},       {64, 96, 4, 10, 4, 7},
                          {63, 7, 2, 9, 5, 6},    {65, 33, 1, 12, 8, 10},   {784, 100, 8, 10, 3, 5},
                          {784, 51, 4, 10, 6, 8}, {33, 300, 8, 14, 0, 2},   {31, 300, 4, 10, 5, 6},
                          {97, 300, 2, 10, 5, 7}, {130, 600, 1, 10, 5, 12}, {1100, 3, 8, 8, 1, 2},
                          {9, 9, 4, 4, 0, 0}};
  for (const Shape& shape : shapes) {
    const Model model(shape, static_cast<std::uint32_t>(shape.visible));
    std::mt19937 random(1);
    for (unsigned share : {0u, 1u, 2u, 5u}) {
      CAPTURE(shape.visible);
      CAPTURE(shape.hidden);
      CAPTURE(shape.bits);
      CAPTURE(share);
      body(model, random_state(shape.visible, share, random));
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

TEST_CASE("bytes are packed by a threshold") {
  const std::uint8_t bytes[] = {0, 127, 128, 255, 128, 127, 0, 0, 255, 1};
  std::uint8_t state[RBM_STATE_BYTES(10)] = {0xff, 0xff};
  rbm_pack(bytes, 10, 128, state);
  CHECK(state[0] == 0x1c);
  CHECK(state[1] == 0xfd);  // bits beyond the last unit stay as they were
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

TEST_CASE("the tables are sigmoid and softplus, rounded to nearest") {
  for (int k = 0; k < RBM_TABLE_ENTRIES; ++k) {
    const double x = k / 16.0;
    CHECK_UNARY(rbm_sigmoid_table[k] == std::min(65535L, std::lround(65536 * reference::sigmoid(x))));
    CHECK_UNARY(rbm_softplus_table[k] == std::lround(65536 * std::log1p(std::exp(-x))));
  }
}

TEST_CASE("the shared tables have a checksum of their own") {
  CHECK(rbm_shared_checksum() == RBM_SHARED_CHECKSUM);
}

TEST_CASE("probabilities follow the sigmoid, mirror at 0 and saturate") {
  for (unsigned fraction = 4; fraction <= 14; ++fraction) {
    CAPTURE(fraction);
    const Model model({1, 1, 8, fraction, 1, 1}, 1);
    double worst = 0;
    bool mirrored = true, rising = true;
    for (std::int32_t sum = 1; sum <= 13 << fraction; ++sum) {
      const int p = model.probability(sum), q = model.probability(-sum);
      worst = std::fmax(worst, std::abs(p - 65536 * reference::sigmoid(model.nats(sum))));
      mirrored = mirrored && (p + q == 65536 || (p == 65535 && q == 0));
      rising = rising && p >= model.probability(sum - 1);
    }
    // Entries 1/16 apart on a curve bent by at most 0.0963 are off by at most 3.1, rounded twice.
    CHECK(worst <= 4);
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

TEST_CASE("a draw is on for exactly its probability of the upper 16 bits") {
  const Model model({1, 1, 8, 10, 1, 1}, 1);
  for (std::int32_t sum :
       {0, 1, -1, 37, -37, 500, -500, 2048, -5000, 11000, -11000, 12095, -12095, 12096, -12096}) {
    std::int64_t on = 0;
    for (std::uint32_t upper = 0; upper < 65536; ++upper) {
      // From this state the next number is a 7-bit rotation of s[3], so that its upper bits can be chosen.
      const std::uint32_t number = upper << 16 | (upper & 1 ? 0xffff : 0);
      rbm_random random = {{0, 0, 0, number >> 7 | number << 25}}, same_random = random;
      const int unit = rbm_draw(&model.runtime, sum, &random);
      REQUIRE_UNARY(unit == drawn(model, same_random, sum));
      on += unit;
    }
    CHECK(std::abs(static_cast<double>(on) - 65536 * reference::sigmoid(model.nats(sum))) <= 4);
  }
}

TEST_CASE("features are the hidden units' probabilities") {
  for_many([](const Model& model, const std::vector<std::uint8_t>& state) {
    std::vector<std::uint8_t> features(model.shape.hidden + 1, 0xee);
    Scratch scratch(model);
    rbm_features(&model.runtime, rbm_from_bits(state.data()), features.data(), scratch.words.data());
    CHECK(features.back() == 0xee);
    const std::vector<std::int64_t> sums = model.hidden_sums(to_values(state, model.shape.visible), 1);
    for (std::size_t i = 0; i < model.shape.hidden; ++i) {
      CHECK_UNARY(features[i] == model.probability(sums[i]) / 256);
      const double exact = 256 * reference::sigmoid(model.nats(sums[i]));
      CHECK_UNARY(std::abs(features[i] + 0.5 - exact) <= 0.5 + 4.0 / 256);
    }
  });
}

TEST_CASE("visible units between off and on count for their share, 255 as a whole") {
  for_many([](const Model& model, const std::vector<std::uint8_t>& state) {
    std::mt19937 random(state.size());
    std::vector<std::uint8_t> bytes(model.shape.visible), features(model.shape.hidden), of_bits(features);
    for (std::size_t j = 0; j < bytes.size(); ++j)
      bytes[j] = rbm_get_unit(state.data(), j) ? 255 : static_cast<std::uint8_t>(random());
    std::vector<std::int64_t> values(bytes.begin(), bytes.end());
    for (std::int64_t& value : values) value += value >= 128;
    Scratch scratch(model);
    rbm_features(&model.runtime, rbm_from_bytes(bytes.data()), features.data(), scratch.words.data());
    const std::vector<std::int64_t> sums = model.hidden_sums(values, 256);
    for (std::size_t i = 0; i < model.shape.hidden; ++i)
      CHECK_UNARY(features[i] == model.probability(sums[i]) / 256);
    // Of zeros and ones, the same as bits.
    for (std::size_t j = 0; j < bytes.size(); ++j) bytes[j] = rbm_get_unit(state.data(), j) ? 255 : 0;
    rbm_features(&model.runtime, rbm_from_bytes(bytes.data()), features.data(), scratch.words.data());
    rbm_features(&model.runtime, rbm_from_bits(state.data()), of_bits.data(), scratch.words.data());
    CHECK(features == of_bits);
  });
}

TEST_CASE("reconstructions through thresholded, drawn and mean hidden units are exact") {
  for_many([](const Model& model, const std::vector<std::uint8_t>& state) {
    const std::vector<std::int64_t> hidden = model.hidden_sums(to_values(state, model.shape.visible), 1);
    for (rbm_hidden_mode mode : {RBM_THRESHOLD, RBM_SAMPLE, RBM_MEAN}) {
      rbm_random random = {{1, 2, 3, 4}}, same_random = random;
      std::vector<std::int64_t> factors(model.shape.hidden);
      for (std::size_t i = 0; i < model.shape.hidden; ++i) {
        if (mode == RBM_THRESHOLD) factors[i] = hidden[i] > 0;
        if (mode == RBM_SAMPLE) factors[i] = drawn(model, same_random, hidden[i]);
        if (mode == RBM_MEAN) factors[i] = std::lround(model.probability(hidden[i]) / 256.0);
      }
      const std::vector<std::int64_t> sums = model.visible_sums(factors, mode == RBM_MEAN ? 256 : 1);
      std::vector<std::uint8_t> means(model.shape.visible + 1, 0xee);
      Scratch scratch(model);
      rbm_reconstruct(&model.runtime, rbm_from_bits(state.data()), mode,
                      mode == RBM_SAMPLE ? &random : nullptr, means.data(), scratch.words.data());
      CHECK(means.back() == 0xee);
      CHECK(same(random, same_random));
      for (std::size_t j = 0; j < model.shape.visible; ++j)
        CHECK_UNARY(means[j] == model.probability(sums[j]) / 256);
    }
  });
}

TEST_CASE("a Gibbs step draws hidden units, then visible units that are not clamped, in order and in place") {
  for_many([](const Model& model, const std::vector<std::uint8_t>& state) {
    std::mt19937 source(3);
    const std::vector<std::uint8_t> clamped = random_state(model.shape.visible, 3, source);
    for (const bool clamps : {false, true}) {
      rbm_random random = {{5, 6, 7, 8}}, same_random = random;
      std::vector<std::int64_t> hidden = model.hidden_sums(to_values(state, model.shape.visible), 1);
      for (std::int64_t& unit : hidden) unit = drawn(model, same_random, unit);
      const std::vector<std::int64_t> sums = model.visible_sums(hidden, 1);
      std::vector<std::uint8_t> expected = state, got = state;
      for (std::size_t j = 0; j < model.shape.visible; ++j)
        if (!clamps || !rbm_get_unit(clamped.data(), j))
          rbm_set_unit(expected.data(), j, drawn(model, same_random, sums[j]));
      Scratch scratch(model);
      rbm_gibbs_step(&model.runtime, got.data(), clamps ? clamped.data() : nullptr, &random,
                     scratch.words.data());
      CHECK(got == expected);  // bits beyond the last unit stay as they were
      CHECK(same(random, same_random));
    }
  });
}

TEST_CASE("free energy is -b'v - sum of softplus, within the table's error") {
  for_many([](const Model& model, const std::vector<std::uint8_t>& state) {
    Scratch scratch(model);
    for (const bool grey : {false, true}) {
      std::mt19937 random(2);
      std::vector<std::uint8_t> bytes(model.shape.visible);
      for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
      std::vector<std::int64_t> values = to_values(state, model.shape.visible);
      if (grey)
        for (std::size_t j = 0; j < values.size(); ++j) values[j] = bytes[j] + (bytes[j] >= 128);
      const int whole = grey ? 256 : 1;
      double exact = 0;
      for (std::size_t j = 0; j < values.size(); ++j)
        exact -= model.nats(model.visible_bias[j] * values[j]) / whole;
      for (const std::int64_t sum : model.hidden_sums(values, whole)) {
        const double x = model.nats(sum);
        exact -= std::fmax(x, 0) + std::log1p(std::exp(-std::abs(x)));
      }
      const rbm_input input = grey ? rbm_from_bytes(bytes.data()) : rbm_from_bits(state.data());
      const std::int32_t steps = rbm_free_energy(&model.runtime, input, scratch.words.data());
      // Interpolation of a curve bent by at most 1/4 between entries 1/16 apart: 1/8192; grey units round.
      const double off = static_cast<double>(model.shape.hidden) / 8000 + model.nats(1) +
                         (grey ? model.nats(1) / 2 * static_cast<double>(model.shape.visible) : 0);
      CHECK(std::abs(model.nats(steps) - exact) <= off);
    }
  });
}

TEST_CASE("the checksum is CRC-32 of the fields, and tells any change") {
  // The bytes 123456789, whose CRC-32 is published as cbf43926: 0x3231 visible units and so on cannot be had
  // from a real model, so that the sum itself is tested, and the order of the fields by a sum over bytes
  // written out.
  std::uint32_t crc = 0xffffffff;
  crc = rbm_crc(crc, 0x34333231, 4);
  crc = rbm_crc(crc, 0x38373635, 4);
  crc = rbm_crc(crc, 0x39, 1);
  CHECK(~crc == 0xcbf43926);

  Model model({9, 2, 4, 10, 5, 6}, 1);
  std::vector<std::uint8_t> bytes = {9, 0, 2, 0, 4, 10, 5, 6};
  const auto append = [&](std::uint32_t number, int count) {
    for (int n = 0; n < count; ++n) bytes.push_back(static_cast<std::uint8_t>(number >> 8 * n));
  };
  for (std::uint32_t word : model.words) append(word, 4);
  for (std::uint8_t shift : model.shifts) append(shift, 1);
  for (std::int16_t bias : model.visible_bias) append(static_cast<std::uint16_t>(bias), 2);
  for (std::int16_t bias : model.hidden_bias) append(static_cast<std::uint16_t>(bias), 2);
  std::uint32_t expected = 0xffffffff;
  for (std::uint8_t byte : bytes) {
    expected ^= byte;
    for (int bit = 0; bit < 8; ++bit) expected = expected & 1 ? expected >> 1 ^ 0xedb88320 : expected >> 1;
  }
  CHECK(rbm_checksum(&model.runtime) == ~expected);
  model.words[1] ^= 0x100;
  CHECK(rbm_checksum(&model.runtime) != ~expected);
}

TEST_CASE("the largest layers do not overflow") {
  constexpr std::size_t most = 65535, most_hidden = 32600;  // the latter's sums come near 2^23 steps
  for (unsigned bits : {8u, 4u, 2u, 1u}) {
    for (unsigned code : {0u, (1u << bits) - 1}) {
      // Every weight at an end of its range: the largest sums that any input can cause.
      Model many_visible({most, 1, bits, 4, 1, 1}, 1), many_hidden({1, most_hidden, bits, 4, 1, 1}, 1);
      for (Model* model : {&many_visible, &many_hidden}) {
        std::fill(model->codes.begin(), model->codes.end(), static_cast<std::uint8_t>(code));
        model->pack();
        Scratch scratch(*model);
        const std::vector<std::uint8_t> all(RBM_STATE_BYTES(model->shape.visible), 0xff);
        std::vector<std::uint8_t> features(model->shape.hidden), means(model->shape.visible);
        rbm_features(&model->runtime, rbm_from_bits(all.data()), features.data(), scratch.words.data());
        const std::vector<std::int64_t> sums =
            model->hidden_sums(std::vector<std::int64_t>(model->shape.visible, 1), 1);
        for (std::size_t i = 0; i < features.size(); ++i)
          REQUIRE_UNARY(features[i] == model->probability(sums[i]) / 256);
        // All hidden units on.
        std::fill(model->hidden_bias.begin(), model->hidden_bias.end(), static_cast<std::int16_t>(32767));
        if (model == &many_visible) continue;
        for (rbm_hidden_mode mode : {RBM_THRESHOLD, RBM_MEAN}) {
          rbm_reconstruct(&model->runtime, rbm_from_bits(all.data()), mode, nullptr, means.data(),
                          scratch.words.data());
          const std::vector<std::int64_t> back =
              model->visible_sums(std::vector<std::int64_t>(most_hidden, 1), 1);
          REQUIRE_UNARY(means[0] == model->probability(back[0]) / 256);
        }
      }
    }
  }
}

TEST_CASE("lanes do not overflow, whatever the shifts of the rows in them") {
  constexpr std::size_t visible = 37, hidden = 900;
  for (unsigned bits : {8u, 4u, 2u, 1u})
    for (unsigned span : {0u, 1u, 2u, 4u, 7u}) {
      CAPTURE(bits);
      CAPTURE(span);
      // All units on, of each shift first those with the largest codes, then as many with the smallest: sums
      // stay near 0, where a probability shows an error.
      Model model({visible, hidden, bits, 14, 0, span}, 2);
      std::fill(model.hidden_bias.begin(), model.hidden_bias.end(), std::int16_t{32767});
      for (std::size_t i = 0; i < hidden; ++i) {
        model.shifts[i] = static_cast<std::uint8_t>(i % (span + 1));
        for (std::size_t j = 0; j < visible; ++j)
          model.codes[i * visible + j] = static_cast<std::uint8_t>(i < hidden / 2 ? (1u << bits) - 1 : 0);
      }
      model.pack();
      Scratch scratch(model);
      std::vector<std::uint8_t> none(RBM_STATE_BYTES(visible)), means(visible);
      rbm_reconstruct(&model.runtime, rbm_from_bits(none.data()), RBM_THRESHOLD, nullptr, means.data(),
                      scratch.words.data());
      const std::vector<std::int64_t> sums = model.visible_sums(std::vector<std::int64_t>(hidden, 1), 1);
      for (std::size_t j = 0; j < visible; ++j) CHECK(means[j] == model.probability(sums[j]) / 256);
    }
}

TEST_CASE("a hidden unit that is as likely on as off stays off at a threshold") {
  Model model({9, 3, 8, 10, 4, 4}, 1);
  std::fill(model.codes.begin(), model.codes.end(), std::uint8_t{200});
  model.hidden_bias = {0, 1, -1};
  model.pack();
  Scratch scratch(model);
  const std::uint8_t none[RBM_STATE_BYTES(9)] = {};
  std::uint8_t means[9];
  rbm_reconstruct(&model.runtime, rbm_from_bits(none), RBM_THRESHOLD, nullptr, means, scratch.words.data());
  const std::vector<std::int64_t> sums = model.visible_sums({0, 1, 0}, 1);
  for (std::size_t j = 0; j < 9; ++j) CHECK(means[j] == model.probability(sums[j]) / 256);
}
