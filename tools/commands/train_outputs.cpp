#include "tools/commands/train_outputs.hpp"

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/train_options.hpp"
#include "tools/data/columns.hpp"
#include "tools/model/visible_groups.hpp"
#include "tools/output/json_line.hpp"
#include "tools/training/training_page.hpp"

namespace tool {
namespace {

// Whether a path is that of a file, there or not, and no pipe. A directory counts as one, and is refused.
bool is_file(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  return path != "-" && (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status) ||
                         std::filesystem::is_directory(status));
}

// Finds out before the work whether its result can be written.
void check_output(const std::string& path) {
  if (path.empty() || !is_file(path)) return;
  if (std::filesystem::is_directory(path)) throw Failure(path + ": is a directory");
  platform::OutputFile discarded(path);
}

// The options that cut such windows.
std::string words_of_windows(const Windows& windows) {
  if (windows.length == 0) return "";
  return " --window " + std::to_string(windows.length) + " --hop " + std::to_string(windows.hop) +
         (windows.decimation == 1 ? "" : " --decimate " + std::to_string(windows.decimation)) +
         " --detrend " + word_of(windows.detrend);
}

// The command that repeats a run.
std::string repeat(const TrainingOutputs& outputs, const TrainingInputs& inputs) {
  const Columns& taken = inputs.data.columns_of_file();
  return "rbm train " + outputs.data + to_words(inputs.state.recipe) + " --epochs " +
         std::to_string(inputs.state.epochs) + outputs.beside_recipe +
         (inputs.data.kind == DataKind::readings ? "" : " --maximum " + shortest(inputs.data.maximum)) +
         (takes_all(taken) ? "" : " --columns " + shell_word(to_text(taken))) +
         words_of_windows(inputs.data.windows) + " --out " + shell_word(outputs.model);
}

TrainingPage describe(const TrainingInputs& inputs, const TrainingResult& result,
                      const std::optional<LabelReport>& labels, const TrainingOutputs& outputs) {
  TrainingPage page;
  if (labels) page.labels = &*labels;
  page.title = std::filesystem::path(outputs.model).filename().string();
  page.data_name = inputs.data.name;
  page.examples = inputs.data.rows;
  page.validation_examples = inputs.validation ? inputs.validation->rows : 0;
  page.model = &result.model;
  page.epochs = result.history;
  page.log_likelihood_method = likelihood_method(result.history);
  page.pictures = result.pictures;
  page.options = split_lines(inputs.state.recipe);
  page.options.insert(page.options.begin(), {"--epochs", std::to_string(inputs.state.epochs)});
  if (inputs.data.kind == DataKind::intensities)
    page.options.emplace_back("--maximum", shortest(inputs.data.maximum));
  page.command = repeat(outputs, inputs);
  return page;
}

void add_labels(const LabelReport& labels, JsonLine& line) {
  const LabelFigures& figures = labels.figures;
  line.field("labels", figures.labels)
      .field("accuracy", figures.accuracy.value)
      .field("accuracy_standard_error", figures.accuracy.standard_error)
      .field("judged_on", labels.is_of_validation ? "validation" : "training")
      .field("label_loss", figures.log_loss.value)
      .field("calibration_error", figures.calibration_error);
}

}  // namespace

bool TrainingOutputs::is_file() const {
  return tool::is_file(model);
}

TrainingOutputs training_outputs(const Arguments& arguments) {
  const std::string model = output_name(arguments);
  return {model,
          checkpoint_name(model),
          arguments[training::report],
          shell_word(arguments[positional::data]),
          words_beside_recipe(arguments),
          arguments[option::json]};
}

void check(const TrainingOutputs& outputs) {
  check_output(outputs.model);
  check_output(outputs.page);
}

void write_page(const TrainingInputs& inputs, const TrainingResult& result,
                const std::optional<LabelReport>& labels, const TrainingOutputs& outputs) {
  if (!outputs.page.empty()) {
    platform::OutputFile file(outputs.page);
    write_page(file, make_page(describe(inputs, result, labels, outputs)));
    file.commit();
  }
  if (outputs.is_file()) std::remove(outputs.checkpoint.c_str());
}

void tell(const TrainingResult& result, const std::optional<LabelReport>& labels, const RunOptions& options,
          const TrainingOutputs& outputs, platform::Progress& progress) {
  if (result.stopped_early)
    progress.finish_line("stopped early: the free-energy gap is above " + format("%g", *options.stop_gap) +
                         " nats");
  const std::size_t classes = result.model.labels();
  progress.finish_line("wrote " + destination(outputs.model) + ": " + std::to_string(result.model.units()) +
                       " visible, " + std::to_string(result.model.hidden) + " hidden units, " +
                       (classes > 0 ? counted(classes, "label") + ", " : "") +
                       format("%.1f", result.seconds) + " s");
  if (labels) progress.finish_line(to_text(*labels));
  if (!outputs.page.empty()) progress.finish_line("wrote " + destination(outputs.page));
  if (!outputs.json) return tell_note(result.activity.note("hidden unit", result.model.factors));
  JsonLine line;
  line.field("model", outputs.model)
      .field("visible", result.model.units())
      .field("hidden", result.model.hidden);
  if (result.model.has_readings())
    line.field("visible_groups", to_text(result.model.groups))
        .field("scale", result.model.metadata.at("scale"))
        .field("factors", result.model.factors);
  if (labels) add_labels(*labels, line);
  line.field("epochs", result.epochs_done)
      .field("stopped_early", result.stopped_early)
      .field("constant_hidden_units", result.activity.constant())
      .field("seconds", result.seconds)
      .print();
}

void tell_interrupted(const TrainingOutputs& outputs, std::uint64_t epochs_done) {
  std::fprintf(stderr, "interrupted; go on%s with: rbm train %s --resume %s --out %s%s\n",
               outputs.data == "-" ? " (the same data on standard input)" : "", outputs.data.c_str(),
               shell_word(outputs.checkpoint).c_str(), shell_word(outputs.model).c_str(),
               outputs.beside_recipe.c_str());
  if (outputs.json)
    JsonLine()
        .field("interrupted", true)
        .field("checkpoint", outputs.checkpoint)
        .field("epochs_done", epochs_done)
        .print();
}

}  // namespace tool
