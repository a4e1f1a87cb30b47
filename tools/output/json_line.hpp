#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tool {

/// One JSON object on one line: `JsonLine().field("epoch", 3).field("loss", -0.5).print();`
class JsonLine {
 public:
  /// Appends a field. A value is a bool, a number (in the shortest form that reads back to the same bits of
  /// its type; NaN and infinity, which JSON lacks, become null), a text (in one that is no UTF-8, U+FFFD
  /// replaces every byte beyond ASCII) or a vector of values, which becomes an array.
  template <typename Value>
  JsonLine& field(std::string_view name, const Value& value) {
    begin_field(name);
    append(value);
    return *this;
  }

  /// The object, without a line break.
  std::string text() const { return text_ + "}"; }

  /// Writes the line to standard output and flushes it, so that a reader at the other end of a pipe sees it
  /// at once. Throws Failure if that fails.
  void print() const;

 private:
  template <typename Element>
  void append(const std::vector<Element>& elements) {
    text_ += '[';
    for (std::size_t n = 0; n < elements.size(); ++n) {
      if (n > 0) text_ += ", ";
      append(elements[n]);
    }
    text_ += ']';
  }
  template <typename Value>
  void append(const Value& value) {
    if constexpr (std::is_same_v<Value, bool>) {
      text_ += value ? "true" : "false";
    } else if constexpr (std::is_same_v<Value, float>) {
      append_float(value);
    } else if constexpr (std::is_same_v<Value, double>) {
      append_double(value);
    } else if constexpr (std::is_integral_v<Value>) {
      text_ += std::to_string(value);
    } else {
      append_text(value);
    }
  }
  void begin_field(std::string_view name);
  void append_float(float number);
  void append_double(double number);
  void append_text(std::string_view text);

  std::string text_ = "{";
};

}  // namespace tool
