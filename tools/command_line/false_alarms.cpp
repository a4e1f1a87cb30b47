#include "tools/command_line/false_alarms.hpp"

#include <charconv>
#include <string>
#include <utility>

#include "tools/base/failure.hpp"

namespace tool {
namespace {

constexpr std::pair<std::string_view, double> times[] = {
    {"minute", 60}, {"hour", 3600}, {"day", 86400}, {"week", 7 * 86400}, {"year", 365.25 * 86400}};

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool take(std::string_view& text, std::string_view word) {
  if (text.substr(0, word.size()) != word) return false;
  text.remove_prefix(word.size());
  return true;
}

}  // namespace

FalseAlarms FalseAlarmsOption::parse(std::string_view text) const {
  FalseAlarms found;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, found.number);
  const std::string_view unit = without_spaces({stop, static_cast<std::size_t>(end - stop)});
  if (error == std::errc{} && unit == "%" && found.number > 0 && found.number < 100) {
    found.number /= 100;
    return found;
  }
  std::string_view time = unit;
  if (error == std::errc{} && found.number > 0 && found.number < 1e9 &&
      (take(time, "an ") || take(time, "a ")))
    for (const auto& [word, seconds] : times)
      if (without_spaces(time) == word) {
        found.seconds = seconds;
        return found;
      }
  throw Misuse(dashed() + ": " + quoted(text) +
               " is no rate such as 1%, '1 a day' or '2 an hour' (a minute, an hour, a day, a week, a year)");
}

Votes VotesOption::parse(std::string_view text) const {
  Votes found;
  const char* const end = text.data() + text.size();
  const auto [slash, error] = std::from_chars(text.data(), end, found.votes);
  if (error == std::errc{} && slash != end && *slash == '/') {
    const auto [stop, second_error] = std::from_chars(slash + 1, end, found.of);
    if (second_error == std::errc{} && stop == end && found.votes >= 1 && found.votes <= found.of &&
        found.of <= most_votes)
      return found;
  }
  throw Misuse(dashed() + ": " + quoted(text) + " is not K/N, such as 2/3: K of the last N scores, at most " +
               std::to_string(most_votes));
}

}  // namespace tool
