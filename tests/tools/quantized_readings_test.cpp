// Models of readings in integers: their headers, their faults, and that no reading makes a sum overflow.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/random_model.hpp"
#include "tools/base/failure.hpp"
#include "tools/inference/device_inference.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/model/quantized_faults.hpp"
#include "tools/model/visible_groups.hpp"
#include "tools/quantization/rounding.hpp"
#include "tools/quantization/sensor_steps.hpp"

using namespace fixture;

namespace {

tool::QuantizedModel quantized(const tool::Model& model, unsigned bits, float step = 0.01f) {
  std::vector<float> steps(model.visible, 1.0f);
  for (const rbm::VisibleGroup& group : model.groups)
    for (std::size_t j = group.begin; group.kind == rbm::VisibleKind::real && j < group.end; ++j)
      steps[j] = step;
  const tool::QuantizedModel made = tool::rounded(model, bits, 1, steps);
  REQUIRE(tool::find_fault(made) == "");
  return made;
}

tool::Model random_readings_model(std::size_t factors, float deviation = 0.6f) {
  return to_tool_model(MixedModel(mixed_kinds(), 9, factors, deviation, 51));
}

bool same(const tool::QuantizedModel& a, const tool::QuantizedModel& b) {
  const tool::QuantizedLayer &x = a.layer, &y = b.layer;
  return a.codes == b.codes && a.shifts == b.shifts && a.visible_bias == b.visible_bias &&
         a.hidden_bias == b.hidden_bias && a.bits == b.bits && a.fraction == b.fraction &&
         tool::to_text(x.groups) == tool::to_text(y.groups) && x.factors == y.factors &&
         x.state_fraction == y.state_fraction && x.limit == y.limit && x.steps == y.steps &&
         x.offsets == y.offsets && x.scales == y.scales && x.gains == y.gains && x.codes == y.codes;
}

std::string message(const std::string& text) {
  try {
    tool::read_c_header(text, "m.h");
  } catch (const tool::Failure& failure) {
    return failure.what();
  }
  return {};
}

std::string message_with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t found = text.find(from);
  CAPTURE(from);
  REQUIRE(found != text.npos);
  return message(text.replace(found, from.size(), to));
}

std::string fault_with(tool::QuantizedModel model, const std::function<void(tool::QuantizedModel&)>& change) {
  change(model);
  return tool::find_fault(model);
}

}  // namespace

TEST_CASE("headers of models of readings are read back as the model they were made of") {
  for (const unsigned bits : {8u, 4u})
    for (const std::size_t factors : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
      tool::QuantizedModel model = quantized(random_readings_model(factors), bits);
      for (const bool one_step : {true, false}) {
        if (!one_step) model.layer.steps[0] = 1e-5f;
        for (const tool::Runtime runtime : {tool::Runtime::included, tool::Runtime::inside})
          for (const std::string& text : {tool::header_text(model, "m", runtime),
                                          tool::header_pair(model, "m", runtime, "m.h").source}) {
            REQUIRE(tool::is_header(text));
            const tool::HeaderContent content = tool::read_c_header(text, "m.h");
            CHECK(content.name == "m");
            CHECK(same(content.model, model));
            CHECK(content.checksum == rbm_real_checksum(&tool::PackedModel(model).real()));
            CHECK(content.model.meaning.visible_units == "real");
          }
      }
    }
}

TEST_CASE("damaged headers of models of readings are refused in a line") {
  const std::string header =
      tool::header_text(quantized(random_readings_model(2), 8), "m", tool::Runtime::included);
  CHECK(message(header) == "");
  CHECK(message_with(header, "M_STEP 0.01", "M_STEP 0") ==
        "m.h: line 54: is a damaged header: '0' is no step of a reading");
  CHECK(message_with(header, "M_STEP 0.01", "M_STEP 0.01, 0.02").find("2 steps of readings, not 1 or 7") !=
        std::string::npos);
  CHECK(message_with(header, "#define M_FACTORS 2", "#define M_FACTORS 1")
            .find("m_gains has 6 numbers, not 3") != std::string::npos);
  CHECK(message_with(header, "M_FACTORS 2", "M_FACTORS 17") ==
        "m.h: is a damaged header: M_FACTORS is 17, not 0 to 16");
  CHECK(message_with(header, "M_STATE_LIMIT ", "M_STATE_LIMIT 9").find("M_STATE_LIMIT is 9") !=
        std::string::npos);
  CHECK(message_with(header, "    m_offsets,\n", "").find("does not list what it should") !=
        std::string::npos);
  CHECK(message_with(header, "m_gains[]", "m_other[]") ==
        "m.h: is a damaged header: it has no table m_gains");
  CHECK(message_with(header, "GROUPS \"real", "GROUPS \"choice").find("choice") != std::string::npos);
}

TEST_CASE("integers that the device cannot compute with are found") {
  const tool::QuantizedModel model = quantized(random_readings_model(2), 8);
  using Quantized = tool::QuantizedModel;
  const auto fault = [&](const auto& change) { return fault_with(model, change); };
  const std::size_t binary = static_cast<std::size_t>(
      std::find(model.layer.scales.begin(), model.layer.scales.end(), 0) - model.layer.scales.begin());
  CHECK(fault([](Quantized& m) { m.bits = 2; }) == "has readings and weights of 2 bits, not 8 or 4");
  CHECK(fault([](Quantized& m) { m.layer.state_fraction = 11; }).find("do not go together") !=
        std::string::npos);
  CHECK(fault([](Quantized& m) { m.layer.limit = 20000; }).find("states up to 20000") != std::string::npos);
  CHECK(fault([](Quantized& m) { m.layer.scales[0] = 1023 * 32; }).find("visible unit 0") !=
        std::string::npos);
  CHECK(fault([](Quantized& m) { m.layer.scales[0] = 1024 * 32 + 21; }).find("not those of a reading") !=
        std::string::npos);
  CHECK(fault([&](Quantized& m) { m.layer.scales[binary] = 1024 * 32; }).find("not those of a binary unit") !=
        std::string::npos);
  CHECK(fault([&](Quantized& m) { m.layer.codes[binary] = 129; }).find("not those of a binary unit") !=
        std::string::npos);
  for (std::size_t n = 0; n < model.layer.gains.size(); ++n)
    CHECK(fault([&](Quantized& m) { ++m.layer.gains[n]; }).find("gains of factor " + std::to_string(n / 3)) !=
          std::string::npos);
}

TEST_CASE("no reading makes a sum overflow") {
  // Weights, loadings and biases so large that integers just hold them.
  for (const float deviation : {0.5f, 4.0f, 20.0f})
    for (const unsigned bits : {8u, 4u}) {
      tool::Model floats = random_readings_model(2, deviation);
      for (float& loading : floats.loadings) loading *= 30 * deviation;
      const tool::QuantizedModel model = quantized(floats, bits);
      const tool::PackedModel packed(model);
      const tool::Model exact = tool::to_floats(model);
      std::vector<std::uint32_t> scratch(RBM_REAL_SCRATCH_WORDS(model.visible, model.hidden, 2));
      const tool::LayerSums sums = tool::hidden_sums(model);
      std::vector<std::int16_t> readings(model.visible);
      std::int64_t least = 0, most = 0;
      for (std::uint32_t ends = 0; ends < 1u << model.visible; ++ends) {
        for (std::size_t j = 0; j < model.visible; ++j)
          readings[j] = static_cast<std::int16_t>(ends >> j & 1 ? 32767 : -32768);
        const rbm_states states =
            rbm_prepare_states(&packed.real(), rbm_from_int16(readings.data()), scratch.data());
        std::vector<std::uint32_t> products(model.hidden + RBM_MOST_HIDDEN_SUMS);
        for (std::size_t unit = 0; unit < model.hidden;)
          unit += rbm_real_hidden_sums(&packed.real(), &states, unit, products.data() + unit);
        std::vector<std::int32_t> inputs(model.hidden);
        for (std::size_t i = 0; i < model.hidden; ++i)
          inputs[i] = rbm_real_hidden_input(&packed.real(), &states, i, products[i]);
        // The same by 64 bits, from the states.
        for (std::size_t i = 0; i < model.hidden; ++i) {
          std::int64_t sum = 0;
          for (std::size_t j = 0; j < model.visible; ++j)
            sum += model.weight(i, j) * rbm_get_state(states.words, j);
          const double steps = static_cast<double>(sum) / std::exp2(model.layer.state_fraction);
          CHECK(std::abs(inputs[i] - model.hidden_bias[i] - steps) <= 0.5);
          least = std::min<std::int64_t>(least, inputs[i]);
          most = std::max<std::int64_t>(most, inputs[i]);
        }
        const double energy =
            rbm_real_free_energy(&packed.real(), rbm_from_int16(readings.data()), scratch.data());
        double squares = 0;
        for (std::size_t j = 0; j < model.visible; ++j)
          if (model.layer.scales[j] != 0) squares += std::pow(rbm_get_state(states.words, j), 2);
        double expected =
            squares / 2 /
            std::exp2(2 * static_cast<int>(model.layer.state_fraction) - static_cast<int>(model.fraction));
        for (std::size_t k = 0; k < 2; ++k)
          expected +=
              std::pow(
                  std::ldexp(states.factors[k], static_cast<int>(model.layer.gains[3 * k + 1] & 255) - 7),
                  2) /
              2 /
              std::exp2(2 * static_cast<int>(model.layer.state_fraction) - static_cast<int>(model.fraction));
        for (std::size_t j = 0; j < model.visible; ++j)
          expected -= static_cast<double>(rbm_get_state(states.words, j)) * model.visible_bias[j] /
                      std::exp2(model.layer.state_fraction);
        for (std::size_t i = 0; i < model.hidden; ++i) {
          const double nats = std::ldexp(inputs[i], -static_cast<int>(model.fraction));
          expected -= std::ldexp(std::max(nats, 0.0) + std::log1p(std::exp(-std::abs(nats))),
                                 static_cast<int>(model.fraction));
        }
        CHECK(std::abs(energy - expected) < 8 + 2e-4 * std::abs(expected));
      }
      CHECK(sums.steps.least <= least);
      CHECK(sums.steps.most >= most);
    }
}

TEST_CASE("a step of a sensor is 1 for whole numbers, else fine enough, and one for all where that serves") {
  tool::Model model(3, 2, {1, 3});
  model.set_groups({{rbm::VisibleKind::real, 0, 3}}, 0);
  const auto steps = [&](std::vector<float> offset, std::vector<float> scale,
                         std::optional<float> given = {}) {
    model.offset.assign(offset.begin(), offset.end());
    model.scale.assign(scale.begin(), scale.end());
    return tool::sensor_steps(model, given, "m");
  };
  CHECK(steps({0, 100, -2000}, {5, 100, 4}) == std::vector<float>(3, 1));
  CHECK(steps({0, 1, 2}, {0.5f, 0.3f, 0.4f}) == std::vector<float>(3, 0.01f));
  CHECK(steps({0, 1, 2}, {0.5f, 0.3f, 0.4f}, 0.05f) == std::vector<float>(3, 0.05f));
  CHECK(steps({0, 0, 100000}, {0.5f, 0.002f, 500}) == std::vector<float>{0.02f, 0.0001f, 20});
  CHECK(steps({20000, 20000, 20000}, {1, 1, 1}) == std::vector<float>(3, 1));
  const auto refused = [&](std::vector<float> offset, std::vector<float> scale, std::optional<float> given) {
    try {
      steps(std::move(offset), std::move(scale), given);
    } catch (const tool::Failure& failure) {
      return std::string(failure.what());
    }
    return std::string();
  };
  CHECK(refused({0, 0, 0}, {1, 1, 0.1f}, 1.0f) ==
        "m: reading 3 is 0 and deviates by 0.1 given the hidden units, which 16 bits do not hold in steps of "
        "1");
  CHECK(refused({0, 1e6f, 0}, {1, 1, 1}, {}) ==
        "m: reading 2 deviates by 1 from 1e+06, less than 16 bits tell apart: subtract what is constant from "
        "it, "
        "before training");
}

TEST_CASE("the device's answers are those of the floats that its integers stand for") {
  const MixedModel mixed(mixed_kinds(), 6, 2, 0.6f, 51);
  tool::Model floats = tool::to_floats(quantized(to_tool_model(mixed), 8, 0.001f));
  const tool::PackedModel packed(quantized(to_tool_model(mixed), 8, 0.001f));
  tool::DeviceInference device(packed, 1);
  const tool::Examples examples = reading_examples(mixed, 40);
  tool::Inference inference(floats, 40, false);
  inference.see(examples, 0, 0, 40);
  inference.hidden_inputs(0, 40);
  std::vector<float> row(floats.visible), features(floats.hidden);
  for (std::size_t n = 0; n < 40; ++n) {
    examples.data.row(n, row.data());
    device.see_readings(0, row.data());
    CHECK(std::abs(device.nats(0) - inference.free_energy(n)) < 0.2f);
  }
  inference.hidden_probabilities(0, 40);
  for (std::size_t n = 0; n < 40; ++n) {
    examples.data.row(n, row.data());
    device.see_readings(0, row.data());
    device.features(0, features.data());
    for (std::size_t i = 0; i < floats.hidden; ++i)
      CHECK(std::abs(features[i] - inference.hidden_values(n)[i]) < 0.015f);
  }
}

TEST_CASE("the error of a device's reconstruction is that of its readings, however factors are rounded") {
  const MixedModel mixed(mixed_kinds(), 6, 2, 2, 51);
  tool::Model floats = to_tool_model(mixed);
  for (std::size_t j = 0; j < floats.visible; ++j)  // what rounding does in large models
    floats.loadings[floats.visible + j] += 0.1f * floats.loadings[j];
  const tool::QuantizedModel integers = quantized(floats, 8, 0.001f);
  tool::Model model = tool::to_floats(integers);
  model.packed = std::make_shared<tool::PackedModel>(integers);
  const tool::Examples examples = reading_examples(mixed, 20);
  tool::Inference inference(model, 20, false);
  inference.see(examples, 0, 0, 20);
  inference.reconstruct(0, 20);
  std::vector<float> row(model.visible);
  for (std::size_t n = 0; n < 20; ++n) {
    examples.data.row(n, row.data());
    float sum = 0;
    for (std::size_t j = 0; j < row.size(); ++j)
      sum += std::pow((inference.visible_values(n)[j] - row[j]) / model.scale[j], 2.0f);
    CHECK(inference.reconstruction_error(n) ==
          doctest::Approx(sum / static_cast<float>(row.size())).epsilon(0.02));
  }
}
