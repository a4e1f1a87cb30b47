#include "tools/data/csv_dialect.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "tools/data/csv_number.hpp"

namespace tool {
namespace {

/// The first two rows, as a separator cuts them.
struct Beginning {
  Beginning(CsvRows rows, char separator) {
    rows.separator = separator;
    if (rows.next(first)) rows.next(second);
  }

  std::vector<Cell> first, second;
};

/// Whether tabs only lay out fields that commas separate: `0.1,<tab>0.2`, `0.1,0.2<tab>`.
bool has_tabs_beside_commas(const std::vector<Cell>& cells) {
  const auto has_comma = [](const Cell& cell) { return cell.text.find(',') != cell.text.npos; };
  if (std::none_of(cells.begin(), cells.end(), has_comma)) return false;
  return cells.front().text.empty() || cells.back().text.empty() ||
         std::any_of(cells.begin(), cells.end(), [](const Cell& cell) {
           return !cell.text.empty() && (cell.text.front() == ',' || cell.text.back() == ',');
         });
}

/// The first separator that cuts two rows into as many fields, else one that cuts a row at all. Commas come
/// behind semicolons and tabs, since they may then be decimal marks.
char find_separator(const CsvRows& rows) {
  constexpr char separators[] = {';', '\t', ',', ' '};
  char fallback = 0;
  for (const char separator : separators) {
    const Beginning beginning(rows, separator);
    if (beginning.first.size() < 2 && beginning.second.size() < 2) continue;
    if (separator == '\t' && has_tabs_beside_commas(beginning.first)) continue;
    if (beginning.second.empty() || beginning.first.size() == beginning.second.size()) return separator;
    if (fallback == 0) fallback = separator;
  }
  return fallback == 0 ? ',' : fallback;
}

bool ends_empty(const std::vector<Cell>& cells) {
  return cells.size() > 1 && cells.back().text.empty() && !cells.back().quoted;
}

/// Whether every line ends in a separator; the heading may end without.
bool has_trailing_separators(CsvRows rows) {
  std::vector<Cell> cells;
  if (!rows.next(cells)) return false;
  const std::size_t first_size = cells.size();
  const bool first_ends = ends_empty(cells);
  bool second = true;
  while (rows.next(cells)) {
    if (!ends_empty(cells)) return false;
    if (second && !first_ends && cells.size() != first_size + 1) return false;
    second = false;
  }
  return first_ends || !second;
}

bool is_between_thousands(std::string_view number, std::size_t comma) {
  if (number[0] == '-' || number[0] == '+') {
    number.remove_prefix(1);
    --comma;
  }
  return number[0] != '0' && comma <= 3 && number.size() == comma + 4;
}

}  // namespace

void find_layout(CsvRows& rows) {
  constexpr std::string_view separator_line = "sep=";
  const std::string_view text = rows.rest();
  const bool told =
      text.substr(0, separator_line.size()) == separator_line && text.size() > separator_line.size();
  if (told) rows.skip_lines(1);
  rows.separator = told ? text[separator_line.size()] : find_separator(rows);
  rows.drops_trailing = rows.separator != ' ' && has_trailing_separators(rows);
}

bool has_decimal_commas(CsvRows rows) {
  if ((rows.separator != ';' && rows.separator != '\t') || rows.rest().find(',') == std::string_view::npos)
    return false;
  bool certain = false;
  std::vector<Cell> cells;
  while (rows.next(cells)) {
    for (const Cell& cell : cells) {
      const std::size_t comma = cell.text.find(',');
      if (comma == cell.text.npos) {
        const bool point = cell.text.find('.') != cell.text.npos;
        if (point && kind_of(cell.text, false) == CellKind::number) return false;
      } else {
        const CellKind kind = kind_of(cell.text, true);
        if (kind == CellKind::odd) return false;
        certain = certain || (kind == CellKind::number && !is_between_thousands(cell.text, comma));
      }
    }
  }
  return certain;
}

}  // namespace tool
