#include "tools/data/column_roles.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/column_names.hpp"

namespace tool {
namespace {

bool is_number(const std::string& said) {
  return !said.empty() && said.find_first_not_of("0123456789") == said.npos;
}

/// The column that the user asks for by number or name; nothing where he does not.
std::optional<std::size_t> find_column(const Table& table, const std::string& said,
                                       const std::string& option) {
  if (said.empty()) return std::nullopt;
  const std::string asks = ", which " + option + " asks for";
  if (!is_number(said)) return ColumnNames(table).find(said, asks, option);
  std::size_t number = 0;
  const auto end = std::from_chars(said.data(), said.data() + said.size(), number);
  if (end.ec == std::errc() && number >= 1 && number <= table.total) return number - 1;
  throw Failure(table.file + ": has no column " + said + asks + ": it has " + counted(table.total, "column"));
}

/// Whether a table has the column that a number or a name says.
bool has_column(const Table& table, const std::string& said) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), number);
  if (error == std::errc() && end == said.data() + said.size()) return number <= table.total;
  return std::find(table.names.begin(), table.names.end(), said) != table.names.end();
}

/// Whether a path leads to something that can be read, `-` among them: no folder.
bool leads_to_file(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  return path == "-" || (std::filesystem::exists(status) && !std::filesystem::is_directory(status));
}

/// The column of labels that the user asks for, unless he names a file.
std::optional<std::size_t> find_labels(const Reading& reading, const Table& table,
                                       std::vector<std::string>& notes) {
  const std::string& said = reading.labels;
  const bool is_file = leads_to_file(said);
  if (!has_column(table, said)) {
    if (is_file) return std::nullopt;
    try {
      return find_column(table, said, "--labels");
    } catch (const Failure& failure) {
      throw Failure(failure.what() + std::string("; nor is there a file of this name"));
    }
  }
  const std::optional<std::size_t> column = find_column(table, said, "--labels");
  if (is_file)
    notes.push_back(table.file + ": labels are those of its " + describe_column(table, *column) +
                    ", not of the file " + tool::quoted(said) + "; --labels ./" + said + " takes the file");
  return column;
}

/// The column in which a model's labels were. A table may lack it.
std::optional<std::size_t> find_known_labels(const Reading& reading, const Table& table) {
  const std::string& name = reading.known_label_column;
  const Columns& known = reading.known_columns;
  if (name.empty()) return std::nullopt;
  if (is_number(name))
    return table.total == known.total && has_column(table, name) ? find_column(table, name, "--labels")
                                                                 : std::nullopt;
  if (!table.names.empty())
    return has_column(table, name) ? find_column(table, name, "--labels") : std::nullopt;
  // Without names, columns that stand where they stood tell it if it was the only other.
  if (table.total != known.total || known.numbers.size() + 1 != known.total) return std::nullopt;
  for (std::size_t j = 0; j < table.total; ++j)
    if (std::find(known.numbers.begin(), known.numbers.end(), j) == known.numbers.end()) return j;
  return std::nullopt;
}

/// What finds the column of labels in another table like this one: its name, or its number.
std::string label_column_name(const Table& table) {
  std::string number = std::to_string(*table.classes + 1);
  if (table.names.empty()) return number;
  const std::string& name = table.names[*table.classes];
  const bool unique = std::count(table.names.begin(), table.names.end(), name) == 1;
  return name.empty() || is_number(name) || !unique ? number : name;
}

}  // namespace

void find_roles(const Reading& reading, Table& table, std::vector<std::string>& notes) {
  if (!reading.labels_may_lack || has_column(table, reading.label_column))
    table.labels = find_column(table, reading.label_column, "--label-column");
  table.times = find_column(table, reading.time_column, "--time-column");
  table.classes =
      reading.labels.empty() ? find_known_labels(reading, table) : find_labels(reading, table, notes);
  const auto refuse_both = [&](std::size_t column, const char* what, const char* options) {
    throw Failure(table.file + ": " + describe_column(table, column) + " cannot hold both " + what + ": " +
                  options + " name it");
  };
  if (table.labels && table.labels == table.times)
    refuse_both(*table.labels, "labels and times", "--label-column and --time-column");
  if (!table.classes || (table.classes != table.labels && table.classes != table.times)) return;
  if (reading.labels.empty()) return table.classes.reset();  // what the user says wins
  if (table.classes == table.labels)
    refuse_both(*table.classes, "labels and what is odd", "--labels and --label-column");
  refuse_both(*table.classes, "labels and times", "--labels and --time-column");
}

std::optional<LabelCollector> collect_labels(const Table& table, const Reading& reading, Dataset& data) {
  if (!table.classes || (reading.labels.empty() && reading.known_labels.empty())) return std::nullopt;
  data.label_name = label_column_name(table);
  return LabelCollector({data.name, describe_column(table, *table.classes)}, reading);
}

}  // namespace tool
