#include "tools/data/csv.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"

namespace tool {
namespace {

std::string_view trim(std::string_view text) {
  constexpr const char* blank = " \r";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// What separates the fields of a line; a semicolon first, since commas may then be decimal marks.
char find_separator(std::string_view line) {
  for (const char separator : {';', ',', '\t'}) {
    if (line.find(separator) != std::string_view::npos) return separator;
  }
  return ' ';
}

/// Cuts a line into its fields. Several spaces are one separator; spaces around other separators are left
/// out.
void split(std::string_view line, char separator, std::vector<std::string_view>& fields) {
  fields.clear();
  for (;;) {
    const std::size_t end = line.find(separator);
    const std::string_view field = trim(line.substr(0, end));
    if (separator != ' ' || !field.empty()) fields.push_back(field);
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

std::optional<double> number(std::string_view field) {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size()) return std::nullopt;
  return value;
}

/// A first line without a single number names the columns.
bool is_heading(const std::vector<std::string_view>& fields) {
  for (const std::string_view field : fields) {
    if (number(field)) return false;
  }
  return true;
}

/// Where the separator is another, a comma may be a decimal mark.
std::string hint(std::string field) {
  std::replace(field.begin(), field.end(), ',', '.');
  return number(field) ? "; decimals take a point" : "";
}

class CsvReader {
 public:
  CsvReader(const std::string& name, const Reading& how) : reading(how) {
    table.name = name;
    table.maximum = maximum_for(reading, 1);
  }

  Dataset read(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
    bool first = true;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      ++line_number;
      if (trim(line).empty()) continue;
      if (table.rows == 0) separator = find_separator(line);
      split(line, separator, fields);
      if (!first || !is_heading(fields)) add_row();
      first = false;
    }
    if (table.rows == 0) throw Failure(table.name + ": holds no rows of numbers");
    table.height = default_shape(table.columns).height;
    table.width = table.columns / table.height;
    return std::move(table);
  }

 private:
  void add_row() {
    if (table.rows == 0) {
      check_columns(table.name, fields.size());
      table.columns = fields.size();
    }
    if (fields.size() != table.columns) {
      throw Failure(table.name + ": line " + std::to_string(line_number) + ": number of columns is " +
                    std::to_string(fields.size()) + ", in the lines before " + std::to_string(table.columns));
    }
    for (std::size_t column = 0; column < fields.size(); ++column) add_value(column);
    ++table.rows;
  }

  void add_value(std::size_t column) {
    const std::string_view field = fields[column];
    const std::optional<double> value = number(field);
    if (!value) {
      throw Failure(
          table.name + ": " + place(column) + ": " +
          (field.empty() ? "is empty" : quoted(field) + " is no number" + hint(std::string(field))));
    }
    const std::optional<float> intensity = to_intensity(*value, table.maximum);
    if (!intensity) refuse_value(table.name, place(column), *value, table.maximum, reading);
    table.values.push_back(*intensity);
  }

  std::string place(std::size_t column) const {
    return "line " + std::to_string(line_number) + ", column " + std::to_string(column + 1);
  }

  const Reading& reading;
  Dataset table;
  char separator = ',';
  std::size_t line_number = 0;
  std::vector<std::string_view> fields;
};

}  // namespace

Dataset read_csv(const std::vector<unsigned char>& file, const std::string& name, const Reading& reading) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  return CsvReader(name, reading).read(text);
}

}  // namespace tool
