#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tool {

/// A JSON string literal for UTF-8 text, quotes included.
std::string json_string(std::string_view text);

/// Whether text is well-formed UTF-8.
bool is_utf8(std::string_view text);

/// Reads JSON of a known structure from a text, token after token. The caller says what must come next.
/// The reader keeps no tree, so that nesting costs no memory. All throw Failure: `NAME: WHAT is malformed at
/// byte N`.
class JsonReader {
 public:
  /// `file_name` and `what` name the text in messages and outlive the reader, as the text does.
  JsonReader(std::string_view text, std::string_view file_name, std::string_view what);

  /// Steps over this character if it comes next, after white space.
  bool accept(char character);
  void expect(char character);

  /// A string, its escapes resolved.
  std::string string();

  /// An integer of digits alone: no sign, fraction, exponent or leading zero.
  std::uint64_t integer();

  /// Steps over a value of any kind, and gives its text. Numbers and words are taken as they stand: Python
  /// writes NaN among them.
  std::string_view value();

  /// Calls member(key) for each member of an object; it reads the value.
  template <typename Member>
  void object(Member member) {
    expect('{');
    if (accept('}')) return;
    do {
      const std::string key = string();
      expect(':');
      member(key);
    } while (accept(','));
    expect('}');
  }

  /// Calls element() for each element of an array; it reads the element.
  template <typename Element>
  void array(Element element) {
    expect('[');
    if (accept(']')) return;
    do element();
    while (accept(','));
    expect(']');
  }

  /// Nothing but white space may follow.
  void finish();

  [[noreturn]] void fail() const;

 private:
  void skip_space();
  void scalar();
  char take();
  void escape(std::string& out);
  std::uint32_t code_unit();

  std::string_view text;
  std::string_view file_name;
  std::string_view what;
  std::size_t at = 0;
};

}  // namespace tool
