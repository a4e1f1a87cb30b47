#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/command_line/false_alarms.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/label_facts.hpp"
#include "tools/commands/label_option.hpp"
#include "tools/commands/label_table.hpp"
#include "tools/commands/mistakes.hpp"
#include "tools/commands/score_facts.hpp"
#include "tools/commands/score_table.hpp"
#include "tools/data/data_file.hpp"
#include "tools/inference/label_figures.hpp"
#include "tools/inference/scores.hpp"
#include "tools/output/facts.hpp"
#include "tools/output/report.hpp"
#include "tools/training/recipe_options.hpp"

namespace tool {
namespace {

constexpr Text out{
    "out", "FILE", "",
    "a line for each example: CSV; or a float32 array where FILE ends in .npy, with the place of a label "
    "among those of MODEL, from 0 on, for its name, and -1 for none",
    "none; the first lines are told"};
constexpr FalseAlarmsOption reject{
    "reject",
    "share of usual examples that may become `none`, with all that are more unusual: 1%. MODEL needs a "
    "calibration, by rbm score --calibrate",
    "no example is none"};
constexpr Text image{"image", "FILE", "",
                     "a picture (PNG; curves also SVG, where FILE ends in .svg) of the examples that it got "
                     "wrong, those first of which it was surest. DATA need labels",
                     "none"};

// What is told of the examples.
struct Told {
  Labelled labelled;
  std::optional<LabelFigures> figures;  // where examples have labels
  std::size_t rejected = 0, drawn = 0;
};

// How intensities become the states that have a score. Labels are said of means, so that nothing is left to
// chance, but only of states is F(v) a score: those of training, as rbm score has them.
rbm::VisibleUnits scored_states(const Arguments& arguments, const Inputs& inputs) {
  const bool sampled = inputs.model.meaning.visible_units == option::visible.word(rbm::VisibleUnits::sampled);
  return sampled && !arguments.given(option::visible_as_given) ? rbm::VisibleUnits::sampled
                                                               : inputs.examples.kind;
}

// The share of usual examples that may be none.
std::optional<double> share_rejected(const Arguments& arguments, const Inputs& inputs) {
  if (!arguments.given(reject)) return {};
  const FalseAlarms asked = arguments[reject];
  if (asked.seconds > 0) throw Misuse("--reject " + arguments.text(reject) + ": is no share, such as 1%");
  const std::string data = shell_word(arguments[positional::model]);
  if (!learns_density(inputs.model))
    throw Failure(inputs.model_name +
                  ": learned labels alone, and has no F(v) by which --reject goes: train it with "
                  "--label-weight below 1, or go by the probabilities in --out");
  if (scored_states(arguments, inputs) == rbm::VisibleUnits::means)
    throw Failure(inputs.model_name + ": takes means of bits, whose free energy is no score for --reject");
  if (!inputs.model.calibration)
    throw Failure(inputs.model_name + ": has no calibration, by which --reject goes: rbm score " + data +
                  " --calibrate USUAL writes one");
  if (asked.number > inputs.model.calibration->share)
    throw Misuse("--reject " + arguments.text(reject) + ": the calibration of " + inputs.model_name +
                 " tells of the rarest " + significant(100 * inputs.model.calibration->share, 3) +
                 " % alone: rbm score " + data + " --calibrate USUAL --false-alarms " +
                 arguments.text(reject) + " reaches further");
  const std::vector<std::string>& names = inputs.model.meaning.label_names;
  if (std::find(names.begin(), names.end(), Labelled::none) != names.end())
    throw Failure(inputs.model_name + ": has a label 'none', which --reject would say too");
  return asked.number;
}

// F(v) of all examples as rbm score has it.
std::vector<double> scores(Inputs& inputs, rbm::VisibleUnits kind, const Workers& workers) {
  const rbm::VisibleUnits told = std::exchange(inputs.examples.kind, kind);
  std::vector<double> found = free_energies(inputs.model, inputs.examples, workers);
  inputs.examples.kind = told;
  return found;
}

Told label_examples(const Arguments& arguments, Inputs& inputs, const Workers& workers) {
  Told told;
  Labelled& labelled = told.labelled;
  labelled.names = inputs.model.meaning.label_names;
  labelled.reject = share_rejected(arguments, inputs);
  labelled.said = classify(inputs.model, inputs.examples, workers);
  const rbm::VisibleUnits kind = scored_states(arguments, inputs);
  labelled.with_score = learns_density(inputs.model) && kind != rbm::VisibleUnits::means;
  if (labelled.with_score && kind != inputs.examples.kind)
    labelled.said.free_energy = scores(inputs, kind, workers);
  if (labelled.with_score && inputs.model.calibration) {
    Calibration calibration = *inputs.model.calibration;
    if (labelled.reject) calibration.limit = limit_for(calibration, *labelled.reject);
    labelled.judged = judge(calibration, labelled.said.free_energy);
  }
  std::vector<std::int32_t> classes = inputs.examples.data.classes;
  for (std::size_t n = 0; n < labelled.examples(); ++n) {
    if (!labelled.rejected(n)) continue;
    ++told.rejected;
    if (!classes.empty()) classes[n] = no_label;  // the figures are those of examples that got a label
  }
  if (std::any_of(classes.begin(), classes.end(), [](std::int32_t y) { return y != no_label; }))
    told.figures = label_figures(labelled.said, classes);
  return told;
}

// How many examples got each label.
void add_counts(Facts& facts, const Told& told) {
  constexpr std::size_t most_told = 16;
  const Labelled& labelled = told.labelled;
  std::vector<std::size_t> counts(labelled.said.labels), order(labelled.said.labels);
  for (std::size_t n = 0; n < labelled.examples(); ++n)
    if (!labelled.rejected(n)) ++counts[labelled.said.likeliest(n)];
  for (std::size_t y = 0; y < order.size(); ++y) order[y] = y;
  if (order.size() > most_told)
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  std::string text;
  for (std::size_t n = 0; n < std::min(order.size(), most_told); ++n)
    text += (n > 0 ? ", " : "") + labelled.names[order[n]] + ": " + grouped(counts[order[n]]);
  if (order.size() > most_told) text += ", and " + counted(order.size() - most_told, "label") + " more";
  if (labelled.reject) text += "; none of them: " + grouped(told.rejected) + ", which figures leave out";
  facts.line("labels", text).field("label_names", labelled.names).field("said", counts);
  if (labelled.reject) facts.field("reject", *labelled.reject).field("rejected", told.rejected);
}

// The labels of the first examples.
void add_first_rows(Facts& facts, const Dataset& data, const Labelled& labelled) {
  constexpr std::size_t most = 10;
  for (std::size_t n = 0; n < std::min(most, labelled.examples()); ++n) {
    std::string text =
        labelled.label(n) + ", p " + shown_probability(labelled.said.of(n)[labelled.said.likeliest(n)]);
    if (!data.classes.empty() && data.classes[n] != no_label)
      text += ", given " + labelled.names[static_cast<std::size_t>(data.classes[n])];
    if (labelled.judged) text += ", " + one_in(labelled.judged->chance[n]) + " is as unusual";
    facts.line("row " + std::to_string(row_of(data, n) + 1), text);
  }
  if (labelled.examples() > most)
    facts.line("", "and " + counted(labelled.examples() - most, "example") + " more: --out FILE has all");
}

Facts classify_facts(const Arguments& arguments, const Inputs& inputs, const Told& told) {
  const Examples& examples = inputs.examples;
  Facts facts;
  facts.field("model", inputs.model_name)
      .field("data", examples.data.name)
      .field("examples", examples.data.rows)
      .field("visible_units", training::visible.word(examples.kind))
      .field("seed", examples.seed);
  if (!arguments.given(out)) add_first_rows(facts, examples.data, told.labelled);
  add_counts(facts, told);
  if (told.figures) {
    add_label_figures(facts, *told.figures, told.labelled.names);
    add_confusion_table(facts, *told.figures, told.labelled.names);
  }
  if (arguments.given(out))
    facts.add("table", destination(arguments[out]) + ": " + counted(told.labelled.examples(), "example"),
              "out", arguments[out]);
  if (told.drawn > 0)
    facts.add("picture", destination(arguments[image]) + ": " + counted(told.drawn, "mistake"), "image",
              arguments[image]);
  return facts;
}

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model], data_file(arguments[positional::data]),
           data_file(arguments[option::labels])},
          {arguments[out], arguments[image]}};
}

void run_classify(const Arguments& arguments) {
  Inputs inputs = open_inputs(arguments, option::visible_as_given);
  check_labels(inputs.model, inputs.model_name);
  CommandWorkers workers(arguments);
  Told told = label_examples(arguments, inputs, workers);
  if (arguments.given(image)) {
    if (inputs.examples.data.classes.empty())
      throw Misuse("--image: " + inputs.examples.data.name +
                   " tells no labels: --labels says where they are");
    if (told.figures)
      told.drawn =
          draw_mistakes(arguments[image], inputs.model, inputs.examples.data, told.figures->mistakes);
    if (told.drawn == 0) tell_note(inputs.examples.data.name + ": no label is wrong; there is no picture");
  }
  if (arguments.given(out)) write_labels(arguments[out], inputs.examples.data, told.labelled);
  classify_facts(arguments, inputs, told)
      .print(arguments[option::json], report_stream(arguments[out], arguments[image]));
}

}  // namespace

const Command classify_command{
    "classify",
    "which of its labels each example is",
    {positional::model, positional::data},
    with_data_options({option::labels, out, reject, image, option::visible_as_given},
                      {option::seed, option::threads, option::json, option::quiet}),
    "The label is the one with the highest p(label | v), which is exact: it sums over all\n"
    "states of the hidden units, and needs no chain. A line of the table has the number\n"
    "of the row, of windows of the row that completes it, its time where that is known,\n"
    "the label, its probability and those of all labels.\n\n"
    "With --labels, or where DATA has the column in which MODEL had them, it tells how\n"
    "right the labels are: the share, the table of confusions (a row a label of DATA, a\n"
    "column a label of MODEL), the mean of -log p(label | v), and whether probabilities\n"
    "are what they say. The expected calibration error is the mean distance between the\n"
    "probability of the label and the share that is right, among examples of about that\n"
    "probability. A cell that has no label is left out.\n\n"
    "A model always says one of its labels. free_energy, F(v), says how unusual the\n"
    "example is among all that MODEL learned, whatever its label, where MODEL learned\n"
    "that: with --label-weight below 1. rbm score --calibrate USUAL turns it into how\n"
    "many usual examples there are to one that is as unusual (one_in), and --reject 1%\n"
    "calls none what is more unusual than all but 1 % of them. It misses much: of a class\n"
    "that was left out of learning, the AUC of F(v) was 0.79 on satellite, of readings,\n"
    "0.86 on digits and 0.76 on MNIST. Of pictures a low probability of models that\n"
    "learned labels alone says more: 0.89 and 0.84, but 0.62 on satellite. Measure it on\n"
    "examples of your own.\n\n"
    "If MODEL is a header, labels and probabilities are what rbm_classify and\n"
    "rbm_label_probability give on a device, and F(v) is rbm_label_free_energy.\n\n"
    "Examples:\n"
    "  rbm train digits --labels digits --hidden 32 --out model.safetensors\n"
    "  rbm classify model.safetensors digits-test --labels digits\n"
    "  rbm classify model.safetensors new.csv --out labels.csv --reject 1%\n",
    run_classify,
    named_files};

}  // namespace tool
