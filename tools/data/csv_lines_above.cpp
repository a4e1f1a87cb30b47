#include "tools/data/csv_lines_above.hpp"

#include <algorithm>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/data/csv_dialect.hpp"
#include "tools/data/csv_first_row.hpp"
#include "tools/data/csv_number.hpp"
#include "tools/data/csv_rows.hpp"

namespace tool {
namespace {

bool holds(const std::vector<Cell>& cells, CellKind kind) {
  return std::any_of(cells.begin(), cells.end(),
                     [&](const Cell& cell) { return kind_of(cell.text, true) == kind; });
}

/// Whether rows of numbers begin here, the first of them or a heading; `above` is the row before.
bool begins_table(CsvRows rows, const std::vector<Cell>& above) {
  constexpr std::size_t most_rows = 100;
  std::vector<Cell> first, cells;
  const bool comma = has_decimal_commas(rows);
  if (!rows.next(first)) return false;
  // What stands below names may be their units, and no heading.
  const bool below_names =
      above.size() == first.size() && holds(above, CellKind::word) && !holds(above, CellKind::number);
  const FirstRow::Kind kind = judge_first_row(first, rows, comma).kind;
  const bool heading = kind == FirstRow::names || kind == FirstRow::axis || kind == FirstRow::mixed;
  if (holds(first, CellKind::word) && (below_names || !heading)) return false;
  std::size_t count = 0;
  for (; count < most_rows && rows.next(cells); ++count)
    if (cells.size() != first.size() || !holds(cells, CellKind::number)) return false;
  return count > 0;
}

}  // namespace

LinesAbove lines_above_table(std::string_view text, std::size_t fewest) {
  constexpr std::size_t most_lines = 50;
  try {
    for (std::size_t count = fewest; count < fewest + most_lines; ++count) {
      CsvRows rows(text, "");
      rows.skip_lines(count - 1);
      CsvRows below = rows;
      below.skip_lines(1);
      if (below.rest().empty()) return {};
      find_layout(below);
      rows.separator = below.separator;
      rows.drops_trailing = below.drops_trailing;
      std::vector<Cell> above;
      rows.next(above);
      if (begins_table(below, above)) return {count, below.separator};
    }
  } catch (const Failure&) {
    // A quotation mark is never closed below some of the lines.
  }
  return {};
}

}  // namespace tool
