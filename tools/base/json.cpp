#include "tools/base/json.hpp"

#include <limits>

#include "tools/base/failure.hpp"

namespace tool {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | code >> 6);
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3f));
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

}  // namespace

std::string json_string(std::string_view text) {
  constexpr const char* digits = "0123456789abcdef";
  std::string literal = "\"";
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20) {
      literal += "\\u00";
      literal += digits[byte >> 4];
      literal += digits[byte & 15];
    } else {
      if (character == '"' || character == '\\') literal += '\\';
      literal += character;
    }
  }
  return literal + '"';
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i++]);
    if (first < 0x80) continue;
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    constexpr std::uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (first < 0xc2 || first > 0xf4) return false;
    std::uint32_t code = first & (0x3fu >> more);
    for (int k = 0; k < more; ++k) {
      if (i == text.size()) return false;
      const auto next = static_cast<unsigned char>(text[i++]);
      if ((next & 0xc0) != 0x80) return false;
      code = code << 6 | (next & 0x3fu);
    }
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  }
  return true;
}

JsonReader::JsonReader(std::string_view json, std::string_view file, std::string_view called)
    : text(json), file_name(file), what(called) {}

void JsonReader::fail() const {
  throw Failure(std::string(file_name) + ": " + std::string(what) + " is malformed at byte " +
                std::to_string(at + 1));
}

void JsonReader::skip_space() {
  const std::size_t next = text.find_first_not_of(" \t\r\n", at);
  at = next == std::string_view::npos ? text.size() : next;
}

char JsonReader::take() {
  if (at == text.size()) fail();
  return text[at++];
}

bool JsonReader::accept(char character) {
  skip_space();
  if (at == text.size() || text[at] != character) return false;
  ++at;
  return true;
}

void JsonReader::expect(char character) {
  if (!accept(character)) fail();
}

void JsonReader::finish() {
  skip_space();
  if (at != text.size()) fail();
}

std::string JsonReader::string() {
  expect('"');
  std::string value;
  for (;;) {
    const char character = take();
    if (character == '"') break;
    if (static_cast<unsigned char>(character) < 0x20) fail();
    if (character == '\\') {
      escape(value);
    } else {
      value += character;
    }
  }
  if (!is_utf8(value)) fail();
  return value;
}

void JsonReader::escape(std::string& out) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  const char letter = take();
  if (const std::size_t index = letters.find(letter); index != std::string_view::npos) {
    out += meanings[index];
    return;
  }
  if (letter != 'u') fail();
  std::uint32_t code = code_unit();
  if (code >= 0xd800 && code < 0xdc00) {
    // The first half of a character beyond 16 bits: the second must follow.
    if (take() != '\\' || take() != 'u') fail();
    const std::uint32_t low = code_unit();
    if (low < 0xdc00 || low > 0xdfff) fail();
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  } else if (code >= 0xdc00 && code < 0xe000) {
    fail();
  }
  append_utf8(out, code);
}

std::uint32_t JsonReader::code_unit() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::uint32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    const char character = take();
    const char lower = character >= 'A' && character <= 'F' ? static_cast<char>(character + 32) : character;
    const std::size_t digit = digits.find(lower);
    if (digit == std::string_view::npos) fail();
    code = code << 4 | static_cast<std::uint32_t>(digit);
  }
  return code;
}

std::string_view JsonReader::value() {
  skip_space();
  const std::size_t begin = at;
  std::string open;  // what closes each object and array around the place, the innermost last
  const auto key = [&] {
    string();
    expect(':');
  };
  do {
    if (accept('{')) {
      open += '}';
      if (!accept('}')) {
        key();
        continue;
      }
      open.pop_back();
    } else if (accept('[')) {
      open += ']';
      if (!accept(']')) continue;
      open.pop_back();
    } else {
      scalar();
    }
    while (!open.empty() && !accept(',')) {
      expect(open.back());
      open.pop_back();
    }
    if (!open.empty() && open.back() == '}') key();
  } while (!open.empty());
  return text.substr(begin, at - begin);
}

void JsonReader::scalar() {
  skip_space();
  if (at < text.size() && text[at] == '"') {
    string();
    return;
  }
  const std::size_t begin = at;
  const auto belongs = [](char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
           (letter >= 'A' && letter <= 'Z') || letter == '+' || letter == '-' || letter == '.';
  };
  while (at < text.size() && belongs(text[at])) ++at;
  if (at == begin) fail();
}

std::uint64_t JsonReader::integer() {
  skip_space();
  const std::size_t begin = at;
  std::uint64_t value = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    const auto digit = static_cast<std::uint64_t>(text[at] - '0');
    if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) fail();
    value = value * 10 + digit;
  }
  if (at == begin || (text[begin] == '0' && at > begin + 1)) fail();
  return value;
}

}  // namespace tool
