#include "tools/command_line/arguments.hpp"

#include <algorithm>
#include <stdexcept>

#include "tools/base/failure.hpp"
#include "tools/base/nearest.hpp"

namespace tool {
namespace {

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

[[noreturn]] void reject_unknown_option(const Command& command, std::string_view word) {
  const std::string_view name = word.substr(std::min(word.find_first_not_of('-'), word.size()));
  std::vector<std::string_view> names{"help"};
  for (const Option& option : command.options) names.push_back(option.name());
  const std::string_view suggestion = nearest(name, names);
  const std::string message = "unknown option " + std::string(word);
  if (!suggestion.empty()) throw Misuse(message + "; did you mean --" + std::string(suggestion) + "?");
  throw Misuse(message + "; 'rbm help " + std::string(command.name) + "' lists the options");
}

}  // namespace

Arguments::Arguments(const Command& command, const std::vector<std::string_view>& words)
    : command_(command), texts_(command.options.size()) {
  bool options_ended = false;
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::string_view word = words[index];
    if (options_ended || word == "-" || !starts_with(word, "-")) {
      positionals_.emplace_back(word);
    } else if (word == "--") {
      options_ended = true;
    } else if (word == "--help" || word == "-h") {
      help_asked_ = true;
      return;
    } else {
      index = take_option(words, index);
    }
  }
  if (positionals_.size() > command.positionals.size()) {
    throw Misuse("unexpected " + quoted(positionals_[command.positionals.size()]) +
                 "; usage: " + usage(command));
  }
  for (std::size_t index = 0; index < command.positionals.size(); ++index) {
    const Positional& positional = command.positionals[index];
    if (index >= positionals_.size() ? positional.required : positionals_[index].empty()) {
      throw Misuse(std::string(positional.name) +
                   (index < positionals_.size() ? " is empty" : " is missing") +
                   "; usage: " + usage(command));
    }
  }
}

// Takes the option at `index` and its value; returns the index of the last word taken.
std::size_t Arguments::take_option(const std::vector<std::string_view>& words, std::size_t index) {
  const std::string_view word = words[index];
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const auto found = std::find_if(command_.options.begin(), command_.options.end(),
                                  [&](const Option& option) { return option.dashed() == name; });
  if (found == command_.options.end()) reject_unknown_option(command_, name);
  const Option& option = *found;
  std::optional<std::string>& text = texts_[static_cast<std::size_t>(found - command_.options.begin())];
  if (text) throw Misuse(option.dashed() + " is given twice");

  const bool takes_value = !option.placeholder().empty();
  if (equals != word.npos) {
    if (!takes_value) throw Misuse(option.dashed() + " takes no value");
    text = word.substr(equals + 1);
  } else if (takes_value) {
    if (++index == words.size() || starts_with(words[index], "--")) {
      throw Misuse(option.dashed() + " needs a value: " + option.dashed() + " " +
                   std::string(option.placeholder()));
    }
    text = words[index];
  } else {
    text.emplace();
  }
  option.check(*text);
  return index;
}

bool Arguments::lists(const Option& option) const {
  return std::any_of(command_.options.begin(), command_.options.end(),
                     [&](const Option& listed) { return listed.name() == option.name(); });
}

std::vector<std::string> Arguments::words_but(const Option& option) const {
  std::vector<std::string> words{std::string(command_.name)};
  words.insert(words.end(), positionals_.begin(), positionals_.end());
  for (std::size_t index = 0; index < texts_.size(); ++index) {
    const Option& listed = command_.options[index];
    if (texts_[index] && listed.name() != option.name())
      words.push_back(listed.dashed() + "=" + *texts_[index]);
  }
  return words;
}

const std::optional<std::string>& Arguments::to_text(const Option& option) const {
  for (std::size_t index = 0; index < texts_.size(); ++index) {
    if (&command_.options[index].get() == &option || command_.options[index].get().name() == option.name()) {
      return texts_[index];
    }
  }
  throw std::logic_error(option.dashed() + " is not listed in the options of " + std::string(command_.name));
}

std::string Arguments::operator[](const Positional& positional) const {
  for (std::size_t index = 0; index < command_.positionals.size(); ++index) {
    if (command_.positionals[index].name == positional.name) {
      return index < positionals_.size() ? positionals_[index] : std::string();
    }
  }
  throw std::logic_error(std::string(positional.name) + " is not listed in the positionals of " +
                         std::string(command_.name));
}

std::string usage(const Command& command) {
  std::string text = "rbm " + std::string(command.name);
  for (const Positional& positional : command.positionals) {
    const std::string name(positional.name);
    text += positional.required ? " " + name : " [" + name + "]";
  }
  return command.options.empty() ? text : text + " [OPTIONS]";
}

}  // namespace tool
