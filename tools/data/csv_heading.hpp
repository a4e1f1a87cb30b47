#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tools/data/csv_rows.hpp"
#include "tools/data/reading.hpp"

namespace tool {

/// The line that names the columns of a table.
struct Heading {
  std::size_t line = 0;  ///< counted from 1; 0: none is certain
  std::vector<std::string> names{};
  std::string note{};                  ///< for the user, without the file's name; empty: nothing to say
  std::optional<std::size_t> fault{};  ///< the column of a field in the first row that must be refused
};

/// Finds the heading, and takes it from the rows: a first row that has the names that the user or the model
/// asks for, or is certain to be one (judge_first_row() says when); else a comment right above the table with
/// a name for each column, which gives way where a model knows none of them.
Heading find_heading(CsvRows& rows, bool comma, const Reading& reading);

}  // namespace tool
