#pragma once

#include <cstddef>
#include <limits>
#include <string_view>
#include <vector>

#include "tools/data/csv_number.hpp"
#include "tools/data/csv_rows.hpp"
#include "tools/data/csv_steps.hpp"

namespace tool {

/// What a column holds below the first row.
struct ColumnBelow {
  bool number = false, missing = false, truth = false, time = false, odd = false, word = false;
  bool quoted = false;   ///< one field at least
  bool repeats = false;  ///< the word of the first row
  bool all_words_have_digits = true, no_word_begins_small = true;
  std::size_t words = 0;

  /// Whether it holds numbers, but for missing ones.
  bool is_numeric() const { return (number || truth) && !odd && !time && !word; }
  bool is_plain() const { return is_numeric() && !quoted; }
  bool is_of_times() const { return time && !number && !truth && !odd && !word; }

  /// Whether a word is none of those below it: `sample` above S1, S2.
  bool has_words_unlike(std::string_view first) const;

  /// Whether what is no number stands in a column of such.
  bool fits(CellKind kind) const;
};

/// What the rows below the first say of it.
class Below {
 public:
  /// Looks at as many rows as make the case certain. Those that are the first row again, as a heading is in
  /// files one behind the other, are only counted.
  Below(CsvRows next, const std::vector<Cell>& first_row, bool comma);

  std::vector<ColumnBelow> columns;
  std::size_t rows = 0, repetitions = 0;
  std::size_t progressions = 0;  ///< rows that are one
  bool has_ascent = false, has_fraction = false, has_whole = false;
  double least = std::numeric_limits<double>::infinity(), largest = -least;
  Steps first_column;

  bool has_progression() const { return progressions > 0; }

 private:
  void add(const std::vector<Cell>& first_row, const std::vector<Cell>& cells, bool comma);
};

/// Whether numbers are three or more in equal steps.
bool is_progression(const Steps& steps);

}  // namespace tool
