#include "tools/training/training_page.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "rbm/config.hpp"
#include "tools/base/shape.hpp"
#include "tools/base/text.hpp"
#include "tools/inference/curves.hpp"
#include "tools/output/axis.hpp"
#include "tools/output/picture.hpp"
#include "tools/training/reading_charts.hpp"

namespace tool {
namespace {

using Measure = double EpochFigures::*;

constexpr int digits = 4;

Series make_series(const TrainingPage& run, const char* name, Measure measure, double factor = 1) {
  Series series{name, {}};
  for (const EpochFigures& figures : run.epochs)
    series.points.push_back({static_cast<double>(figures.epoch), factor * figures.*measure});
  return series;
}

// Drops the epochs without a measurement, so that a line joins those with one.
Series measured(Series series) {
  const auto end = std::remove_if(series.points.begin(), series.points.end(),
                                  [](const Point& point) { return std::isnan(point.y); });
  series.points.erase(end, series.points.end());
  return series;
}

std::vector<Chart> make_charts(const TrainingPage& run) {
  const auto chart = [](const char* title, const char* unit, const char* caption,
                        std::vector<Series> series) {
    return Chart{title, caption, "epoch", unit, std::move(series)};
  };
  const auto line = [&run](const char* name, Measure measure, double factor = 1) {
    return measured(make_series(run, name, measure, factor));
  };
  constexpr double percent = 100;
  return {
      chart("Label error", "% wrong",
            "How many labels are told wrongly. Of training, of examples as they are met, each before it is "
            "learned from. An error of validation that rises while that of training falls means that the "
            "model learns by heart.",
            {line("training", &EpochFigures::label_error, percent),
             line("validation", &EpochFigures::validation_label_error, percent)}),
      chart("Label loss", "nats an example",
            "−log p(label | example): what learning lowers. It also punishes a model that is sure of what "
            "is wrong.",
            {line("training", &EpochFigures::label_loss),
             line("validation", &EpochFigures::validation_label_loss)}),
      chart("Log-likelihood", "nats an example",
            "How probable the data are under the model: the figure that counts. Higher is better.",
            {line("training", &EpochFigures::log_likelihood),
             line("validation", &EpochFigures::validation_log_likelihood)}),
      chart("Pseudo-likelihood", "nats an example",
            "Each visible unit given all others, summed: a cheap stand-in for the log-likelihood. Higher is "
            "better.",
            {line("training", &EpochFigures::pseudo_likelihood),
             line("validation", &EpochFigures::validation_pseudo_likelihood)}),
      chart("Free-energy gap", "nats",
            "Mean free energy of validation less that of training data. Near 0 the model treats both alike; "
            "a gap that grows means that it learns the training data by heart.",
            {line("", &EpochFigures::free_energy_gap)}),
      chart("Loss", "nats",
            "F(v₀) − F(vₖ): data against the chains' states. It drives learning, and hovers about a level "
            "once both are alike; it does not measure quality.",
            {line("training", &EpochFigures::loss)}),
      chart("Reconstruction error", "mean square for each visible unit",
            "(v − mean of v given h)²; for bits, the mean is p(v = 1 | h). Falls as the model learns; a low "
            "one alone does not make a good model.",
            {line("training", &EpochFigures::reconstruction_error),
             line("validation", &EpochFigures::validation_reconstruction_error)})};
}

std::vector<Histogram> make_histograms(const TrainingPage& run) {
  constexpr std::size_t most_bins = 50;
  std::vector<Histogram> histograms;
  if (run.model != nullptr) {
    const std::vector<float> weights(run.model->weights.begin(), run.model->weights.end());
    Histogram histogram{"Weights",
                        "A peak at 0 with long tails is usual. Magnitudes far beyond 1 to 3 warn of weights "
                        "that grow without "
                        "bound: raise the weight decay, or lower the learning rate.",
                        "weight",
                        "weights",
                        0,
                        1,
                        {}};
    count_values(histogram, weights, most_bins);
    histograms.push_back(std::move(histogram));
  }
  Histogram histogram{
      "Mean activities of hidden units",
      "How often each unit is on. Units that are hardly ever on, or always, tell little about an example: "
      "where there are many, fewer hidden units would do.",
      "mean of p(h = 1 | v) over up to 1,000 training examples",
      "hidden units",
      0,
      1,
      {}};
  count_values(histogram, run.pictures.activities, most_bins, {0, 1});
  histograms.push_back(std::move(histogram));
  return histograms;
}

constexpr std::size_t most_filters = 144;

std::string which_filters(const Model& model) {
  return most_filters >= model.hidden ? "The weights of each hidden unit"
                                      : "The weights of the first " + grouped(most_filters) + " of " +
                                            grouped(model.hidden) + " hidden units";
}

// The weights of the first hidden units to units of data [filters][units], without those to labels.
std::vector<float> filter_weights(const Model& model, std::size_t filters) {
  std::vector<float> weights;
  for (std::size_t i = 0; i < filters; ++i) {
    const auto row = model.weights.begin() + static_cast<std::ptrdiff_t>(i * model.visible);
    weights.insert(weights.end(), row, row + static_cast<std::ptrdiff_t>(model.units()));
  }
  return weights;
}

std::vector<PagePicture> make_pictures(const TrainingPage& run) {
  std::vector<PagePicture> pictures;
  const Model& model = *run.model;
  const bool readings = model.has_readings();
  if (!run.pictures.originals.empty() && !readings)
    pictures.push_back({"Originals beside reconstructions",
                        "In each pair an example on the left, on the right what the model makes of it: "
                        "p(v = 1 | h), h drawn from p(h | v).",
                        tile_pairs(run.pictures.originals, run.pictures.reconstructions, model.shape)});
  const std::vector<float> weights = filter_weights(model, std::min(most_filters, model.hidden));
  pictures.push_back({"Filters", which_filters(model) + ": red visible units switch it on, blue ones off.",
                      tile(weights, model.shape, Palette::diverging)});
  if (!run.pictures.samples.empty() && !readings)
    pictures.push_back(
        {"Samples", run.pictures.samples_caption, tile(run.pictures.samples, model.shape, Palette::grey)});
  return pictures;
}

// What the model does, for people to look at.
void add_pictures(const TrainingPage& run, std::vector<Section>& sections) {
  if (run.model == nullptr) return;
  if (run.model->has_readings()) sections.push_back({"Readings", reading_charts(*run.model, run.pictures)});
  if (!draws_curves(*run.model)) {
    sections.push_back({"Pictures", {}, {}, make_pictures(run)});
    return;
  }
  ChartGrid filters = filters_grid(*run.model, most_filters);
  filters.caption =
      which_filters(*run.model) + ": where its curve is high it adds to the means of the readings.";
  sections.push_back({"Hidden units", {}, {}, {}, {std::move(filters)}});
}

// The last value that was measured, and the epoch it is from; NaN if it never was.
Point last_value(const TrainingPage& run, Measure measure) {
  const Series series = measured(make_series(run, "", measure));
  return series.points.empty() ? Point{0, EpochFigures::none} : series.points.back();
}

std::vector<Figure> make_summary(const TrainingPage& run) {
  std::vector<Figure> figures;
  if (run.labels != nullptr) figures = label_summary(*run.labels);
  const auto add = [&](const char* what, Measure measure, const char* unit, const std::string& remark) {
    const Point last = last_value(run, measure);
    if (!std::isnan(last.y)) figures.push_back({what, shown_number(last.y, digits), unit, remark});
  };
  add("Log-likelihood, validation", &EpochFigures::validation_log_likelihood, "nats",
      run.log_likelihood_method);
  add("Log-likelihood, training", &EpochFigures::log_likelihood, "nats", run.log_likelihood_method);
  add("Pseudo-likelihood, validation", &EpochFigures::validation_pseudo_likelihood, "nats", "");
  if (std::isnan(last_value(run, &EpochFigures::validation_pseudo_likelihood).y))
    add("Pseudo-likelihood, training", &EpochFigures::pseudo_likelihood, "nats", "");
  add("Free-energy gap", &EpochFigures::free_energy_gap, "nats", "validation less training");
  add("Reconstruction error", &EpochFigures::reconstruction_error, "", "mean square, training");
  add("Loss", &EpochFigures::loss, "nats", "F(v₀) − F(vₖ), last epoch");
  if (!run.epochs.empty()) figures.push_back({"Trained for", grouped(run.epochs.back().epoch), "epochs", ""});
  return figures;
}

std::string make_subtitle(const TrainingPage& run) {
  std::string text = "Learned from " + counted(run.examples, "example") + " of " + run.data_name;
  if (run.validation_examples > 0)
    text += std::string(", judged on ") + (run.labels == nullptr ? "up to 1,000 of " : "") +
            grouped(run.validation_examples) + " held out";
  if (run.model != nullptr)
    text = "A restricted Boltzmann machine of " + grouped(run.model->units()) + " visible" +
           (run.model->labels() > 0 ? " units, " + grouped(run.model->labels()) + " labels" : "") + " and " +
           counted(run.model->hidden, "hidden unit") + ". " + text;
  return text + ".";
}

}  // namespace

Page make_page(const TrainingPage& run) {
  Page page;
  page.title = run.title;
  page.subtitle = make_subtitle(run);
  page.summary = make_summary(run);
  if (run.labels != nullptr && run.model != nullptr) page.sections = label_sections(*run.model, *run.labels);
  page.sections.push_back({"Learning curves", make_charts(run)});
  page.sections.push_back({"Weights and activities", {}, make_histograms(run)});
  add_pictures(run, page.sections);
  page.options = run.options;
  page.command = run.command;
  page.footer = "rbm " RBM_VERSION;
  return page;
}

}  // namespace tool
