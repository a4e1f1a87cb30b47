#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/data/dataset.hpp"

// Which columns of a table are visible units: what --columns says, what a model remembers, or all but those
// that hold no readings.

namespace tool {

/// What a column holds that holds no readings.
enum class Role : std::uint8_t { row_numbers, times, labels };

/// A column that is left out unless somebody asks for it.
struct LeftOut {
  std::size_t column;  ///< counted from 0
  std::string why;     ///< as in "column 1 ('t') holds times"
  Role role = Role::row_numbers;
};

/// The columns of a table as its file has them.
struct Table {
  std::string file;                              ///< as messages show it
  std::size_t total = 0;                         ///< number of columns
  std::vector<std::string> names{};              ///< `total` of them; empty: the file has no heading
  std::vector<LeftOut> left_out{};               ///< in ascending order
  std::optional<std::size_t> labels{}, times{};  ///< columns of the two kinds that the user names
};

/// Finds the columns that reading.label_column and reading.time_column ask for, by number or name. Throws
/// Failure where the table has no such column, or both are one.
void find_roles(const Reading& reading, Table& table);

/// The columns that are visible units, and notes for the user. In this order: those that reading.columns
/// lists; those that the model was trained on, by name where both have names, else by number; all but
/// table.left_out, labels and times. Labels are never among them. Throws Misuse where reading.columns is no
/// list, Failure where the table lacks a column that is asked for, or a model was trained on the labels.
Columns choose_columns(const Reading& reading, const Table& table, std::vector<std::string>& notes);

/// The note for a column that is left out though nobody said so.
std::string left_out_note(const Table& table, const LeftOut& left_out);

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
