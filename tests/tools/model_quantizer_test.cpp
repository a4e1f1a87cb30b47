// Plans, and what is found out about them, against enumeration in double precision.
#include "tools/quantization/model_quantizer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/reference.hpp"
#include "tools/base/failure.hpp"
#include "tools/quantization/rounding.hpp"

using namespace fixture;

namespace {

constexpr std::size_t visible = 12, hidden = 8;

tool::QuantizationInputs inputs_with(std::optional<tool::Examples> held_out) {
  return {"the model", random_model(visible, hidden, 0.7f), {}, std::move(held_out)};
}

tool::Quantization quantize(const tool::QuantizationInputs& inputs,
                            const tool::QuantizationOptions& options) {
  platform::Threads threads(1);
  platform::Progress progress(true);
  return tool::ModelQuantizer(inputs, options, {threads, progress}).run();
}

tool::QuantizationOptions options_for(std::vector<unsigned> widths,
                                      std::optional<std::uint64_t> budget = std::nullopt) {
  tool::QuantizationOptions options;
  options.widths = std::move(widths);
  options.budget = budget;
  return options;
}

}  // namespace

TEST_CASE("model quantizer: without data and budget it rounds, and measures nothing") {
  const tool::QuantizationInputs inputs = inputs_with({});
  for (const unsigned bits : {8u, 2u}) {
    const tool::Quantization made = quantize(inputs, options_for({bits}));
    const tool::QuantizedModel rounded = tool::rounded(inputs.model, bits, 1);
    CHECK(made.model.codes == rounded.codes);
    CHECK(made.model.shifts == rounded.shifts);
    CHECK(made.model.hidden_bias == rounded.hidden_bias);
    CHECK(made.kept == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7});
    CHECK(made.original_hidden == hidden);
    CHECK(made.tried.empty());
    CHECK_FALSE(made.loss.has_value());
    CHECK_FALSE(made.fidelity.has_value());
  }
}

TEST_CASE("model quantizer: on held-out data the loss is the difference of exact log-likelihoods") {
  const tool::QuantizationInputs inputs =
      inputs_with(random_examples(50, visible, rbm::VisibleUnits::thresholded));
  std::vector<reference::State> states;
  for (std::size_t n = 0; n < 50; ++n) states.push_back(state_of(*inputs.held_out, n));
  const double original = reference::log_likelihood(reference::Parameters(inputs.model.view()), states);
  for (const unsigned bits : {4u, 1u}) {
    const tool::Quantization made = quantize(inputs, options_for({bits}));
    const tool::Model floats = tool::to_floats(made.model);
    const double lost = original - reference::log_likelihood(reference::Parameters(floats.view()), states);
    CHECK(std::fabs(made.loss.value().lost.value - lost) < 1e-4);
    CHECK(made.fidelity.has_value());
  }
}

TEST_CASE("model quantizer: a budget takes the plan that loses least, and fits") {
  const tool::QuantizationInputs inputs = inputs_with({});
  for (const std::uint64_t budget : {850u, 880u, 920u}) {
    const tool::Quantization made = quantize(inputs, options_for({8, 4, 2, 1}, budget));
    CHECK(tool::planned_flash(visible, {made.model.bits, made.model.hidden}) <= budget);
    CHECK(made.kept.size() == made.model.hidden);
    REQUIRE_FALSE(made.tried.empty());
    for (const tool::Trial& trial : made.tried) {
      CHECK(tool::planned_flash(visible, trial.plan) <= budget);
      CHECK(trial.lost.value >= made.loss.value().lost.value);
      if (trial.plan.bits != made.model.bits) continue;
      CHECK(trial.plan.hidden == made.model.hidden);
      CHECK(trial.lost.value == made.loss.value().lost.value);
    }
  }
}

TEST_CASE("model quantizer: a budget without room for a single unit is refused before the work") {
  const tool::QuantizationInputs inputs = inputs_with({});
  const tool::QuantizationOptions options = options_for({8, 4, 2, 1}, 780);
  platform::Threads threads(1);
  platform::Progress progress(true);
  CHECK_THROWS_AS(tool::ModelQuantizer(inputs, options, {threads, progress}), tool::Failure);
}
