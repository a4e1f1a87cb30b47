#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/desktop/terminal.hpp"
#include "tools/command_line/arguments.hpp"
#include "tools/training/label_report.hpp"
#include "tools/training/training_run.hpp"

namespace tool {

/// Where the results of `rbm train` go, and the words of its command line that a later run repeats.
struct TrainingOutputs {
  std::string model;          ///< `-` is standard output
  std::string checkpoint;     ///< beside it
  std::string page;           ///< empty: none
  std::string data;           ///< DATA, as a shell takes it
  std::string beside_recipe;  ///< the options that no checkpoint fixes, likewise
  bool json;                  ///< whether results are told as JSON

  /// Whether the model becomes a file, and no stream: what can be written again, and have one beside it.
  bool is_file() const;
};

TrainingOutputs training_outputs(const Arguments& arguments);

/// Finds out before the work whether its results can be written. Throws Failure where one cannot.
void check(const TrainingOutputs& outputs);

/// Writes the page, where one is asked for, and removes the checkpoint.
void write_page(const TrainingInputs& inputs, const TrainingResult& result,
                const std::optional<LabelReport>& labels, const TrainingOutputs& outputs);

/// Tells what was written, and how good it is.
void tell(const TrainingResult& result, const std::optional<LabelReport>& labels, const RunOptions& options,
          const TrainingOutputs& outputs, platform::Progress& progress);

/// Tells how an interrupted run goes on.
void tell_interrupted(const TrainingOutputs& outputs, std::uint64_t epochs_done);

}  // namespace tool
