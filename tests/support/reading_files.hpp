/// Files of models of readings, and of readings for them.
#pragma once

#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/random_model.hpp"
#include "tests/support/strict_json.hpp"
#include "tools/model/model.hpp"

namespace fixture {

inline const Words& unit_names() {
  static const Words names{"hPa", "depth, m", "left", "door", "pump", "C", "humidity"};
  return names;
}

/// Writes the model, which learned from a table with these names.
inline void write_model(const Folder& folder, const std::string& name, const MixedModel& mixed,
                        const Words& names = {}) {
  tool::Model model = to_tool_model(mixed);
  model.meaning = {std::nullopt, "real", {mixed.offset.size(), {}, names}};
  tool::save(folder.path(name), tool::to_tensors(model));
}

/// CSV of rows of readings, empty where they are NaN.
inline std::string csv_of(const std::vector<std::vector<float>>& rows) {
  std::string text;
  for (const std::vector<float>& row : rows) {
    for (const float value : row) {
      char number[64];
      if (!std::isnan(value)) text.append(number, std::to_chars(number, number + sizeof number, value).ptr);
      text += ',';
    }
    text.back() = '\n';
  }
  return text;
}

/// The cells of a table of text, as numbers; the heading is left out.
inline std::vector<std::vector<double>> numbers_of(const std::string& table, bool heading) {
  std::vector<std::vector<double>> rows;
  for (const std::string& line : split_lines(table)) {
    if (heading) {
      heading = false;
      continue;
    }
    rows.emplace_back();
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find(',', begin), line.size());
      rows.back().push_back(std::stod(line.substr(begin, end - begin)));
      begin = end + 1;
    }
  }
  return rows;
}

}  // namespace fixture
