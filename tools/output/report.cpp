#include "tools/output/report.hpp"

#include <algorithm>
#include <charconv>
#include <cinttypes>
#include <cmath>
#include <limits>

namespace tool {

Mean mean(const std::vector<float>& values) {
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value);
  const double mean = sum / count;
  if (values.size() == 1) return {mean, std::numeric_limits<double>::quiet_NaN()};
  double squares = 0;
  for (const float value : values) {
    const double deviation = static_cast<double>(value) - mean;
    squares += deviation * deviation;
  }
  return {mean, std::sqrt(squares / (count - 1) / count)};
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
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

std::string to_text(Mean mean) {
  if (!(mean.standard_error > 0)) return significant(mean.value, 5);
  const int decimals = std::clamp(1 - static_cast<int>(std::floor(std::log10(mean.standard_error))), 0, 9);
  return fixed(mean.value, decimals) + " +/- " + fixed(mean.standard_error, decimals);
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string to_text(Shape shape) {
  return std::to_string(shape.height) + " x " + std::to_string(shape.width);
}

std::string source(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

std::string destination(const std::string& path) {
  return path == "-" ? "standard output" : path;
}

void print(const Report& report, std::FILE* stream) {
  std::size_t width = 0;
  for (const auto& line : report) width = std::max(width, line.first.size());
  std::string text;
  for (const auto& [what, figure] : report) {
    std::string line = what;
    line.append(width + 2 - what.size(), ' ').append(figure);
    // Names and metadata of files may hold anything, a terminal's control characters too.
    for (char& letter : line)
      if (static_cast<unsigned char>(letter) < ' ' || letter == '\x7f') letter = '?';
    text += line + "\n";
  }
  std::fwrite(text.data(), 1, text.size(), stream);
}

std::FILE* report_stream(const std::string& path, const std::string& other_path) {
  return path == "-" || other_path == "-" ? stderr : stdout;
}

}  // namespace tool
