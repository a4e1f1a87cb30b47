#include "tools/command_line/arguments.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <system_error>
#include <type_traits>

#include "tools/base/failure.hpp"

namespace tool {
namespace {

template <typename Number>
std::string shortest(Number number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

std::string dashed(const Option& option) {
  return "--" + std::string(option.name());
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// A negative number is one to the user, also where the type has none: then it is out of range, not malformed.
bool negative_number(std::string_view text) {
  return text.size() > 1 && text[0] == '-' && text.find_first_not_of("0123456789", 1) == text.npos;
}

// Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours.
std::size_t edit_distance(std::string_view from, std::string_view to) {
  // distance[i][j]: from the first i letters of the one to the first j of the other.
  std::vector<std::vector<std::size_t>> distance(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
  for (std::size_t i = 0; i <= from.size(); ++i) distance[i][0] = i;
  for (std::size_t j = 0; j <= to.size(); ++j) distance[0][j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t substituted = distance[i - 1][j - 1] + (from[i - 1] != to[j - 1]);
      distance[i][j] = std::min({distance[i - 1][j] + 1, distance[i][j - 1] + 1, substituted});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        distance[i][j] = std::min(distance[i][j], distance[i - 2][j - 2] + 1);
      }
    }
  }
  return distance[from.size()][to.size()];
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

template <typename Number>
std::string NumberOption<Number>::shown_default() const {
  const std::string words = Option::shown_default();
  return words.empty() ? shortest(standard_) : words;
}

template <typename Number>
Number NumberOption<Number>::parse(std::string_view text) const {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool malformed = stop != end || error == std::errc::invalid_argument;
  if (malformed && !negative_number(text)) {
    throw Misuse(dashed(*this) + ": " + quoted(text) + " is not a " +
                 (std::is_integral_v<Number> ? "whole number" : "number"));
  }
  if (malformed || error != std::errc() || !(number >= range_.minimum && number <= range_.maximum)) {
    throw Misuse(dashed(*this) + ": " + std::string(text) + " is not between " + shortest(range_.minimum) +
                 " and " + shortest(range_.maximum));
  }
  return number;
}

template class NumberOption<std::uint64_t>;
template class NumberOption<double>;

std::string Text::parse(std::string_view text) const {
  if (text.empty()) throw Misuse(dashed(*this) + ": the value is empty");
  return std::string(text);
}

std::string_view Choice::parse(std::string_view text) const {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin <= placeholder().size();) {
    const std::size_t end = std::min(placeholder().find('|', begin), placeholder().size());
    words.push_back(placeholder().substr(begin, end - begin));
    if (words.back() == text) return words.back();
    begin = end + 1;
  }
  std::string message = dashed(*this) + ": " + quoted(text) + " is not one of";
  for (const std::string_view word : words) message += (word == words[0] ? " " : ", ") + std::string(word);
  const std::string_view suggestion = nearest(text, words);
  if (!suggestion.empty()) message += "; did you mean " + std::string(suggestion) + "?";
  throw Misuse(message);
}

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
                                  [&](const Option& option) { return dashed(option) == name; });
  if (found == command_.options.end()) reject_unknown_option(command_, name);
  const Option& option = *found;
  std::optional<std::string>& text = texts_[static_cast<std::size_t>(found - command_.options.begin())];
  if (text) throw Misuse(dashed(option) + " is given twice");

  const bool takes_value = !option.placeholder().empty();
  if (equals != word.npos) {
    if (!takes_value) throw Misuse(dashed(option) + " takes no value");
    text = word.substr(equals + 1);
  } else if (takes_value) {
    if (++index == words.size() || starts_with(words[index], "--")) {
      throw Misuse(dashed(option) + " needs a value: " + dashed(option) + " " +
                   std::string(option.placeholder()));
    }
    text = words[index];
  } else {
    text.emplace();
  }
  option.check(*text);
  return index;
}

const std::optional<std::string>& Arguments::to_text(const Option& option) const {
  for (std::size_t index = 0; index < texts_.size(); ++index) {
    if (&command_.options[index].get() == &option || command_.options[index].get().name() == option.name()) {
      return texts_[index];
    }
  }
  throw std::logic_error(dashed(option) + " is not listed in the options of " + std::string(command_.name));
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

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  constexpr std::size_t longest =
      64;  // nobody mistypes more, and the distance takes the product of both lengths
  if (word.empty() || word.size() > longest) return {};
  std::string_view best;
  std::size_t best_distance = 1 + word.size() / 3;
  for (const std::string_view candidate : candidates) {
    const bool part = word.size() >= 3 && candidate.find(word) != candidate.npos;  // --rate, --learning-rate
    const std::size_t distance = part ? 1 : edit_distance(word, candidate);
    const bool alike = distance < std::max(word.size(), candidate.size());
    if (alike && (best.empty() ? distance <= best_distance : distance < best_distance)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace tool
