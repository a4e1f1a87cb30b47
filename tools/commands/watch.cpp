#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/desktop/files.hpp"
#include "platform/desktop/interrupt.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/command_line/false_alarms.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/detection_facts.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/score_facts.hpp"
#include "tools/commands/train_inputs.hpp"
#include "tools/commands/train_options.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/windows.hpp"
#include "tools/inference/recorded_scores.hpp"
#include "tools/inference/recording_page.hpp"
#include "tools/inference/scores.hpp"
#include "tools/inference/watched.hpp"
#include "tools/model/c_header_files.hpp"
#include "tools/model/c_program.hpp"
#include "tools/model/model_file.hpp"
#include "tools/output/facts.hpp"
#include "tools/quantization/model_quantizer.hpp"
#include "tools/training/cross_fit.hpp"
#include "tools/training/recipe_options.hpp"
#include "tools/training/training_run.hpp"

namespace tool {
namespace {

constexpr Positional recording{"RECORDING",
                               "a CSV, NumPy or WAV file of readings over time, - for standard input"};
constexpr Text out{
    "out", "NAME", "sensor",
    "what the files are called: NAME.safetensors, NAME.h, NAME_main.c and NAME.html. The last part "
    "of NAME is what the model is called in C"};

constexpr FalseAlarmsOption false_alarms{
    "false-alarms",
    "share of normal windows that may be flagged, or alarms in a time: 1%, '1 a day', '2 an hour'"};
constexpr VotesOption votes{
    "votes", "the K-th largest of the last N scores counts, so that K of N windows must be odd"};
enum class Width { eight, four };
constexpr Choice<Width> bits{"bits", "8|4", Width::eight, "bits a weight on the device"};
constexpr OptionalReal step{"step",
                            "X",
                            std::nullopt,
                            {1e-30, 1e30},
                            "what one step of the sensor is, in the recording's units",
                            "1 where that serves, else 1, 2 or 5 times a power of ten"};

/// What is passed on to the training.
const OptionList of_training{training::hidden, training::factors, training::epochs};

/// Where the results go.
struct Targets {
  std::string model, program, page;
  HeaderTarget header;
};

Targets targets_of(const Arguments& arguments) {
  const std::string name = arguments[out];
  try {
    return {name + ".safetensors", name + "_main.c", name + ".html", header_target(name + ".h", "")};
  } catch (const Misuse&) {
    throw Misuse("--out " + name + ": its last part" + " names the model in C: letters, digits and _, " +
                 "no digit first, no word of the language");
  }
}

// The command line of a training that learns windows and sets a limit.
TrainingInputs open_recording(const Arguments& arguments) {
  std::vector<std::string> words{
      arguments[recording], "--false-alarms",
      arguments.given(false_alarms) ? arguments.text(false_alarms) : false_alarms.shown_default()};
  const auto pass_on = [&](const Option& option) {
    if (arguments.given(option)) words.insert(words.end(), {option.dashed(), arguments.text(option)});
  };
  pass_on(votes);
  for (const Option& option : of_training) pass_on(option);
  for (const Option* option : option::of_data) pass_on(*option);
  if (!arguments.given(option::window)) words.insert(words.end(), {"--window", "auto"});
  TrainingInputs inputs = open_training_inputs(Arguments(train_command, {words.begin(), words.end()}));
  if (!inputs.data.recording)
    throw Failure(inputs.data.name +
                  ": its rows are no moments of a recording: rbm train, score and quantize " +
                  "make a detector of single examples");
  return inputs;
}

Facts watch_facts(const Arguments& arguments, const TrainingInputs& inputs, const Watched& watched,
                  const QuantizedModel& made, const std::vector<float>& steps, const Targets& targets) {
  const Calibration& limit = *watched.detectors.front().limit;
  const Windows& windows = inputs.data.windows;
  Facts facts;
  facts.field("recording", inputs.data.name)
      .field("window", windows.length)
      .field("hop", windows.hop)
      .field("decimate", windows.decimation)
      .field("detrend", word_of(windows.detrend))
      .field("channels", windows.channels)
      .add("learned from", counted(inputs.data.rows, "normal window"), "learned", inputs.data.rows)
      .add("limit",
           significant(limit.limit, 4) + " nats: " + significant(100 * limit.false_alarms, 3) +
               " % of normal windows are expected above it",
           "limit", limit.limit)
      .field("false_alarms", limit.false_alarms);
  const LabelledData labelled(watched.windows.data, nullptr);
  if (labelled.has_both()) {
    add_detection(facts, labelled, watched.windows.data, watched.detectors);
    facts.line("note",
               "all three learned the normal windows, so that false alarms may flatter them; limits do not");
  } else {
    add_flagged(facts, watched.windows.data, judge(limit, watched.detectors.front().scores));
  }
  facts.line("readings", "whole numbers of steps: " + steps_text(made.meaning.columns, steps))
      .add("flash", flash_text(made), "flash_bytes", flash_bytes(made))
      .add("files", targets.model + ", " + targets.header.path + ", " + targets.program + ", " + targets.page,
           "model", targets.model)
      .field("header", targets.header.path)
      .field("program", targets.program)
      .field("page", targets.page)
      .line("try it",
            "cc -std=c99 " + shell_word(targets.program) + " -o " + shell_word(arguments[out]) + " && " +
                shell_word(std::filesystem::path(arguments[out]).is_absolute() ? arguments[out]
                                                                               : "./" + arguments[out]));
  return facts;
}

std::string file_of(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

RunOptions training_options(const Arguments& arguments) {
  RunOptions options;
  options.threads = static_cast<unsigned>(arguments[option::threads]);
  options.tells_epochs = false;
  return options;
}

// The model of floats, with its limit.
Model learn(TrainingInputs& inputs, const Arguments& arguments, const Workers& workers) {
  Model model = train_model(inputs, training_options(arguments), workers.progress).model;
  const std::vector<double> scores = held_out_scores(
      inputs, *inputs.as_read, model, static_cast<unsigned>(arguments[option::threads]), workers.progress);
  model.calibration = calibrate(*inputs.as_read, scores, arguments[false_alarms], arguments[votes]);
  describe(*model.calibration, model.metadata);
  return model;
}

QuantizedModel quantize(const Model& model, const Targets& targets, const Arguments& arguments,
                        const Workers& workers) {
  const QuantizationInputs inputs{targets.model, model, {}, {}};
  QuantizationOptions options;
  options.widths = {arguments[bits] == Width::eight ? 8u : 4u};
  if (const auto given = arguments[step]) options.step = static_cast<float>(*given);
  options.seed = arguments[option::seed];
  return ModelQuantizer(inputs, options, workers).run().model;
}

Page page_of(const Targets& targets, const Model& device, const Watched& watched, const Facts& facts,
             const Workers& workers) {
  RecordingPage page;
  page.title = watched.windows.data.name;
  page.subtitle = "What the detector in " + targets.header.path + " makes of it, in the device's integers.";
  page.model = &device;
  page.examples = &watched.windows;
  page.scores = watched.detectors.front().scores;
  page.calibration = watched.detectors.front().limit;
  page.options = facts.report();
  return make_page(page, workers);
}

void run_watch(const Arguments& arguments) {
  const Targets targets = targets_of(arguments);
  CommandWorkers command_workers(arguments);
  const Workers workers = command_workers;
  platform::OutputFile model_file(targets.model), program_file(targets.program), page_file(targets.page);
  HeaderFiles header_files(targets.header);

  TrainingInputs inputs = open_recording(arguments);
  const Model model = learn(inputs, arguments, workers);
  const QuantizedModel made = quantize(model, targets, arguments, workers);
  const Model device = device_model(made);
  const std::vector<float> steps = steps_of_channels(made);
  const Watched watched =
      watch(inputs.data, device, steps, arguments[false_alarms], arguments[votes], workers);
  const Facts facts = watch_facts(arguments, inputs, watched, made, steps, targets);

  write_safetensors(model_file, to_written_tensors(model));
  program_file.write(watching_program(targets.header.name, file_of(targets.header.path),
                                      file_of(targets.program), oddest_stretch(watched, steps)));
  write_page(page_file, page_of(targets, device, watched, facts, workers));
  for (platform::OutputFile* file : {&model_file, &program_file, &page_file}) file->finish();
  header_files.write(made, Runtime::inside);
  for (platform::OutputFile* file : {&model_file, &program_file, &page_file}) file->commit();
  facts.print(arguments[option::json]);
}

OptionList list_options() {
  OptionList options = of_training;
  for (const Option* option : std::initializer_list<const Option*>{&false_alarms, &votes, &bits, &step, &out})
    options.push_back(*option);
  return with_data_options(std::move(options), {option::seed, option::threads, option::json, option::quiet});
}

Files named_files(const Arguments& arguments) {
  const Targets targets = targets_of(arguments);
  return {{data_file(arguments[recording])},
          {targets.model, targets.header.path, targets.program, targets.page}};
}

}  // namespace

const Command watch_command{
    "watch",
    "from a recording to a detector for a device",
    {recording},
    list_options(),
    "Learns what is usual in a recording of a sensor, sets a limit, and writes all that\n"
    "a device needs to flag what is unusual:\n\n"
    "  NAME.safetensors  the model, for the other commands\n"
    "  NAME.h            the detector in C99, with its runtime: needs no other file\n"
    "  NAME_main.c       a program that uses it, and plays a stretch of the recording\n"
    "  NAME.html         a page: scores over time, what is odd and why, curves\n\n"
    "Rows that --label-column marks as odd are not learned; with them it is told how\n"
    "much of what is odd is found, when, and how many alarms are false, beside a mean\n"
    "and a deviation for each reading and one full Gaussian. Without labels all is\n"
    "taken for normal: let odd stretches be few.\n\n"
    "--window, --hop, --decimate and --detrend are chosen from the recording where they\n"
    "are not given, and a line says what was chosen. --rate gives the page times, and\n"
    "is needed for alarms in a time where no column tells times.\n\n"
    "A device pushes readings as whole numbers of the sensor's steps. Without --step\n"
    "each channel gets a step of its own; a line says which.\n\n"
    "The limit is where --false-alarms of normal windows are expected above. Four more\n"
    "models tell, each of which learns without a quarter of the windows and scores it;\n"
    "where windows are few, the limit lies further out. Where none is odd, and the\n"
    "limit lies far above most scores of the page, a few events set it: mark them\n"
    "by a label column, and they are not learned.\n\n"
    "It stands for rbm train --window auto --false-alarms 1% and rbm quantize\n"
    "--standalone; where you want more options, use these.\n\n"
    "Examples:\n"
    "  rbm watch recording.csv --out pump\n"
    "  rbm watch motes.csv --columns humidity,temperature --label-column label --out mote\n"
    "  rbm watch hum.wav --false-alarms '1 a day' --out hum\n",
    run_watch,
    named_files};

}  // namespace tool
