#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/data/dataset.hpp"

// Which columns of a table are visible units: what --columns says, what a model remembers, or all but those
// that hold no readings.

namespace tool {

/// A column that is left out unless somebody asks for it.
struct LeftOut {
  std::size_t column;  ///< counted from 0
  std::string why;     ///< as in "column 1 ('t') holds times"
};

/// The columns of a table as its file has them.
struct Table {
  std::string file;                  ///< as messages show it
  std::size_t total = 0;             ///< number of columns
  std::vector<std::string> names{};  ///< `total` of them; empty: the file has no heading
  std::vector<LeftOut> left_out{};   ///< in ascending order
};

/// The columns that are visible units, and notes for the user. In this order: those that reading.columns
/// lists; those that the model was trained on, by name where both have names, else by number; all but
/// table.left_out. Throws Misuse where reading.columns is no list, Failure where the table lacks a column
/// that is asked for.
Columns choose_columns(const Reading& reading, const Table& table, std::vector<std::string>& notes);

/// Takes the columns that the reading asks for from an array, before its elements are looked at: of those
/// from `offset` on in the file, row by row, the others are left out, and the shape is made to fit. Of
/// pictures, which are not of rank 2, it takes all. Throws as choose_columns() does, and Failure where
/// --columns is said of pictures.
void keep_columns(Dataset& shape, const Reading& reading, std::size_t rank, std::size_t element_size,
                  std::vector<unsigned char>& file, std::size_t& offset);

/// Whether all columns of the file were taken, in their order.
bool takes_all(const Columns& columns);

/// The list that --columns takes for these columns: their names where each has one of its own, else numbers
/// and ranges. Empty where neither is known.
std::string to_text(const Columns& columns);

/// The way back from to_text() for a table of `total` columns: fills names or numbers. Throws Failure where
/// the text is no such list.
Columns columns_from_text(std::string_view text, std::size_t total);

/// The names that a list of columns contains. Throws Misuse where it is no list.
std::vector<std::string> names_in_list(std::string_view list);

/// A column as messages name it: column 1 ('time'), or column 1 where it has no name.
std::string describe_column(const Table& table, std::size_t column);

}  // namespace tool
