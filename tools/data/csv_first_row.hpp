#pragma once

#include <vector>

#include "tools/data/csv_rows.hpp"

namespace tool {

/// What the first row of a table is.
enum class FirstRow {
  row,       ///< a row as any other
  doubtful,  ///< numbers that ascend as those of a heading may, but not certain to be one
  names,     ///< a heading of names
  axis,      ///< a heading of numbers that count the columns, or ascend in equal steps as a time axis does
};

/// Judges the fields of a first row by the rows below it. Certain to be a heading are
/// - words above numbers, unless one is a mark for a missing value, an odd spelling of a number or a time;
/// - quoted fields above numbers without quotes;
/// - numbers in equal steps, above rows that have none and could not look so by chance; and such beside
/// names.
FirstRow judge_first_row(const std::vector<Cell>& cells, const CsvRows& rows, bool comma);

}  // namespace tool
