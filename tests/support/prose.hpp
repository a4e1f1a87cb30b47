/// Reads the table that a command prints for people: on each line a label, then text with figures in it.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/command.hpp"

namespace fixture {

class Prose {
 public:
  explicit Prose(const std::string& text) {
    const std::regex figure("-?[0-9][0-9,]*(\\.[0-9]+)?(e[-+][0-9]+)?");
    for (const std::string& line : split_lines(text)) {
      const std::size_t gap = line.find("  ");
      if (gap == 0 || gap == std::string::npos) continue;
      std::vector<std::string>& figures = figures_[line.substr(0, gap)];
      for (std::sregex_iterator match(line.begin() + static_cast<std::ptrdiff_t>(gap), line.end(), figure),
           end;
           match != end; ++match)
        figures.push_back(match->str());
    }
  }

  /// Checks that the figures of a line are these values, each rounded to the digits that it shows.
  void check(const std::string& label, const std::vector<double>& values) const {
    CAPTURE(label);
    REQUIRE(figures_.count(label) == 1);
    const std::vector<std::string>& figures = figures_.at(label);
    REQUIRE(figures.size() == values.size());
    for (std::size_t n = 0; n < values.size(); ++n) {
      CAPTURE(figures[n]);
      std::string digits;
      for (const char letter : figures[n])
        if (letter != ',') digits += letter;
      const std::size_t point = digits.find('.');
      const double decimals = point == std::string::npos ? 0 : static_cast<double>(digits.size() - point - 1);
      CHECK(std::fabs(std::strtod(digits.c_str(), nullptr) - values[n]) <=
            0.5 * std::pow(10, -decimals) + 1e-9 * std::fabs(values[n]));
    }
  }

 private:
  std::map<std::string, std::vector<std::string>> figures_;
};

}  // namespace fixture
