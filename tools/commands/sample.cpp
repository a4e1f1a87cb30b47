#include <optional>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/label_option.hpp"
#include "tools/commands/snapshots.hpp"
#include "tools/data/data_file.hpp"
#include "tools/inference/clamped_chains.hpp"
#include "tools/model/model_file.hpp"
#include "tools/output/json_line.hpp"
#include "tools/output/picture.hpp"
#include "tools/output/table_file.hpp"
#include "tools/training/recipe_options.hpp"

namespace tool {
namespace {

constexpr Whole count{"count", "N", 64, {1, 10000}, "number of samples, each from its own chain"};
constexpr Whole steps{"steps",
                      "N",
                      1000,
                      {1, 1000000000},
                      "Gibbs steps from the start to a sample: take more if samples still change with it"};
constexpr Text from{"from", "DATA", "",
                    "start chain n from example n of these data, and from the first again after the last",
                    "noise"};
constexpr Text clamp{"clamp", "MASK", "",
                     "keep the visible units that this mask marks as they are in --from DATA, and draw the "
                     "others given them. The mask is a data file of one example, or of a picture's rows; it "
                     "marks what is at least half of its largest value",
                     "none"};
// 0 if not given.
constexpr Whole every{
    "every",
    "N",
    0,
    {1, 1000000000},
    "show chains over time: a row a chain, a column for the start, each N steps and the end",
    "the end alone"};
constexpr Text image{
    "image", "FILE", "samples.png",
    "the picture to write (PNG; curves also SVG, where FILE ends in .svg), - for standard output",
    "samples.png, none with --out"};
constexpr Text out{
    "out", "FILE", "",
    "the samples as a table, a row a chain: readings as they were drawn, of bits the last p(v = 1 | "
    "h). CSV where FILE ends in .csv, else NumPy's float32",
    "none"};

// Empty where no picture is asked for.
std::string picture_path(const Arguments& arguments) {
  return arguments.given(image) || !arguments.given(out) ? arguments[image] : "";
}

// What the files of a command line hold.
struct SampleInputs {
  std::string model_name;  // as messages show it
  Model model;
  std::optional<Examples> start;     // what chains start from; without it, noise
  std::vector<rbm::Unit> clamped;    // these units keep the values of their start
  std::optional<std::size_t> label;  // of all samples
};

void check_options(const Arguments& arguments) {
  if (!arguments.given(from))
    for (const Option& option : with_data_options({clamp, option::binary_visible}, {}))
      if (arguments.given(option))
        throw Misuse("--" + std::string(option.name()) + ": needs data to start from: --from DATA");
  int from_standard_input = arguments[positional::model] == "-" ? 1 : 0;
  for (const std::string& name : {arguments[from], arguments[clamp]}) from_standard_input += name == "-";
  if (from_standard_input > 1) throw Misuse("only one of MODEL, --from and --clamp can be standard input");
}

SampleInputs open_sample_inputs(const Arguments& arguments) {
  const std::string model_name = arguments[positional::model];
  SampleInputs inputs{source(model_name), read_model(model_name), {}, {}, {}};
  inputs.label = given_label(arguments, inputs.model, inputs.model_name);
  if (arguments.given(from))
    inputs.start =
        open_examples(arguments, arguments[from], option::binary_visible, inputs.model, model_name);
  if (inputs.start) inputs.start->label.given = inputs.label;
  if (arguments.given(clamp)) inputs.clamped = read_mask(arguments[clamp], inputs.model, model_name);
  if (inputs.model.has_readings() && arguments.given(clamp))
    throw Failure(inputs.model_name +
                  ": has real units, which cannot be clamped here: rbm fill completes readings");
  return inputs;
}

// Each thread takes its chains through some steps at a time.
void run_chains(const Arguments& arguments, const SampleInputs& inputs, const Workers& workers,
                Snapshots& snapshots) {
  constexpr std::uint64_t steps_at_once = 10;
  const auto chains = static_cast<std::size_t>(arguments[count]);
  const std::uint64_t total = arguments[steps];
  Inference inference(inputs.model, chains, false);
  if (inputs.start)
    inference.start_from(*inputs.start, 0, chains);
  else
    inference.see_noise(arguments[option::seed], 0, chains, inputs.label);
  std::vector<rbm::Unit> kept = inputs.clamped;
  for (std::size_t y = inputs.model.units(); inputs.label && y < inputs.model.visible; ++y)
    kept.push_back(static_cast<rbm::Unit>(y));
  ClampedChains clamped(std::move(kept));
  for (std::size_t n = 0; n < chains; ++n) clamped.add(inference.visible(n));
  snapshots.take_start(inference);
  for (std::uint64_t step = 0; step < total;) {
    platform::stop_if_interrupted();
    const std::uint64_t shown_step = snapshots.next(step);
    const std::uint64_t end_step = std::min(shown_step, step + steps_at_once);
    workers.threads(chains, [&](std::size_t begin, std::size_t end) {
      inference.gibbs_steps(begin, end, end_step - step, clamped);
    });
    step = end_step;
    if (step == shown_step) snapshots.take(inference);
    if (workers.progress.due())
      workers.progress.update(static_cast<double>(step) / static_cast<double>(total),
                              "step " + std::to_string(step) + "/" + std::to_string(total), "");
  }
}

// A cell with the label of a chain, where there are labels.
std::string label_cell(const SampleInputs& inputs, const Snapshots& snapshots, std::size_t chain) {
  if (snapshots.labels().empty()) return {};
  return cell(inputs.model.meaning.label_names[snapshots.labels()[chain]]);
}

// The columns of the table in text: the label, then the units. Where the units have no names, there is no
// heading.
std::vector<std::string> column_names(const Model& model) {
  std::vector<std::string> names = model.meaning.unit_names();
  if (names.empty() || model.labels() == 0) return names;
  const std::string& column = model.meaning.label_column;
  names.insert(names.begin(), column.empty() ? "label" : column);
  return names;
}

// Returns how many samples have each label.
std::vector<std::size_t> draw_samples(const Arguments& arguments, const SampleInputs& inputs) {
  const auto chains = static_cast<std::size_t>(arguments[count]);
  Snapshots snapshots(inputs.model, chains, arguments[steps], arguments[every]);
  CommandWorkers workers(arguments);
  std::optional<platform::OutputFile> picture;
  std::optional<TableFile> table;
  if (!picture_path(arguments).empty()) picture.emplace(picture_path(arguments));
  if (arguments.given(out))
    table.emplace(arguments[out], TableFormat::numpy, chains, inputs.model.units(),
                  column_names(inputs.model));
  run_chains(arguments, inputs, workers, snapshots);
  if (picture) snapshots.draw(*picture, picture_path(arguments), inputs.model);
  for (std::size_t n = 0; table && n < chains; ++n)
    table->add(snapshots.end_of(n), label_cell(inputs, snapshots, n));
  if (picture) picture->commit();
  if (table) table->commit();
  std::vector<std::size_t> counts(inputs.model.labels());
  for (const std::size_t label : snapshots.labels()) ++counts[label];
  return counts;
}

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model], data_file(arguments[from]), data_file(arguments[clamp])},
          {picture_path(arguments), arguments[out]}};
}

void print_json(const Arguments& arguments, const SampleInputs& inputs,
                const std::vector<std::size_t>& counts) {
  JsonLine line;
  line.field("model", inputs.model_name);
  if (inputs.start)
    line.field("data", inputs.start->data.name)
        .field("visible_units", training::visible.word(inputs.start->kind));
  line.field("seed", arguments[option::seed]);
  if (!picture_path(arguments).empty()) line.field("image", arguments[image]);
  if (arguments.given(out)) line.field("out", arguments[out]);
  if (inputs.label) line.field("label", arguments[option::label]);
  if (!counts.empty())
    line.field("label_names", inputs.model.meaning.label_names).field("label_counts", counts);
  line.field("samples", arguments[count])
      .field("steps", arguments[steps])
      .field("clamped_units", inputs.clamped.size())
      .print();
}

// How many samples have each label, but those that none has.
std::string told_counts(const std::vector<std::string>& names, const std::vector<std::size_t>& counts) {
  std::string text;
  for (std::size_t y = 0; y < counts.size(); ++y)
    if (counts[y] > 0) text += (text.empty() ? "" : ", ") + names[y] + ": " + grouped(counts[y]);
  return text;
}

void print_prose(const Arguments& arguments, const SampleInputs& inputs,
                 const std::vector<std::size_t>& counts) {
  std::string files = picture_path(arguments).empty() ? "" : destination(arguments[image]);
  if (arguments.given(out)) files += (files.empty() ? "" : " and ") + destination(arguments[out]);
  std::string line = "wrote " + files + ": " + counted(arguments[count], "sample") + " after " +
                     counted(arguments[steps], "Gibbs step");
  if (inputs.start) line += " from " + inputs.start->data.name;
  if (inputs.label)
    line += ", label " + arguments[option::label];
  else if (!counts.empty())
    line += ", labels " + told_counts(inputs.model.meaning.label_names, counts);
  if (arguments.given(clamp))
    line += ", " + grouped(inputs.clamped.size()) + " of " + counted(inputs.model.units(), "visible unit") +
            " clamped";
  platform::Progress(arguments[option::quiet]).finish_line(line);
}

void run_sample(const Arguments& arguments) {
  check_options(arguments);
  const SampleInputs inputs = open_sample_inputs(arguments);
  note_labels_alone(inputs.model, inputs.model_name);
  const std::vector<std::size_t> counts = draw_samples(arguments, inputs);
  if (arguments[option::json])
    print_json(arguments, inputs, counts);
  else
    print_prose(arguments, inputs, counts);
}

}  // namespace

const Command sample_command{
    "sample",
    "let the model make up examples, or complete them",
    {positional::model},
    with_data_options({count, steps, from, clamp, option::label, every, image, out, option::binary_visible},
                      {option::seed, option::threads, option::json, option::quiet}),
    "Each chain starts from noise, every visible unit on with probability 1/2, or from\n"
    "an example (--from), and draws hidden from visible units and visible from hidden\n"
    "ones, step after step. The picture shows the last p(v = 1 | h), which is smoother\n"
    "than a state drawn from it. Samples that all look alike, or like no data, tell\n"
    "what reconstruction errors hide: the model finds other states more probable than\n"
    "the data. Grey blurs mean that all hidden units are off: a state that chains from\n"
    "data never visit, so that contrastive divergence does not learn to avoid it.\n\n"
    "--every shows how fast chains change: rows that keep the look of their start for\n"
    "hundreds of steps mix slowly, and their end tells more of the start than of the\n"
    "model. With --clamp the chains draw from p(free units | clamped units): what the\n"
    "missing part of a picture may be, by the model.\n\n"
    "A model of readings makes up readings, drawn with their noise; --out writes them\n"
    "as numbers. The picture shows curves, over the time of the window where the model\n"
    "knows it, a plot for each channel; readings of different sensors in scales.\n"
    "From noise each chain starts as if all hidden units were off.\n\n"
    "A model with labels makes up examples of the label that --label gives, and else\n"
    "examples and their labels, in the proportions that it learned, if chains are long\n"
    "enough: most keep the label that they start with for long. How many have each label\n"
    "is told; in a CSV file it stands before the units.\n\n"
    "If MODEL is a header, a step is a device's rbm_gibbs_step; the generator of chain n,\n"
    "counted from 0, begins at rbm_random_seed(--seed + n). After each step that is not\n"
    "given a label, rbm_draw_label draws one.\n\n"
    "Examples:\n"
    "  rbm sample model.safetensors --count 64 --steps 1000 --image samples.png\n"
    "  rbm sample model.safetensors --label 7 --image sevens.png\n"
    "  rbm sample model.safetensors --from digits-test --every 20 --steps 200 --count 16\n"
    "  rbm sample model.safetensors --from digits-test --clamp upper_half.csv\n",
    run_sample,
    named_files};

}  // namespace tool
