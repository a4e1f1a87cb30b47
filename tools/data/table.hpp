#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
  std::optional<std::size_t> classes{};          ///< the column of a label of each row
};

/// Whether a column has one of the roles of labels, times and classes.
bool has_role(const Table& table, std::size_t column);

/// A column as messages name it: column 1 ('time'), or column 1 where it has no name.
std::string describe_column(const Table& table, std::size_t column);

/// The note for a column that is left out though nobody said so.
std::string left_out_note(const Table& table, const LeftOut& left_out);

}  // namespace tool
