// Commands that take a header as MODEL: its integers are the device's, its floats what they stand for.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "platform/desktop/files.hpp"
#include "rbm/quantized.h"
#include "tests/support/random_quantized.hpp"
#include "tests/support/reading_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/output/picture.hpp"
#include "tools/output/png.hpp"

using namespace fixture;

namespace {

constexpr std::size_t visible = 12, hidden = 7, rows = 20;

/// A random model of 4 bits as the file m.h, and as the runtime takes it; data.csv of greys in steps of
/// 1/255.
struct Device {
  Folder folder;
  tool::QuantizedModel quantized = random_quantized(visible, hidden, 4, 5);
  tool::PackedModel packed{quantized};
  std::vector<std::uint8_t> greys;
  std::uint32_t scratch[RBM_SCRATCH_WORDS(visible, hidden)];

  Device() {
    folder.write("m.h", tool::header_text(quantized, "m", tool::Runtime::included));
    std::mt19937 random(1);
    std::string text;
    for (std::size_t n = 0; n < rows * visible; ++n) {
      greys.push_back(static_cast<std::uint8_t>(random() >> 24));
      text += std::to_string(greys[n]) + (n % visible == visible - 1 ? "\n" : ",");
    }
    folder.write("data.csv", text);
  }

  const rbm_quantized* model() const { return &packed.runtime(); }

  std::vector<std::uint8_t> state(std::size_t row) const {
    std::vector<std::uint8_t> packed_row(RBM_STATE_BYTES(visible));
    rbm_pack(greys.data() + row * visible, visible, 128, packed_row.data());
    return packed_row;
  }
};

/// The floats of a NumPy file, as whole numbers out of 256.
std::vector<int> of_256(const Folder& folder, const std::string& name, std::size_t count) {
  const std::string bytes = folder.read(name);
  REQUIRE(bytes.size() > 4 * count);
  std::vector<float> values(count);
  std::memcpy(values.data(), bytes.data() + bytes.size() - 4 * count, 4 * count);
  std::vector<int> whole;
  for (const float value : values) {
    whole.push_back(static_cast<int>(256 * value));
    CHECK(static_cast<float>(whole.back()) == 256 * value);
  }
  return whole;
}

}  // namespace

TEST_CASE("features of a header are rbm_features of bits and of bytes") {
  Device device;
  for (const char* kind : {"thresholded", "means"}) {
    run_well(device.folder,
             {"features", "m.h", "data.csv", "--maximum", "255", "--visible", kind, "--out", "f.npy"});
    const std::vector<int> found = of_256(device.folder, "f.npy", rows * hidden);
    for (std::size_t n = 0; n < rows; ++n) {
      const std::vector<std::uint8_t> state = device.state(n);
      std::uint8_t features[hidden];
      rbm_features(device.model(),
                   kind[0] == 't' ? rbm_from_bits(state.data()) : rbm_from_bytes(&device.greys[n * visible]),
                   features, device.scratch);
      for (std::size_t i = 0; i < hidden; ++i) CHECK(found[n * hidden + i] == features[i]);
    }
  }
}

TEST_CASE("reconstruct of a header is rbm_reconstruct, the generator of row n started at the seed plus n") {
  Device device;
  run_well(device.folder, {"reconstruct", "m.h", "data.csv", "--maximum", "255", "--visible", "thresholded",
                           "--seed", "40", "--out", "r.npy"});
  const std::vector<int> found = of_256(device.folder, "r.npy", rows * visible);
  for (std::size_t n = 0; n < rows; ++n) {
    rbm_random random;
    rbm_random_seed(&random, 40 + n);
    const std::vector<std::uint8_t> state = device.state(n);
    std::uint8_t means[visible];
    rbm_reconstruct(device.model(), rbm_from_bits(state.data()), RBM_SAMPLE, &random, means, device.scratch);
    for (std::size_t j = 0; j < visible; ++j) CHECK(found[n * visible + j] == means[j]);
  }
}

TEST_CASE("sample of a header goes by rbm_gibbs_step, with clamped units too") {
  constexpr std::size_t chains = 5;
  constexpr int steps = 23;
  Device device;
  device.folder.write("mask.csv", "1,0,0,1,0,0,1,0,0,1,0,0\n");
  for (const bool clamp : {false, true}) {
    Words words{"sample",    "m.h",
                "--from",    "data.csv",
                "--maximum", "255",
                "--visible", "thresholded",
                "--count",   std::to_string(chains),
                "--seed",    "7",
                "--steps",   std::to_string(steps),
                "--image",   "s.png"};
    if (clamp) words.insert(words.end(), {"--clamp", "mask.csv"});
    run_well(device.folder, words);
    std::vector<float> expected;
    for (std::size_t n = 0; n < chains; ++n) {
      rbm_random random;
      rbm_random_seed(&random, 7 + n);
      std::vector<std::uint8_t> state = device.state(n);
      const std::vector<std::uint8_t> start = state;
      std::uint8_t clamped[RBM_STATE_BYTES(visible)] = {}, means[visible];
      for (std::size_t j = 0; j < visible; j += 3) rbm_set_unit(clamped, j, clamp);
      for (int step = 1; step < steps; ++step)
        rbm_gibbs_step(device.model(), state.data(), clamped, &random, device.scratch);
      // The last step's hidden units.
      rbm_reconstruct(device.model(), rbm_from_bits(state.data()), RBM_SAMPLE, &random, means,
                      device.scratch);
      for (std::size_t j = 0; j < visible; ++j)
        expected.push_back(clamp && j % 3 == 0 ? static_cast<float>(rbm_get_unit(start.data(), j))
                                               : static_cast<float>(means[j]) / 256);
    }
    platform::OutputFile file(device.folder.path("expected.png"));
    tool::write_png(file, tool::tile(expected, device.quantized.shape, tool::Palette::grey));
    file.commit();
    CHECK((device.folder.read("s.png") == device.folder.read("expected.png")));
  }
}

TEST_CASE("evaluate of a header: the exact likelihood of the floats that the integers stand for") {
  Device device;
  const Json line =
      report(device.folder, {"evaluate", "m.h", "data.csv", "--maximum", "255", "--visible", "thresholded"});
  const double step = std::ldexp(1.0, -static_cast<int>(device.quantized.fraction));
  // log sum over all hidden states of exp(c'h + sum_j softplus(b_j + W_j'h)), and the mean free energy.
  double partition = 0;
  for (unsigned state = 0; state < 1u << hidden; ++state) {
    double log_weight = 0;
    for (std::size_t i = 0; i < hidden; ++i)
      if (state >> i & 1) log_weight += step * device.quantized.hidden_bias[i];
    for (std::size_t j = 0; j < visible; ++j) {
      double input = step * device.quantized.visible_bias[j];
      for (std::size_t i = 0; i < hidden; ++i)
        if (state >> i & 1) input += step * static_cast<double>(device.quantized.weight(i, j));
      log_weight += std::log1p(std::exp(input));
    }
    partition += std::exp(log_weight);
  }
  double energy = 0;
  for (std::size_t n = 0; n < rows; ++n) {
    const std::vector<std::uint8_t> state = device.state(n);
    for (std::size_t j = 0; j < visible; ++j)
      if (rbm_get_unit(state.data(), j)) energy -= step * device.quantized.visible_bias[j];
    for (std::size_t i = 0; i < hidden; ++i) {
      double input = step * device.quantized.hidden_bias[i];
      for (std::size_t j = 0; j < visible; ++j)
        if (rbm_get_unit(state.data(), j)) input += step * static_cast<double>(device.quantized.weight(i, j));
      energy -= std::log1p(std::exp(input));
    }
  }
  CHECK(line.number("free_energy") == doctest::Approx(energy / rows).epsilon(1e-5));
  CHECK(line.number("exact_log_partition") == doctest::Approx(std::log(partition)).epsilon(1e-5));

  // Its pixel error is that of the integers' reconstructions.
  double error = 0;
  for (std::size_t n = 0; n < rows; ++n) {
    rbm_random random;
    rbm_random_seed(&random, 1 + n);
    const std::vector<std::uint8_t> state = device.state(n);
    std::uint8_t means[visible];
    rbm_reconstruct(device.model(), rbm_from_bits(state.data()), RBM_SAMPLE, &random, means, device.scratch);
    for (std::size_t j = 0; j < visible; ++j)
      error += std::pow(rbm_get_unit(state.data(), j) - means[j] / 256.0, 2);
  }
  CHECK(line.number("reconstruction_error") == doctest::Approx(error / (rows * visible)).epsilon(1e-5));
}

TEST_CASE("a damaged header as MODEL is refused by every command") {
  Device device;
  std::string text = device.folder.read("m.h");
  text[text.find("{", text.find("m_visible_bias[]"))] = ' ';
  device.folder.write("bad.h", text);
  for (const Words& words :
       {Words{"info", "bad.h"}, Words{"evaluate", "bad.h", "data.csv"},
        Words{"features", "bad.h", "data.csv"}, Words{"sample", "bad.h"},
        Words{"reconstruct", "bad.h", "data.csv", "--image", "x.png"}, Words{"filters", "bad.h"}})
    check_failure(device.folder, words, 1, {"rbm: bad.h: is a damaged header: "});
}

TEST_CASE("a header with labels: labels, F(v) and samples are the device's") {
  Device device;
  constexpr std::size_t labels = 3;
  tool::QuantizedModel model = device.quantized;
  std::mt19937 random(4);
  model.labels = labels;
  model.hidden_bias.clear();
  for (std::size_t n = 0; n < labels * hidden; ++n)
    model.hidden_bias.push_back(static_cast<std::int16_t>(random() % 512 - 256));
  for (std::size_t y = 0; y < labels; ++y)
    model.label_bias.push_back(static_cast<std::int16_t>(random() % 256 - 128));
  model.meaning.label_names = {"a", "b", "c"};
  model.meaning.visible_units = "thresholded";
  const tool::PackedModel packed(model);
  const rbm_classifier* const classifier = &packed.classifier();
  device.folder.write("l.h", tool::header_text(model, "l", tool::Runtime::included));
  run_well(device.folder, {"classify", "l.h", "data.csv", "--maximum", "255", "--out", "labels.npy"});
  run_well(device.folder, {"features", "l.h", "data.csv", "--maximum", "255", "--out", "f.csv"});
  const auto features = numbers_of(device.folder.read("f.csv"), false);
  const std::string bytes = device.folder.read("labels.npy");
  std::vector<float> numbers(rows * (labels + 3));
  REQUIRE(bytes.size() > 4 * numbers.size());
  std::memcpy(numbers.data(), bytes.data() + bytes.size() - 4 * numbers.size(), 4 * numbers.size());
  std::uint32_t scratch[RBM_LABEL_SCRATCH_WORDS(visible, hidden)];
  for (std::size_t n = 0; n < rows; ++n) {
    const std::vector<std::uint8_t> state = device.state(n);
    std::int32_t scores[labels];
    const std::size_t label = rbm_classify(classifier, rbm_from_bits(state.data()), scores, scratch);
    const float* const told = numbers.data() + n * (labels + 3);
    CHECK(told[0] == static_cast<float>(label));
    std::vector<double> mean(hidden);
    for (std::size_t y = 0; y < labels; ++y) {
      const std::uint16_t probability = rbm_label_probability(&classifier->base, scores, labels, y);
      CHECK(told[2 + y] == static_cast<float>(probability) / 65536);
      const rbm_quantized given = rbm_given_label(classifier, y);
      std::uint8_t out[hidden];
      rbm_features(&given, rbm_from_bits(state.data()), out, scratch);
      for (std::size_t i = 0; i < hidden; ++i) mean[i] += probability / 65536.0 * out[i] / 256;
    }
    CHECK(told[2 + labels] ==
          static_cast<float>(std::ldexp(rbm_label_free_energy(&classifier->base, scores, labels),
                                        -classifier->base.fraction)));
    for (std::size_t i = 0; i < hidden; ++i) CHECK(std::fabs(features[n][i] - mean[i]) < 1e-5);
  }

  // Chains in which the label is drawn after each step, and chains given one.
  constexpr std::size_t chains = 3, steps = 5;
  for (const bool given : {false, true}) {
    Words words{"sample", "l.h",      "--count",   "3",   "--steps", "5",
                "--from", "data.csv", "--maximum", "255", "--out",   "s.csv"};
    if (given) words.insert(words.end(), {"--label", "b"});
    run_well(device.folder, words);
    const Words lines = split_lines(device.folder.read("s.csv"));
    for (std::size_t n = 0; n < chains; ++n) {
      rbm_random generator;
      rbm_random_seed(&generator, 1 + n);
      std::vector<std::uint8_t> state = device.state(n);
      std::int32_t scores[labels];
      const auto draw = [&]() -> std::size_t {
        if (given) return 1;
        rbm_classify(classifier, rbm_from_bits(state.data()), scores, scratch);
        return rbm_draw_label(&classifier->base, scores, labels, &generator);
      };
      std::size_t label = draw();
      for (std::size_t step = 0; step < steps; ++step) {
        const rbm_quantized of_label = rbm_given_label(classifier, label);
        rbm_gibbs_step(&of_label, state.data(), nullptr, &generator, scratch);
        label = draw();
      }
      CHECK(lines[n].substr(0, 2) == std::string(1, static_cast<char>('a' + label)) + ",");
    }
  }
}
