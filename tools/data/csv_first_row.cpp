#include "tools/data/csv_first_row.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tools/data/csv_number.hpp"
#include "tools/data/csv_steps.hpp"

namespace tool {
namespace {

/// The numbers of a row, which ascend as a heading's do or do not.
Steps steps_of(const std::vector<Cell>& cells, bool comma) {
  Steps steps;
  for (const Cell& cell : cells)
    if (const auto value = read_number(cell.text, comma)) steps.add(*value, spelled_resolution(cell.text));
  return steps;
}

bool is_progression(const Steps& steps) {
  return steps.count() >= 3 && steps.has_equal_steps();
}

/// What the rows below the first say of it.
class Below {
 public:
  /// Looks at as many rows as make the case certain.
  Below(CsvRows next, std::size_t columns, bool comma)
      : numeric(columns), quoted_(columns), broken_(columns) {
    constexpr std::size_t most_rows = 100, most_cells = 1 << 18;
    std::vector<Cell> cells;
    for (std::size_t n = 0; n < most_rows && n * columns < most_cells && next.next(cells); ++n) {
      if (cells.size() != columns) break;
      add(cells, comma);
    }
    for (std::size_t j = 0; j < columns; ++j) numeric[j] = numeric[j] && !broken_[j];
  }

  std::vector<bool> numeric;  ///< for each column, whether it holds numbers, but for missing ones
  std::size_t rows = 0;
  bool has_progression = false, has_ascent = false, has_fraction = false;
  double least = std::numeric_limits<double>::infinity(), largest = -least;
  Steps first_column;

  /// Whether a column holds numbers without quotes.
  bool plain(std::size_t column) const { return numeric[column] && !quoted_[column]; }

 private:
  void add(const std::vector<Cell>& cells, bool comma) {
    Steps steps;
    for (std::size_t j = 0; j < cells.size(); ++j) {
      const CellKind kind = kind_of(cells[j].text, comma);
      broken_[j] = broken_[j] || kind == CellKind::odd || kind == CellKind::time || kind == CellKind::word;
      numeric[j] = numeric[j] || kind == CellKind::number || kind == CellKind::truth;
      quoted_[j] = quoted_[j] || cells[j].quoted;
      if (kind != CellKind::number) continue;
      const double value = *read_number(cells[j].text, comma);
      steps.add(value, spelled_resolution(cells[j].text));
      has_fraction = has_fraction || value != std::floor(value);
      least = std::min(least, value);
      largest = std::max(largest, value);
      if (j == 0) first_column.add(value, spelled_resolution(cells[j].text));
    }
    has_progression = has_progression || is_progression(steps);
    has_ascent = has_ascent || steps.ascends();
    ++rows;
  }

  std::vector<bool> quoted_, broken_;
};

/// How many fields of a row are of a kind.
struct Kinds {
  Kinds(const std::vector<Cell>& cells, bool comma) {
    for (const Cell& cell : cells) ++count[static_cast<std::size_t>(kind_of(cell.text, comma))];
    for (const Cell& cell : cells) {
      empty += cell.text.empty();
      states += is_state(cell.text);
    }
  }

  std::size_t of(CellKind kind) const { return count[static_cast<std::size_t>(kind)]; }

  /// Whether a field holds what only rows hold.
  bool has_values() const {
    return of(CellKind::missing) > empty || of(CellKind::truth) > 0 || of(CellKind::time) > 0 || states > 0;
  }

  std::size_t count[6] = {}, empty = 0, states = 0;
};

bool are_all_alike(const std::vector<Cell>& cells) {
  return cells.size() > 1 && std::all_of(cells.begin(), cells.end(),
                                         [&](const Cell& cell) { return cell.text == cells[0].text; });
}

/// Row names, in the first column, may be quoted too.
bool are_quoted_names(const std::vector<Cell>& cells, const Below& below) {
  bool above_plain = false;
  for (std::size_t j = 0; j < cells.size(); ++j) {
    if (!(cells[j].quoted || cells[j].text.empty()) || (j > 0 && below.numeric[j] && !below.plain(j)))
      return false;
    above_plain = above_plain || below.plain(j);
  }
  return above_plain;
}

bool are_words_above_numbers(const std::vector<Cell>& cells, const Kinds& kinds, const Below& below) {
  if (kinds.of(CellKind::word) == 0 || kinds.of(CellKind::number) > 0 || kinds.has_values() ||
      are_all_alike(cells))
    return false;
  bool above_number = false;
  for (std::size_t j = 0; j < cells.size(); ++j)
    above_number = above_number || (kind_of(cells[j].text, false) == CellKind::word && below.numeric[j]);
  return above_number;
}

/// Whether numbers that ascend in equal steps stand out from the rows below. Few numbers do so by chance,
/// unless they count from 0 or 1 in a table of other values, or are spelled or sized otherwise.
bool stand_out(const std::vector<Cell>& cells, const Steps& steps, const Below& below, bool comma) {
  if (below.rows == 0 || !is_progression(steps) || below.has_progression) return false;
  constexpr std::size_t no_chance = 5;
  if (steps.count() >= no_chance) return true;
  double first = 0, last = 0;
  bool fraction = false, any = false;
  for (const Cell& cell : cells) {
    const auto value = read_number(cell.text, comma);
    if (!value) continue;
    if (!any) first = *value;
    any = true;
    last = *value;
    fraction = fraction || *value != std::floor(*value);
  }
  constexpr double many_values = 32;
  if (steps.counts_from_start() &&
      (below.has_fraction || below.largest < last || below.largest >= many_values))
    return true;
  return first > below.largest || last < below.least || (fraction && !below.has_fraction);
}

/// Whether the numbers of a mixed row name columns beside words: `label,0,1,2`, `,0,1`.
bool are_numbers_beside_names(const std::vector<Cell>& cells, const Kinds& kinds, const Steps& steps,
                              const Below& below) {
  const std::size_t words = kinds.of(CellKind::word) + kinds.empty;
  if (words == 0 || words + steps.count() != cells.size() || kinds.has_values() || below.rows == 0)
    return false;
  if (cells[0].text.empty() && steps.counts_from_start() && below.numeric[0] && below.first_column.counts())
    return true;
  constexpr std::size_t fewest_that_count = 3, no_chance = 5;
  if (below.has_progression) return false;
  return (steps.counts_from_start() && steps.count() >= fewest_that_count) ||
         (is_progression(steps) && steps.count() >= no_chance);
}

}  // namespace

FirstRow judge_first_row(const std::vector<Cell>& cells, const CsvRows& rows, bool comma) {
  const Kinds kinds(cells, comma);
  const Steps steps = steps_of(cells, comma);
  const bool numbers = kinds.of(CellKind::number) == cells.size();
  if (numbers && !steps.ascends() && !cells[0].quoted) return FirstRow::row;  // most files, at no cost
  const Below below(rows, cells.size(), comma);
  if (below.rows == 0) return FirstRow::row;
  if (are_quoted_names(cells, below) || are_words_above_numbers(cells, kinds, below) ||
      are_numbers_beside_names(cells, kinds, steps, below)) {
    return FirstRow::names;
  }
  if (!numbers) return FirstRow::row;
  if (stand_out(cells, steps, below, comma)) return FirstRow::axis;
  constexpr std::size_t little_chance = 5;
  const bool doubtful = is_progression(steps)
                            ? !below.has_progression
                            : steps.count() >= little_chance && steps.ascends() && !below.has_ascent;
  return doubtful ? FirstRow::doubtful : FirstRow::row;
}

}  // namespace tool
