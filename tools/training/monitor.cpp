#include "tools/training/monitor.hpp"

#include <algorithm>
#include <cmath>

#include "rbm/pseudo_likelihood.hpp"
#include "tools/inference/inference.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/output/report.hpp"

namespace tool {
namespace {

constexpr std::size_t most_examples = 1000;

// Evenly spread rows of the data, since data may be sorted.
Dataset spread(const Dataset& data) {
  Dataset sample;
  sample.rows = std::min(data.rows, most_examples);
  sample.columns = data.columns;
  sample.values.resize(sample.rows * sample.columns);
  for (std::size_t n = 0; n < sample.rows; ++n)
    data.row(n * data.rows / sample.rows, sample.values.data() + n * sample.columns);
  return sample;
}

// The means over a sample.
struct Figures {
  double free_energy, reconstruction_error, pseudo_likelihood;
};

Figures measure_sample(const Dataset& sample, const Model& model, rbm::VisibleUnits kind, std::uint64_t seed,
                       platform::Threads& threads) {
  const rbm::ConstRbmView view = model.view();
  const bool binary = kind != rbm::VisibleUnits::real;
  std::vector<float> free_energy(sample.rows), error(sample.rows), pseudo_likelihood(sample.rows);
  Inference inference(model, sample.rows, !binary);
  threads(sample.rows, [&](std::size_t begin, std::size_t end) {
    inference.start_from(sample, kind, seed, begin, end);
    inference.hidden_inputs(begin, end);
    for (std::size_t n = begin; n < end; ++n) {
      free_energy[n] = rbm::free_energy(view, inference.visible(n), inference.hidden_values(n));
      if (binary) pseudo_likelihood[n] = inference.draw_pseudo_likelihood(n);
    }
    inference.hidden_probabilities(begin, end);
    inference.reconstruct(begin, end);
    for (std::size_t n = begin; n < end; ++n) error[n] = inference.reconstruction_error(n);
  });
  return {mean(free_energy).value, mean(error).value,
          binary ? mean(pseudo_likelihood).value : EpochFigures::none};
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
    : training_(spread(training)), kind_(kind), seed_(seed) {
  if (validation != nullptr) validation_ = spread(*validation);
}

void Monitor::measure(const Model& model, platform::Threads& threads, EpochFigures& figures) const {
  const Figures training = measure_sample(training_, model, kind_, seed_, threads);
  figures.reconstruction_error = training.reconstruction_error;
  figures.pseudo_likelihood = training.pseudo_likelihood;
  if (!validation_) return;
  const Figures validation = measure_sample(*validation_, model, kind_, seed_, threads);
  figures.validation_reconstruction_error = validation.reconstruction_error;
  figures.validation_pseudo_likelihood = validation.pseudo_likelihood;
  figures.free_energy_gap = validation.free_energy - training.free_energy;
}

void Monitor::estimate_likelihood(const Model& model, platform::Threads& threads,
                                  platform::Progress& progress, EpochFigures& figures) const {
  if (kind_ == rbm::VisibleUnits::real) return;
  Inference inference(model, training_.rows, false);
  inference.start_from(training_, kind_, seed_, 0, training_.rows);
  AnnealingOptions options;
  options.temperatures = 1000;
  options.seed = seed_;
  options.in_reverse = false;
  AnnealingData data(model.visible, training_.rows, 0);
  for (std::size_t n = 0; n < training_.rows; ++n) data.add(inference.visible(n));
  const LogPartitions found = find_log_partitions(options, model, data, threads, progress);
  const double log_z = static_cast<double>(found.exact ? *found.exact : found.annealed->value);
  figures.log_z_standard_error = found.exact ? 0 : static_cast<double>(found.annealed->standard_error);
  figures.log_likelihood = -measure_sample(training_, model, kind_, seed_, threads).free_energy - log_z;
  if (validation_)
    figures.validation_log_likelihood =
        -measure_sample(*validation_, model, kind_, seed_, threads).free_energy - log_z;
}

std::vector<float> Monitor::activities(const Model& model, platform::Threads& threads) const {
  Inference inference(model, training_.rows, kind_ == rbm::VisibleUnits::real);
  threads(training_.rows, [&](std::size_t begin, std::size_t end) {
    inference.start_from(training_, kind_, seed_, begin, end);
    inference.hidden_inputs(begin, end);
    inference.hidden_probabilities(begin, end);
  });
  std::vector<float> means(model.hidden);
  for (std::size_t n = 0; n < training_.rows; ++n)
    for (std::size_t i = 0; i < model.hidden; ++i)
      means[i] += inference.hidden_values(n)[i] / static_cast<float>(training_.rows);
  return means;
}

Monitor::Pairs Monitor::pairs(const Model& model, std::size_t most, platform::Threads& threads) const {
  const Dataset& sample = validation_ ? *validation_ : training_;
  const std::size_t count = std::min(most, sample.rows);
  Inference inference(model, count, kind_ == rbm::VisibleUnits::real);
  threads(count, [&](std::size_t begin, std::size_t end) {
    inference.start_from(sample, kind_, seed_, begin, end);
    inference.hidden_inputs(begin, end);
    inference.hidden_probabilities(begin, end);
    inference.reconstruct(begin, end);
  });
  Pairs pairs;
  pairs.originals.assign(sample.values.begin(),
                         sample.values.begin() + static_cast<std::ptrdiff_t>(count * sample.columns));
  for (std::size_t n = 0; n < count; ++n) {
    const rbm::VectorView<float> values = inference.visible_values(n);
    pairs.reconstructions.insert(pairs.reconstructions.end(), values.data, values.data + values.size);
  }
  return pairs;
}

std::vector<float> Monitor::samples(const Model& model, std::size_t chains, std::size_t steps,
                                    platform::Threads& threads) const {
  const rbm::VisibleUnits kind = kind_ == rbm::VisibleUnits::real ? rbm::VisibleUnits::sampled : kind_;
  Inference inference(model, chains, false);
  threads(chains, [&](std::size_t begin, std::size_t end) {
    inference.start_from(training_, kind, seed_, begin, end);
    for (std::size_t step = 1; step <= steps; ++step) {
      inference.hidden_inputs(begin, end);
      inference.hidden_probabilities(begin, end);
      inference.reconstruct(begin, end);
      if (step < steps) inference.draw_visible(begin, end);
    }
  });
  std::vector<float> values;
  for (std::size_t n = 0; n < chains; ++n) {
    const rbm::VectorView<float> row = inference.visible_values(n);
    values.insert(values.end(), row.data, row.data + row.size);
  }
  return values;
}

}  // namespace tool
