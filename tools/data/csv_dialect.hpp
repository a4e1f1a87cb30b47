#pragma once

#include "tools/data/csv_rows.hpp"

namespace tool {

/// Finds out how a text is laid out, from its rows: what separates fields, and whether lines end in a
/// separator. Sets both in `rows`, which stay before the first row; a first line `sep=;`, as spreadsheets
/// write it, is taken.
void find_layout(CsvRows& rows);

/// Whether commas are decimal marks: fields are separated by semicolons or tabs, no number has a point, and
/// a comma stands where none stands between thousands.
bool has_decimal_commas(CsvRows rows);

}  // namespace tool
