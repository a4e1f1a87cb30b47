#include "tools/training/monitor.hpp"

#include <algorithm>
#include <cmath>

#include "tools/base/statistics.hpp"
#include "tools/base/text.hpp"
#include "tools/inference/label_figures.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/inference/scores.hpp"
#include "tools/training/label_weights.hpp"

namespace tool {
namespace {

constexpr std::size_t most_examples = 1000;

// Evenly spread rows of the data, since data may be sorted.
Dataset spread(const Dataset& data) {
  Dataset sample;
  sample.rows = std::min(data.rows, most_examples);
  sample.columns = data.columns;
  sample.values.resize(sample.rows * sample.columns);
  sample.label_names = data.label_names;
  for (std::size_t n = 0; n < sample.rows; ++n) {
    const std::size_t row = n * data.rows / sample.rows;
    data.row(row, sample.values.data() + n * sample.columns);
    if (!data.classes.empty()) sample.classes.push_back(data.classes[row]);
  }
  return sample;
}

Scores score(const Examples& sample, const Model& model, platform::Threads& threads) {
  const std::size_t rows = sample.data.rows;
  Scores scores(rows, sample.kind);
  Inference inference(model, rows, sample.kind == rbm::VisibleUnits::means);
  threads(rows, [&](std::size_t begin, std::size_t end) {
    inference.start_from(sample, begin, end);
    scores.measure(inference, 0, begin, end);
  });
  return scores;
}

double mean_free_energy(const Examples& sample, const Model& model, platform::Threads& threads) {
  return mean(score(sample, model, threads).free_energy).value;
}

// NaN for real-valued states, which have none.
double mean_pseudo_likelihood(const Scores& scores) {
  return scores.pseudo_likelihood.empty() ? EpochFigures::none : mean(scores.pseudo_likelihood).value;
}

}  // namespace

std::string likelihood_method(const std::vector<EpochFigures>& epochs) {
  double error = EpochFigures::none;
  for (const EpochFigures& figures : epochs)
    if (!std::isnan(figures.log_z_standard_error)) error = figures.log_z_standard_error;
  if (std::isnan(error)) return {};
  const std::string examples = ", mean of up to 1,000 examples";
  return (error == 0 ? "exact log Z" : "annealed, log Z \u00b1 " + significant(error, 2)) + examples;
}

Monitor::Monitor(const Dataset& training, const Dataset* validation, rbm::VisibleUnits kind,
                 std::uint64_t seed)
    : training_{spread(training), kind, seed} {
  if (validation != nullptr) validation_ = Examples{spread(*validation), kind, seed};
}

void Monitor::measure(const Model& model, platform::Threads& threads, EpochFigures& figures) const {
  const Scores training = score(training_, model, threads);
  figures.reconstruction_error = mean(training.reconstruction_error).value;
  figures.pseudo_likelihood = mean_pseudo_likelihood(training);
  if (!validation_) return;
  const Scores validation = score(*validation_, model, threads);
  figures.validation_reconstruction_error = mean(validation.reconstruction_error).value;
  figures.validation_pseudo_likelihood = mean_pseudo_likelihood(validation);
  figures.free_energy_gap = mean(validation.free_energy).value - mean(training.free_energy).value;
}

void Monitor::measure_labels(const Model& model, rbm::VisibleUnits shown, platform::Threads& threads,
                             EpochFigures& figures) const {
  if (!validation_ || labelled_rows(validation_->data).empty()) return;
  platform::Progress silent(true);
  const LabelFigures found =
      label_figures(model, {validation_->data, shown, validation_->seed}, {threads, silent});
  figures.validation_label_loss = found.log_loss.value;
  figures.validation_label_error = 1 - found.accuracy.value;
}

void Monitor::estimate_likelihood(const Model& model, platform::Threads& threads,
                                  platform::Progress& progress, EpochFigures& figures) const {
  if (training_.kind == rbm::VisibleUnits::means) return;
  const std::size_t rows = training_.data.rows;
  Inference inference(model, rows, false);
  inference.start_from(training_, 0, rows);
  AnnealingOptions options;
  options.temperatures = 1000;
  options.seed = training_.seed;
  options.in_reverse = false;
  AnnealingData data(model, rows, 0);
  for (std::size_t n = 0; n < rows; ++n) data.add(inference.visible(n));
  const LogPartitions found = find_log_partitions(model, data, options, {threads, progress});
  const double log_z = static_cast<double>(found.exact ? *found.exact : found.annealed->value);
  figures.log_z_standard_error = found.exact ? 0 : static_cast<double>(found.annealed->standard_error);
  figures.log_likelihood = -mean_free_energy(training_, model, threads) - log_z;
  if (validation_)
    figures.validation_log_likelihood = -mean_free_energy(*validation_, model, threads) - log_z;
}

HiddenActivity Monitor::activity(const Model& model, platform::Threads& threads) const {
  const std::size_t rows = training_.data.rows;
  Inference inference(model, rows, training_.kind == rbm::VisibleUnits::means);
  threads(rows, [&](std::size_t begin, std::size_t end) {
    inference.start_from(training_, begin, end);
    inference.hidden_inputs(begin, end);
    inference.hidden_probabilities(begin, end);
  });
  HiddenActivity activity(model.hidden, rows);
  for (std::size_t n = 0; n < rows; ++n) activity.add(inference.hidden_values(n).data);
  return activity;
}

Monitor::Pairs Monitor::pairs(const Model& model, std::size_t most, platform::Threads& threads) const {
  const Examples& sample = validation_ ? *validation_ : training_;
  const std::size_t count = std::min(most, sample.data.rows);
  Inference inference(model, count, sample.kind == rbm::VisibleUnits::means);
  threads(count, [&](std::size_t begin, std::size_t end) {
    inference.start_from(sample, begin, end);
    inference.hidden_inputs(begin, end);
    inference.hidden_probabilities(begin, end);
    inference.reconstruct(begin, end);
  });
  Pairs pairs;
  const std::vector<float>& values = sample.data.values;
  pairs.originals.assign(values.begin(),
                         values.begin() + static_cast<std::ptrdiff_t>(count * sample.data.columns));
  for (std::size_t n = 0; n < count; ++n) {
    const rbm::VectorView<float> row = inference.visible_values(n);
    pairs.reconstructions.insert(pairs.reconstructions.end(), row.data, row.data + model.units());
  }
  return pairs;
}

std::vector<float> Monitor::samples(const Model& model, std::size_t chains, std::size_t steps,
                                    platform::Threads& threads) const {
  Examples start = training_;
  if (start.kind == rbm::VisibleUnits::means) start.kind = rbm::VisibleUnits::sampled;
  Inference inference(model, chains, false);
  ClampedChains free({});
  for (std::size_t n = 0; n < chains; ++n) free.add({});
  threads(chains, [&](std::size_t begin, std::size_t end) {
    inference.start_from(start, begin, end);
    inference.gibbs_steps(begin, end, steps, free);
  });
  std::vector<float> values;
  for (std::size_t n = 0; n < chains; ++n) {
    const rbm::VectorView<float> row = inference.visible_values(n);
    values.insert(values.end(), row.data, row.data + model.units());
  }
  return values;
}

}  // namespace tool
