#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// One item of a list as --columns takes it: `left`, `"0"`, `3`, `2-17` or `2-`.
struct ColumnItem {
  bool named = false;
  std::string name{};               ///< if named
  std::size_t first = 0, last = 0;  ///< else: numbers from 1, both included
  static constexpr std::size_t open_end = static_cast<std::size_t>(-1);
};

/// The items of a list, commas between them. What looks like a number or a range is one, unless it stands in
/// double quotes; within these a comma is part of the name, and a quote is written twice. Throws Misuse,
/// which names --columns, where the list is none.
std::vector<ColumnItem> parse_column_list(std::string_view list);

/// A name as such a list has it: in quotes where it needs them.
std::string list_name(const std::string& name);

/// Names as such a list has them.
std::string list_names(const std::vector<std::string>& names);

/// Numbers from 0 as such a list has them, counted from 1: ranges where they ascend by one.
std::string list_numbers(const std::vector<std::size_t>& columns);

}  // namespace tool
