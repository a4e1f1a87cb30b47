// The figures of single examples, against the reference in double precision.
#include "tools/inference/scores.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/reference.hpp"
#include "tools/base/statistics.hpp"

using namespace fixture;

namespace {

constexpr std::size_t visible = 9, hidden = 5;

tool::Scores scores(const tool::Model& model, const tool::Examples& examples) {
  const std::size_t rows = examples.data.rows;
  tool::Scores found(rows, examples.kind);
  tool::Inference inference(model, rows, examples.kind == rbm::VisibleUnits::means);
  inference.see(examples, 0, 0, rows);
  found.measure(inference, 0, 0, rows);
  return found;
}

/// The same example, many times.
tool::Examples repeated(std::size_t rows) {
  tool::Examples examples = random_examples(1, visible, rbm::VisibleUnits::thresholded);
  const std::vector<float> row = examples.data.values;
  examples.data.values.clear();
  for (std::size_t n = 0; n < rows; ++n)
    examples.data.values.insert(examples.data.values.end(), row.begin(), row.end());
  examples.data.rows = rows;
  return examples;
}

double log_pseudo_likelihood(const reference::Parameters& model, const reference::State& v) {
  double sum = 0;
  for (std::size_t j = 0; j < visible; ++j) {
    reference::State flipped = v;
    flipped[j] = 1 - v[j];
    sum -= reference::softplus(reference::free_energy(model, v) - reference::free_energy(model, flipped));
  }
  return sum;
}

/// The mean of (v - p(v = 1 | h))^2 over visible units and over all h, by p(h | v).
double expected_error(const reference::Parameters& model, const reference::State& v) {
  const reference::State p = reference::hidden_probabilities(model, v);
  double error = 0;
  for (std::size_t number = 0; number < std::size_t{1} << hidden; ++number) {
    const reference::State h = reference::to_state(number, hidden);
    double chance = 1;
    for (std::size_t i = 0; i < hidden; ++i) chance *= h[i] > 0 ? p[i] : 1 - p[i];
    const reference::State means = reference::visible_probabilities(model, h);
    for (std::size_t j = 0; j < visible; ++j) error += chance * std::pow(v[j] - means[j], 2) / visible;
  }
  return error;
}

void check_mean(const std::vector<float>& values, double truth) {
  const tool::Mean found = tool::mean(values);
  CHECK(found.standard_error > 0);
  CHECK(std::fabs(found.value - truth) < once_in_a_million * found.standard_error);
}

}  // namespace

TEST_CASE("scores: free energies are the reference's; real-valued states have no pseudo-likelihood") {
  const tool::Model model = random_model(visible, hidden, 1);
  const reference::Parameters exact(model.view());
  for (const rbm::VisibleUnits kind : {rbm::VisibleUnits::thresholded, rbm::VisibleUnits::means}) {
    const tool::Examples examples = random_examples(30, visible, kind);
    const tool::Scores found = scores(model, examples);
    for (std::size_t n = 0; n < 30; ++n)
      CHECK(std::fabs(static_cast<double>(found.free_energy[n]) -
                      reference::free_energy(exact, state_of(examples, n))) < 1e-4);
    CHECK(found.pseudo_likelihood.size() == (kind == rbm::VisibleUnits::means ? 0 : 30));
  }
}

TEST_CASE("scores: errors and pseudo-likelihoods are right on average over their draws") {
  const tool::Model model = random_model(visible, hidden, 1);
  const reference::Parameters exact(model.view());
  const tool::Examples examples = repeated(20000);
  const reference::State v = state_of(examples, 0);
  const tool::Scores found = scores(model, examples);
  check_mean(found.pseudo_likelihood, log_pseudo_likelihood(exact, v));
  check_mean(found.reconstruction_error, expected_error(exact, v));
}
