#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/statistics.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/commands/label_option.hpp"
#include "tools/data/data_file.hpp"
#include "tools/inference/curves.hpp"
#include "tools/inference/measured_chains.hpp"
#include "tools/output/facts.hpp"
#include "tools/output/picture.hpp"
#include "tools/output/report.hpp"
#include "tools/output/table_file.hpp"
#include "tools/training/recipe_options.hpp"

namespace tool {
namespace {

constexpr std::size_t usual_pairs = 32, usual_curves = 12;
// 0 if not given.
constexpr Whole count{"count",
                      "N",
                      0,
                      {1, 1000000000},
                      "work on the first N examples only",
                      "all, of which the picture shows 32, or 12 as curves"};
constexpr Text image{
    "image", "FILE", "",
    "a picture (PNG; curves also SVG, where FILE ends in .svg) of originals beside reconstructions", "none"};
constexpr Text out{"out", "FILE", "",
                   "a table of all reconstructions: CSV where FILE ends in .csv, else NumPy's float32",
                   "none"};
constexpr OptionalReal noise{
    "noise",
    "X",
    std::nullopt,
    {1e-30, 1e30},
    "deviation of the noise in all readings of DATA, in their units: writes the means of "
    "the clean readings",
    "DATA are no noisier than those of the training"};

// What is told of the reconstructions.
struct Reconstructed {
  std::size_t rows, shown;
  Mean error;  // squared: of a visible unit, or with --noise what was taken away from a reading
};

// The files that reconstructions go to, as they come.
class Outputs {
 public:
  Outputs(const Arguments& arguments, const Inputs& inputs, std::size_t rows)
      : inputs_(inputs),
        shown_(arguments[image].empty() ? 0
               : arguments.given(count)
                   ? rows
                   : std::min(rows, draws_curves(inputs.model) ? usual_curves : usual_pairs)),
        image_(arguments[image]),
        errors_(rows) {
    if (shown_ > 0) picture_.emplace(arguments[image]);
    if (arguments[out].empty()) return;
    const Dataset& data = inputs.examples.data;
    table_.emplace(arguments[out], TableFormat::numpy, rows, data.columns, data.taken.names);
  }

  // The reconstruction of an example [visible].
  void take(std::size_t row, const float* values, float error) {
    const std::size_t columns = inputs_.examples.data.columns;
    errors_[row] = error;
    if (table_) table_->add(values);
    if (row >= shown_) return;
    originals_.resize(originals_.size() + columns);
    inputs_.examples.data.row(row, &*originals_.end() - columns);
    reconstructions_.insert(reconstructions_.end(), values, values + columns);
  }

  Reconstructed commit() {
    if (picture_) {
      draw();
      picture_->commit();
    }
    if (table_) table_->commit();
    return {errors_.size(), shown_, mean(errors_)};
  }

 private:
  void draw() {
    const Model& model = inputs_.model;
    if (draws_curves(model))
      return write_grid(*picture_, image_, pairs_grid(model, originals_, reconstructions_));
    for (std::vector<float>* const rows : {&originals_, &reconstructions_}) scale_for_picture(model, *rows);
    const GreyRange range = model.has_readings() ? range_of(originals_) : GreyRange{};
    write_png(*picture_, tile_pairs(originals_, reconstructions_, model.shape, range));
  }

  const Inputs& inputs_;
  const std::size_t shown_;
  const std::string image_;
  std::vector<float> errors_, originals_, reconstructions_;
  std::optional<platform::OutputFile> picture_;
  std::optional<TableFile> table_;
};

Facts reconstruction_facts(const Arguments& arguments, const Inputs& inputs, const Reconstructed& made) {
  const Examples& examples = inputs.examples;
  const std::string states = training::visible.word(examples.kind);
  Facts facts;
  facts.field("model", inputs.model_name)
      .field("data", examples.data.name)
      .field("examples", made.rows)
      .field("visible_units", states)
      .field("seed", examples.seed);
  if (arguments.given(option::label))
    facts.add("label", arguments[option::label], "label", arguments[option::label]);
  if (const auto deviation = arguments[noise])
    facts.field("noise", *deviation)
        .add("taken away", significant(std::sqrt(made.error.value), 5) + " a reading, root mean square",
             "taken_away", std::sqrt(made.error.value));
  else
    facts.add("reconstruction error", made.error,
              inputs.model.has_readings() ? " a visible unit, squared, of readings in squares of their scale"
                                          : " a visible unit, squared",
              "reconstruction_error");
  facts.line("", counted(made.rows, "example") + " of " + examples.data.name + ", visible units " + states +
                     ", seed " + std::to_string(examples.seed));
  if (made.shown > 0)
    facts.add("picture",
              destination(arguments[image]) + ": " + counted(made.shown, "original") +
                  " beside what the model makes of " + (made.shown == 1 ? "it" : "them"),
              "image", arguments[image]);
  if (!arguments[out].empty())
    facts.add("table",
              destination(arguments[out]) + ": " + grouped(made.rows) + " x " +
                  grouped(examples.data.columns) +
                  (inputs.model.has_readings() ? " readings" : " probabilities"),
              "out", arguments[out]);
  return facts;
}

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model], data_file(arguments[positional::data])},
          {arguments[image], arguments[out]}};
}

// The mean of (n - x)^2 over the real units that were measured.
float squared_change(const Model& model, const float* measured, const float* means) {
  double sum = 0, readings = 0;
  for (const rbm::VisibleGroup& group : model.groups)
    for (std::size_t j = group.begin; group.kind == rbm::VisibleKind::real && j < group.end; ++j)
      if (!std::isnan(measured[j])) {
        sum += std::pow(static_cast<double>(measured[j]) - static_cast<double>(means[j]), 2);
        ++readings;
      }
  return readings > 0 ? static_cast<float>(sum / readings) : 0.0f;
}

void take_noise_away(const Inputs& inputs, double deviation, std::size_t rows, const Workers& workers,
                     Outputs& outputs) {
  MeasuredOptions options;
  options.noise = static_cast<float>(deviation);
  run_over_measured(inputs.model, inputs.examples, rows, options, workers,
                    [&](std::size_t row, const float* measured, const float* means, const float*) {
                      outputs.take(row, means, squared_change(inputs.model, measured, means));
                    });
}

Reconstructed reconstruct(const Arguments& arguments, const Inputs& inputs) {
  std::size_t rows = inputs.examples.data.rows;
  if (arguments.given(count))
    rows = static_cast<std::size_t>(std::min<std::uint64_t>(rows, arguments[count]));
  CommandWorkers workers(arguments);
  Outputs outputs(arguments, inputs, rows);
  if (const auto deviation = arguments[noise]) {
    take_noise_away(inputs, *deviation, rows, workers, outputs);
    return outputs.commit();
  }
  run_over(
      inputs.model, inputs.examples, rows, workers,
      [](Inference& inference, std::size_t, std::size_t begin, std::size_t end) {
        inference.hidden_inputs(begin, end);
        inference.hidden_probabilities(begin, end);
        inference.reconstruct(begin, end);
      },
      [&](Inference& inference, std::size_t first, std::size_t states) {
        for (std::size_t n = 0; n < states; ++n)
          outputs.take(first + n, inference.visible_values(n).data, inference.reconstruction_error(n));
      });
  return outputs.commit();
}

void run_reconstruct(const Arguments& arguments) {
  if (arguments[image].empty() && arguments[out].empty())
    throw Misuse("nothing to write: give --image FILE, --out FILE or both");
  Inputs inputs = open_inputs(arguments, option::visible, arguments.given(noise));
  inputs.examples.label.given = given_label(arguments, inputs.model, inputs.model_name);
  note_labels_alone(inputs.model, inputs.model_name);
  if (arguments.given(noise) && !inputs.model.has_readings())
    throw Failure(inputs.model_name + ": has no real units, so that --noise has no meaning for it");
  const Reconstructed made = reconstruct(arguments, inputs);
  reconstruction_facts(arguments, inputs, made)
      .print(arguments[option::json], report_stream(arguments[image], arguments[out]));
}

}  // namespace

const Command reconstruct_command{
    "reconstruct",
    "originals beside what the model makes of them",
    {positional::model, positional::data},
    with_data_options({count, noise, image, out, option::label, option::visible},
                      {option::seed, option::threads, option::json, option::quiet}),
    "v comes from an example (--visible), h is drawn from p(h | v), and the\n"
    "reconstruction is p(v = 1 | h). The picture shows pairs: on the left the\n"
    "example's intensities, on the right the reconstruction. Both sides are greys;\n"
    "states drawn from them would be speckled by chance. The error is the mean of\n"
    "(v - p(v = 1 | h))^2 over visible units and examples, +/- its standard error. A\n"
    "good model has a small error, but so can a poor one: see rbm evaluate.\n\n"
    "Of a model of readings, the reconstruction is the mean given h and what the\n"
    "factors are on average given h and v, in the readings' units; the error is in\n"
    "squares of the scale that the model learned. The picture shows curves, both over\n"
    "each other, over the time of the window where the model knows it, a plot for each\n"
    "channel; readings of different sensors in scales, as (reading - offset) / scale.\n\n"
    "Of a model with labels h is drawn given the label too, which is the one that --label\n"
    "gives, else drawn from p(label | v).\n\n"
    "--noise X takes noise away that DATA have and the training data did not: it gives\n"
    "the mean of the clean readings given the noisy ones, by 200 Gibbs steps over\n"
    "hidden units, factors and clean readings, of which 150 are counted. X is the\n"
    "noise's deviation; missing readings are filled in too, as by rbm fill. What is\n"
    "taken away from a reading should come out near X.\n\n"
    "If MODEL is a header, reconstructions are what rbm_reconstruct gives on a device\n"
    "with RBM_SAMPLE, out of 256; the generator of example n, counted from 0, begins\n"
    "at rbm_random_seed(--seed + n).\n\n"
    "Examples:\n"
    "  rbm reconstruct model.safetensors digits-test --count 32 --image pairs.png\n"
    "  rbm reconstruct model.safetensors noisy.csv --noise 0.1 --out cleaned.csv\n",
    run_reconstruct,
    named_files};

}  // namespace tool
