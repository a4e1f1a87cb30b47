#include "tools/model/c_header_readings.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tools/base/text.hpp"
#include "tools/model/c_tokens.hpp"

namespace tool {

ReadingParts::ReadingParts(const QuantizedModel& model, const PackedModel& packed, const HeaderParts& parts)
    : model_(model),
      packed_(packed),
      parts_(parts),
      exist_(model.has_readings()),
      name_(parts.name),
      macro_(parts.macro),
      loadings_(model.layer.factors > 0 ? parts.name + "_loadings" : "NULL"),
      gains_(model.layer.factors > 0 ? parts.name + "_gains" : "NULL") {}

// The different steps of readings, the finest first.
std::set<float> ReadingParts::different_steps() const {
  std::set<float> steps;
  for (std::size_t j = 0; j < model_.visible; ++j)
    if (model_.layer.scales[j] != 0) steps.insert(model_.layer.steps[j]);
  return steps;
}

// What an int16_t stands for.
std::string ReadingParts::steps() const {
  const std::set<float> steps = different_steps();
  if (const Windows& windows = model_.meaning.windows; windows.length > 0 && steps.size() > 1) {
    std::vector<float> of_channels;
    for (std::size_t c = 0; c < windows.channels; ++c)
      of_channels.push_back(model_.layer.steps[c * windows.length]);
    return "a whole number of steps, in the units of the data: " +
           steps_text(model_.meaning.columns, of_channels) + "; int16_t";
  }
  return "a whole number of steps of " + (steps.size() == 1 ? shortest(*steps.begin()) : macro_ + "_STEPS") +
         " in the units of the data: int16_t";
}

std::string ReadingParts::usage() const {
  return "//\n// To score readings, by how unusual they are:\n//\n//     static int16_t readings[" + macro_ +
         "_VISIBLE];\n//     static uint32_t scratch[RBM_REAL_SCRATCH_WORDS(" + macro_ + "_VISIBLE, " +
         macro_ + "_HIDDEN, " + macro_ + "_FACTORS)];\n//     int32_t score = rbm_real_free_energy(&" +
         name_ + ", rbm_from_int16(readings), scratch);  // in steps: " + macro_ + "_NAT are a nat\n\n";
}

std::string ReadingParts::macros() const {
  if (!exist_) return "";
  const QuantizedLayer& layer = model_.layer;
  const std::set<float> different = different_steps();
  std::string list;
  for (const float step : layer.steps) list += (list.empty() ? "" : ", ") + shortest(step);
  return parts_.define("FACTORS", std::to_string(layer.factors)) +
         parts_.define("STATE_FRACTION", std::to_string(layer.state_fraction)) +
         parts_.define("STATE_LIMIT", std::to_string(layer.limit)) +
         (different.size() == 1
              ? parts_.define("STEP", shortest(*different.begin()), "of a reading, in the units of the data")
              : parts_.define("STEPS", list, "of each reading, in the units of the data"));
}

std::string ReadingParts::tables() const {
  if (!exist_) return "";
  constexpr std::size_t words_a_line = 8, width = 10, of_factor = 3;
  const QuantizedLayer& layer = model_.layer;
  const std::string visible = macro_ + "_VISIBLE", factors = macro_ + "_FACTORS";
  std::string text =
      parts_.table("int16_t", "offsets", layer.offsets, model_.shape.width, "2ul * " + visible) +
      parts_.table("uint16_t", "scales", layer.scales, model_.shape.width, "2ul * " + visible);
  if (layer.factors == 0) return text;
  const std::size_t words = RBM_ROW_WORDS(model_.visible, 8);
  text += parts_.begin_table("uint32_t", "loadings");
  for (std::size_t k = 0; k < layer.factors; ++k) {
    text += "    // factor " + std::to_string(k) + "\n";
    append_numbers(text, packed_.real().loadings + k * words, words, std::min(words, words_a_line), width);
  }
  return text + parts_.end_table("loadings", "4ul * " + factors + " * RBM_ROW_WORDS(" + visible + ", 8)") +
         parts_.table("uint16_t", "gains", layer.gains, of_factor, "6ul * " + factors);
}

std::string ReadingParts::step() const {
  return exist_ ? HeaderParts::fact("a reading", steps()) : "";
}

std::string ReadingParts::factors() const {
  return exist_ ? HeaderParts::fact("factors", grouped(model_.layer.factors)) : "";
}

std::string ReadingParts::state() const {
  if (!exist_) return "";
  const std::int64_t limit{model_.layer.limit};
  return HeaderParts::fact("state of a reading", to_text(SumRange{-limit, limit}) + " steps of 2^-" +
                                                     std::to_string(model_.layer.state_fraction) +
                                                     " deviation; readings beyond count as these");
}

std::string ReadingParts::checks() const {
  if (!exist_) return "";
  return parts_.stop("#if RBM_REAL_FORMAT != " + std::to_string(RBM_REAL_FORMAT),
                     "a stand-alone header of another version of rbm comes first: generate it anew");
}

std::string ReadingParts::banks() const {
  if (!exist_) return "";
  const std::string any = name_ + "_offsets";  // a table there is, where there are no factors
  const bool factors = model_.layer.factors > 0;
  return "RBM_DEFINE_REAL_BANKS(" + name_ + ", " + (factors ? loadings_ : any) + ", " +
         (factors ? gains_ : any) + ")\n";
}

std::string ReadingParts::members() const {
  if (!exist_) return "";
  std::string text = "    },\n";
  for (const std::string& value : {macro_ + "_FACTORS", macro_ + "_STATE_FRACTION", macro_ + "_STATE_LIMIT",
                                   name_ + "_offsets", name_ + "_scales", loadings_, gains_})
    text += "    " + value + ",\n";
  return text + "#ifdef RBM_FAR\n    " + name_ + "_real_banks,\n#endif\n";
}

}  // namespace tool
