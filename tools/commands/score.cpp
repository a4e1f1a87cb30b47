#include <algorithm>
#include <vector>

#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/data/data_file.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/output/facts.hpp"
#include "tools/output/table_file.hpp"
#include "tools/training/recipe_options.hpp"

namespace tool {
namespace {

// With more units in the smaller layer, log Z takes longer than most scores are worth.
constexpr std::size_t most_quickly_enumerated = 20;

constexpr Text out{"out", "FILE", "", "the scores: CSV, or a float32 array where FILE ends in .npy",
                   "standard output, but none with --json"};

std::string destination_of(const Arguments& arguments) {
  return arguments.given(out) ? arguments[out] : arguments[option::json] ? "" : "-";
}

// The scores of all examples, and what they are.
struct Scored {
  std::string what;  // as the table's heading and JSON name it
  std::vector<float> scores;
};

Scored score(const Inputs& inputs, const Workers& workers) {
  const Model& model = inputs.model;
  const bool means = inputs.examples.kind == rbm::VisibleUnits::means;
  const std::size_t enumerated = model.has_readings() ? model.hidden : std::min(model.visible, model.hidden);
  const bool exact = !means && enumerated <= most_quickly_enumerated;
  const float log_partition = exact ? enumerate(model, workers) : 0.0f;
  const std::size_t rows = inputs.examples.data.rows;
  Scored found{exact   ? "negative_log_likelihood"
               : means ? "free_energy_of_means"
                       : "free_energy",
               std::vector<float>(rows)};
  run_over(
      model, inputs.examples, rows, workers,
      [&](Inference& inference, std::size_t first, std::size_t begin, std::size_t end) {
        inference.hidden_inputs(begin, end);
        for (std::size_t n = begin; n < end; ++n)
          found.scores[first + n] = inference.free_energy(n) + log_partition;
      },
      [](Inference&, std::size_t, std::size_t) {});
  return found;
}

void write_table(const std::string& path, const Scored& scored) {
  TableFile table(path, TableFormat::text, scored.scores.size(), 1, {scored.what}, true);
  for (const float& value : scored.scores) table.add(&value);
  table.commit();
}

// The score that a share of the examples do not exceed.
float quantile(const std::vector<float>& ascending, double share) {
  const auto place = static_cast<std::size_t>(share * static_cast<double>(ascending.size()));
  return ascending[std::min(place, ascending.size() - 1)];
}

Facts score_facts(const Inputs& inputs, const Scored& scored, const std::string& path) {
  const Examples& examples = inputs.examples;
  std::vector<float> ascending = scored.scores;
  std::sort(ascending.begin(), ascending.end());
  const bool exact = scored.what == "negative_log_likelihood";
  const auto shown = [](float value) { return significant(static_cast<double>(value), 6) + " nats"; };
  Facts facts;
  facts.field("model", inputs.model_name)
      .field("data", examples.data.name)
      .field("examples", examples.data.rows)
      .field("visible_units", training::visible.word(examples.kind))
      .field("seed", examples.seed)
      .add("score",
           exact ? "-log p(v), nats" : "free energy F(v), nats: -log p(v) but for a constant of the model",
           "score", scored.what)
      .add("mean", mean(scored.scores), " nats an example", "mean_score")
      .add("half are below", shown(quantile(ascending, 0.5)), "median", quantile(ascending, 0.5))
      .add("99 of 100 are below", shown(quantile(ascending, 0.99)), "percentile_99",
           quantile(ascending, 0.99))
      .add("highest", shown(ascending.back()), "highest", ascending.back());
  if (!path.empty())
    facts.add("scores", destination(path) + ": " + counted(scored.scores.size(), "example"), "out", path);
  return facts;
}

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model], data_file(arguments[positional::data])},
          {destination_of(arguments)}};
}

void run_score(const Arguments& arguments) {
  const Inputs inputs = open_inputs(arguments, option::visible);
  const std::string path = destination_of(arguments);
  CommandWorkers workers(arguments);
  const Scored scored = score(inputs, workers);
  if (!path.empty()) write_table(path, scored);
  if (inputs.examples.kind == rbm::VisibleUnits::means)
    tell_note(inputs.examples.data.name +
              ": means of bits have no probability: their free energy is no score of how unusual they are");
  score_facts(inputs, scored, path).print(arguments[option::json], report_stream(path));
}

}  // namespace

const Command score_command{
    "score",
    "how unusual each example is, in nats",
    {positional::model, positional::data},
    {out, option::visible, option::maximum, option::columns, option::skip_lines, option::seed,
     option::threads, option::json, option::quiet},
    "The score of an example is -log p(v): the higher, the more unusual. Where log Z\n"
    "would take long, with more than 20 units in the smaller layer (of readings in the\n"
    "hidden one), it is the free energy F(v), which differs by that constant: the\n"
    "order of the examples is the same. The table has a line an example, its number\n"
    "and its score; the heading says which score it is. Of readings p(v) is a density\n"
    "in their own units, so that scores may be below 0.\n\n"
    "To find what is unusual, learn from normal examples alone and score normal ones\n"
    "that the model has not seen: 99 of 100 of them lie below the limit that it tells.\n\n"
    "Means of bits (--visible means) have no probability. Their free energy is written\n"
    "where they are asked for, but it is no such score.\n\n"
    "Examples:\n"
    "  rbm score model.safetensors normal.csv --out normal_scores.csv\n"
    "  rbm score model.safetensors new.csv --quiet | sort -t, -k2 -g | tail\n",
    run_score,
    named_files};

}  // namespace tool
