#include "tools/output/table_file.hpp"

#include <charconv>
#include <cmath>

#include "tools/base/bytes.hpp"
#include "tools/base/text.hpp"
#include "tools/data/npy.hpp"

namespace tool {
namespace {

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// Without an exponent unless the number is far from 1; empty where there is none.
std::string cell(float number) {
  if (std::isnan(number)) return {};
  const float size = std::fabs(number);
  if (size > 0 && (size < 1e-4f || size >= 1e9f)) return shortest(number);
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, number, std::chars_format::fixed).ptr};
}

}  // namespace

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted_text = "\"";
  for (const char letter : text) quoted_text += letter == '"' ? "\"\"" : std::string(1, letter);
  return quoted_text + '"';
}

TableFormat table_format(const std::string& path, TableFormat usual) {
  return ends_with(path, ".npy") ? TableFormat::numpy : ends_with(path, ".csv") ? TableFormat::text : usual;
}

TableFile::TableFile(const std::string& path, TableFormat usual, std::size_t rows, std::size_t columns,
                     const std::vector<std::string>& names, bool numbered)
    : file_(path), format_(table_format(path, usual)), columns_(columns), next_row_(numbered) {
  std::string line = next_row_ > 0 ? "row" : "";
  for (const std::string& name : names) line += (line.empty() ? "" : ",") + cell(name);
  if (format_ == TableFormat::numpy)
    write_npy_header(file_, rows, columns);
  else if (!names.empty())
    file_.write(line + '\n');
}

void TableFile::add(const float* values, const std::string& before) {
  if (format_ == TableFormat::numpy) return write_floats(file_, values, columns_);
  std::string line = next_row_ > 0 ? std::to_string(next_row_++) : before;
  const bool first = line.empty();
  for (std::size_t n = 0; n < columns_; ++n) line += (first && n == 0 ? "" : ",") + cell(values[n]);
  file_.write(line + '\n');
}

}  // namespace tool
