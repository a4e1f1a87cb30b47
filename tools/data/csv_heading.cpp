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

bool are_all_among(const std::vector<std::string>& asked, const std::vector<std::string>& sorted_names) {
  return std::all_of(asked.begin(), asked.end(), [&](const std::string& name) {
    return std::binary_search(sorted_names.begin(), sorted_names.end(), name);
  });
}

/// Whether the user, or the model, names columns that these are.
bool are_asked_for(std::vector<std::string> names, const Reading& reading) {
  std::sort(names.begin(), names.end());
  const std::vector<std::string>& known = reading.known_columns.names;
  const std::vector<std::string> asked =
      reading.columns.empty() ? std::vector<std::string>{} : names_in_list(reading.columns);
  return (!asked.empty() && are_all_among(asked, names)) || (!known.empty() && are_all_among(known, names));
}

/// Whether a model knows columns, but none by a name of this heading.
bool names_none_of(std::vector<std::string> known, const Heading& heading) {
  std::sort(known.begin(), known.end());
  return !known.empty() &&
         std::none_of(heading.names.begin(), heading.names.end(), [&](const std::string& name) {
           return std::binary_search(known.begin(), known.end(), name);
         });
}

/// Whether a field of a comment names a column: it has no more than `most_words`, and no marks of prose.
bool is_name_in_comment(const Cell& cell, std::ptrdiff_t most_words) {
  const std::string_view text = cell.text;
  const std::string_view name = text.substr(0, text.find_first_of("(["));
  const std::size_t last = name.find_last_not_of(' ');
  if (!is_name(cell) || last == name.npos) return false;
  const auto blanks = std::count(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(last), ' ');
  return blanks < most_words && text.find_first_of(":=!") == text.npos && text.back() != '.';
}

/// The names in a comment right above the table, as numpy.savetxt writes them. Where blanks stand behind its
/// commas, they may be those of a sentence: then a name is one word.
Heading comment_heading(const CsvRows& rows, std::size_t columns) {
  if (rows.comments() == 0 || rows.last_comment_line() + 1 != rows.line()) return {};
  CsvRows comment(rows.last_comment(), "");
  comment.separator = rows.separator;
  comment.drops_trailing = rows.drops_trailing;
  std::vector<Cell> cells;
  if (!comment.next(cells) || cells.size() != columns) return {};
  const bool like_prose =
      rows.last_comment().find(std::string{rows.separator, ' '}) != std::string_view::npos;
  const auto names = [&](const Cell& cell) { return is_name_in_comment(cell, like_prose ? 1 : 2); };
  const bool row_names = cells.size() > 1 && cells[0].text.empty();  // #,left,right
  if (!std::all_of(cells.begin() + (row_names ? 1 : 0), cells.end(), names)) return {};
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

bool holds_numbers_and_gaps(const std::vector<Cell>& cells, bool comma) {
  return std::all_of(cells.begin(), cells.end(), [comma](const Cell& cell) {
    const CellKind kind = kind_of(cell.text, comma);
    return kind == CellKind::number || kind == CellKind::missing;
  });
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
  if (comment.line != 0 && reading.columns.empty() && names_none_of(reading.known_columns.names, comment)) {
    const std::string line = std::to_string(comment.line);
    comment = {};
    comment.note = "line " + line + " has none of the names of " + reading.model_name +
                   "'s columns, which are taken by number";
  }
  if (lacks_a_name(cells, next, comma)) cells.insert(cells.begin(), Cell{});
  Heading heading{next.line(), names_of(cells)};
  const std::string line = described(heading.line, cells);
  if (are_asked_for(heading.names, reading)) {
    rows = next;
    // A row of data may hold the numbers that a model's columns are named by.
    if (reading.columns.empty() && std::none_of(cells.begin(), cells.end(), is_name))
      heading.note =
          line + " has the names of " + reading.model_name + "'s columns and is taken for a heading";
    return heading;
  }
  const FirstRow first = judge_first_row(cells, next, comma);
  switch (first.kind) {
    case FirstRow::names:
      break;
    case FirstRow::mixed:
      heading.note = line + " is taken for a heading, though it may be a row of data";
      break;
    case FirstRow::axis:
      heading.note = line + " ascends in equal steps and is taken for a heading";
      break;
    case FirstRow::refused:
      comment.fault = first.column;
      return comment;
    case FirstRow::doubtful:
      if (comment.line != 0 || (reading.gaps && holds_numbers_and_gaps(cells, comma))) return comment;
      comment.note = line + " may be a heading but is read as a row; --skip-lines " +
                     std::to_string(heading.line) + " leaves it out";
      return comment;
    case FirstRow::row:
      return comment;
  }
  rows = next;
  return heading;
}

}  // namespace tool
