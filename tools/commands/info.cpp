#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/data/data_file.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/model.hpp"
#include "tools/model/model_file.hpp"
#include "tools/output/json_line.hpp"
#include "tools/output/report.hpp"

namespace tool {
namespace {

constexpr Positional file_name{
    "FILE", "a model, a generated header, or DATA: a file, - for standard input, digits or digits-test"};

struct Spread {
  float minimum, maximum;
  double mean, deviation;
};

Spread find_spread(const AlignedVector<float>& values) {
  const auto [minimum, maximum] = std::minmax_element(values.begin(), values.end());
  double sum = 0, squares = 0;
  for (const float value : values) sum += static_cast<double>(value);
  const double mean = sum / static_cast<double>(values.size());
  for (const float value : values) squares += std::pow(static_cast<double>(value) - mean, 2);
  return {*minimum, *maximum, mean, std::sqrt(squares / static_cast<double>(values.size()))};
}

std::string padded_left(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string columns(const Spread& spread) {
  std::string line;
  for (const double figure : {static_cast<double>(spread.minimum), spread.mean,
                              static_cast<double>(spread.maximum), spread.deviation})
    line += padded_left(std::fabs(figure) < 1e4 ? fixed(figure, 4) : significant(figure, 4), 11);
  return line;
}

bool is_model(std::string_view bytes) {
  return (bytes.size() > 8 && bytes[8] == '{') || bytes.substr(0, 4) == "PK\3\4";
}

void show_model(const TensorFile& file, const std::string& name, bool json) {
  const Model model = model_from(file, name);
  const std::pair<const char*, Spread> parameters[] = {{"W", find_spread(model.weights)},
                                                       {"v_bias", find_spread(model.visible_bias)},
                                                       {"h_bias", find_spread(model.hidden_bias)}};
  const std::size_t count = model.visible * model.hidden + model.visible + model.hidden;
  if (json) {
    JsonLine line;
    line.field("kind", "model").field("file", name).field("visible", model.visible);
    line.field("hidden", model.hidden).field("height", model.shape.height).field("width", model.shape.width);
    for (const auto& [tensor, spread] : parameters)
      line.field(tensor + std::string("_minimum"), spread.minimum)
          .field(tensor + std::string("_mean"), spread.mean)
          .field(tensor + std::string("_maximum"), spread.maximum)
          .field(tensor + std::string("_deviation"), spread.deviation);
    for (const auto& [key, value] : model.metadata) line.field("metadata." + key, value);
    line.print();
    return;
  }
  Report report{{"model", name},
                {"visible units", grouped(model.visible) + ", as a picture " + to_text(model.shape)},
                {"hidden units", grouped(model.hidden)},
                {"parameters", grouped(count) + " in " + grouped(count * sizeof(float)) + " bytes"},
                {"", "    minimum       mean    maximum  deviation"}};
  for (const auto& [tensor, spread] : parameters) report.emplace_back(tensor, columns(spread));
  if (file.tensors.size() > 3)
    report.emplace_back("state of training",
                        counted(file.tensors.size() - 3, "more tensor") + ": train --resume can go on");
  for (const auto& [key, value] : model.metadata)
    report.emplace_back(key == model.metadata.begin()->first ? "metadata" : "", key + " = " + quoted(value));
  print(report);
}

void show_header(const HeaderContent& content, const std::string& name, bool json) {
  const QuantizedModel& model = content.model;
  const LayerSums hidden = hidden_sums(model), visible = visible_sums(model);
  const auto [lowest, highest] = std::minmax_element(model.shifts.begin(), model.shifts.end());
  if (json) {
    JsonLine line;
    line.field("kind", "header").field("file", name).field("name", content.name);
    line.field("visible", model.visible).field("hidden", model.hidden);
    line.field("height", model.shape.height).field("width", model.shape.width);
    line.field("bits", model.bits).field("fraction", model.fraction);
    line.field("lowest_shift", unsigned{*lowest}).field("highest_shift", unsigned{*highest});
    line.field("format", RBM_QUANTIZED_FORMAT).field("included", content.included);
    line.field("checksum", content.checksum);
    line.field("flash_bytes", flash_bytes(model)).field("shared_flash_bytes", shared_flash_bytes);
    line.field("ram_bytes", ram_bytes(model));
    line.field("hidden_sum_least", hidden.steps.least).field("hidden_sum_most", hidden.steps.most);
    line.field("hidden_sum_bits", bits_needed(hidden.multiples));
    line.field("visible_sum_least", visible.steps.least).field("visible_sum_most", visible.steps.most);
    line.field("visible_sum_bits", bits_needed(visible.multiples));
    line.print();
    return;
  }
  const auto width = [](const LayerSums& layer) {
    return " steps; accumulated in " + std::to_string(bits_needed(layer.multiples)) + " bits";
  };
  print({{"header", name + (content.included.empty() ? ", which stands alone"
                                                     : ", which includes " + quoted(content.included))},
         {"name in C", content.name},
         {"visible units", grouped(model.visible) + ", as a picture " + to_text(model.shape)},
         {"hidden units", grouped(model.hidden)},
         {"weights", counted(model.bits, "bit") + " each, shifted by " + std::to_string(*lowest) + " to " +
                         std::to_string(*highest)},
         {"a step", "2^-" + std::to_string(model.fraction) + " nat"},
         {"format", std::to_string(RBM_QUANTIZED_FORMAT) + " of rbm/quantized.h"},
         {"checksum", hexadecimal(content.checksum) + ", as the numbers have it"},
         {"flash", grouped(flash_bytes(model)) + " bytes, and " + grouped(shared_flash_bytes) +
                       " for tables that all models share"},
         {"RAM", grouped(ram_bytes(model)) + " bytes: scratch, the state seen and its means"},
         {"hidden sums", to_text(hidden.steps) + width(hidden)},
         {"visible sums", to_text(visible.steps) + width(visible)}});
}

void show_data(const Dataset& data, bool json) {
  std::vector<float> row(data.columns);
  double sum = 0;
  std::size_t on = 0;
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (const float intensity : row) {
      sum += static_cast<double>(intensity);
      on += intensity >= 0.5f;
    }
  }
  const auto values = static_cast<double>(data.rows) * static_cast<double>(data.columns);
  const double mean = sum / values, share = static_cast<double>(on) / values;
  if (json) {
    JsonLine()
        .field("kind", "data")
        .field("file", data.name)
        .field("examples", data.rows)
        .field("columns", data.columns)
        .field("height", data.height)
        .field("width", data.width)
        .field("maximum", data.maximum)
        .field("mean_intensity", mean)
        .field("share_on", share)
        .print();
    return;
  }
  const auto units = [&](double part) {
    return fixed(100 * part, 1) + " % of units, " + fixed(part * static_cast<double>(data.columns), 1) +
           " of " + grouped(data.columns);
  };
  print({{"data", data.name},
         {"examples", grouped(data.rows)},
         {"values", grouped(data.columns) + " each, as a picture " + to_text(Shape{data.height, data.width})},
         {"intensity 1", "is " + significant(static_cast<double>(data.maximum), 9) + " in the file"},
         {"mean intensity", fixed(mean, 4)},
         {"on if sampled", units(mean)},
         {"on if thresholded", units(share)}});
}

void run_info(const Arguments& arguments) {
  const std::string name = arguments[file_name];
  const bool json = arguments[option::json];
  if (name != "-" && !data_file(name).empty()) {
    const std::vector<unsigned char> bytes = platform::read_file(name);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (is_header(text)) return show_header(read_c_header(text, name), name, json);
    if (is_model(text)) return show_model(parse_tensors(bytes, name), name, json);
  }
  return show_data(open_dataset(name, arguments[option::maximum]), json);
}

}  // namespace

const Command info_command{
    "info",
    "what a model, data or header file holds",
    {file_name},
    {option::maximum, option::json},
    "The weights of a trained model have a deviation of some tenths. If it is still\n"
    "near 0.01, the model has hardly learned; if minima or maxima lie beyond 10, it\n"
    "learned too fast, or a few examples by heart. Where the two shares of units that\n"
    "are on in data differ much, there are many greys, and --visible thresholded\n"
    "loses them.\n\n"
    "Examples:\n"
    "  rbm info model.safetensors\n"
    "  rbm info digits --json\n",
    run_info};

}  // namespace tool
