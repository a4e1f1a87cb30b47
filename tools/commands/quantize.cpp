#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/data/data_file.hpp"
#include "tools/model/model_file.hpp"
#include "tools/output/report.hpp"
#include "tools/quantization/model_quantizer.hpp"
#include "tools/quantization/quantize_report.hpp"
#include "tools/quantization/rounding.hpp"

namespace tool {
namespace {

enum class Width { eight, four, two, one };
constexpr unsigned widths[] = {8, 4, 2, 1};  // bits of each Width
constexpr Choice<Width> bits{"bits", "8|4|2|1", Width::eight,
                             "bits a weight; if given, the only width that --budget tries"};
constexpr Whole budget{
    "budget",
    "BYTES",
    0,
    {1, std::numeric_limits<std::uint64_t>::max()},
    "flash for the tables of the model and of the runtime, without code: tries each width "
    "with as many hidden units as fit, and takes what loses the fewest nats. Not of a model with labels",
    "no limit"};
constexpr Text out{"out", "FILE", "",
                   "the C header to write, - for standard output; FILE.c writes FILE.c and FILE.h, for "
                   "programs of several files",
                   "NAME.h"};
constexpr Flag standalone{"standalone", "put the runtime inside, so that the program needs no other file"};
constexpr Text name_option{"name", "NAME", "", "what the model is called in C: letters, digits and _",
                           "FILE without .h or .c"};
constexpr Text data_option{"data", "DATA", "",
                           "held-out examples to measure on what quantizing loses, in nats too"};
constexpr Text tune_option{"tune", "DATA", "",
                           "training examples on which to go on learning while weights are rounded"};
constexpr Flag label_names{"label-names", "put the names of labels into the header, for programs to show"};
constexpr Text tune_labels{"tune-labels", "COLUMN|FILE", "",
                           "which of a few each example of --tune is, as --labels says it of --data",
                           "where --labels says it"};
constexpr OptionalReal step{"step",
                            "X",
                            std::nullopt,
                            {1e-30, 1e30},
                            "of a model of readings: what one step of the sensor is, in the readings' units",
                            "1 where that serves, else 1, 2 or 5 times a power of ten"};
constexpr Whole epochs{"epochs",          "N", 0, {1, 1000000}, "passes through the examples of --tune",
                       "what serves well"};

// Those of labels and of readings.
void check_labels(const Arguments& arguments, const Model& model, const std::string& name) {
  if (model.labels() == 0 && arguments.given(label_names))
    throw Misuse("--label-names: " + name + " has no labels");
  if (model.labels() == 0 && arguments.given(tune_labels))
    throw Misuse("--tune-labels: " + name + " has no labels");
  if (model.labels() > 0 && arguments.given(budget))
    throw Misuse(
        "--budget: leaves out hidden units by how little they add to log p(v), not to labels, which " + name +
        " has: choose --bits");
}

void check_options(const Arguments& arguments, const Model& model, const std::string& name) {
  check_labels(arguments, model, name);
  if (!model.has_readings()) {
    if (arguments.given(step))
      throw Misuse("--step: is for models of readings, and " + name + " is one of bits");
    return;
  }
  const auto refuse = [&](const auto& option) {
    if (arguments.given(option))
      throw Misuse("--" + std::string(option.name()) + ": is for models of bits, and " + name +
                   " is one of readings");
  };
  if (model.labels() == 0) refuse(tune_option);
  refuse(budget);
  if (widths[static_cast<std::size_t>(arguments[bits])] < 4)
    throw Misuse("--bits: weights of models of readings have 8 or 4");
}

QuantizationInputs open_quantization_inputs(const Arguments& arguments) {
  const std::string model_name = arguments[positional::model];
  QuantizationInputs inputs{model_name, read_model(model_name), {}, {}};
  check_quantizable(inputs.model, model_name);
  check_options(arguments, inputs.model, model_name);
  const auto open = [&](const Text& option) {
    const bool own = &option == &tune_option && arguments.given(tune_labels);
    // Of labels, means are inputs like others.
    const Choice<rbm::VisibleUnits>& visible =
        inputs.model.labels() > 0 ? option::visible : option::binary_visible;
    Examples examples = open_examples(arguments, arguments[option], visible, inputs.model, model_name, false,
                                      false, own ? tune_labels : option::labels);
    const std::vector<std::int32_t>& classes = examples.data.classes;
    if (inputs.model.labels() > 0 &&
        std::all_of(classes.begin(), classes.end(), [](std::int32_t label) { return label == no_label; }))
      throw Failure(examples.data.name + ": has no labels, but " + model_name +
                    " has: say where they are by --labels");
    return examples;
  };
  if (arguments.given(tune_option)) inputs.training = open(tune_option);
  if (arguments.given(data_option)) inputs.held_out = open(data_option);
  return inputs;
}

QuantizationOptions read_options(const Arguments& arguments) {
  QuantizationOptions options;
  options.widths = {widths[static_cast<std::size_t>(arguments[bits])]};
  if (arguments.given(budget)) options.budget = arguments[budget];
  if (arguments.given(budget) && !arguments.given(bits))
    options.widths.assign(std::begin(widths), std::end(widths));
  if (arguments.given(epochs)) options.epochs = arguments[epochs];
  if (const auto given = arguments[step]) options.step = static_cast<float>(*given);
  options.seed = arguments[option::seed];
  options.threads = static_cast<unsigned>(arguments[option::threads]);
  return options;
}

Quantization write_header(const Arguments& arguments, const QuantizationInputs& inputs,
                          const HeaderTarget& target) {
  const QuantizationOptions options = read_options(arguments);
  CommandWorkers workers(arguments);
  ModelQuantizer quantizer(inputs, options, workers);
  HeaderFiles files(target);
  Quantization made = quantizer.run();
  files.write(made.model, arguments[standalone] ? Runtime::inside : Runtime::included,
              arguments[label_names] ? LabelNames::inside : LabelNames::left_out);
  return made;
}

Files named_files(const Arguments& arguments) {
  const HeaderTarget target = header_target(arguments[out], arguments[name_option]);
  Files files{
      {arguments[positional::model], data_file(arguments[data_option]), data_file(arguments[tune_option]),
       data_file(arguments[option::labels]), arguments[tune_labels]},
      {target.path}};
  if (target.pair()) files.written.push_back(target.header_path());
  return files;
}

void run_quantize(const Arguments& arguments) {
  if (arguments.given(epochs) && !arguments.given(tune_option)) throw Misuse("--epochs: is for --tune");
  if (arguments.given(tune_labels) && !arguments.given(tune_option))
    throw Misuse("--tune-labels: is for --tune");
  const HeaderTarget target = header_target(arguments[out], arguments[name_option]);
  const QuantizationInputs inputs = open_quantization_inputs(arguments);
  const Quantization made = write_header(arguments, inputs, target);
  quantization_facts(made, target).print(arguments[option::json], report_stream(target.path));
}

}  // namespace

const Command quantize_command{
    "quantize",
    "a model as a C header of integers, for a device",
    {positional::model},
    with_data_options({bits, step, out, name_option, standalone, label_names, data_option, tune_option,
                       option::labels, tune_labels, epochs, budget, option::visible},
                      {option::seed, option::threads, option::json, option::quiet}),
    "The header is C99 and C++11: no library, no heap, no floating point. It needs\n"
    "rbm/quantized.h alone, or nothing with --standalone. Its tables are const, so that\n"
    "they stay in flash; include it in one source file only, or each that does gets a\n"
    "copy: --out FILE.c is for several. The same model gives the same bytes.\n\n"
    "Weights become small integers, with a power of two as the scale of each hidden\n"
    "unit; biases take back what that changes on average. Which --bits: 8 lose next to\n"
    "nothing and need no data. 4 halve the flash, 2 and 1 halve it again; by rounding\n"
    "alone they lose much, and --tune, which goes on learning while weights are rounded,\n"
    "gets most of it back: give it the data that the model was trained on.\n"
    "--budget finds the best model for a part's flash; where that may take fewer than 8\n"
    "bits, give it --tune too. Pictures do not show what is lost: --data measures it, in\n"
    "nats an example, by annealing from the model of floats to the quantized one, or\n"
    "exactly where a layer has at most 24 units.\n\n"
    "A model with labels keeps them: rbm_classify tells the likeliest. With --data whose\n"
    "labels are known, by --labels, it says what rounding cost in right labels; --tune\n"
    "then makes the rounded weights classify well.\n\n"
    "Models of readings have weights of 8 or 4 bits. Readings go in and out as int16 in\n"
    "the sensor's own steps: --step says what a step is in the units of the data.\n\n"
    "evaluate, reconstruct, sample and features take the header as a MODEL and compute\n"
    "what the device does; rbm info checks it.\n\n"
    "Examples:\n"
    "  rbm quantize model.safetensors --bits 8 --out digits_rbm.h --data digits-test\n"
    "  rbm quantize model.safetensors --bits 4 --tune digits --standalone --out digits_rbm.h\n"
    "  rbm quantize model.safetensors --budget 16000 --tune digits --out digits_rbm.h\n",
    run_quantize,
    named_files};

}  // namespace tool
