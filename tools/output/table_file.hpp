#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "platform/desktop/files.hpp"

namespace tool {

/// How a table is written.
enum class TableFormat {
  numpy,  ///< float32
  text    ///< CSV: a heading where there are names, and numbers that read back to the same float32
};

/// That of a file of this name: .npy and .csv speak for themselves, any other name means the usual format.
TableFormat table_format(const std::string& path, TableFormat usual);

/// A text as a cell of a CSV file: in quotes where it must be.
std::string cell(const std::string& text);

/// A table of numbers, row by row, in a file that appears whole or not at all.
class TableFile {
 public:
  /// `names` are those of the columns; empty: there are none. `numbered`: in text, a first column `row`
  /// counts rows from 1.
  TableFile(const std::string& path, TableFormat usual, std::size_t rows, std::size_t columns,
            const std::vector<std::string>& names, bool numbered = false);

  /// Writes the next row [columns]. In text, NaN is an empty cell, and `before` stands before the numbers:
  /// cells with commas between them, for which `names` has names too.
  void add(const float* values, const std::string& before = {});

  /// Puts the file in its place, once all rows are written.
  void commit() { file_.commit(); }

 private:
  platform::OutputFile file_;
  TableFormat format_;
  std::size_t columns_, next_row_;  // 0: not numbered
};

}  // namespace tool
