#include "tools/model/c_header_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/model/c_header_form.hpp"
#include "tools/model/c_header_writer.hpp"
#include "tools/model/c_name.hpp"
#include "tools/model/c_tokens.hpp"
#include "tools/model/quantized_faults.hpp"
#include "tools/model/visible_groups.hpp"

namespace tool {
namespace {

// The macros whose numbers are read.
enum Macro : std::size_t {
  visible,
  hidden,
  height,
  width,
  bits,
  fraction,
  checksum,
  factors,
  state_fraction,
  state_limit,
  labels,
  macros
};
constexpr std::array<const char*, macros> macro_names{
    "VISIBLE",  "HIDDEN",  "PICTURE_HEIGHT", "PICTURE_WIDTH", "BITS",  "FRACTION",
    "CHECKSUM", "FACTORS", "STATE_FRACTION", "STATE_LIMIT",   "LABELS"};

template <class Integer>
using Table = std::optional<std::vector<Integer>>;

class Reader {
 public:
  Reader(std::string_view text, const std::string& file_name)
      : file_name_(file_name), tokens_(text), name_(name_of_model(text, file_name)) {
    if (name_.empty()) throw Failure(file_name_ + ": defines no model, which is an rbm_quantized");
    const std::string fault = fault_of_name(name_);
    if (!fault.empty()) damaged("its name " + quoted(name_) + " " + fault);
    for (std::size_t macro = 0; macro < macros; ++macro)
      names_[macro] = upper(name_) + "_" + macro_names[macro];
    const auto keep = [this](const std::string& key) {
      meaning_macros_[key] = upper(name_) + "_DATA_" + upper(key);
    };
    keep("visible_groups");
    for (const char* const key : meaning_keys) keep(key);
    for (const char* const key : calibration_keys) keep(key);
  }

  HeaderContent content() {
    while (!tokens_.token().empty()) read_something();
    check_format();
    HeaderContent content{name_, included_, model(), static_cast<std::uint32_t>(number(checksum))};
    content.model.meaning = meaning_in(meaning_, file_name_);
    settle_label_names(content.model.meaning, content.model.labels, file_name_);
    content.model.calibration = calibration_in(meaning_, file_name_);
    if (real_) {
      content.model.layer = layer(content.model.visible);
      content.model.meaning.visible_units = "real";
    }
    const std::string fault = find_fault(content.model);
    if (!fault.empty()) damaged("the model " + fault);
    if (PackedModel(content.model).runtime().checksum != content.checksum)
      damaged("the numbers are not those of its checksum, " + names_[checksum]);
    return content;
  }

 private:
  [[noreturn]] void damaged(const std::string& how) const {
    throw Failure(file_name_ + ": is a damaged header: " + how);
  }

  [[noreturn]] void damaged_here(const std::string& how) const {
    throw Failure(file_name_ + ": line " + std::to_string(tokens_.line()) + ": is a damaged header: " + how);
  }

  // Takes one token at least.
  void read_something() {
    if (tokens_.take(format_macro)) {
      // In a check of a header, or defined where the runtime is inside.
      const bool check = tokens_.take("!") && tokens_.take("=");
      if (const auto found = tokens_.take_number(); found && check) format_ = found;
      return;
    }
    for (const ModelType& type : model_types)
      if (tokens_.take(type.name)) return read_definition(type);
    if (tokens_.take("include")) return read_include();
    for (std::size_t macro = 0; macro < macros; ++macro)
      if (tokens_.take(names_[macro])) return read_macro(macro);
    if (tokens_.take(upper(name_) + "_STEP") || tokens_.take(upper(name_) + "_STEPS")) return read_steps();
    for (const auto& [key, macro] : meaning_macros_)
      if (tokens_.take(macro)) {
        meaning_[key] = tokens_.take_value();
        return;
      }
    if (tokens_.take(name_ + "_weights")) return read_table(words_, "weights");
    if (tokens_.take(name_ + "_shifts")) return read_table(shifts_, "shifts");
    if (tokens_.take(name_ + "_visible_bias")) return read_table(visible_bias_, "visible_bias");
    if (tokens_.take(name_ + "_hidden_bias")) return read_table(hidden_bias_, "hidden_bias");
    if (tokens_.take(name_ + "_label_bias")) return read_table(label_bias_, "label_bias");
    if (tokens_.take(name_ + "_offsets")) return read_table(offsets_, "offsets");
    if (tokens_.take(name_ + "_scales")) return read_table(scales_, "scales");
    if (tokens_.take(name_ + "_loadings")) return read_table(loadings_, "loadings");
    if (tokens_.take(name_ + "_gains")) return read_table(gains_, "gains");
    tokens_.next();
  }

  // The runtime, between either kind of brackets, or else the first file in quotes.
  void read_include() {
    std::string file(tokens_.token());
    if (file.size() > 2 && file[0] == '"') {
      file = file.substr(1, file.size() - 2);
    } else if (tokens_.take("<")) {
      for (file.clear(); !tokens_.token().empty() && tokens_.token() != ">"; tokens_.next())
        file += tokens_.token();
      if (!is_runtime(file)) return;
    } else {
      return;
    }
    if (included_.empty() || (is_runtime(file) && !is_runtime(included_))) included_ = file;
  }

  static bool is_runtime(const std::string& file) {
    constexpr std::string_view runtime = "quantized.h";
    return file.size() >= runtime.size() && file.substr(file.size() - runtime.size()) == runtime;
  }

  // As it is defined, or as the source of a pair asks for it: != number.
  void read_macro(std::size_t macro) {
    if (tokens_.take("!")) tokens_.take("=");
    tokens_.take("(");
    const auto found = tokens_.take_number();
    if (!found) return;
    if (numbers_[macro] && numbers_[macro] != found) damaged("two numbers follow " + names_[macro]);
    numbers_[macro] = found;
  }

  // Goes to a token, if it comes before this declarator ends, over attributes and macros such as RBM_FLASH.
  bool reach(std::string_view token) {
    while (tokens_.token() != token && !ends_declarator(tokens_.token())) tokens_.skip();
    return tokens_.take(token);
  }

  template <class Integer>
  void read_table(Table<Integer>& table, const char* what) {
    if (tokens_.token() != "[" || !reach("=") || !tokens_.take("{")) return;
    const std::string name = name_ + "_" + what;
    if (table) damaged("there are two tables " + name);
    table.emplace();
    while (!tokens_.take("}")) {
      using Limits = std::numeric_limits<Integer>;
      const std::string_view token = tokens_.token();
      const auto found = tokens_.take_number();
      if (!found || *found < Limits::min() || *found > Limits::max())
        damaged_here(quoted(token) + " is among the numbers of " + name + ", after " +
                     grouped(table->size()));
      table->push_back(static_cast<Integer>(*found));
      if (!tokens_.take(",") && tokens_.token() != "}")
        damaged_here("no comma follows number " + grouped(table->size()) + " of " + name);
    }
  }

  // One number for all readings, or as many as there are.
  void read_steps() {
    steps_.clear();
    do {
      const std::string text = tokens_.take_value();
      float step = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
      if (error != std::errc{} || end != text.data() + text.size() || !(step > 0) || !std::isfinite(step))
        damaged_here(quoted(text) + " is no step of a reading");
      steps_.push_back(step);
    } while (tokens_.take(","));
  }

  void read_definition(const ModelType& type) {
    if (!reach(name_)) return;
    declared_ = true;
    real_ = type.readings;
    labelled_ = type.labels;
    if (!reach("=")) return;
    bool whole =
        tokens_.take("{") && (!type.labels || tokens_.take("{")) && (!type.readings || tokens_.take("{"));
    const auto take = [&](const std::string& token) { whole = whole && tokens_.take(token); };
    const auto take_comma = [&] { take(","); };
    const auto take_shift = [&] {
      const auto found = tokens_.take_number();
      whole = whole && found;
      take_comma();
      return found.value_or(0);
    };
    for (const Macro macro : {visible, hidden, bits, fraction}) {
      take(names_[macro]);
      take_comma();
    }
    stated_shifts_ = {take_shift(), take_shift()};
    take(names_[checksum]);
    for (const char* const table : {"weights", "shifts", "visible_bias", "hidden_bias"}) {
      take_comma();
      take(name_ + "_" + table);
    }
    tokens_.take(",");
    // For an AVR with more than 64 KB of flash.
    const auto take_banks = [&](std::initializer_list<const char*> functions) {
      if (!tokens_.take("#")) return;
      for (const char* const word : {"ifdef", "RBM_FAR"}) take(word);
      for (const char* const banks : functions) {
        take(name_ + banks);
        tokens_.take(",");
      }
      for (const char* const word : {"#", "endif"}) take(word);
    };
    take_banks({"_banks"});
    if (type.readings) {
      take("}");
      for (const Macro macro : {factors, state_fraction, state_limit}) {
        take_comma();
        take(names_[macro]);
      }
      for (const char* const table : {"offsets", "scales", "loadings", "gains"}) {
        take_comma();
        if (!tokens_.take("NULL")) take(name_ + "_" + table);
      }
      tokens_.take(",");
      take_banks({"_real_banks"});
    }
    if (type.labels) {
      take("}");
      take_comma();
      take("{");
      take(names_[labels]);
      take_comma();
      take(name_ + "_label_bias");
      tokens_.take(",");
      take_banks({"_label_banks", "_banks_beyond"});
      take("}");
      tokens_.take(",");
    }
    if (!whole || !tokens_.take("}") || !tokens_.take(";"))
      damaged_here("the definition of " + name_ + " does not list what it should");
    defined_ = true;
  }

  void check_format() const {
    if (!format_) damaged("it does not say for which RBM_QUANTIZED_FORMAT it is");
    if (*format_ != RBM_QUANTIZED_FORMAT)
      throw Failure(file_name_ + ": is a header of format " + std::to_string(*format_) + ", not " +
                    std::to_string(RBM_QUANTIZED_FORMAT) + ": generate it anew from its model");
    if (declared_ && !defined_ && !words_ && !shifts_)
      throw Failure(file_name_ + ": only declares " + name_ + "; its numbers are in the .c file beside it");
    if (!defined_) damaged("it does not define " + name_);
  }

  std::int64_t number(Macro macro) const {
    if (!numbers_[macro]) damaged("no number follows " + names_[macro]);
    return *numbers_[macro];
  }

  // At most 65,535, so that products of two are exact.
  std::size_t count(Macro macro) const {
    const std::int64_t found = number(macro);
    if (found < 1 || found > static_cast<std::int64_t>(rbm::most_units))
      damaged(names_[macro] + " is " + std::to_string(found) + ", not 1 to 65535");
    return static_cast<std::size_t>(found);
  }

  template <class Integer>
  const std::vector<Integer>& table(const Table<Integer>& table, const char* what, std::size_t size) const {
    const std::string name = name_ + "_" + what;
    if (!table) damaged("it has no table " + name);
    if (table->size() != size)
      damaged(name + " has " + grouped(table->size()) + " numbers, not " + grouped(size));
    return *table;
  }

  QuantizedModel model() const {
    QuantizedModel model;
    model.visible = count(visible);
    model.hidden = count(hidden);
    model.shape = {count(height), count(width)};
    if (model.shape.height * model.shape.width != model.visible)
      damaged("a picture of " + to_text(model.shape) + " has not " + grouped(model.visible) + " units");
    model.bits = static_cast<unsigned>(count(bits));
    model.fraction = static_cast<unsigned>(count(fraction));
    if (model.bits != 8 && model.bits != 4 && model.bits != 2 && model.bits != 1)
      damaged(names_[bits] + " is " + std::to_string(model.bits) + ", not 8, 4, 2 or 1");
    const std::size_t row_words = RBM_ROW_WORDS(model.visible, model.bits);
    const std::vector<std::uint32_t>& words = table(words_, "weights", model.hidden * row_words);
    model.shifts = table(shifts_, "shifts", model.hidden);
    model.visible_bias = table(visible_bias_, "visible_bias", model.visible);
    if (labelled_) {
      model.labels = count(labels);
      model.label_bias = table(label_bias_, "label_bias", model.labels);
    }
    model.hidden_bias =
        table(hidden_bias_, "hidden_bias", model.hidden * std::max<std::size_t>(model.labels, 1));
    const auto [lowest, highest] = std::minmax_element(model.shifts.begin(), model.shifts.end());
    if (stated_shifts_ != std::array<std::int64_t, 2>{*lowest, *highest})
      damaged("the definition of " + name_ + " has other shifts than " + name_ + "_shifts");
    const unsigned units = 32 / model.bits, mask = (1u << model.bits) - 1;
    model.codes.reserve(model.hidden * model.visible);
    for (std::size_t i = 0; i < model.hidden; ++i)
      for (std::size_t j = 0; j < row_words * units; ++j) {
        const auto code =
            static_cast<std::uint8_t>(words[i * row_words + j / units] >> (j % units * model.bits) & mask);
        if (j < model.visible)
          model.codes.push_back(code);
        else if (code != 0)
          damaged("a row of " + name_ + "_weights has bits beyond its last unit");
      }
    return model;
  }

  // A number that may be 0.
  unsigned small(Macro macro) const {
    const std::int64_t found = number(macro);
    if (found < 0 || found > static_cast<std::int64_t>(rbm::most_units))
      damaged(names_[macro] + " is " + std::to_string(found) + ", not 0 to 65535");
    return static_cast<unsigned>(found);
  }

  QuantizedLayer layer(std::size_t units) const {
    const unsigned factor_count = small(factors);
    if (factor_count > rbm::most_factors)
      damaged(names_[factors] + " is " + std::to_string(factor_count) + ", not 0 to 16");
    QuantizedLayer layer(groups_in(meaning_, units, file_name_), units, factor_count);
    layer.state_fraction = small(state_fraction);
    layer.limit = small(state_limit);
    layer.offsets = table(offsets_, "offsets", units);
    layer.scales = table(scales_, "scales", units);
    if (steps_.size() != 1 && steps_.size() != units)
      damaged("it has " + grouped(steps_.size()) + " steps of readings, not 1 or " + grouped(units));
    for (std::size_t j = 0; j < units; ++j)
      if (layer.scales[j] != 0) layer.steps[j] = steps_[steps_.size() == 1 ? 0 : j];
    if (factor_count == 0) return layer;
    const std::size_t row = RBM_ROW_WORDS(units, 8);
    layer.gains = table(gains_, "gains", 3 * layer.factors);
    const std::vector<std::uint32_t>& words = table(loadings_, "loadings", row * layer.factors);
    for (std::size_t k = 0; k < layer.factors; ++k)
      for (std::size_t j = 0; j < units; ++j)
        layer.codes[k * units + j] = static_cast<std::uint8_t>(words[k * row + j / 4] >> j % 4 * 8);
    return layer;
  }

  const std::string& file_name_;
  CTokens tokens_;
  const std::string name_;
  std::string included_;
  std::array<std::string, macros> names_;
  std::array<std::optional<std::int64_t>, macros> numbers_;
  std::optional<std::int64_t> format_;
  std::map<std::string, std::string> meaning_{{"format", "rbm"}}, meaning_macros_;
  bool declared_ = false, defined_ = false, real_ = false, labelled_ = false;
  std::array<std::int64_t, 2> stated_shifts_{};  // lowest and highest, as the definition has them
  Table<std::uint32_t> words_;
  Table<std::uint8_t> shifts_;
  Table<std::int16_t> visible_bias_, hidden_bias_, label_bias_, offsets_;
  Table<std::uint32_t> loadings_;
  Table<std::uint16_t> scales_, gains_;
  std::vector<float> steps_;
};

}  // namespace

HeaderContent read_c_header(std::string_view text, const std::string& file_name) {
  check_form(text, file_name);
  return Reader(text, file_name).content();
}

}  // namespace tool
