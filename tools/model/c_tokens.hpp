#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tool {

/// Splits a C text into tokens: names, numbers, quoted texts, and each other character by itself. Comments
/// and white space are left out. After the last token comes an empty one, as often as it is asked for.
class CTokens {
 public:
  explicit CTokens(std::string_view text) : rest_(text) { next(); }

  /// The token at hand.
  std::string_view token() const { return token_; }

  /// Goes on to the next one.
  void next();

  /// Goes on if this is the token at hand.
  bool take(std::string_view token);

  /// Goes on if a whole number is at hand, with - before it or not, decimal or hexadecimal.
  std::optional<std::int64_t> take_number();

 private:
  void skip_to(std::string_view end);

  std::string_view rest_, token_;
};

}  // namespace tool
