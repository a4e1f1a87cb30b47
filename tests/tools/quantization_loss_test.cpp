// What a changed model is said to cost, against enumeration in double precision.
#include "tools/quantization/quantization_loss.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/reference.hpp"

using fixture::once_in_a_million;
using fixture::random_model;

namespace {

/// Every parameter rounded to whole steps.
tool::Model rounded(const tool::Model& original, float step) {
  tool::Model model = original;
  for (auto* values : {&model.weights, &model.visible_bias, &model.hidden_bias})
    for (float& value : *values) value = step * std::nearbyint(value / step);
  return model;
}

std::vector<reference::State> random_states(std::size_t count, std::size_t visible) {
  std::vector<reference::State> states;
  std::mt19937 random(5);
  for (std::size_t n = 0; n < count; ++n) {
    states.emplace_back(visible);
    for (double& value : states.back()) value = fixture::uniform(random) < 0.3f;
  }
  return states;
}

tool::AnnealingData to_data(const tool::Model& model, const std::vector<reference::State>& states) {
  tool::AnnealingData data(model, states.size(), states.size());
  for (const reference::State& state : states) data.add(fixture::Listed(state));
  return data;
}

tool::LossOptions few_chains() {
  tool::LossOptions options;
  options.chains = 150;
  options.temperatures = 200;
  options.more_temperatures = 30;
  return options;
}

/// What `changed` costs, with these options and threads.
tool::QuantizationLoss measured(const tool::Model& original, const tool::Model& changed,
                                const tool::AnnealingData* data,
                                const tool::LossOptions& options = few_chains(), unsigned thread_count = 1) {
  platform::Threads threads(thread_count);
  platform::Progress progress(true);
  return tool::LossEstimator(original, data, options, {threads, progress}).measure(changed);
}

/// The layers changed places, which leaves Z as it is: so that enumeration is of the hidden layer.
reference::Parameters turned(const tool::Model& model) {
  reference::Parameters out(model.hidden, model.visible);
  const reference::Parameters in(model.view());
  out.visible_bias = in.hidden_bias;
  out.hidden_bias = in.visible_bias;
  for (std::size_t i = 0; i < in.hidden; ++i)
    for (std::size_t j = 0; j < in.visible; ++j) out.weights[j * in.hidden + i] = in.weight(i, j);
  return out;
}

double log_partition_change(const tool::Model& original, const tool::Model& changed) {
  return reference::log_partition(turned(changed)) - reference::log_partition(turned(original));
}

/// Each state's log p in the original less log p in the changed model.
std::vector<double> losses(const tool::Model& original, const tool::Model& changed,
                           const std::vector<reference::State>& states) {
  const reference::Parameters a(original.view()), b(changed.view());
  const double change = log_partition_change(original, changed);
  std::vector<double> all;
  for (const reference::State& state : states)
    all.push_back(reference::free_energy(b, state) - reference::free_energy(a, state) + change);
  return all;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double standard_error(const std::vector<double>& values) {
  double squares = 0;
  for (const double value : values) squares += std::pow(value - mean(values), 2);
  const auto count = static_cast<double>(values.size());
  return std::sqrt(squares / (count - 1) / count);
}

}  // namespace

TEST_CASE("nats lost on data are exact but for the data where a layer is small") {
  const tool::Model original = random_model(40, 9, 0.4f), changed = rounded(original, 0.2f);
  const std::vector<reference::State> states = random_states(100, 40);
  const tool::AnnealingData data = to_data(original, states);
  const tool::QuantizationLoss found = measured(original, changed, &data);
  const std::vector<double> truth = losses(original, changed, states);
  CHECK(std::fabs(found.log_partition_change.value - log_partition_change(original, changed)) < 1e-4);
  CHECK(found.log_partition_change.standard_error == 0);
  CHECK(std::fabs(found.lost.value - mean(truth)) < 1e-4);
  CHECK(found.lost.standard_error == doctest::Approx(standard_error(truth)).epsilon(1e-4));
  CHECK_FALSE(found.effective_chains.has_value());
}

TEST_CASE("without data, what is lost is the divergence from the original") {
  const tool::Model original = random_model(12, 6, 0.6f), changed = rounded(original, 1);
  const reference::Parameters a(original.view());
  const double log_z = reference::log_partition(a);
  std::vector<reference::State> states;
  for (std::size_t n = 0; n < 4096; ++n) states.push_back(reference::to_state(n, 12));
  const std::vector<double> of_states = losses(original, changed, states);
  double truth = 0;
  for (std::size_t n = 0; n < states.size(); ++n)
    truth += std::exp(-reference::free_energy(a, states[n]) - log_z) * of_states[n];
  const tool::QuantizationLoss found = measured(original, changed, nullptr);
  CHECK(found.lost.standard_error < 0.2 * truth);
  CHECK(std::fabs(found.lost.value - truth) < once_in_a_million * found.lost.standard_error);
  CHECK(found.log_partition_change.standard_error == 0);
  CHECK(found.effective_chains.value() > 100);
}

TEST_CASE("nats lost by larger models are annealed") {
  // A layer beyond what is enumerated, of units most of which have no weights: log Z is known all the same.
  tool::Model original(26, 30, {1, 26});
  const tool::Model core = random_model(26, 8, 0.5f);
  const auto embed = [](tool::Model& large, const tool::Model& small) {
    std::copy(small.weights.begin(), small.weights.end(), large.weights.begin());
    std::copy(small.hidden_bias.begin(), small.hidden_bias.end(), large.hidden_bias.begin());
    large.visible_bias = small.visible_bias;
  };
  tool::Model changed = original;
  const tool::Model changed_core = rounded(core, 0.3f);
  embed(original, core);
  embed(changed, changed_core);
  const double change = log_partition_change(core, changed_core);
  const std::vector<reference::State> states = random_states(200, 26);
  const std::vector<double> truth = losses(core, changed_core, states);
  const tool::AnnealingData data = to_data(original, states);
  const tool::QuantizationLoss found = measured(original, changed, &data);
  CHECK(found.log_partition_change.standard_error > 0);
  CHECK(found.log_partition_change.standard_error < 0.1);
  CHECK(std::fabs(found.log_partition_change.value - change) <
        once_in_a_million * found.log_partition_change.standard_error);
  CHECK(std::fabs(found.lost.value - mean(truth)) < once_in_a_million * found.lost.standard_error);
  CHECK(found.lost.standard_error ==
        doctest::Approx(std::hypot(standard_error(truth), found.log_partition_change.standard_error))
            .epsilon(1e-3));
  CHECK(found.effective_chains.value() > 75);

  SUBCASE("the same bits for any number of threads, others for another seed") {
    for (const tool::AnnealingData* const on : {&data, static_cast<const tool::AnnealingData*>(nullptr)}) {
      const tool::QuantizationLoss alone = measured(original, changed, on);
      for (const unsigned threads : {2u, 3u}) {
        const tool::QuantizationLoss shared = measured(original, changed, on, few_chains(), threads);
        CHECK(shared.lost.value == alone.lost.value);
        CHECK(shared.lost.standard_error == alone.lost.standard_error);
        CHECK(shared.effective_chains == alone.effective_chains);
      }
      tool::LossOptions other = few_chains();
      other.seed = 2;
      CHECK(measured(original, changed, on, other).lost.value != alone.lost.value);
    }
  }
  SUBCASE("a model that is not changed loses exactly nothing, and measuring leaves nothing behind") {
    platform::Threads threads(1);
    platform::Progress progress(true);
    for (const tool::AnnealingData* const on : {&data, static_cast<const tool::AnnealingData*>(nullptr)}) {
      tool::LossEstimator estimator(original, on, few_chains(), {threads, progress});
      const tool::QuantizationLoss first = estimator.measure(changed);
      const tool::QuantizationLoss nothing = estimator.measure(original);
      const tool::QuantizationLoss again = estimator.measure(changed);
      CHECK(nothing.lost.value == 0);
      CHECK(nothing.lost.standard_error == 0);
      CHECK(nothing.log_partition_change.value == 0);
      CHECK(again.lost.value == first.lost.value);
      CHECK(again.lost.standard_error == first.lost.standard_error);
    }
  }
}
