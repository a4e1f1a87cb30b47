#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tool {

/// A text as a string of C. Control characters, which a line of a file has no room for, become spaces.
std::string quoted_in_c(std::string_view text);

/// Splits a C text into tokens: names, numbers, quoted texts, and each other character by itself. Comments
/// and white space are left out. After the last token comes an empty one, as often as it is asked for.
class CTokens {
 public:
  explicit CTokens(std::string_view text) : text_(text), rest_(text) { next(); }

  /// The token at hand.
  std::string_view token() const { return token_; }

  /// The line that it begins on, from 1. Lines end as Unix, Windows or old Macintoshes end them.
  std::size_t line() const;

  /// Goes on to the next one.
  void next();

  /// Goes on, from ( or [ to behind what closes it.
  void skip();

  /// Goes on if this is the token at hand.
  bool take(std::string_view token);

  /// Goes on if a whole number is at hand, decimal or hexadecimal, with - before it or not, and with C's
  /// suffixes of unsigned and long ones or not.
  std::optional<std::int64_t> take_number();

  /// Goes on behind a number, which may have a fraction, or behind quoted texts, and returns what they say.
  std::string take_value();

 private:
  void skip_line();

  std::string_view text_, rest_, token_;
};

}  // namespace tool
