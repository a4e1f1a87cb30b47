#include <cmath>

#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/data/data_file.hpp"
#include "tools/inference/measured_chains.hpp"
#include "tools/output/facts.hpp"
#include "tools/output/table_file.hpp"

namespace tool {
namespace {

constexpr Text out{"out", "FILE", "",
                   "the table without gaps: CSV, or a float32 array where FILE ends in .npy",
                   "standard output, but none with --json"};
constexpr Whole steps{"steps",
                      "N",
                      200,
                      {1, 1000000},
                      "Gibbs steps of an example, of which the first quarter is not counted: more bring the "
                      "means nearer to what the model says"};

std::string destination_of(const Arguments& arguments) {
  return arguments.given(out) ? arguments[out] : arguments[option::json] ? "" : "-";
}

// What was filled in.
struct Filled {
  std::size_t cells = 0, examples = 0;  // examples: those with a gap
  std::size_t empty = 0;                // examples of which nothing is known
};

Filled fill(const Arguments& arguments, const Inputs& inputs, const std::string& path) {
  const Dataset& data = inputs.examples.data;
  CommandWorkers workers(arguments);
  std::optional<TableFile> table;
  if (!path.empty()) table.emplace(path, TableFormat::text, data.rows, data.columns, data.taken.names);
  Filled filled;
  std::vector<float> row(data.columns);
  MeasuredOptions options;
  options.steps = static_cast<std::size_t>(arguments[steps]);
  run_over_measured(inputs.model, inputs.examples, data.rows, options, workers,
                    [&](std::size_t, const float* measured, const float* means) {
                      std::size_t gaps = 0;
                      for (std::size_t j = 0; j < row.size(); ++j) {
                        const bool gap = std::isnan(measured[j]);
                        gaps += gap;
                        row[j] = data.maximum * (gap ? means[j] : measured[j]);
                      }
                      filled.cells += gaps;
                      filled.examples += gaps > 0;
                      filled.empty += gaps == row.size();
                      if (table) table->add(row.data());
                    });
  if (table) table->commit();
  return filled;
}

Facts fill_facts(const Arguments& arguments, const Inputs& inputs, const Filled& filled,
                 const std::string& path) {
  const Examples& examples = inputs.examples;
  Facts facts;
  facts.field("model", inputs.model_name)
      .field("data", examples.data.name)
      .field("examples", examples.data.rows)
      .field("seed", examples.seed)
      .field("steps", arguments[steps])
      .field("examples_with_gaps", filled.examples)
      .add("filled in", counted(filled.cells, "cell") + " of " + counted(filled.examples, "example"), "cells",
           filled.cells);
  if (filled.empty > 0)
    facts.add("nothing known",
              "of " + counted(filled.empty, "example") + ", which got what the model makes up on average",
              "examples_without_values", filled.empty);
  if (!path.empty())
    facts.add("table",
              destination(path) + ": " + grouped(examples.data.rows) + " x " +
                  grouped(examples.data.columns) + (inputs.model.has_readings() ? " readings" : " values"),
              "out", path);
  return facts;
}

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model], data_file(arguments[positional::data])},
          {destination_of(arguments)}};
}

void run_fill(const Arguments& arguments) {
  const Inputs inputs = open_inputs(arguments, option::visible_as_given, true);
  const std::string path = destination_of(arguments);
  const Filled filled = fill(arguments, inputs, path);
  if (filled.cells == 0) tell_note(inputs.examples.data.name + ": has no gaps");
  fill_facts(arguments, inputs, filled, path).print(arguments[option::json], report_stream(path));
}

}  // namespace

const Command fill_command{
    "fill",
    "missing values filled in, given the others",
    {positional::model, positional::data},
    {out, steps, option::visible_as_given, option::maximum, option::columns, option::skip_lines, option::seed,
     option::threads, option::json, option::quiet},
    "In DATA a cell that is empty, NA, NaN, null, ? or - is missing, as is NaN in an\n"
    "array. The table has the same columns with the same names and units; each\n"
    "missing value is the mean of what it may be given the known values of its row,\n"
    "by the model: the guess with the least squared error. Of a bit that is its\n"
    "probability. Known values stay as they are.\n\n"
    "A chain of Gibbs sampling for each example draws the hidden units, then the\n"
    "missing values given them and the known ones, and averages the means of these\n"
    "draws. If MODEL is a header of readings, the device's integers do it, in whole\n"
    "steps of the sensor, and a bit is 0 or 1.\n\n"
    "Examples:\n"
    "  rbm fill model.safetensors gaps.csv --out filled.csv\n"
    "  rbm train readings.csv --hidden 32 --factors 8 --out model.safetensors\n",
    run_fill,
    named_files};

}  // namespace tool
