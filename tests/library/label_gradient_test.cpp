#include "rbm/label_gradient.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/contracts.hpp"
#include "tests/support/labelled.hpp"
#include "tests/support/reference_choice.hpp"
#include "tests/support/training.hpp"

using fixture::Labelled;
using rbm::VisibleKind;

namespace {

constexpr std::size_t batch = 7;

/// How the parameters change in one batch with a learning rate of 1: the gradient.
std::vector<float> change(const Labelled& from, const fixture::Matrix& data,
                          const rbm::TrainOptions& options) {
  Labelled model = from;
  const rbm::TrainerShape shape = model.trainer_shape(batch);
  fixture::Memory memory(rbm::trainer_bytes<rbm::Sgd>(shape));
  rbm::Trainer<rbm::Sgd> trainer(model, memory, shape, options, {1.0f});
  rbm::train(trainer, data);
  std::vector<float> after = fixture::all_parameters(model);
  const std::vector<float> before = fixture::all_parameters(from);
  for (std::size_t n = 0; n < after.size(); ++n) after[n] -= before[n];
  return after;
}

/// The gradient of the mean of weights[y] log p(y | v) over the samples, by differences.
std::vector<double> exact_gradient(const Labelled& model, const fixture::Matrix& data,
                                   const std::vector<float>& weights) {
  std::vector<double> sum(fixture::all_parameters(model).size());
  const reference::Parameters parameters(model.mixed.model);
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::size_t y = model.label_of(data, n);
    if (y == model.labels.size()) continue;
    const reference::Parameters gradient =
        reference::choice_gradient(parameters, model.labels, model.rest_of(data, n), y);
    std::size_t at = 0;
    for (const std::vector<double>* part : {&gradient.weights, &gradient.visible_bias, &gradient.hidden_bias})
      for (const double value : *part)
        sum[at++] += value * static_cast<double>(weights[y]) / static_cast<double>(data.rows);
  }
  return sum;
}

double worst_difference(const std::vector<float>& a, const std::vector<double>& b) {
  double worst = 0;
  for (std::size_t n = 0; n < a.size(); ++n) worst = std::fmax(worst, std::abs(a[n] - b[n]));
  return worst;
}

}  // namespace

TEST_CASE("the gradient of labels is that of differences, for bits and readings") {
  for (const Labelled& model : {Labelled::of_bits(6, 4, 5, 1), Labelled::of_readings(5, 4, 2)})
    for (const bool weighted : {false, true}) {
      const std::vector<float> weights =
          weighted ? std::vector<float>{0.5f, 2, 1, 3, 0} : std::vector<float>(5, 1.0f);
      rbm::TrainOptions options;
      options.visible_units = rbm::VisibleUnits::thresholded;
      options.label_weight = 1;
      if (weighted) options.class_weights = {weights.data(), model.labels.size()};
      const fixture::Matrix data = model.random_data(batch, 3);
      CHECK(worst_difference(change(model, data, options), exact_gradient(model, data, weights)) < 1e-5);
    }
}

TEST_CASE("a hybrid gradient is the mean of both") {
  for (const Labelled& model : {Labelled::of_bits(6, 4, 20, 1), Labelled::of_readings(5, 4, 2)}) {
    std::vector<rbm::TrainOptions> ways(4);
    ways[1].centring = 0.1f;
    ways[2].sparsity_cost = 0.5f;
    ways[3].persistent = true;
    ways[3].gibbs_steps = 3;
    for (rbm::TrainOptions options : ways) {
      const fixture::Matrix data = model.random_data(batch, 4);
      options.label_weight = 1;
      const std::vector<float> discriminative = change(model, data, options);
      options.label_weight = 0;
      const std::vector<float> generative = change(model, data, options);
      options.label_weight = 0.75f;
      const std::vector<float> hybrid = change(model, data, options);
      double worst = 0;
      for (std::size_t n = 0; n < hybrid.size(); ++n)
        worst = std::fmax(worst, std::abs(hybrid[n] - 0.75 * discriminative[n] - 0.25 * generative[n]));
      CHECK(worst < 1e-5);
    }
  }
}

TEST_CASE("the report tells the loss and the errors of the samples that have a label") {
  for (const float weight : {0.0f, 0.5f, 1.0f}) {
    Labelled model = Labelled::of_bits(6, 4, 5, 1);
    const fixture::Matrix data = model.random_data(batch, 5);
    double loss = 0, errors = 0, known = 0;
    for (std::size_t n = 0; n < batch; ++n) {
      const std::size_t y = model.label_of(data, n);
      if (y == model.labels.size()) continue;
      const std::vector<double> p = reference::choice_probabilities(reference::Parameters(model.mixed.model),
                                                                    model.labels, model.rest_of(data, n));
      loss -= std::log(p[y]);
      errors += *std::max_element(p.begin(), p.end()) > p[y];
      ++known;
    }
    rbm::TrainOptions options{9, rbm::VisibleUnits::thresholded};
    options.label_weight = weight;
    const std::vector<float> classes{9, 9, 9, 9};
    options.class_weights = fixture::view(classes);
    fixture::LabelTraining training(model, batch, options);
    const rbm::BatchReport report = rbm::train(training.trainer, data);
    CHECK(static_cast<double>(report.label_loss) == doctest::Approx(loss / known).epsilon(1e-5));
    CHECK(static_cast<double>(report.label_errors) == doctest::Approx(errors / known));
    CHECK(report.labelled == static_cast<std::size_t>(known));
    CHECK((report.loss != 0) == (weight < 1));
    CHECK((report.reconstruction != 0) == (weight < 1));

    fixture::Matrix unlabelled = data;
    for (std::size_t n = 0; n < batch; ++n)
      for (std::size_t j = model.labels.begin; j < model.labels.end; ++j)
        unlabelled.values[n * unlabelled.stride + j] = 0;
    for (std::size_t j = 0; j < model.labels.begin; ++j) unlabelled.values[j] = 0;  // no unit is on at all
    const rbm::BatchReport nothing = rbm::train(training.trainer, unlabelled);
    CHECK(nothing.labelled == 0);
    CHECK(nothing.label_loss == 0);
    CHECK(nothing.label_errors == 0);
  }
}

TEST_CASE("a generative batch of examples that all have labels is that of a trainer without labels") {
  for (const Labelled& model : {Labelled::of_bits(6, 4, 20, 1), Labelled::of_readings(5, 4, 2)}) {
    fixture::Matrix data = model.random_data(batch, 6);
    for (std::size_t n = 2; n < batch; n += 3) data.values[n * data.stride + model.labels.begin] = 1;
    const rbm::TrainOptions options{9, rbm::VisibleUnits::thresholded, 2};
    fixture::LabelTraining labelled(model, batch, options), plain(model, batch, options, false);
    for (int step = 0; step < 3; ++step)
      CHECK(rbm::train(labelled.trainer, data).loss == rbm::train(plain.trainer, data).loss);
    CHECK(fixture::same_bits(fixture::all_parameters(labelled.model), fixture::all_parameters(plain.model)));
  }
}

TEST_CASE("a label that is not known is drawn from its exact probabilities") {
  const Labelled model = Labelled::of_bits(6, 4, 5, 3);
  fixture::Matrix data = model.random_data(1, 7);
  for (std::size_t j = model.labels.begin; j < model.labels.end; ++j) data.values[j] = 0;
  const std::vector<double> p = reference::choice_probabilities(reference::Parameters(model.mixed.model),
                                                                model.labels, model.rest_of(data, 0));
  rbm::TrainOptions options{9, rbm::VisibleUnits::thresholded};
  options.label_weight = 0.5f;
  fixture::LabelTraining training(model, 1, options, true, 0.0f);
  constexpr int steps = 4000;
  std::vector<double> counts(p.size()), expected;
  for (int step = 0; step < steps; ++step) {
    rbm::train(training.trainer, data);
    const rbm::ActiveUnits state = training.trainer.phases.data.row(0);
    counts.at(state.units[state.count - 1] - model.labels.begin) += 1;
  }
  for (const double probability : p) expected.push_back(steps * probability);
  CHECK(fixture::chi_square_deviation(counts, expected) < fixture::once_in_a_million);
}

TEST_CASE("threads change no bit of learning labels") {
  for (const float weight : {0.0f, 0.5f, 1.0f})
    for (const Labelled& model : {Labelled::of_bits(6, 4, 33, 1), Labelled::of_readings(5, 7, 2)}) {
      rbm::TrainOptions options{9, rbm::VisibleUnits::thresholded};
      options.label_weight = weight;
      options.centring = 0.1f;
      const auto train = [&](auto parallel) {
        fixture::LabelTraining training(model, batch, options);
        std::vector<float> results;
        for (std::uint32_t step = 0; step < 4; ++step) {
          const rbm::BatchReport report =
              rbm::train(training.trainer, model.random_data(step == 2 ? 2 : batch, step), parallel);
          results.insert(results.end(), {report.loss, report.label_loss, report.label_errors});
        }
        const std::vector<float> parameters = fixture::all_parameters(training.model);
        results.insert(results.end(), parameters.begin(), parameters.end());
        return results;
      };
      const std::vector<float> serial = train(rbm::Serial{});
      for (const std::size_t parts : {2u, 3u, 7u})
        CHECK(fixture::same_bits(train(fixture::Backwards{parts}), serial));
    }
}

TEST_CASE("where training has diverged, no label is drawn, and the loss is no number") {
  Labelled model = Labelled::of_bits(6, 4, 5, 1);
  const rbm::RbmView view = model;
  for (std::size_t z = model.labels.begin; z < model.labels.end; ++z) view.visible_bias[z] = std::nanf("");
  rbm::TrainOptions options;
  options.label_weight = 0.5f;
  const rbm::TrainerShape shape = model.trainer_shape(batch);
  fixture::Memory memory(rbm::trainer_bytes<rbm::Sgd>(shape));
  rbm::Trainer<rbm::Sgd> trainer(model, memory, shape, options);
  fixture::Matrix data = model.random_data(batch, 3);
  for (std::size_t z = model.labels.begin; z < model.labels.end; ++z) data.values[z] = 0;
  CHECK(std::isnan(rbm::train(trainer, data).label_loss));
  CHECK(trainer.phases.data.row(0).count <= model.labels.begin);
}

TEST_CASE("scales do not learn from labels alone") {
  const Labelled model = Labelled::of_readings(5, 4, 2);
  for (const float weight : {0.5f, 1.0f}) {
    rbm::TrainOptions options;
    options.label_weight = weight;
    fixture::LabelTraining training(model, batch, options, true, 0.1f, true);
    rbm::train(training.trainer, model.random_data(batch, 8));
    CHECK(fixture::same_bits(training.model.mixed.scale, model.mixed.scale) == (weight == 1));
  }
}

#ifndef NDEBUG
TEST_CASE("labels are the last units, a choice") {
  const auto broken = [](rbm::Choice labels, float weight, std::size_t weights) {
    return fixture::stops([=] {
      Labelled model = Labelled::of_bits(6, 4, 5, 1);
      rbm::TrainerShape shape = model.trainer_shape(batch);
      shape.labels = labels;
      fixture::Memory memory(rbm::trainer_bytes<rbm::Sgd>(shape));
      const std::vector<float> classes(weights, 1.0f);
      rbm::TrainOptions options;
      options.label_weight = weight;
      options.class_weights = fixture::view(classes);
      rbm::Trainer<rbm::Sgd> trainer(model, memory, shape, options);
      rbm::train(trainer, model.random_data(batch, 1));
    });
  };
  CHECK(!broken({6, 10}, 0.5f, 4));
  CHECK(broken({5, 10}, 0.5f, 5));
  CHECK(broken({6, 9}, 0.5f, 3));
  CHECK(broken({6, 10}, 1.5f, 4));
  CHECK(broken({6, 10}, 0.5f, 3));
}
#endif
