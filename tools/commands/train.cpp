#include <optional>
#include <string>
#include <vector>

#include "platform/desktop/files.hpp"
#include "rbm/rbm.hpp"
#include "tools/base/checksum.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/train_options.hpp"
#include "tools/data/data_file.hpp"
#include "tools/training/epoch_line.hpp"
#include "tools/training/training_run.hpp"

namespace tool {
namespace {

constexpr Positional data_name{
    "DATA", "what to learn from: an IDX, NumPy or CSV file, - for standard input, or the word digits"};
constexpr Text out{"out", "FILE", "model.safetensors", "where the model goes, - for standard output"};
constexpr Text resume{"resume", "FILE", "",
                      "go on from this checkpoint, with its options; DATA must be the same"};
constexpr Text validation{
    "validation", "DATA", "",
    "data not learned from: after each epoch, how far their free energy lies above that of "
    "training data. The gap grows where the model learns by heart",
    "none"};
constexpr Real hold_out{
    "hold-out", "SHARE", 0, {0.001, 0.9}, "keep this last share of DATA aside for validation", "none"};
constexpr OptionalReal stop_gap{"stop-gap",
                                "NATS",
                                std::nullopt,
                                {0, 1e6},
                                "stop after the epoch in which the gap of validation exceeds this",
                                "never"};
constexpr Whole nats{
    "nats",
    "N",
    0,
    {1, 1000000},
    "estimate the log-likelihood every N epochs and at the end, of validation if there is any; some "
    "seconds each time for large models",
    "never"};
constexpr Text report{
    "report", "FILE", "",
    "a page (HTML) of the run: curves, histograms, filters, samples, options, the command to repeat it",
    "none"};

// A resumed run must see the data that it began with.
std::uint64_t checksum(const Dataset& data) {
  WordHash hash;
  std::vector<float> row(data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (const float value : row) hash.add(rbm::bits_of(value));
  }
  return hash.value();
}

// A resumed run goes on to the file that it was begun for.
std::string output_name(const Arguments& arguments) {
  constexpr std::string_view ending = ".checkpoint";
  const std::string from = arguments[resume];
  const bool known = from.size() > ending.size() && from.substr(from.size() - ending.size()) == ending;
  return arguments.given(out) || !known ? arguments[out] : from.substr(0, from.size() - ending.size());
}

Files named_files(const Arguments& arguments) {
  const std::string output = output_name(arguments), checkpoint = output + ".checkpoint";
  Files files{{data_file(arguments[data_name]), data_file(arguments[validation])},
              {output, checkpoint, arguments[report]}};
  // A run replaces the checkpoint that it goes on from.
  if (!platform::same_file(arguments[resume], checkpoint)) files.read.push_back(arguments[resume]);
  return files;
}

// The last rows of the data, taken away from it.
Dataset split_off(Dataset& data, double share) {
  Dataset last;
  last.name = data.name + " (held out)";
  last.rows = static_cast<std::size_t>(static_cast<double>(data.rows) * share);
  if (last.rows == 0 || last.rows == data.rows)
    throw Failure(data.name + ": " + counted(data.rows, "example") + " are too few for this --hold-out");
  last.columns = data.columns;
  last.values.resize(last.rows * last.columns);
  data.rows -= last.rows;
  for (std::size_t n = 0; n < last.rows; ++n) data.row(data.rows + n, last.values.data() + n * last.columns);
  return last;
}

// Options as they were given, each after a space.
template <class... Options>
std::string to_words(const Arguments& arguments, const Options&... options) {
  std::string words;
  const auto add = [&](const auto& option) {
    if (!arguments.given(option)) return;
    words += " " + option.dashed();
    if (!option.placeholder().empty()) words += " " + shell_word(arguments.text(option));
  };
  (add(options), ...);
  return words;
}

// The model that a run begins with.
Model start_model(const Recipe& recipe, const Dataset& data) {
  Model model(data.columns, static_cast<std::size_t>(recipe.hidden), {data.height, data.width});
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(recipe.seed);
  rbm::initialize(model.view(), random);
  if (recipe.initial_bias == InitialBias::zero) return model;
  // The means of the states that training sees.
  const bool thresholded = recipe.visible == rbm::VisibleUnits::thresholded;
  std::vector<double> sums(data.columns);
  std::vector<float> row(data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (std::size_t j = 0; j < row.size(); ++j)
      sums[j] += thresholded ? (row[j] >= 0.5f ? 1.0 : 0.0) : static_cast<double>(row[j]);
  }
  for (std::size_t j = 0; j < row.size(); ++j)
    model.visible_bias[j] = rbm::bias_of_mean(static_cast<float>(sums[j] / static_cast<double>(data.rows)));
  return model;
}

void run_train(const Arguments& arguments) {
  if (arguments.given(validation) && arguments.given(hold_out))
    throw Misuse("--validation and --hold-out: give one of them");
  if (arguments.given(stop_gap) && !arguments.given(validation) && !arguments.given(hold_out))
    throw Misuse("--stop-gap needs data to compare with: --validation or --hold-out");
  if (arguments[data_name] == "-" && arguments[validation] == "-")
    throw Misuse("DATA and --validation cannot both be standard input");
  const std::string from_name = arguments[resume];
  const std::string output = output_name(arguments);
  TrainingState header;
  TensorFile from;
  Model model;
  if (from_name.empty()) {
    header.recipe = read_recipe(arguments);
    header.maximum = static_cast<float>(arguments[option::maximum].value_or(0));
  } else {
    refuse_choices(arguments);
    from = parse_safetensors(platform::read_file(from_name), from_name);
    model = model_from(from, from_name);
    header = read_training_state(from.metadata, from_name);
    model.metadata.clear();  // written anew, so that the model is the same as without the stop
    if (arguments.given(training::epochs)) header.epochs = arguments[training::epochs];
    const Position& at = header.position;
    if (header.epochs < at.epoch || (header.epochs == at.epoch && at.batch > 0))
      throw Failure(from_name + ": has trained more than " + std::to_string(header.epochs) +
                    " epochs already; ask for more with --epochs");
  }

  if (arguments.given(nats) && header.recipe.visible == rbm::VisibleUnits::real)
    throw Misuse("--nats: real-valued states have no log-likelihood here; leave it out with --visible real");
  std::optional<float> maximum;
  if (header.maximum > 0) maximum = header.maximum;
  Dataset data = open_dataset(arguments[data_name], maximum);
  std::optional<Dataset> kept_aside;
  if (arguments.given(validation)) kept_aside = open_dataset(arguments[validation], maximum);
  if (arguments.given(hold_out)) kept_aside = split_off(data, arguments[hold_out]);
  if (from_name.empty()) {
    header.epochs = read_epochs(arguments, header.recipe, data.rows);
    header.data_checksum = checksum(data);
    model = start_model(header.recipe, data);
  } else {
    check_fit(model, from_name, data);
    if (checksum(data) != header.data_checksum)
      throw Failure(from_name + ": was trained on other data than " + data.name +
                    ", or with another --hold-out");
  }
  if (kept_aside && kept_aside->columns != data.columns)
    throw Failure(kept_aside->name + ": " + counted(kept_aside->columns, "value") + " an example, but " +
                  data.name + " has " + std::to_string(data.columns));
  RunOptions options{};
  options.data_name = arguments[data_name];
  options.out = output;
  options.report = arguments[report];
  options.beside_recipe = to_words(arguments, validation, hold_out, stop_gap, nats, report);
  options.nats_every = arguments[nats];
  options.stop_gap = arguments[stop_gap];
  options.threads = static_cast<unsigned>(arguments[option::threads]);
  options.json = arguments[option::json];
  options.quiet = arguments[option::quiet];
  train_model(data, kept_aside ? &*kept_aside : nullptr, model, header, options,
              from_name.empty() ? nullptr : &from, from_name);
}

}  // namespace

const Command train_command{
    "train",
    "learn a model from data",
    {data_name},
    {training::recipe,
     training::hidden,
     training::epochs,
     training::batch,
     training::optimizer,
     training::rate,
     training::rate_decay,
     training::momentum,
     training::final_momentum,
     training::weight_decay,
     training::gibbs_steps,
     training::final_gibbs_steps,
     training::method,
     training::statistics,
     training::centring,
     training::sparsity_target,
     training::sparsity_cost,
     training::average,
     training::initial_bias,
     option::visible,
     training::shuffle,
     validation,
     hold_out,
     stop_gap,
     nats,
     report,
     out,
     resume,
     option::maximum,
     option::seed,
     option::threads,
     option::json,
     option::quiet},
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
