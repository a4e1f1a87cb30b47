#include "tools/data/column_names.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "tools/base/failure.hpp"
#include "tools/base/nearest.hpp"

namespace tool {

ColumnNames::ColumnNames(const Table& table) : table_(table), order_(table.names.size()) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_sort(order_.begin(), order_.end(),
                   [&](std::size_t a, std::size_t b) { return table.names[a] < table.names[b]; });
}

std::size_t ColumnNames::find(const std::string& name, const std::string& lacks_it,
                              const std::string& option) const {
  const auto less = [&](std::size_t column, const std::string& other) {
    return table_.names[column] < other;
  };
  const auto first = std::lower_bound(order_.begin(), order_.end(), name, less);
  if (first == order_.end() || table_.names[*first] != name) {
    const std::vector<std::string_view> candidates(table_.names.begin(), table_.names.end());
    const std::string near(nearest(name, candidates));
    throw Failure(table_.file + ": has no column " + quoted(name) + lacks_it +
                  (table_.names.empty() ? ": it has no heading"
                   : near.empty()       ? ""
                                        : "; the nearest is " + quoted(near)));
  }
  const auto second = first + 1;
  if (second != order_.end() && table_.names[*second] == name) {
    throw Failure(table_.file + ": columns " + std::to_string(*first + 1) + " and " +
                  std::to_string(*second + 1) + " are both called " + quoted(name) +
                  ": choose by number, as in " + option + " " + std::to_string(*first + 1));
  }
  return *first;
}

}  // namespace tool
