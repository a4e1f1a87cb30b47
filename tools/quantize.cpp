#include "../platform/desktop/interrupt.hpp"
#include "../platform/desktop/terminal.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "quantize_report.hpp"
#include "rounding.hpp"
#include "tuning.hpp"

namespace tool {
namespace {

constexpr Choice bits{"bits", "8|4|2|1", "8", "bits a weight"};
constexpr Text out{"out", "FILE", "",
                   "the C header to write, - for standard output; FILE.c writes FILE.c and FILE.h, for "
                   "programs of several files",
                   "NAME.h"};
constexpr Flag standalone{"standalone", "put the runtime inside, so that the program needs no other file"};
constexpr Text name_option{"name", "NAME", "", "what the model is called in C: letters, digits and _",
                           "FILE without .h or .c"};
constexpr Text data_option{"data", "DATA", "",
                           "held-out examples on which to find out what the integers cost, in nats too"};
constexpr Text tune_option{"tune", "DATA", "",
                           "training examples on which to go on learning while weights are rounded"};
constexpr Whole epochs{"epochs", "N", 8, {1, 1000000}, "passes through the examples of --tune"};
constexpr Choice visible{"visible", "sampled|thresholded", "sampled",
                         "how intensities in both kinds of data become states: drawn with their "
                         "probability, or on from 1/2"};

// A data file that the command line names, with the model that it must fit.
Examples examples_of(const Arguments& arguments, const Text& option, const Model& model) {
  const float most = static_cast<float>(arguments[option::maximum]);
  Examples examples{
      arguments[positional::model], model,
      open_dataset(arguments[option], most > 0 ? std::optional(most) : std::nullopt),
      arguments[visible] == "sampled" ? rbm::VisibleUnits::sampled : rbm::VisibleUnits::thresholded,
      arguments[option::seed]};
  check_fit(model, examples.model_name, examples.data);
  return examples;
}

Status make(const Arguments& arguments, const Model& model, Quantization& made) {
  const auto width = static_cast<unsigned>(arguments[bits][0] - '0');
  if (arguments[tune_option].empty()) {
    made.integers = rounded(model, width, arguments[option::seed]);
  } else {
    const Examples training = examples_of(arguments, tune_option, model);
    platform::Progress progress(arguments[option::quiet]);
    TuningOptions options;
    options.epochs = arguments[epochs];
    options.visible = arguments[visible];
    options.seed = arguments[option::seed];
    options.threads = static_cast<unsigned>(arguments[option::threads]);
    made.integers = empty_quantized(model, width);
    rbm::QuantizedModel view = view_of(made.integers);
    const Status status = tune(view, model, training.data, options, progress);
    made.integers.fraction = view.fraction;
    if (status != Status::done) return status;
  }
  const std::string fault = fault_of(made.integers);
  if (!fault.empty()) throw Failure(std::string(arguments[positional::model]) + ": " + fault);
  return Status::done;
}

Status judge(const Arguments& arguments, const Model& model, Quantization& made) {
  const Examples examples = examples_of(arguments, data_option, model);
  AnnealingData data(model.visible, examples.data.rows, examples.data.rows);
  const PackedModel packed(made.integers);
  Status status =
      measure_fidelity(arguments, examples, packed.runtime(), made.kept, data, made.fidelity.emplace());
  if (status != Status::done) return status;
  platform::Threads threads(static_cast<unsigned>(arguments[option::threads]));
  platform::Progress progress(arguments[option::quiet]);
  ComparisonOptions options;
  options.seed = arguments[option::seed];
  Comparison comparison(model, &data, options, threads, progress);
  status = comparison.prepare();
  if (status == Status::done) status = comparison.measure(floats_of(made.integers), made.cost.emplace());
  return status;
}

Status run_quantize(const Arguments& arguments) {
  const HeaderTarget target = header_target(arguments[out], arguments[name_option]);
  std::FILE* const stream = report_stream(arguments[option::json], target.path);
  const Model model = read_model(arguments[positional::model]);
  check_quantizable(model, arguments[positional::model]);
  platform::watch_interrupts();
  Quantization made;
  made.original_hidden = model.hidden;
  for (std::size_t i = 0; i < model.hidden; ++i) made.kept.push_back(i);
  Status status = make(arguments, model, made);
  if (status == Status::done && !arguments[data_option].empty()) status = judge(arguments, model, made);
  if (status != Status::done) return status;
  write_header(made.integers, target, arguments[standalone] ? Runtime::inside : Runtime::included);
  if (arguments[option::json])
    print_quantization_json(made, target);
  else
    print_quantization(made, target, stream);
  return Status::done;
}

}  // namespace

const Command quantize_command{
    "quantize",
    "a model as a C header of integers, for a device",
    {positional::model},
    {bits, out, name_option, standalone, data_option, tune_option, epochs, visible, option::maximum,
     option::seed, option::threads, option::json, option::quiet},
    "The header is C99 and C++11: no library, no heap, no floating point. It needs\n"
    "rbm/quantized.h alone, or nothing with --standalone. Its tables are const, so that\n"
    "they stay in flash; include it in one source file only, or each that does gets a\n"
    "copy: --out FILE.c is for several. The same model gives the same bytes.\n\n"
    "Weights become small integers, with a power of two as the scale of each hidden\n"
    "unit; biases are adjusted for what that changes on average. --data tells what is\n"
    "lost, in nats an example, by annealing from the model of floats to the integers.\n"
    "8 bits lose next to nothing. Fewer lose much by rounding alone; --tune goes on\n"
    "learning with rounded weights and gets most of it back.\n\n"
    "evaluate, reconstruct, sample and features take the header as a MODEL and work\n"
    "with the device's integers; rbm info checks it.\n\n"
    "Example:\n"
    "  rbm quantize model.safetensors --bits 8 --out digits_rbm.h --data digits-test\n"
    "  rbm quantize model.safetensors --bits 4 --tune digits --standalone --out digits_rbm.h\n",
    run_quantize};

}  // namespace tool
