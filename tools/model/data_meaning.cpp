#include "tools/model/data_meaning.hpp"

#include <charconv>
#include <utility>

#include "rbm/model.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/column_list.hpp"
#include "tools/data/columns.hpp"
#include "tools/model/visible_groups.hpp"

namespace tool {
namespace {

using Metadata = std::map<std::string, std::string>;

std::string entry(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::string() : found->second;
}

template <class Number>
Number number_in(const Metadata& metadata, const std::string& key, Number most, const std::string& name) {
  const std::string text = entry(metadata, key);
  Number number{};
  if (text.empty()) return number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !(number >= 0 && number <= most))
    throw Failure(name + ": metadata " + quoted(key) + " is " + quoted(text) + ", which is out of range");
  return number;
}

Columns columns_in(const Metadata& metadata, const std::string& name) {
  Columns columns;
  columns.total = number_in<std::size_t>(metadata, "file_columns", rbm::most_units, name);
  const std::string numbers = entry(metadata, "column_numbers"), names = entry(metadata, "columns");
  try {
    if (!numbers.empty()) columns.numbers = columns_from_text(numbers, columns.total).numbers;
    if (!names.empty()) columns.names = columns_from_text(names, columns.total).names;
  } catch (const Failure& failure) {
    throw Failure(name + ": metadata of columns: " + failure.what());
  }
  return columns;
}

}  // namespace

void describe(const DataMeaning& meaning, Metadata& metadata) {
  const Columns& columns = meaning.columns;
  if (meaning.maximum) metadata["maximum"] = shortest(*meaning.maximum);
  if (!meaning.visible_units.empty()) metadata["visible"] = meaning.visible_units;
  if (columns.total > 0) metadata["file_columns"] = std::to_string(columns.total);
  if (!takes_all(columns)) metadata["column_numbers"] = to_text({columns.total, columns.numbers, {}});
  if (!columns.names.empty()) metadata["columns"] = list_names(columns.names);
}

DataMeaning meaning_in(const Metadata& metadata, const std::string& name) {
  DataMeaning meaning;
  if (entry(metadata, "format") != "rbm") return meaning;
  const auto maximum = number_in<float>(metadata, "maximum", 1e30f, name);
  if (maximum > 0) meaning.maximum = maximum;
  meaning.visible_units = entry(metadata, "visible");
  if (meaning.visible_units == "real" && !tells_groups(metadata)) meaning.visible_units = "means";
  meaning.columns = columns_in(metadata, name);
  return meaning;
}

}  // namespace tool
