#include "tools/data/odd_rows.hpp"

#include <algorithm>

#include "tools/data/csv_number.hpp"

namespace tool {

bool means_odd(std::string_view label, bool comma) {
  if (const auto number = read_number(label, comma)) return *number != 0;
  constexpr std::string_view words[] = {"false", "normal"};
  const auto is_word = [&](std::string_view word) {
    return std::equal(label.begin(), label.end(), word.begin(), word.end(),
                      [](char a, char b) { return (a | ' ') == b; });
  };
  return std::none_of(std::begin(words), std::end(words), is_word) &&
         kind_of(label, comma) != CellKind::missing;
}

void note_labels(Dataset& data, const std::string& column) {
  const auto odd = static_cast<std::size_t>(std::count(data.labels.begin(), data.labels.end(), 1));
  if (odd == 0) data.notes.push_back(data.name + ": " + column + " says of no row that it is odd");
  if (odd == data.labels.size())
    data.notes.push_back(data.name + ": " + column +
                         " says of each row that it is odd: 0, false, normal and empty cells are not");
}

}  // namespace tool
