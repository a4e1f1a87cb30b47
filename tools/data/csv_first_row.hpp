#pragma once

#include <cstddef>
#include <vector>

#include "tools/data/csv_rows.hpp"

namespace tool {

/// What the first row of a table is.
struct FirstRow {
  enum Kind {
    row,       ///< a row as any other
    doubtful,  ///< to be read as a row, though it may be a heading
    refused,   ///< a heading or a row that cannot be read, whichever columns are taken
    names,     ///< a heading of names
    mixed,     ///< a heading, but not plainly of names: the user is told
    axis,      ///< a heading of numbers that count the columns, or ascend in equal steps as a time axis does
  } kind;
  std::size_t column = 0;  ///< of the field to blame, where it is refused
};

/// Judges the fields of a first row by the rows below it. Certain to be a heading are
/// - words above numbers, unless one is a mark for a missing value, a time, `<0.1`, or stands below too, or
/// all tell of faults;
/// - quoted whole numbers that ascend, above numbers without quotes;
/// - numbers in equal steps, above rows that have none and could not look so by chance; and such beside
/// names.
/// Any other row with a word above numbers, times or words of another look is refused.
FirstRow judge_first_row(const std::vector<Cell>& cells, const CsvRows& rows, bool comma);

}  // namespace tool
