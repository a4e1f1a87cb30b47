#include "tools/commands/train_data.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/train_options.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/hold_out.hpp"
#include "tools/data/windows.hpp"
#include "tools/training/label_weights.hpp"
#include "tools/training/window_rule.hpp"

namespace tool {
namespace {

// Whether the user wants windows and does not say all of what they are.
bool leaves_windows_to_data(const Arguments& arguments) {
  return asks_for_windows(arguments) && (!arguments[option::window] || !arguments.given(option::detrend));
}

// Reads a recording and cuts it into windows that it chooses itself, but for what the user says.
Dataset open_windows(const Arguments& arguments, Reading reading) {
  AskedWindows asked;
  asked.length = static_cast<std::size_t>(arguments[option::window].value_or(0));
  asked.hop = static_cast<std::size_t>(arguments[option::hop].value_or(0));
  asked.decimation = static_cast<std::size_t>(arguments[option::decimate].value_or(0));
  if (arguments.given(option::detrend)) asked.detrend = arguments[option::detrend];
  reading.windows = {};
  reading.gaps = true;
  Dataset recording = open_dataset(arguments[positional::data], reading);
  const ChosenWindows chosen = choose_windows(recording, asked, CommandWorkers(arguments));
  recording.notes.push_back(chosen.reason);
  return cut_windows(std::move(recording), chosen.windows);
}

// Examples without a label teach nothing where labels alone are learned.
void leave_out_unlabelled(Dataset& data) {
  const std::vector<std::size_t> labelled = labelled_rows(data);
  const std::size_t others = data.rows - labelled.size();
  if (others == 0) return;
  data = take_rows(data, labelled);
  data.notes.push_back(data.name + ": " + counted(others, "example") + " without a label " +
                       (others == 1 ? "teaches" : "teach") + " nothing with --label-weight 1, and " +
                       (others == 1 ? "is" : "are") + " left out");
}

// Where validation has its labels, which are those of the data.
void remember_labels(const Arguments& arguments, const Dataset& data, Reading& reading) {
  reading.known_labels = data.label_names;
  if (arguments.given(training::validation_labels)) {
    reading.labels = arguments[training::validation_labels];
    return;
  }
  // A file of labels belongs to DATA alone.
  reading.known_label_column = data.label_name;
  reading.labels.clear();
}

}  // namespace

void read_training_data(const Arguments& arguments, TrainingInputs& inputs) {
  Reading reading = read_data_options(arguments);
  remember(inputs.model.meaning, inputs.checkpoint_name, reading);
  reading.known_labels = inputs.model.meaning.label_names;
  if (inputs.checkpoint_name.empty()) reading.kind = read_kind(arguments);
  reading.windows = read_windows(arguments, inputs.model.meaning.windows);
  if (asks_for_windows(arguments)) {
    if (reading.kind.value_or(DataKind::readings) != DataKind::readings)
      throw Misuse("--window: windows are of readings, and have no --maximum and no --visible but real");
    reading.kind = DataKind::readings;
  }
  inputs.data = leaves_windows_to_data(arguments) ? open_windows(arguments, reading)
                                                  : open_dataset(arguments[positional::data], reading);
  leave_out_odd(inputs.data);
  leave_out_changes(inputs.data);
  if (inputs.state.recipe.has_labels && inputs.data.classes.empty())
    throw Failure(inputs.data.name + ": has no labels, which " + inputs.checkpoint_name +
                  " learns: say by --labels where they are");
  if (arguments.given(training::validation)) {
    DataMeaning meaning{std::nullopt, training::visible.word(rbm::VisibleUnits::real),
                        inputs.data.columns_of_file()};
    if (inputs.data.kind == DataKind::intensities) meaning = {inputs.data.maximum, {}, inputs.data.taken};
    remember(meaning, inputs.data.name, reading);
    reading.windows = inputs.data.windows;
    remember_labels(arguments, inputs.data, reading);
    inputs.validation = open_dataset(arguments[training::validation], reading);
    leave_out_odd(*inputs.validation);
    leave_out_changes(*inputs.validation);
  }
  if (arguments.given(training::hold_out))
    inputs.validation = hold_out(inputs.data, arguments[training::hold_out]);
  if (!inputs.state.recipe.has_labels) return;
  if (!is_generative(inputs.state.recipe)) leave_out_unlabelled(inputs.data);
  if (inputs.validation && labelled_rows(*inputs.validation).empty())
    inputs.validation->notes.push_back(
        inputs.validation->name + ": has no labels" +
        (arguments.given(training::validation) ? "; --validation-labels says where they are" : ""));
}

}  // namespace tool
