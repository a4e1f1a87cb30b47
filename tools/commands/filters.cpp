#include <vector>

#include "platform/desktop/files.hpp"
#include "platform/desktop/terminal.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/inference/curves.hpp"
#include "tools/model/model_file.hpp"
#include "tools/output/json_line.hpp"
#include "tools/output/picture.hpp"

namespace tool {
namespace {

constexpr Text image{
    "image", "FILE", "filters.png",
    "the picture to write (PNG; curves also SVG, where FILE ends in .svg), - for standard output"};

Files named_files(const Arguments& arguments) {
  return {{arguments[positional::model]}, {arguments[image]}};
}

// [hidden][visible but labels]
std::vector<float> weights_of_units(const Model& model) {
  std::vector<float> weights;
  for (std::size_t i = 0; i < model.hidden; ++i) {
    const float* const row = model.weights.data() + i * model.visible;
    weights.insert(weights.end(), row, row + model.units());
  }
  return weights;
}

void run_filters(const Arguments& arguments) {
  const Model model = read_model(arguments[positional::model]);
  platform::OutputFile file(arguments[image]);
  if (draws_curves(model))
    write_grid(file, arguments[image], filters_grid(model, model.hidden));
  else
    write_png(file, tile(weights_of_units(model), model.shape, Palette::diverging));
  file.commit();

  if (arguments[option::json])
    JsonLine()
        .field("model", source(arguments[positional::model]))
        .field("image", arguments[image])
        .field("filters", model.hidden)
        .field("height", model.shape.height)
        .field("width", model.shape.width)
        .print();
  else
    platform::Progress(arguments[option::quiet])
        .finish_line(
            "wrote " + destination(arguments[image]) + ": " + counted(model.hidden, "filter") + " of " +
            (draws_curves(model) ? counted(model.units(), "reading") : to_text(model.shape) + " pixels"));
}

}  // namespace

const Command filters_command{
    "filters",
    "a picture of what each hidden unit looks for",
    {positional::model},
    {image, option::json, option::quiet},
    "Each little picture is the weights of a hidden unit, in the order of the units.\n"
    "Red visible units switch it on, blue ones off, white ones do not matter. All share\n"
    "one scale. Good filters show strokes, edges or blobs. Where a filter looks like\n"
    "noise, the unit has not learned yet: train longer. Where many are blank, fewer\n"
    "hidden units may do.\n\n"
    "Of a model of readings each unit is a curve: what it adds to the means of the\n"
    "readings when it is on, in their units, over the time of the window where the model\n"
    "knows it, a plot for each channel.\n\n"
    "Example:\n"
    "  rbm filters model.safetensors --image filters.png\n",
    run_filters,
    named_files};

}  // namespace tool
