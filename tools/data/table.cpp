#include "tools/data/table.hpp"

#include "tools/base/failure.hpp"

namespace tool {

bool has_role(const Table& table, std::size_t column) {
  return table.labels == column || table.times == column || table.classes == column;
}

std::string describe_column(const Table& table, std::size_t column) {
  return "column " + std::to_string(column + 1) +
         (table.names.empty() ? "" : " (" + quoted(table.names[column]) + ")");
}

std::string left_out_note(const Table& table, const LeftOut& left_out) {
  return table.file + ": " + describe_column(table, left_out.column) + " " + left_out.why +
         " and is left out; " +
         (left_out.role == Role::labels
              ? "--labels takes it as labels, --label-column as what is odd, --columns as data"
              : "--columns takes it");
}

}  // namespace tool
