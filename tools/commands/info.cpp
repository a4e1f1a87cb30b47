#include <algorithm>
#include <map>
#include <string_view>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"
#include "tools/base/text.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/data_facts.hpp"
#include "tools/commands/inputs.hpp"
#include "tools/data/data_file.hpp"
#include "tools/model/c_header_reader.hpp"
#include "tools/model/model.hpp"
#include "tools/model/model_file.hpp"
#include "tools/model/quantized_model.hpp"
#include "tools/model/visible_groups.hpp"
#include "tools/output/facts.hpp"
#include "tools/training/checkpoint.hpp"

namespace tool {
namespace {

constexpr Positional file_name{
    "FILE", "a model, a generated header, or DATA: a file, - for standard input, digits or digits-test"};

void add_units(Facts& facts, std::size_t visible, std::size_t hidden, Shape shape) {
  facts
      .add("visible units", grouped(visible) + (shape.height == 1 ? "" : ", as a picture " + to_text(shape)),
           "visible", visible)
      .add("hidden units", grouped(hidden), "hidden", hidden)
      .field("height", shape.height)
      .field("width", shape.width);
}

// The names of labels, and where their data had them.
void add_labels(Facts& facts, const DataMeaning& meaning) {
  constexpr std::size_t longest = 100;
  const std::size_t count = meaning.label_names.size();
  if (count == 0) return;
  std::string names;
  std::size_t shown = 0;
  for (; shown < count && names.size() < longest; ++shown)
    names += (names.empty() ? "" : ", ") + meaning.label_names[shown];
  facts.add("labels", grouped(count) + ": " + names + (shown < count ? ", ..." : ""), "labels", count)
      .field("label_column", meaning.label_column);
}

// The values of real units among those of all visible ones.
std::vector<float> real_units(const Model& model, const AlignedVector<float>& values) {
  std::vector<float> real;
  for (const rbm::VisibleGroup& group : model.groups)
    if (group.kind == rbm::VisibleKind::real)
      real.insert(real.end(), values.begin() + static_cast<std::ptrdiff_t>(group.begin),
                  values.begin() + static_cast<std::ptrdiff_t>(group.end));
  return real;
}

Facts model_facts(const TensorFile& file, const std::string& name) {
  const Model model = model_from(file, name);
  const std::size_t count = model.visible * model.hidden + model.visible + model.hidden +
                            model.offset.size() + model.scale.size() + model.loadings.size();
  Facts facts;
  facts.field("kind", "model").add("model", name, "file", name);
  add_units(facts, model.units(), model.hidden, model.shape);
  add_labels(facts, model.meaning);
  if (!model.groups.empty())
    facts.add("kinds", to_text(model.groups), "visible_groups", to_text(model.groups));
  if (model.has_readings()) facts.add("factors", grouped(model.factors), "factors", model.factors);
  facts.line("parameters", grouped(count) + " in " + grouped(count * sizeof(float)) + " bytes")
      .line("", "    minimum       mean    maximum  deviation");
  const auto add = [&facts](const char* tensor, const auto& values, bool in_units = false) {
    add_spread(facts, tensor, values.data(), values.size(), in_units);
  };
  add("W", model.weights);
  add("v_bias", model.visible_bias);
  add("h_bias", model.hidden_bias);
  if (model.has_readings()) {
    add("v_offset", real_units(model, model.offset), true);
    add("v_scale", real_units(model, model.scale), true);
  }
  if (model.factors > 0) add("v_loadings", model.loadings);
  const auto of_training =
      static_cast<std::size_t>(std::count_if(file.others.begin(), file.others.end(), is_of_checkpoint));
  if (of_training > 0)
    facts.line("state of training", counted(of_training, "more tensor") + ": train --resume can go on");
  if (file.others.size() > of_training)
    facts.line("other tensors", grouped(file.others.size() - of_training) + ", not read");
  for (const auto& [key, value] : model.metadata)
    facts.add(key == model.metadata.begin()->first ? "metadata" : "", key + " = " + quoted(value),
              "metadata." + key, value);
  return facts;
}

void add_sums(Facts& facts, const std::string& layer, const LayerSums& sums) {
  const unsigned bits = bits_needed(sums.multiples);
  facts
      .line(layer + " sums", to_text(sums.steps) + " steps; accumulated in " + std::to_string(bits) + " bits")
      .field(layer + "_sum_least", sums.steps.least)
      .field(layer + "_sum_most", sums.steps.most)
      .field(layer + "_sum_bits", bits);
}

Facts header_facts(const HeaderContent& content, const std::string& name) {
  const QuantizedModel& model = content.model;
  const auto [lowest, highest] = std::minmax_element(model.shifts.begin(), model.shifts.end());
  const std::string needs =
      content.included.empty() ? ", which stands alone" : ", which includes " + quoted(content.included);
  Facts facts;
  facts.field("kind", "header")
      .add("header", name + needs, "file", name)
      .add("name in C", content.name, "name", content.name);
  add_units(facts, model.visible, model.hidden, model.shape);
  add_labels(facts, model.meaning);
  facts
      .line("weights", counted(model.bits, "bit") + " each, shifted by " + std::to_string(*lowest) + " to " +
                           std::to_string(*highest))
      .field("bits", model.bits)
      .add("a step", "2^-" + std::to_string(model.fraction) + " nat", "fraction", model.fraction)
      .field("lowest_shift", unsigned{*lowest})
      .field("highest_shift", unsigned{*highest})
      .add("format", std::to_string(RBM_QUANTIZED_FORMAT) + " of rbm/quantized.h", "format",
           RBM_QUANTIZED_FORMAT)
      .field("included", content.included)
      .add("checksum", hexadecimal(content.checksum) + ", as the numbers have it", "checksum",
           content.checksum);
  facts.add("flash", flash_text(model), "flash_bytes", flash_bytes(model))
      .field("shared_flash_bytes", shared_flash_bytes)
      .add("RAM", ram_text(model), "ram_bytes", ram_bytes(model));
  std::map<std::string, std::string> meaning;
  describe(model.meaning, meaning);
  for (const auto& [key, value] : meaning)
    facts.add(key == meaning.begin()->first ? "data meant" : "", key + " = " + quoted(beginning(value)),
              "metadata." + key, value);
  add_sums(facts, "hidden", hidden_sums(model));
  add_sums(facts, "visible", visible_sums(model));
  return facts;
}

// Of data, with what they bring to say.
Facts told_facts(const Dataset& data) {
  tell_notes(data.notes);
  return data_facts(data);
}

// Of whatever the file holds.
Facts find_facts(const std::string& name, const Reading& reading) {
  if (data_file(name).empty() || is_array_file(name)) return told_facts(open_dataset(name, reading));
  // Once only: a pipe cannot be read again.
  std::vector<unsigned char> bytes = platform::read_file(name);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string shown = source(name);
  if (is_header(text)) return header_facts(read_c_header(text, shown), shown);
  if (holds_tensors(bytes)) return model_facts(parse_tensors(bytes, shown), shown);
  return told_facts(parse_dataset(std::move(bytes), name, reading));
}

void run_info(const Arguments& arguments) {
  Reading reading = read_data_options(arguments);
  reading.kind.reset();
  reading.windows = read_windows(arguments, {});
  if (asks_for_windows(arguments) && reading.windows.length == 0)
    throw Misuse("--window auto: rbm train chooses windows; say how long they are");
  find_facts(arguments[file_name], reading).print(arguments[option::json]);
}

}  // namespace

const Command info_command{
    "info",
    "what a model, data or header file holds",
    {file_name},
    with_data_options({option::labels}, {option::json}),
    "The weights of a trained model have a deviation of some tenths. If it is still\n"
    "near 0.01, the model has hardly learned; if minima or maxima lie beyond 10, it\n"
    "learned too fast, or a few examples by heart. Where the two shares of units that\n"
    "are on in data differ much, there are many greys, and --visible thresholded\n"
    "loses them. Readings of any sign are learned as they are.\n\n"
    "Examples:\n"
    "  rbm info model.safetensors\n"
    "  rbm info digits --json\n",
    run_info};

}  // namespace tool
