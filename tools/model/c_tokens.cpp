#include "tools/model/c_tokens.hpp"

#include <algorithm>
#include <charconv>

namespace tool {
namespace {

constexpr std::string_view letters_and_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
constexpr std::string_view line_ends = "\r\n";
constexpr std::string_view white_space = " \t\r\n\f\v\\";

bool begins_with(std::string_view text, std::string_view begin) {
  return text.substr(0, begin.size()) == begin;
}

// What a quoted text says; quoted_in_c() writes all the escapes there are.
std::string unquoted(std::string_view token) {
  token.remove_prefix(1);
  if (!token.empty() && token.back() == '"') token.remove_suffix(1);
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '\\' || i + 1 == token.size()) {
      text += token[i];
      continue;
    }
    const bool octal = token[i + 1] == '0' && i + 3 < token.size();
    text += octal ? static_cast<char>((token[i + 2] - '0') * 8 + (token[i + 3] - '0')) : token[i + 1];
    i += octal ? 3 : 1;
  }
  return text;
}

}  // namespace

std::string quoted_in_c(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    const auto code = static_cast<unsigned char>(letter);
    // Escaped, a question mark begins no trigraph.
    if (letter == '"' || letter == '\\' || letter == '?') quoted += '\\';
    if (code < ' ')
      quoted.append({'\\', '0', static_cast<char>('0' + code / 8), static_cast<char>('0' + code % 8)});
    else
      quoted += letter;
  }
  return quoted + '"';
}

void CTokens::skip_line() {
  rest_.remove_prefix(std::min(rest_.find_first_of(line_ends), rest_.size()));
}

std::size_t CTokens::line() const {
  const std::string_view before = text_.substr(0, text_.size() - rest_.size() - token_.size());
  std::size_t lines = 1;
  for (std::size_t i = 0; i < before.size(); ++i)
    lines += before[i] == '\n' || (before[i] == '\r' && text_.substr(i, 2) != "\r\n");
  return lines;
}

void CTokens::next() {
  for (;;) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(white_space), rest_.size()));
    if (begins_with(rest_, "//")) {
      skip_line();
    } else if (begins_with(rest_, "/*")) {
      const std::size_t end = rest_.find("*/", 2);
      rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 2);
    } else {
      break;
    }
  }
  const std::string_view from = rest_;
  if (const std::size_t word = std::min(rest_.find_first_not_of(letters_and_digits), rest_.size());
      word > 0) {
    rest_.remove_prefix(word);
  } else if (begins_with(rest_, "\"") || begins_with(rest_, "'")) {
    const char quote = rest_[0];
    rest_.remove_prefix(1);
    while (!rest_.empty() && rest_[0] != quote && line_ends.find(rest_[0]) == line_ends.npos)
      rest_.remove_prefix(rest_[0] == '\\' && rest_.size() > 1 ? 2 : 1);
    if (!rest_.empty()) rest_.remove_prefix(1);
  } else if (!rest_.empty()) {
    rest_.remove_prefix(1);
  }
  token_ = from.substr(0, from.size() - rest_.size());
}

void CTokens::skip() {
  std::size_t depth = 0;
  do {
    if (token_ == "(" || token_ == "[") ++depth;
    if (depth > 0 && (token_ == ")" || token_ == "]")) --depth;
    next();
  } while (depth > 0 && !token_.empty());
}

bool CTokens::take(std::string_view token) {
  if (token_ != token) return false;
  next();
  return true;
}

std::optional<std::int64_t> CTokens::take_number() {
  const bool negative = take("-");
  const bool hexadecimal = begins_with(token_, "0x") || begins_with(token_, "0X");
  std::string_view digits = token_.substr(hexadecimal ? 2 : 0);
  digits = digits.substr(0, digits.find_last_not_of("uUlL") + 1);
  // To C, one that begins with 0 is octal.
  if (!hexadecimal && digits.size() > 1 && digits[0] == '0') return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, hexadecimal ? 16 : 10);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  next();
  return negative ? -std::int64_t{number} : std::int64_t{number};
}

std::string CTokens::take_value() {
  std::string text;
  if (begins_with(token_, "\"")) {
    for (; begins_with(token_, "\""); next()) text += unquoted(token_);
  } else {
    for (; !token_.empty() && std::string_view("0123456789.+-").find(token_[0]) != std::string_view::npos;
         next())
      text += token_;
  }
  return text;
}

}  // namespace tool
