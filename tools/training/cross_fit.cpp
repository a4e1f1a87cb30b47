#include "tools/training/cross_fit.hpp"

#include <algorithm>
#include <utility>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/windows.hpp"
#include "tools/inference/scores.hpp"
#include "tools/training/initial_model.hpp"
#include "tools/training/standardization.hpp"

namespace tool {
namespace {

constexpr std::size_t parts = 4;

// Which examples a model learns from, and which it scores.
struct Fold {
  std::vector<std::size_t> learned, held_out;
};

Fold fold_of_windows(const Dataset& data, std::size_t part) {
  Fold fold;
  const std::size_t begin = data.rows * part / parts, end = data.rows * (part + 1) / parts;
  const std::size_t reach = data.windows.rows();
  for (std::size_t n = 0; n < data.rows; ++n) {
    const bool before = n < begin && data.ends[n] + reach <= data.ends[begin];
    const bool behind = n >= end && data.ends[n] >= data.ends[end - 1] + reach;
    if (n >= begin && n < end)
      fold.held_out.push_back(n);
    else if (before || behind)
      fold.learned.push_back(n);
  }
  return fold;
}

Fold fold_of_rows(const Dataset& data, std::size_t part) {
  Fold fold;
  for (std::size_t n = 0; n < data.rows; ++n) (n % parts == part ? fold.held_out : fold.learned).push_back(n);
  return fold;
}

// The model that the same recipe makes of these examples, in about as many updates.
Model learned_from(const TrainingInputs& inputs, Dataset data, unsigned threads) {
  TrainingInputs fold;
  fold.state.recipe = inputs.state.recipe;
  fold.state.epochs = std::max<std::uint64_t>(
      1, inputs.state.epochs * inputs.data.rows / std::max<std::size_t>(1, data.rows));
  ReadingStatistics statistics;
  if (data.kind == DataKind::readings) statistics = measure_readings(data);
  fold.model = initial_model(fold.state.recipe, data, statistics);
  if (data.kind == DataKind::readings) bound_readings(data, statistics);
  fold.data = std::move(data);
  RunOptions options;
  options.threads = threads;
  platform::Progress silent(true);
  return train_model(fold, options, silent).model;
}

// The score that a share of the examples do not exceed.
double quantile(std::vector<double> scores, double share) {
  const auto place = scores.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(scores.size()));
  std::nth_element(scores.begin(), place, scores.end());
  return *place;
}

// The way from the scores of one model to those of another, by their scores of the same examples: equal
// medians and equal distances from there to the score that a tenth exceed.
struct ScoreScale {
  double from, to, factor;

  ScoreScale(const std::vector<double>& one, const std::vector<double>& other)
      : from(quantile(one, 0.5)), to(quantile(other, 0.5)) {
    const double spread = quantile(one, 0.9) - from;
    factor = spread > 0 ? (quantile(other, 0.9) - to) / spread : 1;
  }

  double operator()(double score) const { return to + (score - from) * factor; }
};

}  // namespace

std::vector<double> held_out_scores(const TrainingInputs& inputs, const Dataset& data, const Model& trained,
                                    unsigned threads, platform::Progress& progress) {
  const Recipe& recipe = inputs.state.recipe;
  const rbm::VisibleUnits kind = data.kind == DataKind::readings ? rbm::VisibleUnits::real : recipe.visible;
  platform::Threads workers(threads);
  const auto scores = [&](const Model& model, Dataset examples) {
    return free_energies(model, {std::move(examples), kind, recipe.seed}, {workers, progress});
  };
  std::vector<double> found(data.rows);
  for (std::size_t part = 0; part < parts; ++part) {
    progress.update(static_cast<double>(part) / parts, "limit: quarter " + std::to_string(part + 1) + "/4",
                    "");
    const Fold fold = data.windows.length > 0 ? fold_of_windows(data, part) : fold_of_rows(data, part);
    if (fold.learned.size() < parts || fold.held_out.empty())
      throw Failure(data.name + ": " + counted(data.rows, data.recording ? "window" : "example") +
                    " are too few for a limit from the data that are learned");
    const Dataset learned = take_rows(data, fold.learned);
    const Model other = learned_from(inputs, learned, threads);
    const std::vector<double> of_learned = scores(other, learned);
    const ScoreScale scale(of_learned, scores(trained, learned));
    const std::vector<double> of_part = scores(other, take_rows(data, fold.held_out));
    for (std::size_t n = 0; n < of_part.size(); ++n) found[fold.held_out[n]] = scale(of_part[n]);
  }
  return found;
}

}  // namespace tool
