#include <string>
#include <utility>
#include <vector>

#include "platform/desktop/files.hpp"
#include "platform/desktop/mapped_file.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/agreement.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/train_inputs.hpp"
#include "tools/commands/train_options.hpp"
#include "tools/commands/train_outputs.hpp"
#include "tools/data/data_file.hpp"
#include "tools/inference/recorded_scores.hpp"
#include "tools/model/visible_groups.hpp"
#include "tools/training/cross_fit.hpp"
#include "tools/training/label_report.hpp"

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

RunOptions read_options(const Arguments& arguments, const TrainingOutputs& outputs, platform::Ranks& ranks) {
  RunOptions options;
  options.ranks = &ranks;
  if (outputs.is_file()) options.checkpoint = outputs.checkpoint;
  options.nats_every = arguments[training::nats];
  options.stop_gap = arguments[training::stop_gap];
  options.with_pictures = !outputs.page.empty();
  // A stream takes one model, which has its limit.
  if (!arguments.given(training::false_alarms) || outputs.is_file())
    options.save = [&outputs](const Model& model) { save(outputs.model, to_written_tensors(model)); };
  options.threads = static_cast<unsigned>(arguments[option::threads]);
  options.json = outputs.json;
  return options;
}

TrainingResult train(TrainingInputs& inputs, const RunOptions& options, const TrainingOutputs& outputs,
                     platform::Progress& progress) {
  try {
    TrainingResult result = train_model(inputs, options, progress);
    platform::watch_interrupts();  // what follows is the first rank's alone
    return result;
  } catch (const TrainingInterrupted& interrupted) {
    progress.erase();
    tell_interrupted(outputs, interrupted.epochs_done);
    throw;
  }
}

// The limit that the examples themselves set, as ones that were not learned.
void set_limit(const Arguments& arguments, const TrainingInputs& inputs, const RunOptions& options,
               const TrainingOutputs& outputs, TrainingResult& result, platform::Progress& progress) {
  if (!arguments.given(training::false_alarms)) return;
  const Dataset& data = *inputs.as_read;
  const std::vector<double> scores =
      held_out_scores(inputs, data, result.model, options.threads_to_measure(), progress);
  const Calibration found =
      calibrate(data, scores, arguments[training::false_alarms], arguments[training::votes]);
  result.model.calibration = found;
  describe(found, result.model.metadata);
  save(outputs.model, to_written_tensors(result.model));
  progress.finish_line("limit: " + significant(found.limit, 6) + " nats, for " +
                       significant(100 * found.false_alarms, 3) + " % of false alarms");
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

// What the run depends on, beside its options.
Fingerprint fingerprint(const TrainingInputs& inputs) {
  Fingerprint found;
  found.add(inputs.state.data_checksum);
  if (inputs.validation) found.add(checksum(*inputs.validation));
  if (!inputs.checkpoint_name.empty()) {
    const platform::FileBytes file = platform::map_file(inputs.checkpoint_name);
    found.add(std::string_view(reinterpret_cast<const char*>(file.data()), file.size()));
  }
  // Weights, which only the first rank has, follow from the rest; here they are left out.
  add_tensors(found, to_written_tensors(inputs.model));
  return found;
}

void run_train(const Arguments& arguments, CommandRanks& ranks) {
  TrainingInputs inputs = open_training_inputs(arguments, ranks.is_first());
  const TrainingOutputs outputs = training_outputs(arguments);
  const RunOptions options = read_options(arguments, outputs, ranks.ranks());
  platform::watch_interrupts(ranks.are_many());  // before a temporary file, which an interruption would leave
  check(outputs);
  if (ranks.are_many()) ranks.agree(fingerprint(inputs));
  platform::Progress progress(arguments[option::quiet]);
  if (inputs.model.has_readings()) progress.finish_line(describe_readings(inputs, arguments));
  if (inputs.state.recipe.has_labels) progress.finish_line(labels_text(inputs.data));
  TrainingResult result = train(inputs, options, outputs, progress);
  if (!ranks.is_first()) return;
  set_limit(arguments, inputs, options, outputs, result, progress);
  std::optional<LabelReport> labels;
  if (inputs.state.recipe.has_labels) {
    platform::Threads threads(options.threads_to_measure());
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
    "IDX and NPY files may be larger than the memory: only what is needed is read.\n"
    "Shuffle such a file before, as --shuffle reads it here and there, slowly.\n\n"
    "Without --threads, the first batches are learned with 1, 2, 4, ... threads, and\n"
    "the rest with the fastest number; on several machines (mpirun), one for each\n"
    "process. No number changes a bit.\n\n"
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
    nullptr,
    named_files,
    run_train};

}  // namespace tool
