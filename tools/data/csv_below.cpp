#include "tools/data/csv_below.hpp"

#include <algorithm>
#include <cmath>

namespace tool {
namespace {

bool has_digit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool begins_small(std::string_view word) {
  return !word.empty() && word[0] >= 'a' && word[0] <= 'z';
}

bool are_equal(const std::vector<Cell>& a, const std::vector<Cell>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Cell& x, const Cell& y) { return x.text == y.text; });
}

}  // namespace

bool is_progression(const Steps& steps) {
  return steps.count() >= 3 && steps.has_equal_steps();
}

bool ColumnBelow::has_words_unlike(std::string_view first) const {
  return words > 1 && !number && !repeats &&
         ((all_words_have_digits && !has_digit(first)) || (no_word_begins_small && begins_small(first)));
}

bool ColumnBelow::fits(CellKind kind) const {
  switch (kind) {
    case CellKind::number:
      return true;
    case CellKind::missing:
      return missing;
    case CellKind::truth:
      return truth || is_numeric();
    case CellKind::time:
      return time;
    case CellKind::odd:
      return odd;
    case CellKind::word:
      break;
  }
  return repeats;
}

Below::Below(CsvRows next, const std::vector<Cell>& first_row, bool comma) : columns(first_row.size()) {
  constexpr std::size_t most_rows = 100, most_cells = 1 << 18;
  std::vector<Cell> cells;
  for (std::size_t n = 0; n < most_rows && n * columns.size() < most_cells && next.next(cells); ++n) {
    if (cells.size() != columns.size()) break;
    if (are_equal(first_row, cells)) {
      ++repetitions;
    } else {
      add(first_row, cells, comma);
    }
  }
}

void Below::add(const std::vector<Cell>& first_row, const std::vector<Cell>& cells, bool comma) {
  Steps steps;
  for (std::size_t j = 0; j < cells.size(); ++j) {
    const std::string_view text = cells[j].text;
    ColumnBelow& column = columns[j];
    const CellKind kind = kind_of(text, comma);
    column.missing = column.missing || kind == CellKind::missing;
    column.truth = column.truth || kind == CellKind::truth;
    column.time = column.time || kind == CellKind::time;
    column.odd = column.odd || kind == CellKind::odd;
    column.quoted = column.quoted || cells[j].quoted;
    if (kind == CellKind::word) {
      column.word = true;
      ++column.words;
      column.repeats = column.repeats || text == first_row[j].text;
      column.all_words_have_digits = column.all_words_have_digits && has_digit(text);
      column.no_word_begins_small = column.no_word_begins_small && !begins_small(text);
    }
    if (kind != CellKind::number) continue;
    column.number = true;
    const double value = *read_number(text, comma);
    steps.add(value, spelled_resolution(text));
    const bool whole = value == std::floor(value);
    has_fraction = has_fraction || !whole;
    has_whole = has_whole || whole;
    least = std::min(least, value);
    largest = std::max(largest, value);
    if (j == 0) first_column.add(value, spelled_resolution(text));
  }
  progressions += is_progression(steps);
  has_ascent = has_ascent || steps.ascends();
  ++rows;
}

}  // namespace tool
