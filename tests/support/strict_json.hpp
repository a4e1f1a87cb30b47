/// Reads a line of JSON that is one object of plain values and arrays, as RFC 8259 has it and not a character
/// more.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace fixture {

/// The members of an object: texts with their quotes and escapes, all else as written.
class Json {
 public:
  explicit Json(const std::string& line) : text_(line) {
    CAPTURE(line);
    const bool whole = object() && at_ == text_.size();
    REQUIRE(whole);
  }

  bool has(const std::string& name) const { return members_.count(name) == 1; }

  /// A number, which must be there and finite.
  double number(const std::string& name) const {
    const std::string literal = member(name);
    CAPTURE(name);
    CAPTURE(literal);
    char* end = nullptr;
    const double value = std::strtod(literal.c_str(), &end);
    REQUIRE(end == literal.c_str() + literal.size());
    REQUIRE(std::isfinite(value));
    return value;
  }

  /// A text without escapes.
  std::string text(const std::string& name) const {
    const std::string literal = member(name);
    CAPTURE(name);
    REQUIRE(literal.size() >= 2);
    REQUIRE(literal.front() == '"');
    return literal.substr(1, literal.size() - 2);
  }

  /// An array as it is written.
  std::string array(const std::string& name) const {
    const std::string literal = member(name);
    CAPTURE(name);
    REQUIRE(literal.front() == '[');
    return literal;
  }

  /// Whether no member is null, which stands for figures that are not finite.
  bool complete() const {
    for (const auto& member : members_)
      if (member.second == "null") return false;
    return true;
  }

 private:
  std::string member(const std::string& name) const {
    CAPTURE(name);
    REQUIRE(has(name));
    return members_.at(name);
  }

  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool accept(std::string_view token) {
    if (text_.compare(at_, token.size(), token) != 0) return false;
    at_ += token.size();
    return true;
  }
  void space() {
    while (next() == ' ' || next() == '\t') ++at_;
  }
  std::size_t digits() {
    const std::size_t begin = at_;
    while (next() >= '0' && next() <= '9') ++at_;
    return at_ - begin;
  }

  bool object() {
    if (!accept("{")) return false;
    space();
    if (accept("}")) return true;
    do {
      space();
      const std::size_t name_begin = at_;
      if (!string()) return false;
      const std::string name = text_.substr(name_begin + 1, at_ - name_begin - 2);
      space();
      if (!accept(":")) return false;
      space();
      const std::size_t begin = at_;
      if (!value()) return false;
      // A name given twice is legal JSON, but never meant.
      if (!members_.emplace(name, text_.substr(begin, at_ - begin)).second) return false;
      space();
    } while (accept(","));
    return accept("}");
  }

  bool value() {
    if (next() == '"') return string();
    if (next() == '[') return array();
    return accept("true") || accept("false") || accept("null") || number();
  }

  bool array() {
    accept("[");
    space();
    if (accept("]")) return true;
    do {
      space();
      if (!value()) return false;
      space();
    } while (accept(","));
    return accept("]");
  }

  bool number() {
    accept("-");
    const bool leading_zero = next() == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return false;
    if (accept(".") && digits() == 0) return false;
    if (accept("e") || accept("E")) {
      accept("+") || accept("-");
      return digits() > 0;
    }
    return true;
  }

  bool string() {
    if (!accept("\"")) return false;
    while (at_ < text_.size()) {
      const char character = text_[at_++];
      if (character == '"') return true;
      if (static_cast<unsigned char>(character) < 0x20) return false;
      if (character != '\\') continue;
      const char letter = next();
      ++at_;
      if (letter == 'u') {
        for (int n = 0; n < 4; ++n, ++at_)
          if (std::string_view("0123456789abcdefABCDEF").find(next()) == std::string_view::npos) return false;
      } else if (std::string_view("\"\\/bfnrt").find(letter) == std::string_view::npos) {
        return false;
      }
    }
    return false;
  }

  std::string text_;
  std::size_t at_ = 0;
  std::map<std::string, std::string> members_;
};

}  // namespace fixture
