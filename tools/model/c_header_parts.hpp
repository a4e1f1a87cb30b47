#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tool {

/// A number as generated headers have it: words in hexadecimal.
template <class Integer>
std::string text_of_number(Integer number) {
  return std::to_string(number);
}
std::string text_of_number(std::uint32_t word);

/// Numbers in columns `width` wide, `row` of them a line, or a part of a row where one would be too long.
template <class Integer>
void append_numbers(std::string& text, const Integer* values, std::size_t count, std::size_t row,
                    std::size_t width) {
  constexpr std::size_t longest = 106;
  const std::size_t most = longest / (width + 2);
  const std::size_t lines = (row + most - 1) / most;
  const std::size_t line = (row + lines - 1) / lines;
  for (std::size_t n = 0; n < count; ++n) {
    const std::size_t place = n % row % line;
    const bool last = place + 1 == line || (n + 1) % row == 0 || n + 1 == count;
    const std::string number = text_of_number(values[n]);
    text += place == 0 ? "    " : " ";
    text.append(width - number.size(), ' ');
    text += number + (last ? ",\n" : ",");
  }
}

/// What generated headers are put together of, for a model's name.
class HeaderParts {
 public:
  explicit HeaderParts(const std::string& model_name);

  const std::string name;   ///< of the model
  const std::string macro;  ///< how its macros begin: the name in capitals

  /// A line of the opening comment: what, and its figure.
  static std::string fact(std::string what, const std::string& figure);

  /// The definition of a macro, with a comment where there is a note.
  std::string define(const std::string& what, const std::string& value, const std::string& note = {}) const;

  /// A line that stops the compiler where the condition, a line of the preprocessor, holds.
  std::string stop(const std::string& condition, const std::string& why) const;

  std::string begin_table(const char* type, const std::string& table) const;

  /// Ends a table, which must have `size` bytes.
  std::string end_table(const std::string& table, const std::string& size) const;

  /// A whole table, `row` numbers a line.
  template <class Integer>
  std::string table(const char* type, const std::string& what, const std::vector<Integer>& values,
                    std::size_t row, const std::string& size) const {
    std::size_t width = 0;
    for (const Integer value : values) width = std::max(width, text_of_number(value).size());
    std::string text = begin_table(type, what);
    append_numbers(text, values.data(), values.size(), row, width);
    return text + end_table(what, size);
  }
};

}  // namespace tool
