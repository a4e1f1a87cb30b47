#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/train_inputs.hpp"
#include "tools/commands/train_options.hpp"
#include "tools/data/data_file.hpp"
#include "tools/output/json_line.hpp"
#include "tools/training/training_page.hpp"

namespace tool {
namespace {

Files named_files(const Arguments& arguments) {
  const std::string output = output_name(arguments), checkpoint = checkpoint_name(output);
  Files files{{data_file(arguments[training::data]), data_file(arguments[training::validation])},
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

RunOptions read_run_options(const Arguments& arguments) {
  const std::string output = output_name(arguments);
  RunOptions options;
  if (is_file(output)) options.checkpoint = checkpoint_name(output);
  options.nats_every = arguments[training::nats];
  options.stop_gap = arguments[training::stop_gap];
  options.with_pictures = arguments.given(training::report);
  options.threads = static_cast<unsigned>(arguments[option::threads]);
  options.json = arguments[option::json];
  return options;
}

// The command that repeats a run.
std::string repeat(const Arguments& arguments, const TrainingState& state) {
  std::string words = "rbm train " + shell_word(arguments[training::data]) + to_words(state.recipe) +
                      " --epochs " + std::to_string(state.epochs) + words_beside_recipe(arguments) +
                      " --out " + shell_word(output_name(arguments));
  if (state.maximum > 0) words += " --maximum " + format("%.9g", static_cast<double>(state.maximum));
  return words;
}

void write_training_page(const Arguments& arguments, const TrainingInputs& inputs,
                         const TrainingResult& result) {
  TrainingPage page;
  page.title = std::filesystem::path(output_name(arguments)).filename().string();
  page.data_name = inputs.data.name;
  page.examples = inputs.data.rows;
  page.validation_examples = inputs.validation ? inputs.validation->rows : 0;
  page.model = &result.model;
  page.epochs = result.history;
  page.log_likelihood_method = likelihood_method(result.history);
  page.pictures = result.pictures;
  page.options = split_lines(inputs.state.recipe);
  page.options.insert(page.options.begin(), {"--epochs", std::to_string(inputs.state.epochs)});
  page.command = repeat(arguments, inputs.state);
  platform::OutputFile file(arguments[training::report]);
  write_page(file, make_page(page));
  file.commit();
}

void tell(const Arguments& arguments, const TrainingResult& result, platform::Progress& progress) {
  const std::string output = output_name(arguments);
  if (result.stopped_early)
    progress.finish_line("stopped early: the free-energy gap is above " +
                         format("%g", *arguments[training::stop_gap]) + " nats");
  progress.finish_line("wrote " + destination(output) + ": " + std::to_string(result.model.visible) +
                       " visible, " + std::to_string(result.model.hidden) + " hidden units, " +
                       format("%.1f", result.seconds) + " s");
  if (arguments.given(training::report))
    progress.finish_line("wrote " + destination(arguments[training::report]));
  if (!arguments[option::json]) return;
  JsonLine()
      .field("model", output)
      .field("visible", result.model.visible)
      .field("hidden", result.model.hidden)
      .field("epochs", result.epochs_done)
      .field("stopped_early", result.stopped_early)
      .field("seconds", result.seconds)
      .print();
}

// How to go on.
void tell_interrupted(const Arguments& arguments, std::uint64_t epochs_done) {
  const std::string output = output_name(arguments), checkpoint = checkpoint_name(output);
  const bool piped = arguments[training::data] == "-";
  std::fprintf(stderr, "interrupted; go on%s with: rbm train %s --resume %s --out %s%s\n",
               piped ? " (the same data on standard input)" : "",
               shell_word(arguments[training::data]).c_str(), shell_word(checkpoint).c_str(),
               shell_word(output).c_str(), words_beside_recipe(arguments).c_str());
  if (arguments[option::json])
    JsonLine()
        .field("interrupted", true)
        .field("checkpoint", checkpoint)
        .field("epochs_done", epochs_done)
        .print();
}

TrainingResult train(const Arguments& arguments, const TrainingInputs& inputs, platform::Progress& progress) {
  platform::watch_interrupts();  // before the first temporary file, which an interruption would leave
  check_output(output_name(arguments));
  check_output(arguments[training::report]);
  try {
    return train_model(inputs, read_run_options(arguments), progress);
  } catch (const TrainingInterrupted& interrupted) {
    progress.erase();
    tell_interrupted(arguments, interrupted.epochs_done);
    throw;
  }
}

void write(const Arguments& arguments, const TrainingInputs& inputs, const TrainingResult& result) {
  const std::string output = output_name(arguments);
  save(output, to_tensors(result.model));
  if (arguments.given(training::report)) write_training_page(arguments, inputs, result);
  if (is_file(output)) std::remove(checkpoint_name(output).c_str());
}

void run_train(const Arguments& arguments) {
  const TrainingInputs inputs = open_training_inputs(arguments);
  platform::Progress progress(arguments[option::quiet]);
  const TrainingResult result = train(arguments, inputs, progress);
  write(arguments, inputs, result);
  tell(arguments, result, progress);
}

std::vector<std::reference_wrapper<const Option>> list_options() {
  std::vector<std::reference_wrapper<const Option>> options{training::recipe, training::epochs};
  const Recipe recipe;
  for_each_choice(recipe, [&](const Option& option, const auto&) { options.push_back(option); });
  for (const Option* option : std::initializer_list<const Option*>{
           &training::validation, &training::hold_out, &training::stop_gap, &training::nats,
           &training::report, &training::out, &training::resume, &option::maximum, &option::threads,
           &option::json, &option::quiet})
    options.push_back(*option);
  return options;
}

}  // namespace

const Command train_command{
    "train",
    "learn a model from data",
    {training::data},
    list_options(),
    "Without options this is the well-known tutorial: 500 hidden units, CD-1, Adam.\n"
    "--recipe likelihood stands for --optimizer sgd --method pcd --final-gibbs-steps 5\n"
    "--centring 0.01 --initial-bias data --rate-decay 1.5 --average 0.3 --shuffle, and\n"
    "a rate that depends on --hidden: far more probable data, and samples worth looking\n"
    "at. The more epochs, the better: its rate falls with what is left of them.\n\n"
    "loss is the mean of F(v0) - F(vk), in nats: of either sign, and restless; error is\n"
    "the mean squared difference of a visible unit and its reconstruction, and should\n"
    "fall. Neither says how probable the data are under the model: for that, see rbm\n"
    "help evaluate. Beside them, what is measured after an epoch is the mean over up to\n"
    "1,000 examples, evenly spread: the same ones and the same draws each time, so that\n"
    "only the model changes a figure. Of more than 100 epochs 50 to 100 are shown; the\n"
    "page and --json have all.\n\n"
    "After each epoch, or some where they are short, FILE.checkpoint is written; Ctrl-C\n"
    "finishes the mini-batch, writes it and prints the command that goes on, to the same\n"
    "bits as without the stop.\n\n"
    "Examples:\n"
    "  rbm train train-images-idx3-ubyte --out mnist.safetensors\n"
    "  rbm train train-images-idx3-ubyte --recipe likelihood --report run.html\n"
    "  rbm train digits --hidden 64 --epochs 60 --out digits.safetensors\n"
    "  gzip -dc sensor.csv.gz | rbm train - --optimizer sgd --momentum 0.5\n",
    run_train,
    named_files};

}  // namespace tool
