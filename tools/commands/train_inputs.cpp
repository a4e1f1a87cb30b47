#include "tools/commands/train_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/train_data.hpp"
#include "tools/commands/train_options.hpp"
#include "tools/data/column_list.hpp"
#include "tools/training/initial_model.hpp"
#include "tools/training/window_rule.hpp"

namespace tool {
namespace {

void refuse_contradictions(const Arguments& arguments) {
  const bool validated = arguments.given(training::validation),
             held_out = arguments.given(training::hold_out);
  if (validated && held_out) throw Misuse("--validation and --hold-out: give one of them");
  if (arguments.given(training::stop_gap) && !validated && !held_out)
    throw Misuse("--stop-gap needs data to compare with: --validation or --hold-out");
  if (arguments.given(training::validation_labels) && (!validated || !arguments.given(option::labels)))
    throw Misuse("--validation-labels is for --validation and --labels");
  if (arguments[positional::data] == "-" && arguments[training::validation] == "-")
    throw Misuse("DATA and --validation cannot both be standard input");
}

void read_checkpoint(const Arguments& arguments, bool with_weights, TrainingInputs& inputs) {
  const std::string& name = inputs.checkpoint_name = arguments[training::resume];
  refuse_choices(arguments);
  platform::FileBytes bytes = platform::map_file(name);
  if (!bytes.is_mapped()) bytes = platform::read_file(name);
  inputs.checkpoint = parse_safetensors(bytes, name, is_of_checkpoint, [&](std::string_view tensor) {
    return with_weights || !is_as_large_as_weights(tensor);
  });
  inputs.model = model_from(inputs.checkpoint, name);
  inputs.model.metadata.clear();  // written anew, so that the model is the same as without the stop
  TrainingState& state = inputs.state = read_training_state(inputs.checkpoint.metadata, name);
  if (state.recipe.has_labels != (inputs.model.labels() > 0))
    throw Failure(name + ": is no checkpoint: its metadata lack 'label_weight', or it has no labels");
  if (arguments.given(training::epochs)) state.epochs = arguments[training::epochs];
  const Position& at = state.position;
  if (state.epochs < at.epoch || (state.epochs == at.epoch && at.batch > 0))
    throw Failure(name + ": has trained more than " + std::to_string(state.epochs) +
                  " epochs already; ask for more with --epochs");
}

// Where the file decided that it holds readings, how to have the other.
std::string describe_choice(const Dataset& data) {
  RowReader read(data);
  float least = 0, largest = 0;
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::vector<float>& row = read(n);
    for (const float value : row) {
      least = std::min(least, value);
      largest = std::max(largest, value);
    }
  }
  return data.name + ": " + counted(data.columns, "real reading") + " an example" +
         (least < 0 || data.recording ? ""
          : largest <= 1 ? "; --visible sampled takes values from 0 to 1 as probabilities of bits"
                         : "; --maximum X takes values from 0 to X as intensities of bits");
}

// Columns far from 0, of which 24 bits of a float leave few steps: a count of seconds, of a meter.
std::vector<std::size_t> coarse_columns(const ReadingStatistics& statistics) {
  constexpr double steps = 32, bits_of_a_float = 16777216;
  std::vector<std::size_t> coarse;
  for (const rbm::VisibleGroup& group : statistics.groups)
    for (std::size_t j = group.begin; group.kind == rbm::VisibleKind::real && j < group.end; ++j) {
      const Spread& spread = statistics.spreads[j];
      if (!spread.constant && spread.deviation < steps / bits_of_a_float * std::abs(spread.mean))
        coarse.push_back(j);
    }
  return coarse;
}

void add_notes(const Arguments& arguments, const Recipe& recipe, const ReadingStatistics& statistics,
               Dataset& data) {
  if (!read_kind(arguments)) data.notes.push_back(describe_choice(data));
  if (arguments.given(training::factors) && recipe.factors < arguments[training::factors])
    data.notes.push_back(data.name + ": " + counted(recipe.factors, "factor") + ", as many as " +
                         counted(statistics.readings(), "reading") + " allow");
  const auto note_columns = [&](std::vector<std::size_t> columns, const char* of_one, const char* of_many) {
    if (columns.empty()) return;
    const bool one = columns.size() == 1;
    for (std::size_t& column : columns)
      if (!data.taken.numbers.empty()) column = data.taken.numbers[column];
    data.notes.push_back(data.name + ": " + (data.recording ? "of windows, " : "") +
                         (one ? "column " : "columns ") + list_numbers(columns) + (one ? of_one : of_many));
  };
  if (looks_like_recording(data))
    data.notes.push_back(data.name + ": rows are " + significant(data.time.interval, 3) +
                         " s apart, and each is much like the one before: --window auto learns windows of "
                         "readings over time");
  note_columns(constant_columns(statistics), " is constant: any other value will be taken for unusual",
               " are constant: any other value will be taken for unusual");
  note_columns(
      coarse_columns(statistics),
      " varies by little beside its mean, and is rounded to what 24 bits hold: subtract what is constant",
      " vary by little beside their means, and are rounded to what 24 bits hold: subtract what is "
      "constant");
}

void bound(Dataset& data, const ReadingStatistics& statistics) {
  const std::size_t bounded = bound_readings(data, statistics);
  if (bounded > 0)
    data.notes.push_back(data.name + ": " + counted(bounded, "reading") + (bounded == 1 ? " lies" : " lie") +
                         " more than 10 deviations from the mean of " +
                         (bounded == 1 ? "its column" : "their columns") + ", and " +
                         (bounded == 1 ? "counts" : "count") + " as 10 in training");
}

void begin(const Arguments& arguments, bool with_weights, TrainingInputs& inputs) {
  TrainingState& state = inputs.state;
  Dataset& data = inputs.data;
  state.recipe = read_recipe(arguments, data.kind);
  if (state.recipe.shift > 0 && !(data.has_pictures && data.kind == DataKind::intensities))
    throw Failure(data.name + ": its examples are no pictures of intensities, which --shift moves");
  ReadingStatistics statistics;
  if (data.kind == DataKind::readings) {
    statistics = measure_readings(data);
    fit_recipe(state.recipe, arguments, inputs.data, statistics);
    add_notes(arguments, state.recipe, statistics, data);
  }
  state.epochs = read_epochs(arguments, state.recipe, data.kind, data.rows);
  state.data_checksum = checksum(data);
  inputs.model = initial_model(state.recipe, data, statistics, with_weights);
  if (data.kind == DataKind::readings) bound(data, statistics);
}

void check_resumed(TrainingInputs& inputs) {
  check_fit(inputs.model, inputs.checkpoint_name, inputs.data);
  if (checksum(inputs.data) != inputs.state.data_checksum)
    throw Failure(inputs.checkpoint_name + ": was trained on other data than " + inputs.data.name +
                  ", or with another --hold-out");
  if (inputs.data.kind == DataKind::readings) bound(inputs.data, measure_readings(inputs.data));
}

// What DATA should be for the options to make sense, where no word decides.
DataKind kind_of_options(const Arguments& arguments) {
  return arguments.given(training::scale) || arguments.given(training::factors) ? DataKind::readings
                                                                                : DataKind::intensities;
}

}  // namespace

TrainingInputs open_training_inputs(const Arguments& arguments, bool with_weights) {
  refuse_contradictions(arguments);
  TrainingInputs inputs;
  const bool resumed = arguments.given(training::resume);
  if (resumed) {
    read_checkpoint(arguments, with_weights, inputs);
  } else {
    // Contradictions are told before files are read.
    inputs.state.recipe = read_recipe(arguments, read_kind(arguments).value_or(kind_of_options(arguments)));
  }
  if (arguments.given(training::votes) && !arguments.given(training::false_alarms))
    throw Misuse("--votes: is for --false-alarms");
  for (const Option* option :
       std::initializer_list<const Option*>{&training::stop_gap, &training::nats, &training::false_alarms})
    if (arguments.given(*option) && !is_generative(inputs.state.recipe))
      throw Misuse(option->dashed() +
                   ": how probable an example is, is learned with --label-weight below 1 only");
  if (arguments.given(training::false_alarms) && inputs.state.recipe.visible == rbm::VisibleUnits::means)
    throw Misuse(
        "--false-alarms: the free energy of means of bits is no score; leave it out with "
        "--visible means");
  if (arguments.given(training::nats) && inputs.state.recipe.visible == rbm::VisibleUnits::means)
    throw Misuse("--nats: means of bits have no log-likelihood; leave it out with --visible means");
  read_training_data(arguments, inputs);
  if (arguments.given(training::false_alarms)) inputs.as_read = inputs.data;
  if (resumed)
    check_resumed(inputs);
  else
    begin(arguments, with_weights, inputs);
  if (inputs.validation && inputs.validation->columns != inputs.data.columns)
    throw Failure(inputs.validation->name + ": " + counted(inputs.validation->columns, "value") +
                  " an example, but " + inputs.data.name + " has " + std::to_string(inputs.data.columns));
  // What reads all of it in order is done.
  if (inputs.state.recipe.shuffle) inputs.data.stored.bytes.expect_random_order();
  tell_notes(inputs.data.notes);
  if (inputs.validation) tell_notes(inputs.validation->notes);
  return inputs;
}

}  // namespace tool
