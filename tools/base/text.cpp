#include "tools/base/text.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace tool {

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string hexadecimal(std::uint32_t word) {
  char text[12];
  std::snprintf(text, sizeof text, "0x%08" PRIx32, word);
  return text;
}

std::string fixed(double number, int decimals) {
  char text[400];
  char* const end = std::to_chars(text, text + sizeof text, number, std::chars_format::fixed, decimals).ptr;
  const bool zero = std::none_of(text, end, [](char c) { return c >= '1' && c <= '9'; });
  return {text[0] == '-' && zero ? text + 1 : text, end};
}

std::string significant(double number, int digits) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, number, std::chars_format::general, digits).ptr};
}

std::string format(const char* pattern, double number) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, number);
  return text;
}

std::string source(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

std::string destination(const std::string& path) {
  return path == "-" ? "standard output" : path;
}

std::string shell_word(const std::string& text) {
  constexpr const char* plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./=:-";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string word = "'";
  for (const char character : text)
    word += character == '\'' ? std::string("'\\''") : std::string(1, character);
  return word + "'";
}

}  // namespace tool
