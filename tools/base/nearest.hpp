#pragma once

#include <string_view>
#include <vector>

namespace tool {

/// The candidate that takes the fewest changes of letters to become `word`; empty if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace tool
