#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/label_option.hpp"
#include "tools/data/data_file.hpp"
#include "tools/inference/curves.hpp"
#include "tools/inference/recording_fill.hpp"
#include "tools/output/facts.hpp"
#include "tools/output/table_file.hpp"

namespace tool {
namespace {

constexpr Text out{"out", "FILE", "",
                   "the table without gaps: CSV, or a float32 array where FILE ends in .npy",
                   "standard output, but none with --json"};
constexpr Text deviations_option{"deviations", "FILE", "",
                                 "a table like the other one: the standard deviation of each value that was "
                                 "filled in, 0 where it was known"};
constexpr Text image{
    "image", "FILE", "",
    "curves (PNG, or SVG where FILE ends in .svg) of the first 12 examples with gaps: what was "
    "filled in, with a deviation to both sides",
    "none"};
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
  std::size_t left = 0;                 // cells of a recording that are in no window
};

// The table that the files have: the recording, where rows are windows of one.
const Dataset& table_of(const Dataset& data) {
  return data.recording ? *data.recording : data;
}

// The files that are written, row by row.
class Outputs {
 public:
  Outputs(const Arguments& arguments, const Inputs& inputs, const std::string& path)
      : model_(inputs.model),
        with_level_(inputs.examples.data.recording != nullptr),
        image_(arguments[image]) {
    const Dataset& data = table_of(inputs.examples.data);
    const auto make = [&](std::optional<TableFile>& table, const std::string& to) {
      if (!to.empty()) table.emplace(to, TableFormat::text, data.rows, data.columns, data.taken.names);
    };
    make(filled_, path);
    make(deviations_, arguments[deviations_option]);
    if (!image_.empty()) picture_.emplace(image_);
  }

  // A row of the tables; both [columns].
  void add(const float* filled, const float* deviations) {
    if (filled_) filled_->add(filled);
    if (deviations_) deviations_->add(deviations);
  }

  // An example for the picture; both [visible].
  void draw(const float* filled, const float* deviations) {
    constexpr std::size_t most_drawn = 12;
    const std::size_t columns = model_.units();
    const bool has_gap = std::any_of(deviations, deviations + columns, [](float value) { return value > 0; });
    if (!picture_ || !has_gap || drawn_.size() == most_drawn * columns) return;
    drawn_.insert(drawn_.end(), filled, filled + columns);
    drawn_deviations_.insert(drawn_deviations_.end(), deviations, deviations + columns);
  }

  void commit() {
    if (filled_) filled_->commit();
    if (deviations_) deviations_->commit();
    if (!picture_ || drawn_.empty()) return;
    write_grid(*picture_, image_, filled_grid(model_, drawn_, drawn_deviations_, with_level_));
    picture_->commit();
  }

 private:
  const Model& model_;
  const bool with_level_;  // what is drawn has the level that was taken away from windows
  const std::string image_;
  std::optional<TableFile> filled_, deviations_;
  std::optional<platform::OutputFile> picture_;
  std::vector<float> drawn_, drawn_deviations_;  // [drawn][visible]
};

// A recording, by way of its windows.
Filled fill_whole(const Inputs& inputs, const MeasuredOptions& options, const Workers& workers,
                  Outputs& outputs) {
  const FilledRecording found =
      fill_recording(inputs.model, inputs.examples, options, workers,
                     [&](const float* filled, const float* deviations) { outputs.draw(filled, deviations); });
  const std::size_t columns = table_of(inputs.examples.data).columns;
  for (std::size_t n = 0; n < found.readings.size(); n += columns)
    outputs.add(&found.readings[n], &found.deviations[n]);
  return {found.missing - found.left, 0, 0, found.left};
}

Filled fill(const Arguments& arguments, const Inputs& inputs, const std::string& path) {
  const Dataset& data = inputs.examples.data;
  CommandWorkers workers(arguments);
  Outputs outputs(arguments, inputs, path);
  MeasuredOptions options;
  options.steps = static_cast<std::size_t>(arguments[steps]);
  Filled filled;
  if (data.recording) {
    filled = fill_whole(inputs, options, workers, outputs);
    outputs.commit();
    return filled;
  }
  std::vector<float> row(data.columns), deviations(data.columns);
  run_over_measured(inputs.model, inputs.examples, data.rows, options, workers,
                    [&](std::size_t, const float* measured, const float* means, const float* uncertain) {
                      std::size_t gaps = 0;
                      for (std::size_t j = 0; j < row.size(); ++j) {
                        const bool gap = std::isnan(measured[j]);
                        gaps += gap;
                        row[j] = data.maximum * (gap ? means[j] : measured[j]);
                        deviations[j] = data.maximum * uncertain[j];
                      }
                      filled.cells += gaps;
                      filled.examples += gaps > 0;
                      filled.empty += gaps == row.size();
                      outputs.add(row.data(), deviations.data());
                      outputs.draw(row.data(), deviations.data());
                    });
  outputs.commit();
  return filled;
}

Facts fill_facts(const Arguments& arguments, const Inputs& inputs, const Filled& filled,
                 const std::string& path) {
  const Examples& examples = inputs.examples;
  const Dataset& table = table_of(examples.data);
  Facts facts;
  facts.field("model", inputs.model_name)
      .field("data", examples.data.name)
      .field("examples", table.rows)
      .field("seed", examples.seed)
      .field("steps", arguments[steps]);
  if (arguments.given(option::label))
    facts.add("label", arguments[option::label], "label", arguments[option::label]);
  if (examples.data.recording)
    facts.add("filled in", counted(filled.cells, "reading"), "cells", filled.cells)
        .field("cells_left", filled.left);
  else
    facts.field("examples_with_gaps", filled.examples)
        .add("filled in", counted(filled.cells, "cell") + " of " + counted(filled.examples, "example"),
             "cells", filled.cells);
  if (filled.empty > 0)
    facts.add("nothing known",
              "of " + counted(filled.empty, "example") + ", which got what the model makes up on average",
              "examples_without_values", filled.empty);
  if (!path.empty())
    facts.add("table",
              destination(path) + ": " + grouped(table.rows) + " x " + grouped(table.columns) +
                  (inputs.model.has_readings() ? " readings" : " values"),
              "out", path);
  if (arguments.given(deviations_option))
    facts.add("deviations", destination(arguments[deviations_option]), "deviations",
              arguments[deviations_option]);
  if (arguments.given(image) && filled.cells > 0)
    facts.add("picture", destination(arguments[image]), "image", arguments[image]);
  return facts;
}

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model], data_file(arguments[positional::data])},
          {destination_of(arguments), arguments[deviations_option], arguments[image]}};
}

void check_options(const Arguments& arguments, const Model& model, const std::string& name) {
  if (arguments.given(deviations_option) && model.packed)
    throw Misuse("--deviations: " + name +
                 " is a header, whose integers tell none: take the model that it was made of");
  if (model.packed && model.has_readings() && arguments[steps] > most_device_steps)
    throw Misuse("--steps " + std::to_string(arguments[steps]) + ": " + name +
                 " is a header of readings, for at most " + grouped(most_device_steps) +
                 " steps, as on the device");
  if (model.packed && model.has_readings() && model.labels() > 0 && !arguments.given(option::label))
    throw Misuse(name +
                 ": is a header of readings with labels, which fills in given a label, as on the "
                 "device: --label says which");
  if (!arguments.given(image)) return;
  if (model.packed)
    throw Misuse("--image: " + name +
                 " is a header, whose integers tell no deviations: take the model that it was made of");
  if (!draws_curves(model)) throw Failure(name + ": has no rows of readings, of which --image draws curves");
}

void run_fill(const Arguments& arguments) {
  Inputs inputs = open_inputs(arguments, option::visible_as_given, true);
  inputs.examples.label.given = given_label(arguments, inputs.model, inputs.model_name);
  note_labels_alone(inputs.model, inputs.model_name);
  check_options(arguments, inputs.model, inputs.model_name);
  const std::string path = destination_of(arguments);
  const Filled filled = fill(arguments, inputs, path);
  const std::string& data_name = inputs.examples.data.name;
  if (filled.cells + filled.left == 0) tell_note(data_name + ": has no gaps");
  if (filled.left > 0)
    tell_note(data_name + ": " + counted(filled.left, "missing reading") +
              (filled.left == 1 ? " is" : " are") + " in no window, or in none that tells a level, and " +
              (filled.left == 1 ? "stays" : "stay") + " empty; a shorter --hop may reach more");
  fill_facts(arguments, inputs, filled, path)
      .print(arguments[option::json],
             report_stream(path, arguments[deviations_option] == "-" ? "-" : arguments[image]));
}

}  // namespace

const Command fill_command{
    "fill",
    "missing values filled in, given the others",
    {positional::model, positional::data},
    with_data_options({out, deviations_option, image, steps, option::label, option::visible_as_given},
                      OptionList{option::seed, option::threads, option::json, option::quiet}),
    "In DATA a cell that is empty, NA, NaN, null, ? or - is missing, as is NaN in an\n"
    "array. The table has the same columns with the same names and units; each\n"
    "missing value is the mean of what it may be given the known values of its row,\n"
    "by the model: the guess with the least squared error. Of a bit that is its\n"
    "probability. Known values stay as they are.\n\n"
    "A chain of Gibbs sampling for each example draws the hidden units, then the\n"
    "missing values given them and the known ones, and averages the means of these\n"
    "draws. --deviations says how far a value may be from that mean: by the law of\n"
    "total variance, the mean over draws of the variance given the hidden units, and\n"
    "the variance over draws of the mean. About two of three true values should lie\n"
    "within one deviation, if the model is right. If MODEL is a header of readings, the device's integers do "
    "it, in whole\n"
    "steps of the sensor, and a bit is 0 or 1.\n\n"
    "Of a model with labels the chain draws the label too, but where --label gives it:\n"
    "then a missing value is what it may be in examples of that label.\n\n"
    "Where MODEL learned windows of a recording, DATA is one: what is missing of it is\n"
    "the mean of what the windows that span it say, with the level that was taken away\n"
    "added back, and the table has the rows and columns of the recording.\n\n"
    "Examples:\n"
    "  rbm fill model.safetensors gaps.csv --out filled.csv\n"
    "  rbm train readings.csv --hidden 32 --factors 8 --out model.safetensors\n",
    run_fill,
    named_files};

}  // namespace tool
