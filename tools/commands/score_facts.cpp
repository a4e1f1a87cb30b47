#include "tools/commands/score_facts.hpp"

#include <algorithm>
#include <cmath>

#include "tools/base/statistics.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/detection_facts.hpp"
#include "tools/training/recipe_options.hpp"

namespace tool {
namespace {

// The score that a share of the examples do not exceed.
double quantile(const std::vector<double>& ascending, double share) {
  const auto place = static_cast<std::size_t>(share * static_cast<double>(ascending.size()));
  return ascending[std::min(place, ascending.size() - 1)];
}

// What the limit is, and what it flags.
void add_judged(Facts& facts, const Dataset& data, const Scored& scored) {
  if (!scored.calibration) return;
  const Calibration& limit = *scored.calibration;
  add_flagged(facts, data, scored.judged);
  facts.field("limit", limit.limit)
      .field("false_alarms", limit.false_alarms)
      .field("votes", limit.votes)
      .field("votes_of", limit.of);
}

void add_limit(Facts& facts, const ScoreInputs& inputs, const Calibration& limit) {
  const std::string voting =
      limit.of > 1 ? ", by " + std::to_string(limit.votes) + " of the last " + std::to_string(limit.of) : "";
  facts.line("limit", significant(limit.limit, 6) + " nats: " + significant(100 * limit.false_alarms, 3) +
                          " % of normal ones are expected above it" + voting);
  facts.line("", "written into " + inputs.model_name + "; the tail of scores begins at " +
                     significant(limit.threshold, 6) + " nats");
}

void add_quantiles(Facts& facts, const Scored& scored) {
  std::vector<double> ascending = scored.scores;
  std::sort(ascending.begin(), ascending.end());
  const auto shown = [](double value) { return significant(value, 6) + " nats"; };
  facts.add("mean", mean({scored.scores.begin(), scored.scores.end()}), " nats an example", "mean_score")
      .add("half are below", shown(quantile(ascending, 0.5)), "median", quantile(ascending, 0.5))
      .add("99 of 100 are below", shown(quantile(ascending, 0.99)), "percentile_99",
           quantile(ascending, 0.99))
      .add("highest", shown(ascending.back()), "highest", ascending.back());
}

}  // namespace

std::string one_in(double chance) {
  const double number = std::round(1 / chance);
  return "1 in " + (number <= 1e6 ? grouped(static_cast<std::uint64_t>(number)) : "more than 1,000,000");
}

void add_flagged(Facts& facts, const Dataset& data, const Judged& judged) {
  const auto odd = static_cast<std::size_t>(std::count(judged.flagged.begin(), judged.flagged.end(), 1));
  const auto oddest = static_cast<std::size_t>(std::min_element(judged.chance.begin(), judged.chance.end()) -
                                               judged.chance.begin());
  const std::string noun = data.windows.length > 0 ? "window" : "example";
  const double chance = judged.chance[oddest];
  facts
      .add("odd",
           grouped(odd) + " of " + counted(data.rows, noun) + (odd == 1 ? " is odd" : " are odd") +
               "; the oddest: " + one_in(chance) + ", " + place_of(data, oddest),
           "flagged", odd)
      .field("oddest_row", row_of(data, oddest) + 1)
      .field("oddest_one_in", 1 / chance);
}

Facts score_facts(const ScoreInputs& inputs, const Scored& scored, const std::vector<Detector>& detectors,
                  const std::string& path) {
  const Examples& examples = inputs.scored();
  Facts facts;
  facts.field("model", inputs.model_name)
      .field("data", examples.data.name)
      .field("examples", examples.data.rows)
      .field("visible_units", training::visible.word(examples.kind))
      .field("seed", examples.seed)
      .add("score",
           scored.what == "negative_log_likelihood"
               ? "-log p(v), nats"
               : "free energy F(v), nats: -log p(v) but for a constant of the model",
           "score", scored.what);
  add_quantiles(facts, scored);
  if (inputs.normal) add_limit(facts, inputs, *scored.calibration);
  add_judged(facts, examples.data, scored);
  const LabelledData labelled(examples.data, inputs.odd ? &inputs.odd->data : nullptr);
  if (labelled.has_both()) add_detection(facts, labelled, examples.data, detectors);
  if (!path.empty())
    facts.add("scores", destination(path) + ": " + counted(scored.scores.size(), "example"), "out", path);
  return facts;
}

}  // namespace tool
