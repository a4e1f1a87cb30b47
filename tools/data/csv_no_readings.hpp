#pragma once

#include <string>
#include <vector>

#include "tools/data/columns.hpp"
#include "tools/data/csv_rows.hpp"

namespace tool {

/// Finds the columns of a table that hold no readings, from the rows below its heading: row numbers, times,
/// and labels by their name. Those that are certain to be such go into table.left_out. Returns a note, with
/// the file's name, for each that only may be.
std::vector<std::string> find_no_readings(CsvRows rows, bool comma, Table& table);

}  // namespace tool
