#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/data/data_file.hpp"
#include "tools/inference/hidden_activity.hpp"
#include "tools/output/json_line.hpp"
#include "tools/output/table_file.hpp"
#include "tools/training/recipe_options.hpp"

namespace tool {
namespace {

constexpr Text out{
    "out", "FILE", "features.npy",
    "the table to write, - for standard output: CSV where FILE ends in .csv, else NumPy's float32"};

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model], data_file(arguments[positional::data])}, {arguments[out]}};
}

HiddenActivity write_features(const Arguments& arguments, const Inputs& inputs) {
  const std::size_t rows = inputs.examples.data.rows, hidden = inputs.model.hidden;
  CommandWorkers workers(arguments);
  TableFile table(arguments[out], TableFormat::numpy, rows, hidden, {});
  HiddenActivity activity(hidden, rows);
  run_over(
      inputs.model, inputs.examples, rows, workers,
      [](Inference& inference, std::size_t, std::size_t begin, std::size_t end) {
        inference.features(begin, end);
      },
      [&](Inference& inference, std::size_t, std::size_t count) {
        for (std::size_t n = 0; n < count; ++n) {
          const float* const features = inference.hidden_values(n).data;
          table.add(features);
          activity.add(features);
        }
      });
  table.commit();
  return activity;
}

void run_features(const Arguments& arguments) {
  const Inputs inputs = open_inputs(arguments, option::visible_as_given);
  const HiddenActivity activity = write_features(arguments, inputs);
  const std::size_t rows = inputs.examples.data.rows, hidden = inputs.model.hidden;
  if (arguments[option::json]) {
    JsonLine()
        .field("model", inputs.model_name)
        .field("data", inputs.examples.data.name)
        .field("visible_units", training::visible.word(inputs.examples.kind))
        .field("seed", inputs.examples.seed)
        .field("out", arguments[out])
        .field("examples", rows)
        .field("features", hidden)
        .field("constant_features", activity.constant())
        .print();
    return;
  }
  platform::Progress(arguments[option::quiet])
      .finish_line("wrote " + destination(arguments[out]) + ": " + counted(rows, "example") + ", " +
                   counted(hidden, "feature") + " each");
  tell_note(activity.note("feature", inputs.model.factors));
}

}  // namespace

const Command features_command{
    "features",
    "what the hidden units see in data, for other tools",
    {positional::model, positional::data},
    with_data_options({out, option::visible_as_given},
                      {option::seed, option::threads, option::json, option::quiet}),
    "The table holds p(h = 1 | v), a row an example and a column a hidden unit:\n"
    "inputs for a classifier or a search for neighbours. Of a model with labels it is the\n"
    "mean over its labels, sum_y p(y | v) p(h = 1 | v, y): labels of DATA have no part in\n"
    "it.\n\n"
    "If MODEL is a header, features are what rbm_features gives on a device, out of 256.\n\n"
    "Examples:\n"
    "  rbm features model.safetensors digits --out train.npy\n"
    "  python3 -c \"import numpy; print(numpy.load('train.npy').shape)\"\n",
    run_features,
    named_files};

}  // namespace tool
