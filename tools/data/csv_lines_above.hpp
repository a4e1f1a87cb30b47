#pragma once

#include <cstddef>
#include <string_view>

namespace tool {

/// What stands above a table of numbers, such as titles, or a row of names and one of their units.
struct LinesAbove {
  std::size_t count = 0;  ///< of lines; 0: no table was found below the first
  char separator = 0;     ///< of the table
};

/// Finds the least number of lines, `fewest` or more, below which a table begins: a heading or numbers, and
/// rows of as many fields that hold numbers. Looks at the first lines of the text only.
LinesAbove lines_above_table(std::string_view text, std::size_t fewest);

}  // namespace tool
