#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tool {

/// How often examples of each label were said to be of each.
struct ConfusionTable {
  std::string title;
  std::string caption;                ///< how to read it; may be empty
  std::vector<std::string> names{};   ///< [labels], 2 or more
  std::vector<std::size_t> counts{};  ///< [label that is given][label that is said]
  std::string lines_title{};          ///< above the lines
  std::vector<std::string> lines{};   ///< beside the table, such as what is confused most; may be empty
};

/// Whether there is anything to draw.
bool has_data(const ConfusionTable& table);

/// Whether it takes the width of a page: of more than 8 labels.
bool is_wide(const ConfusionTable& table);

/// The drawing as an <svg> element of a page. The darker a cell, the larger its share of its row. Up to
/// most_labels_with_text labels have their counts in the cells, the share of each label that was found at the
/// right, and below each column the share of what was said that is so; of more, the table has no text.
std::string drawing(const ConfusionTable& table);
inline constexpr std::size_t most_labels_with_text = 24;

}  // namespace tool
