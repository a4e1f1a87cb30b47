#pragma once

#include <string>
#include <string_view>

#include "tools/data/dataset.hpp"

namespace tool {

/// Whether a label in a table of text says that a row is odd: it is neither 0, false, normal nor missing.
/// With `comma`, a comma may be a decimal mark.
bool means_odd(std::string_view label, bool comma);

/// Adds a note where labels are asked for and all rows are alike; `column` names theirs.
void note_labels(Dataset& data, const std::string& column);

}  // namespace tool
