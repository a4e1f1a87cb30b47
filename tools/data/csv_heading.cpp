#include "tools/data/csv_heading.hpp"

#include <algorithm>

#include "tools/base/failure.hpp"
#include "tools/data/columns.hpp"
#include "tools/data/csv_first_row.hpp"
#include "tools/data/csv_number.hpp"
#include "tools/data/csv_steps.hpp"

namespace tool {
namespace {

bool is_name(const Cell& cell) {
  return kind_of(cell.text, false) == CellKind::word;
}

std::vector<std::string> names_of(const std::vector<Cell>& cells) {
  std::vector<std::string> names;
  names.reserve(cells.size());
  for (const Cell& cell : cells) names.push_back(cell.unquoted());
  return names;
}

/// Whether the user, or the model, names columns that these are.
bool are_asked_for(std::vector<std::string> names, const Reading& reading) {
  const std::vector<std::string> asked =
      reading.columns.empty() ? reading.known_columns.names : names_in_list(reading.columns);
  std::sort(names.begin(), names.end());
  return !asked.empty() && std::all_of(asked.begin(), asked.end(), [&](const std::string& name) {
    return std::binary_search(names.begin(), names.end(), name);
  });
}

/// The names in a comment right above the table, as numpy.savetxt writes them.
Heading comment_heading(const CsvRows& rows, std::size_t columns) {
  if (rows.comments() == 0) return {};
  CsvRows comment(rows.last_comment(), "");
  comment.separator = rows.separator;
  comment.drops_trailing = rows.drops_trailing;
  std::vector<Cell> cells;
  if (!comment.next(cells) || cells.size() != columns || std::none_of(cells.begin(), cells.end(), is_name))
    return {};
  return {rows.last_comment_line(), names_of(cells)};
}

/// Whether rows begin with a field more than the first row has, and it names them: then so does the heading.
bool lacks_a_name(const std::vector<Cell>& cells, CsvRows below, bool comma) {
  const auto names = [](const Cell& cell) { return cell.quoted || is_name(cell); };
  if (cells.size() < 2 || below.drops_trailing || !std::all_of(cells.begin(), cells.end(), names))
    return false;
  std::vector<Cell> row;
  Steps numbers;
  bool words = true;
  while (below.next(row)) {
    if (row.size() != cells.size() + 1) return false;
    const auto number = read_number(row[0].text, comma);
    words = words && kind_of(row[0].text, comma) == CellKind::word;
    if (number) numbers.add(*number, 1);
    if (!words && !(number && numbers.counts())) return false;
  }
  return words || numbers.count() > 0;
}

std::string described(std::size_t line, const std::vector<Cell>& cells) {
  return "line " + std::to_string(line) + " (" + to_one_line(std::string(cells[0].text.substr(0, 20))) +
         (cells.size() > 1 ? ", " + to_one_line(std::string(cells[1].text.substr(0, 20))) : "") +
         (cells.size() > 2 ? ", ...)" : ")");
}

}  // namespace

Heading find_heading(CsvRows& rows, bool comma, const Reading& reading) {
  CsvRows next = rows;
  std::vector<Cell> cells;
  if (!next.next(cells)) return {};
  Heading comment = comment_heading(next, cells.size());
  if (lacks_a_name(cells, next, comma)) cells.insert(cells.begin(), Cell{});
  const std::vector<std::string> names = names_of(cells);
  const Heading heading{next.line(), names};
  if (are_asked_for(names, reading)) {
    rows = next;
    // A row of data may hold the numbers that a model's columns are named by.
    const bool words = !reading.columns.empty() || std::any_of(cells.begin(), cells.end(), is_name);
    return {heading.line, names,
            words ? ""
                  : described(heading.line, cells) + " has the names of " + reading.model_name +
                        "'s columns and is taken for a heading"};
  }
  const FirstRow first = judge_first_row(cells, next, comma);
  if (first == FirstRow::names || first == FirstRow::axis) {
    rows = next;
    return {heading.line, names,
            first == FirstRow::names
                ? ""
                : described(heading.line, cells) + " ascends in equal steps and is taken for a heading"};
  }
  if (first == FirstRow::row) return comment;
  comment.note = described(heading.line, cells) + " may be a heading but is read as a row; --skip-lines " +
                 std::to_string(heading.line) + " leaves it out";
  return comment;
}

}  // namespace tool
