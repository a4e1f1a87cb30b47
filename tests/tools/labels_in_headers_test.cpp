// From a model with labels to integers: its header, and what the integers stand for, against the definition.
#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/model/quantized_faults.hpp"
#include "tools/quantization/rounding.hpp"

namespace {

constexpr std::size_t units = 9, hidden = 5, labels = 3;

/// A random model of bits, or of readings, with three labels.
tool::Model labelled(bool real) {
  std::mt19937 random(7);
  const auto uniform = [&](float most) {
    return most * (static_cast<float>(random() >> 8) * 0x1p-23f - 1.0f);
  };
  tool::Model model(units + labels, hidden, {3, 3});
  for (float& weight : model.weights) weight = uniform(1);
  for (float& bias : model.visible_bias) bias = uniform(1);
  for (float& bias : model.hidden_bias) bias = uniform(1);
  model.set_groups({{real ? rbm::VisibleKind::real : rbm::VisibleKind::binary, 0, units},
                    {rbm::VisibleKind::choice, units, units + labels}},
                   0);
  for (std::size_t j = 0; real && j < units; ++j) model.scale[j] = 20;
  model.meaning.visible_units = real ? "real" : "sampled";
  model.meaning.label_names = {"circle", "a \"square\" \\", "Ω"};
  model.meaning.label_column = "what";
  return model;
}

tool::QuantizedModel made(bool real, unsigned bits = 8) {
  return tool::rounded(labelled(real), bits, 1, std::vector<float>(real ? units : 0, 1.0f));
}

/// -F(v, y) of each label but for what no label changes, in double precision.
std::vector<double> scores(const tool::Model& model, const std::vector<double>& state) {
  std::vector<double> found(labels);
  for (std::size_t y = 0; y < labels; ++y) {
    found[y] = static_cast<double>(model.visible_bias[units + y]);
    for (std::size_t i = 0; i < hidden; ++i) {
      const float* const row = model.weights.data() + i * (units + labels);
      double input = static_cast<double>(model.hidden_bias[i]) + static_cast<double>(row[units + y]);
      for (std::size_t j = 0; j < units; ++j) input += static_cast<double>(row[j]) * state[j];
      found[y] += std::log1p(std::exp(-std::fabs(input))) + std::max(input, 0.0);
    }
  }
  return found;
}

std::string message(const std::string& header) {
  try {
    tool::read_c_header(header, "m.h");
  } catch (const tool::Failure& failure) {
    return failure.what();
  }
  return "none";
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("quantized labels: the device's scores are those of the floats that its integers stand for") {
  for (const bool real : {false, true}) {
    const tool::QuantizedModel model = made(real);
    REQUIRE(model.visible == units);
    REQUIRE(model.labels == labels);
    REQUIRE(model.hidden_bias.size() == labels * hidden);
    REQUIRE(tool::find_fault(model) == "");
    const tool::Model floats = tool::to_floats(model), original = labelled(real);
    CHECK(floats.labels() == labels);
    CHECK(floats.units() == units);
    CHECK(floats.has_readings() == real);
    const tool::PackedModel packed(model);
    std::mt19937 random(3);
    for (int n = 0; n < 50; ++n) {
      std::vector<std::uint8_t> bits(RBM_STATE_BYTES(units));
      std::vector<std::int16_t> readings(units);
      std::vector<double> state(units), before(units);
      for (std::size_t j = 0; j < units; ++j) {
        rbm_set_unit(bits.data(), j, random() & 1);
        readings[j] = static_cast<std::int16_t>(static_cast<int>(random() % 121) - 60);
        // The device rounds readings down, which half a step makes good in its offset.
        state[j] = real ? (readings[j] - static_cast<double>(floats.offset[j])) /
                              static_cast<double>(floats.scale[j])
                        : rbm_get_unit(bits.data(), j);
        before[j] = real ? readings[j] / 20.0 : state[j];
      }
      std::vector<std::int32_t> steps(labels);
      std::vector<std::uint32_t> scratch(200);
      const std::size_t label =
          real ? rbm_real_classify(&packed.real_classifier(), rbm_from_int16(readings.data()), steps.data(),
                                   scratch.data())
               : rbm_classify(&packed.classifier(), rbm_from_bits(bits.data()), steps.data(), scratch.data());
      const std::vector<double> exact = scores(floats, state), whole = scores(original, before);
      for (std::size_t y = 0; y < labels; ++y) {
        CHECK(steps[y] <= steps[label]);
        const double found = std::ldexp(steps[y] - steps[0], -static_cast<int>(model.fraction));
        CHECK(found == doctest::Approx(exact[y] - exact[0]).scale(1).epsilon(real ? 0.06 : 0.003));
        CHECK(std::fabs(found - (whole[y] - whole[0])) < 0.15);
      }
    }
  }
}

TEST_CASE("quantized labels: headers of every width are read back whole") {
  for (const bool real : {false, true})
    for (const unsigned bits : {8u, 4u}) {
      const tool::QuantizedModel model = made(real, bits);
      for (const tool::LabelNames names : {tool::LabelNames::left_out, tool::LabelNames::inside})
        for (const std::string& text :
             {tool::header_text(model, "m", tool::Runtime::included, names),
              tool::header_text(model, "m", tool::Runtime::inside, names),
              tool::header_pair(model, "m", tool::Runtime::included, "m.h", names).source}) {
          const tool::HeaderContent content = tool::read_c_header(text, "m.h");
          CHECK(content.name == "m");
          CHECK(content.model.labels == labels);
          CHECK(content.model.codes == model.codes);
          CHECK(content.model.hidden_bias == model.hidden_bias);
          CHECK(content.model.label_bias == model.label_bias);
          CHECK(content.model.visible_bias == model.visible_bias);
          CHECK(content.model.layer.scales == model.layer.scales);
          CHECK(content.model.meaning.label_names == model.meaning.label_names);
          CHECK(content.model.meaning.label_column == "what");
          CHECK((text.find("m_label_names[") != text.npos) == (names == tool::LabelNames::inside));
        }
    }
}

TEST_CASE("quantized labels: damaged headers are refused") {
  const std::string header = tool::header_text(made(false), "m", tool::Runtime::included);
  CHECK(message(header) == "none");
  CHECK(message(changed(header, "#define M_LABELS 3", "#define M_LABELS 2")) ==
        "m.h: is a damaged header: m_label_bias has 3 numbers, not 2");
  CHECK(message(changed(header, "rbm_classifier m =", "rbm_quantized m =")).find("m.h: ") == 0);
  CHECK(message(changed(header, "    m_label_bias,\n", "")).find("does not list what it should") !=
        std::string::npos);
  CHECK(message(changed(header, "\\\"circle\\\",", "")) ==
        "m.h: metadata 'labels' names 2 labels, but the model has 3");
}

TEST_CASE("quantized labels: what a device cannot take is a fault") {
  tool::QuantizedModel model = made(false);
  model.labels = 1;
  CHECK(tool::find_fault(model) == "has 1 label, not 2 to 256");
  model = made(false);
  // Sums are proved for the biases of every label, not of the first alone.
  const tool::SumRange before = tool::hidden_sums(model).steps;
  model.hidden_bias[2 * hidden] = 32767;
  CHECK(tool::hidden_sums(model).steps.most > before.most + 20000);
  CHECK(tool::range_of_hidden_bias(model, 0).most == 32767);
}
