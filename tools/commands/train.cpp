#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/train_inputs.hpp"
#include "tools/commands/train_options.hpp"
#include "tools/data/columns.hpp"
#include "tools/data/data_file.hpp"
#include "tools/inference/recorded_scores.hpp"
#include "tools/model/visible_groups.hpp"
#include "tools/output/json_line.hpp"
#include "tools/training/cross_fit.hpp"
#include "tools/training/label_report.hpp"
#include "tools/training/training_page.hpp"

namespace tool {
namespace {

Files named_files(const Arguments& arguments) {
  const std::string output = output_name(arguments), checkpoint = checkpoint_name(output);
  Files files{{data_file(arguments[positional::data]), data_file(arguments[training::validation]),
               data_file(arguments[option::labels]), arguments[training::validation_labels]},
              {output, checkpoint, arguments[training::report]}};
  // A run replaces the checkpoint that it goes on from.
  if (!platform::same_file(arguments[training::resume], checkpoint))
    files.read.push_back(arguments[training::resume]);
  return files;
}

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

/// Where a run's results go, and the words of its command line that a later one repeats.
struct Outputs {
  std::string model;          // `-` is standard output
  std::string checkpoint;     // beside it
  std::string page;           // empty: none
  std::string data;           // DATA, as a shell takes it
  std::string beside_recipe;  // the options that no checkpoint fixes, likewise
  bool json;

  bool has_checkpoint() const { return is_file(model); }
};

Outputs read_outputs(const Arguments& arguments) {
  const std::string model = output_name(arguments);
  return {model,
          checkpoint_name(model),
          arguments[training::report],
          shell_word(arguments[positional::data]),
          words_beside_recipe(arguments),
          arguments[option::json]};
}

RunOptions read_options(const Arguments& arguments, const Outputs& outputs) {
  RunOptions options;
  if (outputs.has_checkpoint()) options.checkpoint = outputs.checkpoint;
  options.nats_every = arguments[training::nats];
  options.stop_gap = arguments[training::stop_gap];
  options.with_pictures = !outputs.page.empty();
  // A stream takes one model, which has its limit.
  if (!arguments.given(training::false_alarms) || is_file(outputs.model))
    options.save = [&outputs](const Model& model) { save(outputs.model, to_tensors(model)); };
  options.threads = static_cast<unsigned>(arguments[option::threads]);
  options.json = outputs.json;
  return options;
}

void tell_interrupted(const Outputs& outputs, std::uint64_t epochs_done) {
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

TrainingResult train(const TrainingInputs& inputs, const RunOptions& options, const Outputs& outputs,
                     platform::Progress& progress) {
  platform::watch_interrupts();  // before the first temporary file, which an interruption would leave
  check_output(outputs.model);
  check_output(outputs.page);
  try {
    return train_model(inputs, options, progress);
  } catch (const TrainingInterrupted& interrupted) {
    progress.erase();
    tell_interrupted(outputs, interrupted.epochs_done);
    throw;
  }
}

// The options that cut such windows.
std::string words_of_windows(const Windows& windows) {
  if (windows.length == 0) return "";
  return " --window " + std::to_string(windows.length) + " --hop " + std::to_string(windows.hop) +
         (windows.decimation == 1 ? "" : " --decimate " + std::to_string(windows.decimation)) +
         " --detrend " + word_of(windows.detrend);
}

// The command that repeats a run.
std::string repeat(const Outputs& outputs, const TrainingInputs& inputs) {
  const Columns& taken = inputs.data.columns_of_file();
  return "rbm train " + outputs.data + to_words(inputs.state.recipe) + " --epochs " +
         std::to_string(inputs.state.epochs) + outputs.beside_recipe +
         (inputs.data.kind == DataKind::readings ? "" : " --maximum " + shortest(inputs.data.maximum)) +
         (takes_all(taken) ? "" : " --columns " + shell_word(to_text(taken))) +
         words_of_windows(inputs.data.windows) + " --out " + shell_word(outputs.model);
}

TrainingPage describe(const TrainingInputs& inputs, const TrainingResult& result,
                      const std::optional<LabelReport>& labels, const Outputs& outputs) {
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

// The limit that the examples themselves set, as ones that were not learned.
void set_limit(const Arguments& arguments, const TrainingInputs& inputs, const Outputs& outputs,
               TrainingResult& result, platform::Progress& progress) {
  if (!arguments.given(training::false_alarms)) return;
  const Dataset& data = *inputs.as_read;
  const std::vector<double> scores = held_out_scores(
      inputs, data, result.model, static_cast<unsigned>(arguments[option::threads]), progress);
  const Calibration found =
      calibrate(data, scores, arguments[training::false_alarms], arguments[training::votes]);
  result.model.calibration = found;
  describe(found, result.model.metadata);
  save(outputs.model, to_tensors(result.model));
  progress.finish_line("limit: " + significant(found.limit, 6) + " nats, for " +
                       significant(100 * found.false_alarms, 3) + " % of false alarms");
}

void write_page(const TrainingInputs& inputs, const TrainingResult& result,
                const std::optional<LabelReport>& labels, const Outputs& outputs) {
  if (!outputs.page.empty()) {
    platform::OutputFile file(outputs.page);
    write_page(file, make_page(describe(inputs, result, labels, outputs)));
    file.commit();
  }
  if (outputs.has_checkpoint()) std::remove(outputs.checkpoint.c_str());
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

void tell(const TrainingResult& result, const std::optional<LabelReport>& labels, const RunOptions& options,
          const Outputs& outputs, platform::Progress& progress) {
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

// How a model of readings is made, and by what rule where nobody said it.
std::string describe_readings(const TrainingInputs& inputs, const Arguments& arguments) {
  const Recipe& recipe = inputs.state.recipe;
  const bool chosen = inputs.checkpoint_name.empty() && !arguments.given(training::scale);
  const char* const scales[] = {"a scale for each", "one scale for all", "readings not scaled"};
  std::string text =
      "units: " + to_text(inputs.model.groups) + "; " + scales[static_cast<std::size_t>(recipe.scale)];
  if (chosen && inputs.data.windows.length > 0)
    text += " of a channel";
  else if (chosen)
    text += recipe.scale == Scale::all ? " (one signal over time)" : " (not one signal over time)";
  return text + "; " + counted(recipe.factors, "factor");
}

void run_train(const Arguments& arguments) {
  const TrainingInputs inputs = open_training_inputs(arguments);
  const Outputs outputs = read_outputs(arguments);
  const RunOptions options = read_options(arguments, outputs);
  platform::Progress progress(arguments[option::quiet]);
  if (inputs.model.has_readings()) progress.finish_line(describe_readings(inputs, arguments));
  if (inputs.state.recipe.has_labels) progress.finish_line(labels_text(inputs.data));
  TrainingResult result = train(inputs, options, outputs, progress);
  set_limit(arguments, inputs, outputs, result, progress);
  std::optional<LabelReport> labels;
  if (inputs.state.recipe.has_labels) {
    platform::Threads threads(options.threads);
    labels = label_report(inputs, result.model, {threads, progress});
  }
  write_page(inputs, result, labels, outputs);
  tell(result, labels, options, outputs, progress);
}

OptionList list_options() {
  OptionList options{option::labels, training::recipe, training::epochs};
  const Recipe recipe;
  for_each_choice(recipe, [&](const Option& option, const auto&) { options.push_back(option); });
  for (const Option* option : std::initializer_list<const Option*>{
           &training::validation, &training::validation_labels, &training::hold_out, &training::stop_gap,
           &training::nats, &training::false_alarms, &training::votes, &training::report, &training::out,
           &training::resume})
    options.push_back(*option);
  return with_data_options(std::move(options), {option::threads, option::json, option::quiet});
}

}  // namespace

const Command train_command{
    "train",
    "learn a model from data",
    {positional::data},
    list_options(),
    "Of bits and pictures, train follows the well-known tutorial: 500 hidden units, CD-1,\n"
    "Adam. --recipe likelihood stands for --optimizer sgd --method pcd\n"
    "--final-gibbs-steps 5 --centring 0.01 --initial-bias data --rate-decay 1.5\n"
    "--average 0.3 --shuffle, and a rate that depends on --hidden. Data become far\n"
    "more probable, and samples worth a look. More epochs give a better model: the\n"
    "rate falls over all of them.\n\n"
    "Readings, which are numbers of any sign in units of their own, are learned by\n"
    "--recipe likelihood unless you say otherwise. Of them it stands for --batch 32\n"
    "--method pcd --gibbs-steps 5 --rate-decay 1 --average 0.3 --shuffle, half as many\n"
    "hidden units as readings but at least 16, 30,000 batches,\n"
    "and more weight decay the fewer the examples. What is constant in the data is told.\n"
    "To tell what is unusual, learn from normal examples alone: rbm help score.\n\n"
    "--labels COLUMN|FILE says which of 2 to 256 kinds each example is, and the model\n"
    "learns to tell it: rbm help classify. --recipe labels stands for --hidden 64\n"
    "--batch 32 --learning-rate 0.02 --rate-decay 1 --weight-decay 0.0003 --average 0.3\n"
    "--shuffle, of pictures --visible means, and 200 epochs, but 10,000 to 30,000\n"
    "batches. What is learned is\n"
    "log p(label | example), exactly, and nothing of what examples look like, unless\n"
    "you give a --label-weight below 1: then\n"
    "the model can also make up examples of a label, fill in and score, and learns\n"
    "from examples without a label too. For each epoch the line says the mean of\n"
    "-log p(label | example), in nats, and how many labels are told wrongly.\n\n"
    "loss is the mean of F(v0) - F(vk), in nats. It may be positive or negative, and\n"
    "it fluctuates. error is the mean squared difference between a visible unit and\n"
    "its reconstruction; it should fall. Neither says how probable the data are\n"
    "under the model: for that, see rbm help evaluate. All other figures are means\n"
    "over up to 1,000 examples, evenly spread. Every epoch measures the same\n"
    "examples with the same draws, so that only the model changes a figure. Of more\n"
    "than 100 epochs, 50 to 100 are shown; the page and --json have all.\n\n"
    "After each epoch, or after several short ones, FILE.checkpoint is written.\n"
    "Ctrl-C finishes the mini-batch, writes the checkpoint and prints the command\n"
    "that resumes the run, which then ends in the same bits as without the stop.\n\n"
    "Examples:\n"
    "  rbm train train-images-idx3-ubyte --out mnist.safetensors\n"
    "  rbm train train-images-idx3-ubyte --recipe likelihood --report run.html\n"
    "  rbm train digits --hidden 64 --epochs 60 --out digits.safetensors\n"
    "  rbm train readings.csv --out pump.safetensors\n"
    "  rbm train digits --labels digits --validation digits-test --report run.html\n"
    "  rbm train gestures.csv --labels gesture --hidden 16 --hold-out 0.2\n"
    "  gzip -dc readings.csv.gz | rbm train - --hidden 16 --columns 2-33\n",
    run_train,
    named_files};

}  // namespace tool
