#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tools/data/label_collector.hpp"
#include "tools/data/table.hpp"

// Columns that hold no visible units but labels, times, or what is odd.

namespace tool {

/// Finds the columns that reading.label_column, reading.time_column and reading.labels ask for, by number or
/// name, the last unless it names a file; and the one that a model's labels were in, which a table may lack.
/// Throws Failure where the table has no such column, or two are one.
void find_roles(const Reading& reading, Table& table, std::vector<std::string>& notes);

/// What collects the labels in table.classes, whose name goes to data.label_name. Nothing where there is no
/// such column, or labels are not asked for and only left out of the units.
std::optional<LabelCollector> collect_labels(const Table& table, const Reading& reading, Dataset& data);

/// Gives data the labels in a column of numbers: value(row, column) returns one, NaN where there is none.
template <typename Value>
void keep_labels(const Table& table, const Reading& reading, Dataset& data, const Value& value) {
  std::optional<LabelCollector> labels = collect_labels(table, reading, data);
  if (!labels) return;
  for (std::size_t n = 0; n < data.rows; ++n) labels->add(value(n, *table.classes), n + 1);
  labels->finish(data);
}

}  // namespace tool
