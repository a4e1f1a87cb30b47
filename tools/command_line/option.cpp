#include "tools/command_line/option.hpp"

#include <charconv>
#include <system_error>
#include <type_traits>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/base/nearest.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

// A negative number is one to the user, also where the type has none: then it is out of range, not malformed.
bool negative_number(std::string_view text) {
  return text.size() > 1 && text[0] == '-' && text.find_first_not_of("0123456789", 1) == text.npos;
}

}  // namespace

template <typename Number, typename Held>
std::string NumberOption<Number, Held>::shown_default() const {
  std::string words = Option::shown_default();
  if constexpr (std::is_same_v<Number, Held>) return words.empty() ? shortest(standard_) : words;
  return words;
}

template <typename Number, typename Held>
Held NumberOption<Number, Held>::parse(std::string_view text) const {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool malformed = stop != end || error == std::errc::invalid_argument;
  if (malformed && !negative_number(text)) {
    throw Misuse(dashed() + ": " + quoted(text) + " is not a " +
                 (std::is_integral_v<Number> ? "whole number" : "number"));
  }
  if (malformed || error != std::errc() || !(number >= range_.minimum && number <= range_.maximum)) {
    throw Misuse(dashed() + ": " + std::string(text) + " is not between " + shortest(range_.minimum) +
                 " and " + shortest(range_.maximum));
  }
  return number;
}

template class NumberOption<std::uint64_t>;
template class NumberOption<std::uint64_t, std::optional<std::uint64_t>>;
template class NumberOption<double>;
template class NumberOption<double, std::optional<double>>;

std::string Text::parse(std::string_view text) const {
  if (text.empty()) throw Misuse(dashed() + ": the value is empty");
  return std::string(text);
}

std::size_t WordOption::find(std::string_view text) const {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin <= placeholder().size(); begin += words.back().size() + 1) {
    words.push_back(nth(placeholder().substr(begin), 0));
    if (words.back() == text) return words.size() - 1;
  }
  std::string message = dashed() + ": " + quoted(text) + " is not one of";
  for (const std::string_view word : words) message += (word == words[0] ? " " : ", ") + std::string(word);
  const std::string_view suggestion = nearest(text, words);
  if (!suggestion.empty()) message += "; did you mean " + std::string(suggestion) + "?";
  throw Misuse(message);
}

}  // namespace tool
