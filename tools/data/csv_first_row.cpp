#include "tools/data/csv_first_row.hpp"

#include <algorithm>
#include <cmath>

#include "tools/data/csv_below.hpp"
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

/// How many fields of a row are of a kind.
struct Kinds {
  Kinds(const std::vector<Cell>& cells, bool comma) {
    for (const Cell& cell : cells) {
      const CellKind kind = kind_of(cell.text, comma);
      ++count[static_cast<std::size_t>(kind)];
      empty += cell.text.empty();
      states += kind == CellKind::word && is_state(cell.text);
      faults += kind == CellKind::word && is_fault(cell.text);
    }
  }

  std::size_t of(CellKind kind) const { return count[static_cast<std::size_t>(kind)]; }

  /// Words that may name columns.
  std::size_t names() const { return of(CellKind::word) - faults; }

  std::size_t count[6] = {}, empty = 0, states = 0, faults = 0;
};

/// Whether a field holds what only rows hold.
bool is_value(const Cell& cell, bool comma) {
  const CellKind kind = kind_of(cell.text, comma);
  return (kind == CellKind::missing && !cell.text.empty()) || kind == CellKind::truth ||
         kind == CellKind::time || (kind == CellKind::odd && is_comparison(cell.text));
}

bool are_all_alike(const std::vector<Cell>& cells) {
  return cells.size() > 1 && std::all_of(cells.begin(), cells.end(),
                                         [&](const Cell& cell) { return cell.text == cells[0].text; });
}

/// Whether quotes set fields off from numbers without. Row names, in the first column, may be quoted too.
bool are_quoted_above_plain(const std::vector<Cell>& cells, const Below& below) {
  bool above_plain = false;
  for (std::size_t j = 0; j < cells.size(); ++j) {
    const ColumnBelow& column = below.columns[j];
    if (!(cells[j].quoted || cells[j].text.empty()) || (j > 0 && column.is_numeric() && !column.is_plain()))
      return false;
    above_plain = above_plain || column.is_plain();
  }
  return above_plain;
}

/// Whether quoted numbers name columns: they ascend as years do, or stand beside quoted row names.
bool are_quoted_numbers_of_columns(const std::vector<Cell>& cells, const Steps& steps, const Below& below,
                                   bool comma) {
  constexpr std::size_t fewest = 3;
  const bool whole = std::all_of(cells.begin(), cells.end(), [&](const Cell& cell) {
    const auto value = read_number(cell.text, comma);
    return !value || *value == std::floor(*value);
  });
  const bool beside_row_names = cells[0].text.empty() && below.columns[0].quoted;
  return whole && steps.ascends() && (steps.count() >= fewest || (beside_row_names && steps.count() > 0));
}

/// Whether numbers that ascend in equal steps stand out from the rows below. Few numbers do so by chance,
/// unless they count from 0 or 1 in a table of other values, or are spelled or sized otherwise.
bool stand_out(const std::vector<Cell>& cells, const Steps& steps, const Below& below, bool comma) {
  if (!is_progression(steps) || below.has_progression()) return false;
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

/// Whether a name stands above what is none: numbers, times, or words of another look.
bool is_above_others(const Cell& cell, const ColumnBelow& column) {
  return column.is_numeric() || column.is_of_times() || column.has_words_unlike(cell.text);
}

/// Whether the numbers of a mixed row name columns beside words: `label,0,1,2`, `,0,1`.
bool are_numbers_beside_names(const std::vector<Cell>& cells, const Kinds& kinds, const Steps& steps,
                              const Below& below, bool comma) {
  if (steps.count() == 0 || kinds.names() + kinds.empty == 0 ||
      kinds.names() + kinds.empty + steps.count() != cells.size())
    return false;
  if (cells[0].text.empty() && steps.counts_from_start() && below.columns[0].is_numeric() &&
      below.first_column.counts())
    return true;
  constexpr std::size_t fewest_that_count = 3;
  if ((steps.counts_from_start() && steps.count() >= fewest_that_count && !below.has_progression()) ||
      stand_out(cells, steps, below, comma))
    return true;
  // Beside a name that is none of the values below, chance may make rows that look like the numbers.
  if (below.progressions * 2 > below.rows) return false;
  for (std::size_t j = 0; j < cells.size(); ++j) {
    const bool name = cells[j].text.empty() ? j == 0 : kind_of(cells[j].text, comma) == CellKind::word;
    const bool corner = cells[j].text.empty() && below.columns[j].word && !below.columns[j].missing;
    if (name && (corner || is_above_others(cells[j], below.columns[j]))) return is_progression(steps);
  }
  return false;
}

/// What pandas writes above one or two columns without names: 0 or 0, 1; and its like from 1.
bool may_count_few_columns(const Steps& steps, const Below& below) {
  constexpr std::size_t fewest_rows = 3;
  constexpr double much_larger = 10;
  return steps.count() < 3 && steps.counts_from_start() && below.rows >= fewest_rows &&
         (!below.has_whole || below.least >= much_larger);
}

FirstRow judge_numbers(const std::vector<Cell>& cells, const Steps& steps, const Below& below, bool comma) {
  const bool once = below.repetitions == 0;
  if (once && stand_out(cells, steps, below, comma)) return {FirstRow::axis};
  constexpr std::size_t little_chance = 5;
  const bool doubtful = is_progression(steps)
                            ? !below.has_progression()
                            : steps.count() >= little_chance && steps.ascends() && !below.has_ascent;
  const bool quoted = steps.ascends() && are_quoted_above_plain(cells, below);
  return {doubtful || quoted || (once && may_count_few_columns(steps, below)) ? FirstRow::doubtful
                                                                              : FirstRow::row};
}

/// A row with words, or with fields that cannot be read, that is not certain to be a heading.
FirstRow judge_uncertain(const std::vector<Cell>& cells, const Kinds& kinds, const Steps& steps,
                         const Below& below, bool comma) {
  const auto is_cause = [&](const Cell& cell) { return is_value(cell, comma); };
  bool fits = true;
  for (std::size_t j = 0; j < cells.size(); ++j) {
    const CellKind kind = kind_of(cells[j].text, comma);
    // A fault beside numbers is of a row of data: it is refused where its column is read.
    const bool name = kind == CellKind::word && (steps.count() == 0 || !is_fault(cells[j].text));
    if (name && is_above_others(cells[j], below.columns[j])) {
      // Among names, a field that only rows hold is to blame.
      const auto cause = std::find_if(cells.begin(), cells.end(), is_cause);
      const bool names = kinds.names() > 0 && kinds.of(CellKind::number) == 0 && cause != cells.end();
      return {FirstRow::refused, names ? static_cast<std::size_t>(cause - cells.begin()) : j};
    }
    fits = fits && below.columns[j].fits(kind);
  }
  return {fits && (!is_progression(steps) || below.has_progression()) ? FirstRow::row : FirstRow::doubtful};
}

}  // namespace

FirstRow judge_first_row(const std::vector<Cell>& cells, const CsvRows& rows, bool comma) {
  const Kinds kinds(cells, comma);
  const Steps steps = steps_of(cells, comma);
  const bool numbers = kinds.of(CellKind::number) == cells.size();
  if (numbers && !steps.ascends()) return {FirstRow::row};  // most files, at no cost
  const Below below(rows, cells, comma);
  if (below.rows == 0) return {FirstRow::row};
  const bool has_values =
      std::any_of(cells.begin(), cells.end(), [&](const Cell& cell) { return is_value(cell, comma); });
  bool above_number = false, repeats = false;
  for (std::size_t j = 0; j < cells.size(); ++j) {
    const bool word = kind_of(cells[j].text, comma) == CellKind::word;
    above_number = above_number || (word && below.columns[j].is_numeric());
    repeats = repeats || (word && below.columns[j].repeats);
  }
  if (!has_values && !repeats) {
    const bool quoted = are_quoted_above_plain(cells, below);
    if (steps.count() > 0 && quoted && are_quoted_numbers_of_columns(cells, steps, below, comma))
      return {FirstRow::mixed};
    if (!numbers && are_numbers_beside_names(cells, kinds, steps, below, comma)) return {FirstRow::mixed};
    const bool named = kinds.names() > 0 && steps.count() == 0 && !are_all_alike(cells);
    if (named && (above_number || quoted)) {
      const std::size_t nameless = kinds.empty - (cells[0].text.empty() ? 1 : 0);
      const bool plain =
          kinds.of(CellKind::odd) == 0 && nameless == 0 && kinds.states < kinds.of(CellKind::word);
      return {plain ? FirstRow::names : FirstRow::mixed};
    }
  }
  return numbers ? judge_numbers(cells, steps, below, comma)
                 : judge_uncertain(cells, kinds, steps, below, comma);
}

}  // namespace tool
