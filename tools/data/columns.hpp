#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tools/data/dataset.hpp"
#include "tools/data/table.hpp"

// Which columns of a table are visible units: what --columns says, what a model remembers, or all but those
// that hold no readings.

namespace tool {

/// The columns that are visible units, and notes for the user. In this order: those that reading.columns
/// lists; those that the model was trained on, by name where both have names, else by number; all but
/// table.left_out, labels and times. Labels are never among them. Throws Misuse where reading.columns is no
/// list, Failure where the table lacks a column that is asked for, or a model was trained on the labels.
Columns choose_columns(const Reading& reading, const Table& table, std::vector<std::string>& notes);

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

}  // namespace tool
