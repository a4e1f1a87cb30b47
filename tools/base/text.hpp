#pragma once

#include <charconv>
#include <cstdint>
#include <string>

namespace tool {

/// A whole number with commas between thousands: 60,000.
std::string grouped(std::uint64_t number);

/// A count and its noun: 1 example, 60,000 examples.
std::string counted(std::uint64_t count, const std::string& noun);

/// A word of 32 bits: 0x0000beef.
std::string hexadecimal(std::uint32_t word);

/// A number with this many digits after the point: -0.50. A number that rounds to 0 has no sign.
std::string fixed(double number, int decimals);

/// A number with this many significant digits, at least 1, without an exponent unless it is far from 1:
/// 0.0204.
std::string significant(double number, int digits);

/// A number in the shortest form that reads back to the same bits of its type.
template <typename Number>
std::string shortest(Number number) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

/// A number as printf shows it with this pattern.
std::string format(const char* pattern, double number);

/// An input file as messages name it: `-` is standard input.
std::string source(const std::string& path);

/// An output file as messages name it: `-` is standard output.
std::string destination(const std::string& path);

/// Text as one word of a shell's command line.
std::string shell_word(const std::string& text);

}  // namespace tool
