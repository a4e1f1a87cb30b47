#include <limits>
#include <numeric>
#include <optional>

#include "platform/desktop/interrupt.hpp"
#include "platform/desktop/terminal.hpp"
#include "tools/base/failure.hpp"
#include "tools/commands/commands.hpp"
#include "tools/quantization/budget.hpp"
#include "tools/quantization/pruning.hpp"
#include "tools/quantization/quantize_report.hpp"
#include "tools/quantization/rounding.hpp"
#include "tools/quantization/tuning.hpp"

namespace tool {
namespace {

constexpr Choice bits{"bits", "8|4|2|1", "8", "bits a weight; if given, the only width that --budget tries"};
constexpr Whole budget{"budget",
                       "BYTES",
                       0,
                       {1, std::numeric_limits<std::uint64_t>::max()},
                       "flash for the tables of the model and of the runtime, without code: for each width, "
                       "the hidden units that fit, "
                       "those that matter most; takes what loses the fewest nats",
                       "no limit"};
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
constexpr Whole epochs{"epochs",          "N", 0, {1, 1000000}, "passes through the examples of --tune",
                       "what serves well"};
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

// What is needed to make and to judge integers for one model.
class Maker {
 public:
  Maker(const Arguments& arguments, const Model& model)
      : arguments_(arguments),
        model_(model),
        threads_(static_cast<unsigned>(arguments[option::threads])),
        progress_(arguments[option::quiet]) {
    if (!arguments[tune_option].empty()) training_.emplace(examples_of(arguments, tune_option, model));
    if (!arguments[data_option].empty()) examples_.emplace(examples_of(arguments, data_option, model));
  }

  // The integers of a plan.
  Quantization make(const Plan& plan) {
    Quantization made;
    made.original_hidden = model_.hidden;
    if (plan.hidden == model_.hidden) {
      made.kept.resize(model_.hidden);
      std::iota(made.kept.begin(), made.kept.end(), std::size_t{0});
      made.integers = round(model_, plan.bits);
      return made;
    }
    PrunedModel rest = pruned(model_, plan.hidden, arguments_[option::seed]);
    made.kept = std::move(rest.kept);
    made.integers = round(rest.model, plan.bits);
    return made;
  }

  // What they cost: on the data or, without, on what the model makes up.
  void weigh(Quantization& made) {
    if (!comparison_) {
      if (examples_) {
        data_.emplace(model_.visible, examples_->data.rows, examples_->data.rows);
        draw_data(arguments_, *examples_, *data_);
      }
      ComparisonOptions options;
      options.seed = arguments_[option::seed];
      comparison_.emplace(model_, data_ ? &*data_ : nullptr, options, threads_, progress_);
      comparison_->prepare();
    }
    made.cost = comparison_->measure(unpruned(to_floats(made.integers), made.kept, model_.hidden));
  }

  // How near they come to the model on the data, if there are any.
  void compare(Quantization& made) {
    if (examples_)
      made.fidelity = measure_fidelity(arguments_, *examples_, PackedModel(made.integers), made.kept);
  }

 private:
  QuantizedModel round(const Model& model, unsigned width) {
    QuantizedModel integers;
    if (!training_) {
      integers = rounded(model, width, arguments_[option::seed]);
    } else {
      TuningOptions options;
      options.epochs = arguments_.given(epochs) ? arguments_[epochs] : tuning_epochs(training_->data.rows);
      options.visible = arguments_[visible];
      options.seed = arguments_[option::seed];
      options.threads = static_cast<unsigned>(arguments_[option::threads]);
      integers = QuantizedModel(model, width);
      tune(integers, model, training_->data, options, progress_);
    }
    const std::string fault = find_fault(integers);
    if (!fault.empty()) throw Failure(std::string(arguments_[positional::model]) + ": " + fault);
    return integers;
  }

  const Arguments& arguments_;
  const Model& model_;
  platform::Threads threads_;
  platform::Progress progress_;
  std::optional<Examples> training_, examples_;
  std::optional<AnnealingData> data_;
  std::optional<Comparison> comparison_;
};

// The plan that loses the fewest nats.
Quantization choose(Maker& maker, const std::vector<Plan>& plans) {
  Quantization best;
  std::vector<Trial> tried;
  for (const Plan& plan : plans) {
    Quantization made = maker.make(plan);
    maker.weigh(made);
    tried.push_back({plan, made.cost->lost});
    // What is no number is no reason to keep a plan.
    if (!best.cost || !(made.cost->lost.value >= best.cost->lost.value)) best = std::move(made);
  }
  best.tried = std::move(tried);
  return best;
}

std::vector<Plan> list_plans(const Arguments& arguments, const Model& model, const std::string& model_name) {
  const auto width = static_cast<unsigned>(arguments[bits][0] - '0');
  if (!arguments.given(budget)) return {{width, model.hidden}};
  const std::vector<unsigned> widths =
      arguments.given(bits) ? std::vector<unsigned>{width} : std::vector<unsigned>{8, 4, 2, 1};
  std::vector<Plan> plans = plans_within(arguments[budget], model.visible, model.hidden, widths);
  if (plans.empty())
    throw Failure(model_name + ": " + counted(arguments[budget], "byte") +
                  " of flash hold no hidden unit of it: one, with " + counted(widths.back(), "bit") +
                  " a weight, takes " + grouped(planned_flash(model.visible, {widths.back(), 1})));
  return plans;
}

Files named_files(const Arguments& arguments) {
  const HeaderTarget target = header_target(arguments[out], arguments[name_option]);
  Files files{
      {arguments[positional::model], data_file(arguments[data_option]), data_file(arguments[tune_option])},
      {target.path}};
  if (target.pair()) files.written.push_back(target.header_path());
  return files;
}

void run_quantize(const Arguments& arguments) {
  if (arguments.given(epochs) && !arguments.given(tune_option)) throw Misuse("--epochs: is for --tune");
  const HeaderTarget target = header_target(arguments[out], arguments[name_option]);
  std::FILE* const stream = report_stream(target.path);
  const std::string model_name = arguments[positional::model];
  const Model model = read_model(model_name);
  check_quantizable(model, model_name);
  const std::vector<Plan> plans = list_plans(arguments, model, model_name);
  platform::watch_interrupts();
  Maker maker(arguments, model);
  HeaderFiles files(target);
  Quantization made = arguments.given(budget) ? choose(maker, plans) : maker.make(plans.front());
  if (!made.cost && !arguments[data_option].empty()) maker.weigh(made);
  maker.compare(made);
  files.write(made.integers, arguments[standalone] ? Runtime::inside : Runtime::included);
  if (arguments[option::json])
    print_quantization_json(made, target);
  else
    print_quantization(made, target, stream);
}

}  // namespace

const Command quantize_command{
    "quantize",
    "a model as a C header of integers, for a device",
    {positional::model},
    {bits, out, name_option, standalone, data_option, tune_option, epochs, budget, visible, option::maximum,
     option::seed, option::threads, option::json, option::quiet},
    "The header is C99 and C++11: no library, no heap, no floating point. It needs\n"
    "rbm/quantized.h alone, or nothing with --standalone. Its tables are const, so that\n"
    "they stay in flash; include it in one source file only, or each that does gets a\n"
    "copy: --out FILE.c is for several. The same model gives the same bytes.\n\n"
    "Weights become small integers, with a power of two as the scale of each hidden\n"
    "unit; biases take back what that changes on average. Which --bits: 8 lose next to\n"
    "nothing and need no data. 4 halve the flash, 2 and 1 halve it again; by rounding\n"
    "alone they lose much, and --tune, which goes on learning while weights are rounded,\n"
    "gets most of it back: give it the data that the model was trained on.\n"
    "--budget finds the best model for a part's flash; with fewer than 8 bits to come\n"
    "to, give it --tune too. Pictures do not show what is lost: --data tells, in nats an\n"
    "example, by annealing from the model of floats to the integers, or exactly where a\n"
    "layer has at most 24 units.\n\n"
    "evaluate, reconstruct, sample and features take the header as a MODEL and work\n"
    "with the device's integers; rbm info checks it.\n\n"
    "Example:\n"
    "  rbm quantize model.safetensors --bits 8 --out digits_rbm.h --data digits-test\n"
    "  rbm quantize model.safetensors --bits 4 --tune digits --standalone --out digits_rbm.h\n"
    "  rbm quantize model.safetensors --budget 16000 --tune digits --out digits_rbm.h\n",
    run_quantize,
    named_files};

}  // namespace tool
