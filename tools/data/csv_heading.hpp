#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/data/csv_rows.hpp"
#include "tools/data/reading.hpp"

namespace tool {

/// The line that names the columns of a table.
struct Heading {
  std::size_t line = 0;  ///< counted from 1; 0: none is certain
  std::vector<std::string> names{};
  std::string note{};  ///< for the user, without the file's name; empty: nothing to say
};

/// Finds the heading, and takes it from the rows: a first row that is certain to be one, or else a comment
/// right above the table with a word for each column. Certain is
/// - words above numbers, none of them a value's mark such as NA, an odd spelling of a number or a time;
/// - quoted fields above numbers without quotes;
/// - numbers that count columns or ascend in equal steps, as a time axis does, above rows that do not and
///   could not by chance;
/// - what has the names that the user asks for.
Heading find_heading(CsvRows& rows, bool comma, const Reading& reading);

}  // namespace tool
