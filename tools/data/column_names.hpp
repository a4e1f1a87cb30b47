#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/data/table.hpp"

namespace tool {

/// Finds the columns of a table by name.
class ColumnNames {
 public:
  /// The table must outlive it.
  explicit ColumnNames(const Table& table);

  /// Throws Failure with `lacks_it` behind the name unless just one column has it; `option` is one that takes
  /// numbers too.
  std::size_t find(const std::string& name, const std::string& lacks_it,
                   const std::string& option = "--columns") const;

 private:
  const Table& table_;
  std::vector<std::size_t> order_;  // columns sorted by name
};

}  // namespace tool
