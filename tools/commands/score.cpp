#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/command_line/false_alarms.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/label_option.hpp"
#include "tools/commands/score_facts.hpp"
#include "tools/commands/score_table.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/windows.hpp"
#include "tools/inference/baseline_scores.hpp"
#include "tools/inference/classification.hpp"
#include "tools/inference/likelihood.hpp"
#include "tools/inference/recording_page.hpp"
#include "tools/inference/scores.hpp"
#include "tools/model/calibrated_file.hpp"
#include "tools/model/model_file.hpp"

namespace tool {
namespace {

// With more units in the smaller layer, log Z takes longer than most scores are worth.
constexpr std::size_t most_quickly_enumerated = 20;

constexpr Positional data_or_none{
    "DATA", "what to score: a file as for train, - for standard input, or the word digits or digits-test",
    false};
constexpr Text out{"out", "FILE", "", "the scores: CSV, or a float32 array where FILE ends in .npy",
                   "standard output, but none with --json or without DATA"};
constexpr Text calibrate_option{
    "calibrate", "NORMAL", "",
    "normal examples that the model was not trained on: the limit that they set is written into MODEL"};
constexpr FalseAlarmsOption false_alarms{
    "false-alarms",
    "with --calibrate: share of normal examples that may be flagged, or alarms in a time: 1%, '1 a day', "
    "'2 an hour'"};
constexpr VotesOption votes{
    "votes",
    "with --calibrate: the K-th largest of the last N scores counts, so that K of N must be above the limit"};
constexpr Text odd_option{"odd", "FILE", "",
                          "odd examples: how many of them are found is told, beside what simpler means find"};

constexpr Text report_option{"report", "FILE", "",
                             "a page (HTML): the scores over time with limit and labelled events, the oddest "
                             "examples and which readings make them odd, what the model makes of others",
                             "none"};

void check_options(const Arguments& arguments) {
  const bool calibrates = arguments.given(calibrate_option);
  for (const Option* option : {static_cast<const Option*>(&false_alarms), static_cast<const Option*>(&votes)})
    if (arguments.given(*option) && !calibrates)
      throw Misuse(option->dashed() + ": is for --calibrate NORMAL");
  const std::string data = arguments[data_or_none];
  if (data.empty() && !calibrates)
    throw Misuse("DATA is missing; only with --calibrate NORMAL it may be left out");
  if (data.empty() && arguments.given(out))
    throw Misuse("--out: is for the scores of DATA, which is missing");
  std::size_t streams = 0;
  for (const std::string& name :
       {arguments[positional::model], data, arguments[calibrate_option], arguments[odd_option]})
    streams += name == "-";
  if (streams > 1) throw Misuse("only one of MODEL, DATA and other files can be standard input");
  if (calibrates) check_calibratable(arguments[positional::model]);
}

ScoreInputs open_score_inputs(const Arguments& arguments) {
  check_options(arguments);
  const std::string path = arguments[positional::model];
  ScoreInputs inputs{source(path), read_model(path), {}, {}, {}};
  if (arguments.given(calibrate_option) && !learns_density(inputs.model))
    throw Failure(inputs.model_name +
                  ": learned labels alone, and its free energy is no score: train it with --label-weight "
                  "below 1");
  note_labels_alone(inputs.model, inputs.model_name);
  const auto open = [&](const std::string& name, bool beside) -> std::optional<Examples> {
    if (name.empty()) return {};
    return open_examples(arguments, name, option::visible, inputs.model, inputs.model_name, false, beside);
  };
  inputs.data = open(arguments[data_or_none], false);
  inputs.normal = open(arguments[calibrate_option], true);
  if (inputs.normal) {
    std::vector<std::string>& notes = inputs.normal->data.notes;
    notes.clear();  // told
    leave_out_odd(inputs.normal->data);
    tell_notes(notes);
  }
  inputs.odd = open(arguments[odd_option], true);
  const rbm::VisibleUnits kind = inputs.scored().kind;
  if (kind == rbm::VisibleUnits::means && inputs.normal)
    throw Failure(inputs.model_name +
                  ": takes means of bits, whose free energy is no score: a limit has no "
                  "meaning for it");
  return inputs;
}

std::string destination_of(const Arguments& arguments) {
  if (arguments.given(out)) return arguments[out];
  return arguments[option::json] || arguments[data_or_none].empty() ? "" : "-";
}

// How the model, and with normal examples what is simpler, score all that is there.
std::vector<Detector> detectors(const Arguments& arguments, const ScoreInputs& inputs,
                                const Workers& workers) {
  const auto scores = [&](const std::optional<Examples>& examples) {
    return examples ? free_energies(inputs.model, *examples, workers) : std::vector<double>();
  };
  const std::vector<double> of_normal = scores(inputs.normal);
  std::vector<Detector> found{{"model", "", inputs.data ? scores(inputs.data) : of_normal, scores(inputs.odd),
                               inputs.model.calibration}};
  if (!inputs.normal) return found;
  const Dataset& normal = inputs.normal->data;
  const auto limit = [&](const std::vector<double>& held_out) {
    return calibrate(normal, held_out, arguments[false_alarms], arguments[votes]);
  };
  found[0].limit = limit(of_normal);
  const std::vector<BaselineColumn> columns = baseline_columns(inputs.model);
  const BaselineScores held_out = held_out_baseline_scores(normal, columns, workers);
  const BaselineScores of_data =
      inputs.data ? baseline_scores(normal, inputs.data->data, columns, workers) : held_out;
  const BaselineScores of_odd =
      inputs.odd ? baseline_scores(normal, inputs.odd->data, columns, workers) : BaselineScores();
  const bool readings = inputs.model.has_readings();
  found.push_back({readings ? "mean and deviation" : "a frequency each bit", "independent_",
                   of_data.independent, of_odd.independent, limit(held_out.independent)});
  if (!held_out.full.empty())
    found.push_back({"one full Gaussian", "full_gaussian_", of_data.full, of_odd.full, limit(held_out.full)});
  return found;
}

// Scores as they are told: without a limit -log p where log Z is quick to find, else as a device has them.
Scored as_told(const ScoreInputs& inputs, const Detector& detector, const Workers& workers) {
  const Model& model = inputs.model;
  const bool means = inputs.scored().kind == rbm::VisibleUnits::means;
  const bool exact = !detector.limit && !means && enumerated_units(model) <= most_quickly_enumerated;
  Scored told{exact   ? "negative_log_likelihood"
              : means ? "free_energy_of_means"
                      : "free_energy",
              detector.scores,
              detector.limit,
              {}};
  const double log_partition = exact ? static_cast<double>(enumerate(model, workers)) : 0;
  for (double& score : told.scores) score += log_partition;
  if (told.calibration) told.judged = judge(*told.calibration, told.scores);
  return told;
}

// Where the limit is further out than normal examples tell.
void note_extrapolation(const ScoreInputs& inputs, const Calibration& limit) {
  const auto rows = static_cast<double>(inputs.normal->data.rows);
  if (10 * limit.false_alarms * rows < 1)
    tell_note(inputs.normal->data.name + ": " + one_in(limit.false_alarms) + " is asked for, but there are " +
              counted(inputs.normal->data.rows, "example") +
              ": the limit rests on the form of their tail, not on what was seen");
}

Files named_files(const Arguments& arguments) {
  const std::string model = arguments[positional::model];
  Files files{{model, data_file(arguments[data_or_none]), data_file(arguments[calibrate_option]),
               data_file(arguments[odd_option])},
              {destination_of(arguments), arguments[report_option]}};
  return files;
}

void write_report(const Arguments& arguments, const ScoreInputs& inputs, const Scored& scored,
                  const Workers& workers) {
  RecordingPage page;
  page.title = inputs.scored().data.name;
  page.subtitle = "What " + inputs.model_name + " makes of it.";
  page.model = &inputs.model;
  page.examples = &inputs.scored();
  page.scores = scored.scores;
  page.score_name = scored.calibration ? "free energy" : "score";
  page.calibration = scored.calibration;
  platform::OutputFile file(arguments[report_option]);
  write_page(file, make_page(page, workers));
  file.commit();
}

void run_score(const Arguments& arguments) {
  const ScoreInputs inputs = open_score_inputs(arguments);
  const std::string path = destination_of(arguments);
  CommandWorkers workers(arguments);
  const std::vector<Detector> found = detectors(arguments, inputs, workers);
  const Scored scored = as_told(inputs, found[0], workers);
  if (inputs.normal) {
    note_extrapolation(inputs, *scored.calibration);
    write_calibration(arguments[positional::model], *scored.calibration);
  }
  if (!path.empty()) write_scores(path, inputs.scored().data, scored);
  if (arguments.given(report_option)) write_report(arguments, inputs, scored, workers);
  if (inputs.scored().kind == rbm::VisibleUnits::means)
    tell_note(inputs.scored().data.name +
              ": means of bits have no probability: their free energy is no score of how unusual they are");
  score_facts(inputs, scored, found, path)
      .print(arguments[option::json], report_stream(path, arguments[report_option]));
}

}  // namespace

const Command score_command{
    "score",
    "how unusual each example is, and which ones are odd",
    {positional::model, data_or_none},
    with_data_options(
        {out, calibrate_option, false_alarms, votes, odd_option, report_option, option::visible},
        {option::seed, option::threads, option::json, option::quiet}),
    "The score of an example is -log p(v): the higher, the more unusual. Where log Z\n"
    "would take long, with more than 20 units in the smaller layer (of readings in the\n"
    "hidden one), and where the model has a limit, it is the free energy F(v), which\n"
    "differs by that constant and which a device computes: the order of the examples is\n"
    "the same. The heading says which score it is. Of readings p(v) is a density in\n"
    "their own units, so that scores may be below 0.\n\n"
    "To find what is unusual, learn from normal examples alone, and let other normal\n"
    "ones set a limit: --calibrate NORMAL writes it into MODEL, and quantize takes it to\n"
    "the device. Above the score that a tenth of NORMAL exceeds, at least 10, scores are\n"
    "taken to be exponential; the fewer and the more dependent there are, the wider the\n"
    "limit. With a limit the table says of how many normal examples one is as odd\n"
    "(one_in, at most about 10 below the tail), and flagged is 1 where the limit is\n"
    "exceeded.\n\n"
    "A line has the number of the row, of windows of the row that completes it, and its\n"
    "time where that is known.\n\n"
    "With --label-column, or with --odd FILE, score tells how well it works: the AUC (the\n"
    "chance that an odd example scores above a normal one), what was found, events (runs\n"
    "of odd rows) and the delay to the first flag, and false alarms. With --calibrate it\n"
    "tells the same of a mean and a deviation for each reading, and of one full Gaussian,\n"
    "learned from NORMAL, with limits found alike, and whether the model is better by\n"
    "more than chance (DeLong 1988): five lines of C may do.\n\n"
    "Of a model with labels p(v) sums them out. One that learned labels alone\n"
    "(--label-weight 1) has no score.\n\n"
    "Means of bits (--visible means) have no probability. Their free energy is written\n"
    "where they are asked for, but it is no such score.\n\n"
    "Examples:\n"
    "  rbm score model.safetensors --calibrate normal.csv --false-alarms 1%\n"
    "  rbm score model.safetensors new.csv --out scores.csv\n"
    "  rbm score model.safetensors labelled.csv --label-column label --calibrate normal.csv\n",
    run_score,
    named_files};

}  // namespace tool
