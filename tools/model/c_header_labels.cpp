#include "tools/model/c_header_labels.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tools/base/text.hpp"
#include "tools/model/c_tokens.hpp"

namespace tool {

LabelParts::LabelParts(const QuantizedModel& model, const HeaderParts& parts, LabelNames names)
    : model_(model),
      parts_(parts),
      exist_(model.has_labels()),
      named_(exist_ && names == LabelNames::inside) {}

std::string LabelParts::facts() const {
  return exist_ ? HeaderParts::fact("labels", grouped(model_.labels) + ": " + parts_.macro +
                                                  "_DATA_LABELS names them in order, from 0 on")
                : "";
}

std::string LabelParts::usage() const {
  if (!exist_) return {};
  const std::string &name = parts_.name, &macro = parts_.macro;
  const bool readings = model_.has_readings();
  const std::string base = name + (readings ? ".base.base" : ".base");
  const std::string sizes = readings ? "RBM_REAL_LABEL_SCRATCH_WORDS(" + macro + "_VISIBLE, " + macro +
                                           "_HIDDEN, " + macro + "_FACTORS)"
                                     : "RBM_LABEL_SCRATCH_WORDS(" + macro + "_VISIBLE, " + macro + "_HIDDEN)";
  return std::string("//\n// To tell which label ") +
         (readings ? "readings have:\n//\n//     static int16_t readings[" + macro + "_VISIBLE];\n"
                   : "what was seen has (switch the units on by rbm_set_unit):\n//\n"
                     "//     static uint8_t seen[RBM_STATE_BYTES(" +
                         macro + "_VISIBLE)];\n") +
         "//     static int32_t scores[" + macro + "_LABELS];\n//     static uint32_t scratch[" + sizes +
         "];\n//     size_t label = " +
         (readings ? "rbm_real_classify(&" + name + ", rbm_from_int16(readings)"
                   : "rbm_classify(&" + name + ", rbm_from_bits(seen)") +
         ", scores, scratch);\n//\n// how probable it is, out of 65536:\n//\n//     uint16_t share = "
         "rbm_label_probability(&" +
         base + ", scores, " + macro + "_LABELS, label);\n//\n" +
         (model_.meaning.label_weight == "1"
              ? "// Labels alone were learned: how unusual a thing is, no score tells.\n"
              : "// and how unusual that is which was seen, in steps (" + macro +
                    "_NAT are a nat):\n//\n//     int32_t score = rbm_label_free_energy(&" + base +
                    ", scores, " + macro + "_LABELS);\n") +
         "//\n// All else that a model does, it does given a label:\n//\n//     " +
         (readings ? "rbm_real of_label = rbm_real_given_label(&"
                   : "rbm_quantized of_label = rbm_given_label(&") +
         name + ", label);\n\n";
}

std::string LabelParts::stream() const {
  if (!exist_) return {};
  const std::string& macro = parts_.macro;
  return "// Label of each window of a stream, of which the detector is not the judge: its model is the one "
         "given "
         "label 0.\n//\n//     static uint32_t memory[" +
         macro + "_STREAM_WORDS];\n//     static rbm_stream stream;\n//     rbm_stream_start(&stream, &" +
         parts_.name +
         "_detector, memory);\n//\n// then for each reading of the sensor rbm_stream_push, and in the "
         "program's loop\n//\n//     if (rbm_stream_ready(&stream)) label = rbm_stream_classify(&stream, &" +
         parts_.name + ", scores, scratch);\n//\n// which is " + macro +
         "_LABELS where readings are missing; rbm_stream_status says what is wrong with a sensor.\n\n";
}

std::string LabelParts::checks() const {
  if (!exist_) return {};
  constexpr std::size_t largest_on_avr = 32767;
  const std::size_t bytes = sizeof(std::int16_t) * model_.hidden_bias.size();
  return parts_.stop(
             "#if !defined RBM_LABELS_FORMAT || RBM_LABELS_FORMAT != " + std::to_string(RBM_LABELS_FORMAT),
             "needs the rbm/quantized.h of the rbm that made this header") +
         (bytes > largest_on_avr
              ? parts_.stop("#ifdef __AVR__", "hidden biases of " + grouped(bytes) +
                                                  " bytes; a table on AVR has at most " +
                                                  grouped(largest_on_avr) + ": take fewer hidden units")
              : "");
}

std::string LabelParts::macros() const {
  return exist_ ? parts_.define("LABELS", std::to_string(model_.labels)) : "";
}

std::string LabelParts::hidden_biases() const {
  constexpr std::size_t numbers_a_line = 16;
  const std::string size = "2ul * " + parts_.macro + "_HIDDEN";
  if (!exist_) return parts_.table("int16_t", "hidden_bias", model_.hidden_bias, numbers_a_line, size);
  std::size_t width = 0;
  for (const std::int16_t bias : model_.hidden_bias) width = std::max(width, text_of_number(bias).size());
  std::string text = parts_.begin_table("int16_t", "hidden_bias");
  for (std::size_t y = 0; y < model_.labels; ++y) {
    text += "    // label " + std::to_string(y) + "\n";
    append_numbers(text, model_.hidden_bias.data() + y * model_.hidden, model_.hidden, numbers_a_line, width);
  }
  return text + parts_.end_table("hidden_bias", size + " * " + parts_.macro + "_LABELS");
}

std::string LabelParts::tables() const {
  constexpr std::size_t numbers_a_line = 16;
  return exist_ ? parts_.table("int16_t", "label_bias", model_.label_bias, numbers_a_line,
                               "2ul * " + parts_.macro + "_LABELS")
                : "";
}

std::string LabelParts::banks() const {
  return exist_ ? "RBM_DEFINE_LABEL_BANKS(" + parts_.name + ")\n" : "";
}

std::string LabelParts::members() const {
  if (!exist_) return {};
  const std::string& name = parts_.name;
  return "    {\n    " + parts_.macro + "_LABELS,\n    " + name + "_label_bias,\n#ifdef RBM_FAR\n    " +
         name + "_label_banks,\n    " + name + "_banks_beyond,\n#endif\n    },\n";
}

// A table of letters, which stays in flash on AVR, where a list of strings would take RAM.
std::string LabelParts::declarator() const {
  std::size_t longest = 0;
  for (const std::string& label : model_.meaning.label_names) longest = std::max(longest, label.size());
  return "const char " + parts_.name + "_label_names[" + parts_.macro + "_LABELS][" +
         std::to_string(longest + 1) + "]";
}

std::string LabelParts::declaration() const {
  return named_ ? "extern " + declarator() + ";\n" : "";
}

std::string LabelParts::names(const char* linkage) const {
  if (!named_) return {};
  std::string text = "\n// On AVR these are in flash: read letters by RBM_READ_8.\n" +
                     (linkage + declarator()) + " RBM_FLASH = {\n";
  for (const std::string& label : model_.meaning.label_names) text += "    " + quoted_in_c(label) + ",\n";
  return text + "};\n";
}

std::string LabelParts::conditions_of_pair() const {
  return exist_ ? " || \\\n    " + parts_.macro + "_LABELS != " + std::to_string(model_.labels) : "";
}

}  // namespace tool
