#pragma once

#include <string>
#include <vector>

#include "platform/desktop/terminal.hpp"
#include "platform/desktop/threads.hpp"
#include "tools/base/workers.hpp"
#include "tools/command_line/options.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// The model and the examples that a command line names.
struct Inputs {
  std::string model_name;  ///< as messages show it
  Model model;
  Examples examples;
};

/// What a command line says of how its data are to be read.
Reading read_data_options(const Arguments& arguments);

/// Whether a command line asks for windows of a recording.
bool asks_for_windows(const Arguments& arguments);

/// The windows that a command line asks for, beside those that a model remembers, if it does. Length 0: rows
/// are examples, or the data shall choose (--window auto). Throws Misuse where no window is asked for, but
/// what it shall be like.
Windows read_windows(const Arguments& arguments, const Windows& known);

/// Adds what a model remembers of its data to what the user says, but for the names of its labels: a column
/// of labels is left out of the units then, and not read.
void remember(const DataMeaning& meaning, const std::string& model_name, Reading& reading);

/// Prints a note for the user on standard error; an empty one is none.
void tell_note(const std::string& note);
void tell_notes(const std::vector<std::string>& notes);

/// Reads both files. `visible` is the command's option for the kind of visible units; the command also has
/// option::seed and the options of DATA. What they do not say, the model remembers; where they say otherwise,
/// a line tells. With `gaps`, values may be missing, which are NaN. Throws Failure, naming both files, where
/// the data do not fit the model, Misuse where an option is said of readings that only intensities have.
Inputs open_inputs(const Arguments& arguments, const Choice<rbm::VisibleUnits>& visible, bool gaps = false);

/// Reads the data that `name` names, for a model. The options are as with open_inputs(). With `beside`, they
/// are a file beside DATA, which may lack the column of labels. `labels` is the option that says where labels
/// are.
Examples open_examples(const Arguments& arguments, const std::string& name,
                       const Choice<rbm::VisibleUnits>& visible, const Model& model,
                       const std::string& model_name, bool gaps = false, bool beside = false,
                       const Text& labels = option::labels);

/// Reads a mask: a data file of one example, or of a picture's height x width values, which marks the visible
/// units whose value is at least half of its largest. Columns are found by the names that the model was
/// trained on, where the mask has names. Returns them in ascending order. Throws Failure where the file is no
/// mask for this model.
std::vector<rbm::Unit> read_mask(const std::string& path, const Model& model, const std::string& model_name);

/// Makes readings [examples][visible] what a picture can show side by side: (reading - offset) / scale where
/// each column has a scale of its own; else they stay.
void scale_for_picture(const Model& model, std::vector<float>& readings);

/// The threads and the line of progress that option::threads and option::quiet of a command line ask for.
/// From here on an interruption is noticed: make it before the first output file, which else may be left
/// behind.
class CommandWorkers {
 public:
  explicit CommandWorkers(const Arguments& arguments);

  /// Shares its work with other ranks.
  CommandWorkers(const Arguments& arguments, platform::Ranks& ranks);

  operator Workers() { return {threads_, progress_, ranks_}; }

 private:
  platform::Threads threads_;
  platform::Progress progress_;
  platform::Ranks* ranks_ = nullptr;
};

}  // namespace tool
