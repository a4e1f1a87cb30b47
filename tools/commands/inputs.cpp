#include "tools/commands/inputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <vector>

#include "platform/desktop/files.hpp"
#include "platform/desktop/interrupt.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/column_list.hpp"
#include "tools/data/columns.hpp"
#include "tools/data/data_file.hpp"
#include "tools/model/model_file.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {
namespace {

// How intensities become states: as the user says, else as in training, else by default.
rbm::VisibleUnits visible_units(const Arguments& arguments, const Choice<rbm::VisibleUnits>& visible,
                                const Model& model, const std::string& model_name) {
  const std::string& known = model.meaning.visible_units;
  if (model.has_readings()) return rbm::VisibleUnits::real;
  if (arguments.given(visible) || known.empty()) return arguments[visible];
  const rbm::VisibleUnits kind = [&] {
    try {
      return option::visible.parse(known);
    } catch (const Misuse&) {
      throw Failure(model_name + ": metadata 'visible' is " + quoted(known) + ", which is not known here");
    }
  }();
  // Means of the states lie between them, and leave nothing to chance.
  if (kind == rbm::VisibleUnits::sampled) return visible.standard();
  if (!visible.has(kind))
    throw Failure(model_name + ": was trained on " + known +
                  " visible units, for which this is not defined: " + visible.dashed() + " " +
                  std::string(visible.placeholder()) + " says what to take instead");
  return kind;
}

// A line for each option that contradicts what the model remembers.
void tell_changes(const Arguments& arguments, const Choice<rbm::VisibleUnits>& visible, const Model& model,
                  const std::string& model_name, const Dataset& data) {
  const DataMeaning& meaning = model.meaning;
  const auto tell = [&](const Option& option, const std::string& now, const std::string& before) {
    if (arguments.given(option) && !before.empty() && now != before)
      tell_note(data.name + ": " + option.dashed() + " " + arguments.text(option) + ", but " + model_name +
                " was trained with " + before);
  };
  tell(option::maximum, shortest(data.maximum), meaning.maximum ? shortest(*meaning.maximum) : "");
  tell(visible, visible.word(arguments[visible]), meaning.visible_units);
  const Windows &windows = data.windows, &known = meaning.windows;
  if (known.length == 0 || windows.length > 0)
    tell(option::columns, to_text(data.columns_of_file()), to_text(meaning.columns));
  if (known.length == 0 || windows.length == 0) return;
  tell(option::window, std::to_string(windows.length), std::to_string(known.length));
  tell(option::hop, std::to_string(windows.hop), std::to_string(known.hop));
  tell(option::decimate, std::to_string(windows.decimation), std::to_string(known.decimation));
  tell(option::detrend, word_of(windows.detrend), word_of(known.detrend));
}

// Readings are what they are.
void refuse_intensities(const Arguments& arguments, const Choice<rbm::VisibleUnits>& visible,
                        const std::string& model_name) {
  for (const Option* option : std::initializer_list<const Option*>{&option::maximum, &visible})
    if (arguments.given(*option))
      throw Misuse(option->dashed() + " is for intensities, but " + model_name +
                   " has real units and takes readings as they are: leave it out");
}

// The readings of a unit that lie no more than 100 deviations beyond every mean that hidden units can give
// it.
struct Expected {
  double least, most;
};

std::vector<Expected> expected_readings(const Model& model) {
  constexpr double deviations = 100;
  const rbm::ConstRbmView view = model.view();
  std::vector<Expected> expected;
  for (std::size_t j = 0; j < model.units(); ++j) {
    double least = static_cast<double>(view.visible_bias[j]), most = least, variance = 1;
    for (std::size_t i = 0; i < model.hidden; ++i) {
      const double weight = static_cast<double>(view.weights.row(i)[j]);
      (weight < 0 ? least : most) += weight;
    }
    for (std::size_t k = 0; k < model.factors; ++k)
      variance += std::pow(static_cast<double>(view.layer.loadings.row(k)[j]), 2);
    const double offset = static_cast<double>(model.offset[j]), scale = static_cast<double>(model.scale[j]);
    const double reach = deviations * std::sqrt(variance);
    expected.push_back({offset + scale * (least - reach), offset + scale * (most + reach)});
  }
  return expected;
}

// The column of the file that a visible unit comes from, counted from 0.
std::size_t column_in_file(const Dataset& data, std::size_t unit) {
  const std::vector<std::size_t>& numbers = data.columns_of_file().numbers;
  const std::size_t column = data.recording ? unit / data.windows.length : unit;
  return numbers.empty() ? column : numbers[column];
}

// Most readings of a column far from all that the model learned: volts that are now millivolts, or a column
// that is another one.
void note_other_units(const Model& model, const std::string& model_name, Dataset& data) {
  const std::vector<Expected> expected = expected_readings(model);
  std::vector<std::size_t> far(data.columns), known(data.columns), columns;
  RowReader read(data);
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::vector<float>& row = read(n);
    for (std::size_t j = 0; j < row.size(); ++j) {
      const double reading = static_cast<double>(row[j]);
      known[j] += !std::isnan(row[j]);
      far[j] += reading < expected[j].least || reading > expected[j].most;
    }
  }
  for (const rbm::VisibleGroup& group : model.groups)
    for (std::size_t j = group.begin; group.kind == rbm::VisibleKind::real && j < group.end; ++j)
      if (2 * far[j] > known[j]) columns.push_back(column_in_file(data, j));
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  if (columns.empty()) return;
  data.notes.push_back(data.name + ": most readings of " + (columns.size() == 1 ? "column " : "columns ") +
                       list_numbers(columns) + " lie more than 100 deviations from all that " + model_name +
                       " learned: are they in the same units?");
}

// Binary units beside real ones held 0 and 1 in training.
void note_other_values(const Model& model, const std::string& model_name, Dataset& data) {
  RowReader read(data);
  std::size_t others = 0, column = 0;
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::vector<float>& row = read(n);
    for (const rbm::VisibleGroup& group : model.groups)
      for (std::size_t j = group.begin; group.kind == rbm::VisibleKind::binary && j < group.end; ++j) {
        if (std::isnan(row[j]) || row[j] == 0 || row[j] == 1) continue;
        if (others == 0) column = column_in_file(data, j);
        ++others;
      }
  }
  if (others > 0)
    data.notes.push_back(data.name + ": " + counted(others, "value") + ", the first in column " +
                         std::to_string(column + 1) + ", stand where " + model_name +
                         " learned 0 and 1: they count as 1 from 1/2 on");
}

// [channels]: the sensor's steps, where windows are to be those that a device makes.
std::vector<float> steps_of_channels(const Model& model, const Windows& windows) {
  std::vector<float> steps;
  if (!model.packed || !model.has_readings()) return steps;
  for (std::size_t c = 0; c < windows.channels && c * windows.length < model.units(); ++c)
    steps.push_back(model.packed->steps()[c * windows.length]);
  return steps;
}

}  // namespace

Reading read_data_options(const Arguments& arguments) {
  Reading reading;
  if (const auto maximum = arguments[option::maximum]) reading.maximum = static_cast<float>(*maximum);
  reading.columns = arguments[option::columns];
  reading.skip_lines = arguments[option::skip_lines];
  if (arguments.lists(option::labels)) reading.labels = arguments[option::labels];
  reading.label_column = arguments[option::label_column];
  reading.time_column = arguments[option::time_column];
  reading.rate = arguments[option::rate].value_or(0);
  return reading;
}

bool asks_for_windows(const Arguments& arguments) {
  return arguments.given(option::window);
}

Windows read_windows(const Arguments& arguments, const Windows& known) {
  Windows windows = known;
  if (const auto length = arguments[option::window]) windows.length = static_cast<std::size_t>(*length);
  if (known.length == 0 && !asks_for_windows(arguments))
    for (const Option* option :
         std::initializer_list<const Option*>{&option::hop, &option::decimate, &option::detrend})
      if (arguments.given(*option))
        throw Misuse(option->dashed() +
                     ": is of windows that are cut from a recording: --window says how long");
  if (const auto hop = arguments[option::hop])
    windows.hop = static_cast<std::size_t>(*hop);
  else if (windows.length != known.length)
    windows.hop = std::max<std::size_t>(1, windows.length / 4);
  if (const auto rows = arguments[option::decimate]) windows.decimation = static_cast<std::size_t>(*rows);
  if (arguments.given(option::detrend)) windows.detrend = arguments[option::detrend];
  return windows;
}

void remember(const DataMeaning& meaning, const std::string& model_name, Reading& reading) {
  reading.kind = meaning.kind();
  reading.known_maximum = meaning.maximum;
  reading.known_columns = meaning.columns;
  reading.known_label_column = meaning.label_column;
  reading.model_name = model_name;
}

void tell_note(const std::string& note) {
  if (!note.empty()) std::fprintf(stderr, "note: %s\n", note.c_str());
}

void tell_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) tell_note(note);
}

Inputs open_inputs(const Arguments& arguments, const Choice<rbm::VisibleUnits>& visible, bool gaps) {
  const std::string model_name = arguments[positional::model], data_name = arguments[positional::data];
  if (model_name == "-" && data_name == "-") throw Misuse("MODEL and DATA cannot both be standard input");
  Inputs inputs{source(model_name), read_model(model_name), {}};
  inputs.examples = open_examples(arguments, data_name, visible, inputs.model, inputs.model_name, gaps);
  return inputs;
}

Examples open_examples(const Arguments& arguments, const std::string& name,
                       const Choice<rbm::VisibleUnits>& visible, const Model& model,
                       const std::string& model_name, bool gaps, bool beside, const Text& labels) {
  Reading reading = read_data_options(arguments);
  if (arguments.lists(labels)) reading.labels = arguments[labels];
  remember(model.meaning, model_name, reading);
  if (arguments.lists(option::labels)) reading.known_labels = model.meaning.label_names;
  if (!reading.labels.empty() && model.labels() == 0)
    throw Failure(model_name + ": was trained without labels: leave --labels out");
  reading.gaps = gaps;
  reading.labels_may_lack = beside;
  reading.windows = read_windows(arguments, model.meaning.windows);
  if (asks_for_windows(arguments) && reading.windows.length == 0)
    throw Misuse("--window auto: " + model_name + " remembers no windows; say how long they are");
  reading.sensor_steps = steps_of_channels(model, reading.windows);
  if (model.has_readings()) refuse_intensities(arguments, visible, model_name);
  Examples examples{open_dataset(name, reading), visible_units(arguments, visible, model, model_name),
                    arguments[option::seed]};
  check_fit(model, model_name, examples.data);
  if (model.has_readings()) {
    note_other_values(model, model_name, examples.data);
    note_other_units(model, model_name, examples.data);
  }
  tell_notes(examples.data.notes);
  tell_changes(arguments, visible, model, model_name, examples.data);
  return examples;
}

namespace {

// Where both have names of columns, those of the model decide.
Dataset open_mask(const std::string& path, const Model& model, const std::string& model_name) {
  Reading reading;
  reading.maximum =
      1e30f;  // only the proportion to the largest value counts: 0 and 1, 0 and 255 mean the same
  if (data_file(path).empty()) return open_dataset(path, reading);
  std::vector<unsigned char> file = platform::read_file(path);
  Dataset mask = parse_dataset(file, path, reading);
  if (mask.taken.names.empty() || model.meaning.columns.names.empty()) return mask;
  remember(model.meaning, model_name, reading);
  if (model.meaning.windows.length > 0)
    reading.known_columns = {model.units(), {}, model.meaning.unit_names()};
  reading.kind = DataKind::intensities;
  return parse_dataset(std::move(file), path, reading);
}

}  // namespace

std::vector<rbm::Unit> read_mask(const std::string& path, const Model& model, const std::string& model_name) {
  const Dataset data = open_mask(path, model, model_name);
  const bool example = data.rows == 1 && data.columns == model.units();
  const bool picture = data.rows == model.shape.height && data.columns == model.shape.width;
  if (!example && !picture) {
    const std::string other = std::to_string(model.shape.height) + " x " + std::to_string(model.shape.width);
    throw Failure(data.name + ": is no mask for this model: it holds " + std::to_string(data.rows) + " x " +
                  std::to_string(data.columns) + " values, a mask 1 x " + std::to_string(model.units()) +
                  (model.shape.height == 1 ? "" : " or " + other));
  }
  std::vector<float> values(model.units());
  for (std::size_t n = 0; n < data.rows; ++n) data.row(n, values.data() + n * data.columns);
  const float largest = *std::max_element(values.begin(), values.end());
  std::vector<rbm::Unit> units;
  for (std::size_t j = 0; j < values.size(); ++j)
    if (largest > 0 && values[j] >= largest / 2) units.push_back(static_cast<rbm::Unit>(j));
  return units;
}

void scale_for_picture(const Model& model, std::vector<float>& readings) {
  const auto rule = model.metadata.find("scale");
  if (!model.has_readings() || rule == model.metadata.end() || rule->second != "each") return;
  for (std::size_t n = 0; n < readings.size(); ++n) {
    const std::size_t j = n % model.units();
    readings[n] = (readings[n] - model.offset[j]) / model.scale[j];
  }
}

CommandWorkers::CommandWorkers(const Arguments& arguments)
    : threads_(static_cast<unsigned>(arguments[option::threads])), progress_(arguments[option::quiet]) {
  platform::watch_interrupts();
}

CommandWorkers::CommandWorkers(const Arguments& arguments, platform::Ranks& ranks)
    : threads_(ranks.threads(static_cast<unsigned>(arguments[option::threads]))),
      progress_(arguments[option::quiet]),
      ranks_(&ranks) {
  platform::watch_interrupts();
}

}  // namespace tool
