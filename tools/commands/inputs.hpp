#pragma once

#include <string>

#include "platform/desktop/terminal.hpp"
#include "platform/desktop/threads.hpp"
#include "tools/command_line/arguments.hpp"
#include "tools/inference/inference.hpp"
#include "tools/inference/workers.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// What commands that run a model are called with.
namespace positional {
inline constexpr Positional model{"MODEL",
                                  "a model file, as rbm train writes it, .npz with its tensors or those of "
                                  "scikit-learn, or a header, as rbm "
                                  "quantize writes it; - for standard input"};
inline constexpr Positional data{
    "DATA", "an IDX, NumPy or CSV file, - for standard input, or the word digits or digits-test"};
}  // namespace positional

namespace option {
inline constexpr Choice visible{
    "visible", "sampled|thresholded|real", "sampled",
    "how intensities become states: drawn with their probability, on from 1/2, or as they are. Take what the "
    "model was trained with"};
}  // namespace option

/// The model and the examples that a command line names.
struct Inputs {
  std::string model_name;  ///< as messages show it
  Model model;
  Examples examples;
};

/// Reads both files. `visible` is the command's option for the kind of visible units; the command also has
/// option::seed and option::maximum. Throws Failure, naming both files, where the data do not fit the model.
Inputs open_inputs(const Arguments& arguments, const Choice& visible);

/// Reads the data that `name` names, for a model. The options are as with open_inputs().
Examples open_examples(const Arguments& arguments, const std::string& name, const Choice& visible,
                       const Model& model, const std::string& model_name);

/// The threads and the line of progress that option::threads and option::quiet of a command line ask for.
/// From here on an interruption is noticed: make it before the first output file, which else may be left
/// behind.
class CommandWorkers {
 public:
  explicit CommandWorkers(const Arguments& arguments);

  operator Workers() { return {threads_, progress_}; }

 private:
  platform::Threads threads_;
  platform::Progress progress_;
};

}  // namespace tool
