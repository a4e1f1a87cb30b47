#include "tools/output/report.hpp"

#include <algorithm>

#include "tools/base/failure.hpp"

namespace tool {

void print(const Report& report, std::FILE* stream) {
  std::size_t width = 0;
  for (const auto& line : report) width = std::max(width, line.first.size());
  std::string text;
  for (const auto& [what, figure] : report) {
    std::string line = what;
    line.append(width + 2 - what.size(), ' ').append(figure);
    // Names and metadata of files may hold anything, a terminal's control characters too.
    text += to_one_line(line) + "\n";
  }
  std::fwrite(text.data(), 1, text.size(), stream);
}

std::FILE* report_stream(const std::string& path, const std::string& other_path) {
  return path == "-" || other_path == "-" ? stderr : stdout;
}

}  // namespace tool
