#include "tools/data/csv_time.hpp"

#include <cmath>
#include <cstddef>
#include <limits>

namespace tool {
namespace {

/// What is left of a text while its parts are taken from the front.
class Rest {
 public:
  explicit Rest(std::string_view text) : text_(text) {}

  bool empty() const { return text_.empty(); }

  bool take(char character) {
    if (text_.empty() || text_[0] != character) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool take_any(std::string_view characters, char* taken = nullptr) {
    for (const char character : characters) {
      if (!take(character)) continue;
      if (taken != nullptr) *taken = character;
      return true;
    }
    return false;
  }

  /// A word, written in small letters here and in any there.
  bool take_word(std::string_view word) {
    if (text_.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
      if ((text_[i] | ' ') != word[i]) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  /// All digits in front, if they are so many; `number` is what they spell.
  bool take_digits(std::size_t least, std::size_t most, unsigned& number, std::size_t* count = nullptr) {
    std::size_t digits = 0;
    while (digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9') ++digits;
    if (digits < least || digits > most) return false;
    number = 0;
    for (const char digit : text_.substr(0, digits))
      number = 10 * number + static_cast<unsigned>(digit - '0');
    text_.remove_prefix(digits);
    if (count != nullptr) *count = digits;
    return true;
  }

  /// The name of a month, in full or its first three letters; `number` from 1.
  bool take_month(unsigned& number) {
    constexpr std::string_view months[] = {"january",   "february", "march",    "april",
                                           "may",       "june",     "july",     "august",
                                           "september", "october",  "november", "december"};
    for (const bool whole : {true, false})
      for (number = 1; number <= 12; ++number)
        if (take_word(whole ? months[number - 1] : months[number - 1].substr(0, 3))) return true;
    return false;
  }

 private:
  std::string_view text_;
};

/// Takes one of two alternatives, each of which leaves the rest as it was where it fails.
template <typename Part>
bool take(Rest& rest, Part part) {
  Rest tried = rest;
  if (!part(tried)) return false;
  rest = tried;
  return true;
}

/// 2026-11-27, 27.11.26, 11/27/2026, 27-Nov-2026.
bool take_date(Rest& rest, SpelledTime& time) {
  std::size_t digits = 0;
  if (!rest.take_digits(1, 4, time.first, &digits) || !rest.take_any("-/. ", &time.separator)) return false;
  time.year_first = digits >= 3;
  time.named_month = rest.take_month(time.second);
  if (!time.named_month && (time.separator == ' ' || !rest.take_digits(1, 2, time.second))) return false;
  time.has_date =
      rest.take(time.separator) && (rest.take_digits(4, 4, time.third) || rest.take_digits(2, 2, time.third));
  return time.has_date;
}

/// The digits behind the point of the seconds.
bool take_fraction(Rest& rest, SpelledTime& time) {
  unsigned digits = 0;
  std::size_t count = 0;
  if (!rest.take_digits(1, 9, digits, &count)) return false;
  time.decimals = static_cast<unsigned>(count);
  time.clock += digits / std::pow(10.0, time.decimals);
  return true;
}

constexpr double never = std::numeric_limits<double>::infinity();  // of a clock that shows no time

double seconds_of_clock(unsigned hours, unsigned minutes, unsigned seconds) {
  return minutes < 60 && seconds <= 60 ? 3600.0 * hours + 60.0 * minutes + seconds : never;
}

/// 10:00, 1:02:03, 10:00:00.5 PM.
bool take_clock(Rest& rest, SpelledTime& time) {
  unsigned hours = 0, minutes = 0, seconds = 0;
  if (!rest.take_digits(1, 3, hours) || !rest.take(':') || !rest.take_digits(2, 2, minutes)) return false;
  const bool has_seconds = rest.take(':');
  if (has_seconds && !rest.take_digits(2, 2, seconds)) return false;
  time.has_clock = true;
  time.clock = seconds_of_clock(hours, minutes, seconds);
  if (has_seconds && rest.take_any(".,") && !take_fraction(rest, time)) return false;
  take(rest, [&](Rest& half) {
    half.take(' ');
    const bool before_noon = half.take_word("am");
    if (!before_noon && !half.take_word("pm")) return false;
    if (hours < 1 || hours > 12) time.clock = never;
    time.clock += 3600.0 * ((before_noon ? 0 : 12) - (hours == 12 ? 12 : 0));
    return true;
  });
  return true;
}

/// 20261127T100000.
bool take_compact(Rest& rest, SpelledTime& time) {
  unsigned day = 0, clock = 0;
  std::size_t digits = 0;
  if (!rest.take_digits(8, 8, day) || !rest.take_any("T_") || !rest.take_digits(4, 6, clock, &digits))
    return false;
  if (digits == 4) clock *= 100;
  time.has_date = time.year_first = time.has_clock = true;
  time.first = day / 10000;
  time.second = day / 100 % 100;
  time.third = day % 100;
  time.clock = digits == 5 ? never : seconds_of_clock(clock / 10000, clock / 100 % 100, clock % 100);
  return !rest.take('.') || take_fraction(rest, time);
}

/// Z, UTC, +01:00, +0100.
bool take_zone(Rest& rest, SpelledTime& time) {
  time.has_zone = true;
  rest.take(' ');
  if (rest.take('Z') || rest.take_word("utc") || rest.take_word("gmt")) return true;
  char sign = 0;
  unsigned hours = 0, minutes = 0;
  std::size_t digits = 0;
  if (!rest.take_any("+-", &sign) || !rest.take_digits(1, 4, hours, &digits)) return false;
  if (rest.take(':')) {
    if (!rest.take_digits(2, 2, minutes)) return false;
  } else if (digits > 2) {
    minutes = hours % 100;
    hours /= 100;
  }
  time.clock -= (sign == '-' ? -60.0 : 60.0) * (60.0 * hours + minutes);
  return true;
}

/// Days from 1970-01-01 to a day of the Gregorian calendar (Howard Hinnant's days_from_civil), years of which
/// begin in March here, so that the day of a leap year is the last.
double days_since_1970(unsigned year, unsigned month, unsigned day) {
  const unsigned march_year = month > 2 ? year : year - 1, century = march_year / 100;
  const unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned leap_days = march_year / 4 - century + century / 4;
  return 365.0 * march_year + leap_days + of_year - 719468.0;
}

bool is_day(unsigned year, unsigned month, unsigned day) {
  constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year == 0 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

}  // namespace

std::optional<SpelledTime> read_time(std::string_view text) {
  Rest rest(text);
  SpelledTime time;
  const auto compact = [&](Rest& tried) { return take_compact(tried, time); };
  const auto date = [&](Rest& tried) { return take_date(tried, time = {}); };
  const auto clock = [&](Rest& tried) { return take_clock(tried, time); };
  const auto zone = [&](Rest& tried) { return take_zone(tried, time); };
  const bool is_compact = take(rest, compact), dated = is_compact || take(rest, date);
  if (!dated) time = {};
  if (dated && rest.empty()) return time;
  if (!is_compact) {
    if (dated) {
      rest.take_any("Tt_,");
      rest.take(' ');
    }
    if (!take(rest, clock)) return std::nullopt;
  }
  if (rest.empty() || (take(rest, zone) && rest.empty())) return time;
  return std::nullopt;
}

std::optional<double> to_seconds(const SpelledTime& time, bool month_first) {
  if (!(time.clock < never)) return std::nullopt;
  if (!time.has_date) return time.clock;
  unsigned year = time.first, month = time.second, day = time.third;
  if (!time.year_first) {
    const bool swapped = month_first && !time.named_month;
    year = time.third;
    month = swapped ? time.first : time.second;
    day = swapped ? time.second : time.first;
  }
  if (year < 100) year += year < 70 ? 2000 : 1900;
  if (!is_day(year, month, day)) return std::nullopt;
  return 86400 * days_since_1970(year, month, day) + time.clock;
}

}  // namespace tool
