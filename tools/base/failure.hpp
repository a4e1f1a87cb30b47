#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace tool {

/// What went wrong with a user's file or data, as one line for standard error: `FILE: what is wrong`.
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& message, int status = 1)
      : std::runtime_error(message), exit_status(status) {}

  /// What the program returns to the shell.
  const int exit_status;
};

/// Wrong usage: an unknown option, a value out of range. Exit status 2.
class Misuse : public Failure {
 public:
  explicit Misuse(const std::string& message) : Failure(message, 2) {}
};

/// Text fit for one line of a terminal: control characters, line breaks too, become `?`.
inline std::string to_one_line(std::string text) {
  for (char& character : text)
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7f) character = '?';
  return text;
}

/// Text from a file between quotes, for a message: on one line, a long text cut short.
inline std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 40;
  return "'" + to_one_line(std::string(text.substr(0, longest))) + (text.size() > longest ? "...'" : "'");
}

}  // namespace tool
