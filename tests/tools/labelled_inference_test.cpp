// A model with labels at work, against the reference in double precision.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/labelled_model.hpp"
#include "tools/base/statistics.hpp"
#include "tools/inference/inference.hpp"
#include "tools/inference/scores.hpp"

using namespace fixture;

namespace {

constexpr std::size_t units = 6, labels = 3, hidden = 5;

tool::Model small_model() {
  return labelled_model(units, labels, hidden, 1);
}

/// The same example, many times, with the label 1.
tool::Examples repeated(std::size_t rows) {
  tool::Examples examples = random_examples(1, units, rbm::VisibleUnits::thresholded);
  const std::vector<float> row = examples.data.values;
  for (std::size_t n = 1; n < rows; ++n)
    examples.data.values.insert(examples.data.values.end(), row.begin(), row.end());
  examples.data.rows = rows;
  examples.data.classes.assign(rows, 1);
  return examples;
}

void check_share(std::size_t count, std::size_t of, double p) {
  const auto all = static_cast<double>(of);
  CHECK(std::fabs(static_cast<double>(count) / all - p) < once_in_a_million * std::sqrt(p * (1 - p) / all));
}

template <class FreeEnergy>
void check_labels(const tool::Model& model, const tool::Examples& examples, const FreeEnergy& free_energy) {
  const std::size_t rows = examples.data.rows;
  tool::Inference inference(model, rows, examples.kind == rbm::VisibleUnits::means);
  inference.see(examples, 0, 0, rows);
  for (std::size_t n = 0; n < rows; ++n) {
    const LabelTruth truth = label_truth(state_of(examples, n), model.labels(), free_energy);
    CHECK(static_cast<double>(inference.free_energy(n)) == doctest::Approx(truth.free_energy).epsilon(1e-5));
    for (std::size_t y = 0; y < model.labels(); ++y) {
      const double p = truth.probabilities[y];
      CHECK(std::fabs(static_cast<double>(inference.label_probabilities(n)[y]) - p) < 1e-5);
      CHECK(std::fabs(static_cast<double>(inference.label_log_probabilities(n)[y]) - std::log(p)) < 1e-4);
    }
  }
}

}  // namespace

TEST_CASE("labels: p(y | v) and F(v) are those of the reference, of bits, means and readings") {
  const tool::Model model = small_model();
  const reference::Parameters exact(model.view());
  for (const rbm::VisibleUnits kind : {rbm::VisibleUnits::thresholded, rbm::VisibleUnits::means})
    check_labels(model, random_examples(20, units, kind),
                 [&](const reference::State& v) { return reference::free_energy(exact, v); });

  const MixedModel mixed(and_labels(mixed_kinds(), labels), hidden, 2, 0.7f, 31);
  tool::Examples examples = reading_examples(mixed, 20);
  std::vector<float> values;
  for (std::size_t n = 0; n < 20; ++n)
    for (std::size_t j = 0; j < 7; ++j) values.push_back(examples.data.values[n * (7 + labels) + j]);
  examples.data.values = values;
  examples.data.columns = 7;
  const reference::MixedModel truth = mixed.exact();
  check_labels(with_labels(to_tool_model(mixed), labels), examples,
               [&](const reference::State& v) { return truth.free_energy(v); });
}

TEST_CASE("labels: what p(y | v) makes impossible in floats keeps its logarithm") {
  tool::Model model = labelled_model(2, 2, 1, 0);
  model.visible_bias[3] = -200;
  tool::Examples examples = random_examples(1, 2, rbm::VisibleUnits::thresholded);
  tool::Inference inference(model, 1, false);
  inference.see(examples, 0, 0, 1);
  CHECK(inference.label_probabilities(0)[1] == 0);
  CHECK(inference.label_log_probabilities(0)[1] == doctest::Approx(-200));
}

TEST_CASE("labels: a state has the label that is given, else its example's own, else one from p(y | v)") {
  constexpr std::size_t rows = 20000;
  const tool::Model model = small_model();
  tool::Examples examples = repeated(rows);
  examples.data.classes[7] = tool::no_label;
  const auto counts = [&] {
    tool::Inference inference(model, rows, false);
    inference.see(examples, 0, 0, rows);
    std::vector<std::size_t> found(labels);
    for (std::size_t n = 0; n < rows; ++n) ++found[inference.label(n)];
    return found;
  };
  const reference::Parameters exact(model.view());
  const LabelTruth truth = label_truth(state_of(examples, 0), labels, [&](const reference::State& v) {
    return reference::free_energy(exact, v);
  });
  const std::vector<std::size_t> drawn = counts();
  for (std::size_t y = 0; y < labels; ++y) check_share(drawn[y], rows, truth.probabilities[y]);
  examples.label.own = true;
  CHECK(counts()[1] >= rows - 1);
  examples.label.given = 2;
  CHECK(counts()[2] == rows);
  tool::Inference inference(model, 3, false);
  inference.see_noise(1, 0, 3, 2);
  for (std::size_t n = 0; n < 3; ++n) CHECK(inference.label(n) == 2);
}

TEST_CASE("labels: features are the mean over labels, and hidden units given one are those of its model") {
  const tool::Model model = small_model();
  const reference::Parameters exact(model.view());
  tool::Examples examples = random_examples(20, units, rbm::VisibleUnits::thresholded);
  examples.label.given = 2;
  tool::Inference inference(model, 20, false);
  inference.see(examples, 0, 0, 20);
  inference.features(0, 20);
  for (std::size_t n = 0; n < 20; ++n) {
    const reference::State v = state_of(examples, n);
    const LabelTruth truth = label_truth(
        v, labels, [&](const reference::State& state) { return reference::free_energy(exact, state); });
    reference::State mean(hidden);
    for (std::size_t y = 0; y < labels; ++y) {
      const reference::State p = reference::hidden_probabilities(exact, with_label(v, y, labels));
      for (std::size_t i = 0; i < hidden; ++i) mean[i] += truth.probabilities[y] * p[i];
    }
    for (std::size_t i = 0; i < hidden; ++i)
      CHECK(std::fabs(static_cast<double>(inference.hidden_values(n)[i]) - mean[i]) < 1e-5);
  }
  inference.hidden_inputs(0, 20);
  inference.hidden_probabilities(0, 20);
  for (std::size_t n = 0; n < 20; ++n) {
    const reference::State p =
        reference::hidden_probabilities(exact, with_label(state_of(examples, n), 2, labels));
    for (std::size_t i = 0; i < hidden; ++i)
      CHECK(std::fabs(static_cast<double>(inference.hidden_values(n)[i]) - p[i]) < 1e-5);
  }
}

TEST_CASE("labels: errors are those of the units given the label, pseudo-likelihoods sum the labels out") {
  const tool::Model model = small_model();
  const reference::Parameters exact(model.view());
  tool::Examples examples = repeated(20000);
  examples.label.own = true;
  tool::Scores found(20000, examples.kind);
  tool::Inference inference(model, 20000, false);
  inference.see(examples, 0, 0, 20000);
  found.measure(inference, 0, 0, 20000);
  const reference::State v = state_of(examples, 0);
  const auto free_energy = [&](const reference::State& state) {
    return label_truth(state, labels,
                       [&](const reference::State& all) { return reference::free_energy(exact, all); })
        .free_energy;
  };
  double pseudo_likelihood = 0, error = 0;
  for (std::size_t j = 0; j < units; ++j) {
    reference::State flipped = v;
    flipped[j] = 1 - v[j];
    pseudo_likelihood -= reference::softplus(free_energy(v) - free_energy(flipped));
  }
  const reference::State p = reference::hidden_probabilities(exact, with_label(v, 1, labels));
  for (std::size_t number = 0; number < std::size_t{1} << hidden; ++number) {
    const reference::State h = reference::to_state(number, hidden);
    double chance = 1;
    for (std::size_t i = 0; i < hidden; ++i) chance *= h[i] > 0 ? p[i] : 1 - p[i];
    const reference::State means = reference::visible_probabilities(exact, h);
    for (std::size_t j = 0; j < units; ++j) error += chance * std::pow(v[j] - means[j], 2) / units;
  }
  const auto check_mean = [](const std::vector<float>& values, double truth) {
    const tool::Mean mean = tool::mean(values);
    CHECK(std::fabs(mean.value - truth) < once_in_a_million * mean.standard_error);
  };
  check_mean(found.pseudo_likelihood, pseudo_likelihood);
  check_mean(found.reconstruction_error, error);
}

TEST_CASE("labels: chains reach the joint distribution, and given a label that of its units") {
  const tool::Model model = small_model();
  const reference::Parameters exact(model.view());
  constexpr std::size_t chains = 20000;
  std::vector<double> mass(labels), on(labels);  // of each label, and of it with unit 0 on
  double all = 0;
  for (std::size_t number = 0; number < std::size_t{1} << units; ++number)
    for (std::size_t y = 0; y < labels; ++y) {
      const reference::State v = reference::to_state(number, units);
      const double weight = std::exp(-reference::free_energy(exact, with_label(v, y, labels)));
      mass[y] += weight;
      on[y] += v[0] > 0 ? weight : 0;
      all += weight;
    }
  for (const bool given : {false, true}) {
    tool::Inference inference(model, chains, false);
    inference.see_noise(3, 0, chains, given ? std::optional<std::size_t>(2) : std::nullopt);
    tool::ClampedChains clamped(given ? std::vector<rbm::Unit>{units, units + 1, units + 2}
                                      : std::vector<rbm::Unit>{});
    for (std::size_t n = 0; n < chains; ++n) clamped.add(inference.visible(n));
    inference.gibbs_steps(0, chains, 200, clamped);
    std::vector<std::size_t> counts(labels), counts_on(labels);
    for (std::size_t n = 0; n < chains; ++n) {
      const rbm::ActiveUnits state = inference.visible(n);
      ++counts[inference.label(n)];
      counts_on[inference.label(n)] += state.units[0] == 0;
    }
    if (given) {
      CHECK(counts[2] == chains);
      check_share(counts_on[2], chains, on[2] / mass[2]);
      continue;
    }
    for (std::size_t y = 0; y < labels; ++y) {
      check_share(counts[y], chains, mass[y] / all);
      check_share(counts_on[y], chains, on[y] / all);
    }
    // What is said of the labels is said of the units as they are now.
    reference::State v(units);
    const rbm::ActiveUnits state = inference.visible(0);
    for (std::size_t n = 0; n + 1 < state.count; ++n) v[state.units[n]] = 1;
    const LabelTruth truth = label_truth(
        v, labels, [&](const reference::State& now) { return reference::free_energy(exact, now); });
    CHECK(static_cast<double>(inference.free_energy(0)) == doctest::Approx(truth.free_energy).epsilon(1e-5));
  }
}
