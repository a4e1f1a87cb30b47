/// Recipes from the words of a command line.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/command.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/train_options.hpp"

namespace fixture {

inline tool::Arguments parse_train(const Words& words) {
  std::vector<std::string_view> all{"data"};
  all.insert(all.end(), words.begin(), words.end());
  return {tool::train_command, all};
}

/// Where the words do not say what the data are, they are intensities.
inline tool::Recipe read_recipe(const Words& words) {
  const tool::Arguments arguments = parse_train(words);
  return tool::read_recipe(arguments, tool::read_kind(arguments).value_or(tool::DataKind::intensities));
}

/// Every field as text, which has all of its bits.
inline std::map<std::string, std::string> fields(const tool::Recipe& recipe) {
  std::map<std::string, std::string> metadata;
  tool::describe(recipe, metadata);
  return metadata;
}

}  // namespace fixture
