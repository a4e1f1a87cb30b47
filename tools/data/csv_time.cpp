#include "tools/data/csv_time.hpp"

#include <cstddef>

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

  /// All digits in front, if they are so many.
  bool take_digits(std::size_t least, std::size_t most) {
    std::size_t count = 0;
    while (count < text_.size() && text_[count] >= '0' && text_[count] <= '9') ++count;
    if (count < least || count > most) return false;
    text_.remove_prefix(count);
    return true;
  }

  bool take_month() {
    for (const char* month :
         {"january", "february", "march",    "april", "june", "july", "august", "september",
          "october", "november", "december", "jan",   "feb",  "mar",  "apr",    "may",
          "jun",     "jul",      "aug",      "sep",   "oct",  "nov",  "dec"})
      if (take_word(month)) return true;
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
bool take_date(Rest& rest) {
  char separator = 0;
  if (!rest.take_digits(1, 4) || !rest.take_any("-/. ", &separator)) return false;
  const bool named = rest.take_month();
  if (!named && (separator == ' ' || !rest.take_digits(1, 2))) return false;
  return rest.take(separator) && (rest.take_digits(4, 4) || rest.take_digits(2, 2));
}

/// 10:00, 1:02:03, 10:00:00.5 PM.
bool take_clock(Rest& rest) {
  if (!rest.take_digits(1, 3) || !rest.take(':') || !rest.take_digits(2, 2)) return false;
  if (rest.take(':')) {
    if (!rest.take_digits(2, 2)) return false;
    if (rest.take_any(".,") && !rest.take_digits(1, 9)) return false;
  }
  take(rest, [](Rest& half) {
    half.take(' ');
    return half.take_word("am") || half.take_word("pm");
  });
  return true;
}

/// 20261127T100000.
bool take_compact(Rest& rest) {
  return rest.take_digits(8, 8) && rest.take_any("T_") && rest.take_digits(4, 6) &&
         (!rest.take('.') || rest.take_digits(1, 9));
}

/// Z, UTC, +01:00, +0100.
bool take_zone(Rest& rest) {
  rest.take(' ');
  if (rest.take('Z') || rest.take_word("utc") || rest.take_word("gmt")) return true;
  return rest.take_any("+-") && rest.take_digits(1, 4) && (!rest.take(':') || rest.take_digits(2, 2));
}

}  // namespace

bool is_time(std::string_view text) {
  Rest rest(text);
  const bool compact = take(rest, take_compact), dated = compact || take(rest, take_date);
  if (dated && rest.empty()) return true;
  if (!compact) {
    if (dated) {
      rest.take_any("Tt_,");
      rest.take(' ');
    }
    if (!take(rest, take_clock)) return false;
  }
  return rest.empty() || (take(rest, take_zone) && rest.empty());
}

}  // namespace tool
