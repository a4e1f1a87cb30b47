#include "tools/output/json_line.hpp"

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "tools/base/failure.hpp"
#include "tools/base/json.hpp"
#include "tools/base/text.hpp"

namespace tool {
namespace {

template <typename Number>
std::string shortest_or_null(Number number) {
  return std::isfinite(number) ? shortest(number) : "null";
}

// Names of files may be any bytes; a JSON text may not.
std::string made_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string result;
  for (const char byte : text) {
    if (static_cast<unsigned char>(byte) < 0x80) {
      result += byte;
    } else {
      result += "\xef\xbf\xbd";
    }
  }
  return result;
}

}  // namespace

void JsonLine::begin_field(std::string_view name) {
  if (text_.size() > 1) text_ += ", ";
  text_ += json_string(name) + ": ";
}

void JsonLine::append_float(float number) {
  text_ += shortest_or_null(number);
}

void JsonLine::append_double(double number) {
  text_ += shortest_or_null(number);
}

void JsonLine::append_text(std::string_view text) {
  text_ += json_string(made_utf8(text));
}

void JsonLine::print() const {
  const std::string line = text() + "\n";
  if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fflush(stdout) != 0) {
    throw Failure(std::string("standard output: ") + std::strerror(errno));
  }
}

}  // namespace tool
