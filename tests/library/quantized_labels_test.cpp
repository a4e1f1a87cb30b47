// Labels on the device, against the definition of the joint model in double precision.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "rbm/pack.hpp"
#include "rbm/quantized.h"
#include "tests/support/random_quantized.hpp"
#include "tests/support/random_real.hpp"

namespace {

struct Shape {
  std::size_t visible, hidden, labels;
  unsigned bits;
};

/// Rows that end in all places of a word, and more labels or hidden units than a kernel takes at once.
const Shape shapes[] = {{1, 1, 2, 8},    {1, 2, 2, 1},   {5, 3, 4, 4},     {64, 16, 10, 8},
                        {64, 16, 10, 4}, {63, 7, 3, 2},  {70, 33, 256, 8}, {31, 40, 5, 1},
                        {300, 19, 6, 4}, {9, 17, 26, 2}, {784, 5, 11, 8}};

std::int16_t random_bias(std::mt19937& random, unsigned fraction) {
  const int most = std::min(2 << fraction, 32767);
  return static_cast<std::int16_t>(static_cast<int>(random() % (2u * static_cast<unsigned>(most) + 1)) -
                                   most);
}

/// The labels of a model, and their storage.
struct Labels {
  std::vector<std::int16_t> hidden_bias, bias;  // [labels][hidden]

  Labels(std::size_t hidden, std::size_t labels, unsigned fraction, std::mt19937& random)
      : hidden_bias(hidden * labels), bias(labels) {
    for (std::int16_t& value : hidden_bias) value = random_bias(random, fraction);
    for (std::int16_t& value : bias) value = random_bias(random, fraction);
  }
  rbm_labels runtime() const { return {static_cast<std::uint16_t>(bias.size()), bias.data()}; }
};

double softplus(double x) {
  return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

struct Model {
  Shape shape;
  std::mt19937 random;
  tool::QuantizedModel made;
  Labels labels;
  std::vector<std::uint32_t> words;
  rbm_classifier runtime;

  Model(const Shape& of, std::uint32_t seed)
      : shape(of),
        random(seed),
        made(fixture::random_integers(of.visible, of.hidden, of.bits, seed)),
        labels(of.hidden, of.labels, made.fraction, random),
        words(rbm::packed_words(of.visible, of.hidden, of.bits)) {
    runtime = {rbm::pack({words.data(), words.size()},
                         {of.bits, made.fraction, of.visible, of.hidden, made.codes.data(),
                          made.shifts.data(), made.visible_bias.data(), labels.hidden_bias.data()}),
               labels.runtime()};
  }
  Model(const Model&) = delete;

  double nats(double steps) const { return std::ldexp(steps, -static_cast<int>(made.fraction)); }
  double weight(std::size_t i, std::size_t j) const {
    return nats((made.codes[i * shape.visible + j] - (shape.bits == 1 ? 0 : 1 << (shape.bits - 1))) *
                (1 << made.shifts[i]));
  }
  /// c + U_y + W v.
  double input(const std::vector<double>& v, std::size_t y, std::size_t i) const {
    double sum = nats(labels.hidden_bias[y * shape.hidden + i]);
    for (std::size_t j = 0; j < shape.visible; ++j) sum += weight(i, j) * v[j];
    return sum;
  }
  /// -F(v, y).
  double score(const std::vector<double>& v, std::size_t y) const {
    double sum = nats(labels.bias[y]);
    for (std::size_t j = 0; j < shape.visible; ++j) sum += nats(made.visible_bias[j]) * v[j];
    for (std::size_t i = 0; i < shape.hidden; ++i) sum += softplus(input(v, y, i));
    return sum;
  }
  double error() const { return static_cast<double>(shape.hidden) / 8000 + nats(1); }
};

/// Scratch of exactly the size asked for, guarded.
struct Scratch {
  std::vector<std::uint32_t> words;
  explicit Scratch(std::size_t size) : words(size + 1, 0x5a5a5a5a) {}
  explicit Scratch(const Shape& of) : Scratch(RBM_LABEL_SCRATCH_WORDS(of.visible, of.hidden)) {}
  ~Scratch() { CHECK(words.back() == 0x5a5a5a5a); }
};

std::vector<double> to_values(const std::vector<std::uint8_t>& state, std::size_t units) {
  std::vector<double> values(units);
  for (std::size_t u = 0; u < units; ++u) values[u] = rbm_get_unit(state.data(), u);
  return values;
}

double log_sum(const std::vector<std::int32_t>& scores, unsigned fraction) {
  const std::int32_t most = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (const std::int32_t score : scores)
    sum += std::exp(std::ldexp(static_cast<double>(score) - most, -static_cast<int>(fraction)));
  return std::ldexp(most, -static_cast<int>(fraction)) + std::log(sum);
}

rbm_quantized with_fraction(unsigned fraction) {
  rbm_quantized model{};
  model.fraction = static_cast<std::uint8_t>(fraction);
  return model;
}

std::uint32_t crc_of(const std::vector<std::uint8_t>& bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
  }
  return ~crc;
}

}  // namespace

TEST_CASE("scores of labels are those of the formula, and the likeliest label has the highest") {
  std::uint32_t seed = 0;
  for (const Shape& shape : shapes) {
    Model model(shape, ++seed);
    CAPTURE(shape.visible);
    CAPTURE(shape.bits);
    Scratch scratch(shape);
    std::vector<std::int32_t> scores(shape.labels);
    std::vector<std::uint8_t> state(RBM_STATE_BYTES(shape.visible)), bytes(shape.visible);
    for (int n = 0; n < 12; ++n) {
      const bool grey = n % 3 == 2;
      std::vector<double> v(shape.visible);
      for (std::size_t j = 0; j < shape.visible; ++j) {
        bytes[j] = static_cast<std::uint8_t>(model.random());
        v[j] = (bytes[j] + bytes[j] / 128) / 256.0;
      }
      rbm_pack(bytes.data(), shape.visible, static_cast<std::uint8_t>(64 + 16 * n), state.data());
      if (!grey) v = to_values(state, shape.visible);
      const rbm_input input = grey ? rbm_from_bytes(bytes.data()) : rbm_from_bits(state.data());
      const std::size_t label = rbm_classify(&model.runtime, input, scores.data(), scratch.words.data());
      const double rounding =
          grey ? model.nats(0.5) * static_cast<double>(shape.visible + shape.hidden) : 0.0;
      for (std::size_t y = 0; y < shape.labels; ++y) {
        CHECK(std::abs(model.nats(scores[y]) - model.score(v, y)) <= model.error() + rounding);
        const rbm_quantized given = rbm_given_label(&model.runtime, y);
        CHECK(scores[y] == model.labels.bias[y] - rbm_free_energy(&given, input, scratch.words.data()));
      }
      CHECK(label ==
            static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin()));
    }
  }
}

TEST_CASE("of labels that are equally likely the first is chosen") {
  Model model({9, 4, 5, 8}, 3);
  for (std::size_t n = 0; n < model.labels.hidden_bias.size(); ++n)
    model.labels.hidden_bias[n] = model.labels.hidden_bias[n % 4];
  model.labels.bias = {5, 7, 7, 6, 7};
  model.runtime.labels = model.labels.runtime();
  const std::uint8_t state[2] = {0x55, 1};
  std::array<std::int32_t, 5> scores{};
  Scratch scratch(model.shape);
  CHECK(rbm_classify(&model.runtime, rbm_from_bits(state), scores.data(), scratch.words.data()) == 1);
}

TEST_CASE("probabilities of labels and F(v) are those of the joint distribution by enumeration") {
  const Shape small = {4, 3, 3, 8};
  for (std::uint32_t seed = 1; seed < 9; ++seed) {
    const Model model(small, seed);
    Scratch scratch(small);
    std::vector<std::int32_t> scores(small.labels);
    for (std::uint8_t state = 0; state < 16; ++state) {
      rbm_classify(&model.runtime, rbm_from_bits(&state), scores.data(), scratch.words.data());
      const std::vector<double> v = to_values({state}, small.visible);
      std::vector<double> mass(small.labels);
      double sum = 0;
      for (std::size_t y = 0; y < small.labels; ++y) {
        for (unsigned h = 0; h < 8; ++h) {
          double energy = -model.nats(model.labels.bias[y]);
          for (std::size_t j = 0; j < small.visible; ++j)
            energy -= model.nats(model.made.visible_bias[j]) * v[j];
          for (std::size_t i = 0; i < small.hidden; ++i)
            if (h >> i & 1) energy -= model.input(v, y, i);
          mass[y] += std::exp(-energy);
        }
        sum += mass[y];
      }
      const double free_energy = model.nats(rbm_label_free_energy(&model.runtime.base, scores.data(), 3));
      CHECK(std::abs(free_energy + std::log(sum)) < model.error() + 1.0 / 300);
      for (std::size_t y = 0; y < small.labels; ++y) {
        const double p = rbm_label_probability(&model.runtime.base, scores.data(), 3, y) / 65536.0;
        CHECK(std::abs(p - mass[y] / sum) < 4 / 65536.0 + (model.error() + 1.0 / 300) / 4);
      }
    }
  }
}

TEST_CASE("sums over labels are exact to a 300th of a nat, however many and however far apart") {
  std::mt19937 random(9);
  for (const unsigned fraction : {4u, 7u, 10u, 14u}) {
    const rbm_quantized model = with_fraction(fraction);
    const double step = std::ldexp(1.0, -static_cast<int>(fraction));
    for (const std::size_t count : {2u, 3u, 10u, 256u})
      for (const int spread : {0, 1, 5, 20, 1000}) {
        CAPTURE(fraction);
        CAPTURE(count);
        CAPTURE(spread);
        std::vector<std::int32_t> scores(count);
        for (std::int32_t& score : scores)
          score = static_cast<std::int32_t>(
              static_cast<int>(random() % static_cast<unsigned>((spread << fraction) + 1)) - 3000);
        const double exact = log_sum(scores, fraction);
        const double found = -step * rbm_label_free_energy(&model, scores.data(), count);
        CHECK(std::abs(found - exact) <= step / 2 + 1.0 / 300);
        double all = 0;
        for (std::size_t y = 0; y < count; ++y) {
          const double p = rbm_label_probability(&model, scores.data(), count, y) / 65536.0;
          CHECK(std::abs(p - std::exp(step * scores[y] - exact)) <= 4 / 65536.0 + (step / 2 + 1.0 / 300) / 4);
          all += p;
        }
        CHECK(std::abs(all - 1) < 4.0 / 65536 * static_cast<double>(count) + step + 0.005);
      }
    std::vector<std::int32_t> scores = {INT32_MIN + 1, INT32_MAX, 0};
    CHECK(rbm_label_free_energy(&model, scores.data(), 3) == -INT32_MAX);
    CHECK(rbm_label_probability(&model, scores.data(), 3, 1) == 65535);
    CHECK(rbm_label_probability(&model, scores.data(), 3, 0) == 0);
    std::swap(scores[0], scores[1]);
    CHECK(rbm_label_free_energy(&model, scores.data(), 3) == -INT32_MAX);
  }
}

TEST_CASE("a label is drawn with its probability, by a number for each but the first") {
  const rbm_quantized model = with_fraction(8);
  for (const std::vector<std::int32_t>& scores :
       {std::vector<std::int32_t>{0, 0}, {100, -200, 300, 0, 90}, {5000, 0, 4800}, {0, 5000, 4900}}) {
    std::vector<int> drawn(scores.size());
    rbm_random random{};
    rbm_random_seed(&random, 4);
    constexpr int draws = 100000;
    for (int n = 0; n < draws; ++n) {
      rbm_random same = random;
      ++drawn[rbm_draw_label(&model, scores.data(), scores.size(), &random)];
      for (std::size_t number = 1; number < scores.size(); ++number) rbm_random_next(&same);
      REQUIRE(std::equal(random.state, random.state + 4, same.state));
    }
    for (std::size_t y = 0; y < scores.size(); ++y) {
      const double p = std::exp(scores[y] / 256.0 - log_sum(scores, 8));
      CHECK(std::abs(drawn[y] / static_cast<double>(draws) - p) < 4 * std::sqrt(p / draws) + 0.002);
    }
  }
}

TEST_CASE("a label and a picture drawn in turn have the joint distribution") {
  const Shape small = {3, 4, 3, 8};
  const Model model(small, 5);
  Scratch scratch(small);
  std::vector<std::int32_t> scores(small.labels);
  std::map<std::pair<unsigned, std::size_t>, double> seen;
  rbm_random random{};
  rbm_random_seed(&random, 6);
  std::uint8_t state = 0;
  constexpr int steps = 200000;
  for (int n = 0; n < steps; ++n) {
    rbm_classify(&model.runtime, rbm_from_bits(&state), scores.data(), scratch.words.data());
    const std::size_t label = rbm_draw_label(&model.runtime.base, scores.data(), small.labels, &random);
    const rbm_quantized given = rbm_given_label(&model.runtime, label);
    rbm_gibbs_step(&given, &state, nullptr, &random, scratch.words.data());
    seen[{state & 7u, label}] += 1.0 / steps;
  }
  double partition = 0, distance = 0;
  const auto mass = [&](unsigned v, std::size_t y) {
    return std::exp(model.score(to_values({static_cast<std::uint8_t>(v)}, small.visible), y));
  };
  for (unsigned v = 0; v < 8; ++v)
    for (std::size_t y = 0; y < small.labels; ++y) partition += mass(v, y);
  for (unsigned v = 0; v < 8; ++v)
    for (std::size_t y = 0; y < small.labels; ++y)
      distance += std::abs(seen[{v, y}] - mass(v, y) / partition) / 2;
  CHECK(distance < 0.02);
}

TEST_CASE("readings are classified by their free energies given each label") {
  using fixture::RealModel;
  std::mt19937 random(11);
  const fixture::RealShape real_shapes[] = {{1, 1, 0, 8, 10, 6, false},   {5, 3, 0, 4, 10, 6, true},
                                            {13, 4, 3, 4, 10, 7, true},   {17, 9, 1, 8, 11, 8, true},
                                            {36, 16, 0, 8, 10, 6, false}, {70, 33, 5, 8, 10, 6, true}};
  for (const fixture::RealShape& of : real_shapes) {
    RealModel made(of, 21);
    const Labels labels(of.hidden, 7, of.fraction, random);
    made.hidden_bias = labels.hidden_bias;
    made.pack();
    const rbm_real_classifier classifier = {made.runtime, labels.runtime()};
    Scratch scratch(RBM_REAL_LABEL_SCRATCH_WORDS(of.visible, of.hidden, of.factors));
    std::vector<std::int32_t> scores(7);
    std::vector<std::int16_t> readings(of.visible);
    for (int n = 0; n < 20; ++n) {
      for (std::size_t j = 0; j < of.visible; ++j)
        readings[j] =
            made.real(j)
                ? static_cast<std::int16_t>(made.reading(j, static_cast<double>(random() % 401) / 100 - 2))
                : static_cast<std::int16_t>(random() % 2);
      const rbm_readings input = rbm_from_int16(readings.data());
      const std::size_t label = rbm_real_classify(&classifier, input, scores.data(), scratch.words.data());
      CHECK(label ==
            static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin()));
      std::vector<double> exact(7);
      for (std::size_t y = 0; y < 7; ++y) {
        const rbm_real given = rbm_real_given_label(&classifier, y);
        CHECK(scores[y] == labels.bias[y] - rbm_real_free_energy(&given, input, scratch.words.data()));
        std::copy_n(labels.hidden_bias.begin() + static_cast<std::ptrdiff_t>(y * of.hidden), of.hidden,
                    made.hidden_bias.begin());
        exact[y] = made.bias(labels.bias[y]) - made.free_energy(made.states(readings));
      }
      std::copy_n(labels.hidden_bias.begin(), of.hidden, made.hidden_bias.begin());
      // What rounding states adds is nearly the same for all labels.
      for (std::size_t y = 1; y < 7; ++y)
        CHECK(std::abs(std::ldexp(scores[y] - scores[0], -static_cast<int>(of.fraction)) -
                       (exact[y] - exact[0])) < 0.02 * static_cast<double>(of.hidden) + 0.02);
    }
  }
}

TEST_CASE("the window of a stream is classified, and has no label where readings are missing") {
  fixture::RealModel made({8, 5, 2, 8, 10, 6, false}, 7);
  std::mt19937 random(12);
  const Labels labels(5, 3, 10, random);
  made.hidden_bias = labels.hidden_bias;
  made.pack();
  const rbm_real_classifier classifier = {made.runtime, labels.runtime()};
  const rbm_detector detector = {&classifier.base, nullptr, 0, 8, 4, 1, 8, 1, RBM_DETREND_LEVEL, 1, 1};
  std::vector<std::uint32_t> memory(RBM_STREAM_WORDS(1, 8, 4, RBM_DETREND_LEVEL, 1, 5, 2));
  Scratch scratch(RBM_REAL_LABEL_SCRATCH_WORDS(8, 5, 2));
  rbm_stream stream;
  rbm_stream_start(&stream, &detector, memory.data());
  std::vector<std::int16_t> pushed;
  std::array<std::int32_t, 3> scores{}, wanted{};
  int classified = 0, without = 0;
  for (int n = 0; n < 200; ++n) {
    pushed.push_back(n == 100 ? std::int16_t{RBM_MISSING} : static_cast<std::int16_t>(random() % 4000));
    rbm_stream_push(&stream, &pushed.back());
    if (rbm_stream_ready(&stream) == 0) continue;
    scores = {-1, -1, -1};
    const std::size_t label = rbm_stream_classify(&stream, &classifier, scores.data(), scratch.words.data());
    if (std::find(pushed.end() - 8, pushed.end(), RBM_MISSING) != pushed.end()) {
      CHECK(label == 3);
      CHECK(scores == std::array<std::int32_t, 3>{-1, -1, -1});
      ++without;
      continue;
    }
    std::array<std::int16_t, 8> window{};
    rbm_detrend(RBM_DETREND_LEVEL, pushed.data() + pushed.size() - 8, 8, window.data());
    CHECK(label ==
          rbm_real_classify(&classifier, rbm_from_int16(window.data()), wanted.data(), scratch.words.data()));
    CHECK(scores == wanted);
    ++classified;
  }
  CHECK(without == 2);
  CHECK(classified > 40);
}

TEST_CASE("the checksum of a classifier goes on with its labels, and tells any change") {
  Model model({9, 2, 3, 4}, 1);
  const auto append = [](std::vector<std::uint8_t>& bytes, std::uint32_t number, int count) {
    for (int n = 0; n < count; ++n) bytes.push_back(static_cast<std::uint8_t>(number >> 8 * n));
  };
  const rbm_quantized& base = model.runtime.base;
  std::vector<std::uint8_t> bytes = {
      9, 0, 2, 0, base.bits, base.fraction, base.lowest_shift, base.highest_shift};
  for (const std::uint32_t word : model.words) append(bytes, word, 4);
  for (const std::uint8_t shift : model.made.shifts) append(bytes, shift, 1);
  for (const std::int16_t bias : model.made.visible_bias) append(bytes, static_cast<std::uint16_t>(bias), 2);
  for (std::size_t n = 0; n < 2; ++n)
    append(bytes, static_cast<std::uint16_t>(model.labels.hidden_bias[n]), 2);
  append(bytes, 3, 2);
  for (std::size_t n = 2; n < 6; ++n)
    append(bytes, static_cast<std::uint16_t>(model.labels.hidden_bias[n]), 2);
  for (const std::int16_t bias : model.labels.bias) append(bytes, static_cast<std::uint16_t>(bias), 2);
  const std::uint32_t expected = crc_of(bytes);
  CHECK(rbm_classifier_checksum(&model.runtime) == expected);
  model.labels.bias[2] ^= 1;
  CHECK(rbm_classifier_checksum(&model.runtime) != expected);
  model.labels.bias[2] ^= 1;
  model.labels.hidden_bias[5] ^= 64;
  CHECK(rbm_classifier_checksum(&model.runtime) != expected);

  // Of readings: where its labels are those of bits, they change the checksum alike.
  fixture::RealModel made({9, 2, 1, 4, 10, 6, false}, 2);
  made.hidden_bias = model.labels.hidden_bias;
  made.pack();
  rbm_real_classifier readings = {made.runtime, model.labels.runtime()};
  const std::uint32_t whole = rbm_real_classifier_checksum(&readings);
  std::uint32_t crc = ~rbm_real_checksum(&readings.base);
  crc = rbm_crc(crc, 3, 2);
  for (std::size_t n = 2; n < 6; ++n) crc = rbm_crc(crc, static_cast<std::uint16_t>(made.hidden_bias[n]), 2);
  for (const std::int16_t bias : model.labels.bias) crc = rbm_crc(crc, static_cast<std::uint16_t>(bias), 2);
  CHECK(whole == ~crc);
  made.gains[0] ^= 1;
  CHECK(rbm_real_classifier_checksum(&readings) != whole);
}
