#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "tools/data/dataset.hpp"

namespace tool {

/// A mean, and its standard error as an estimate: NaN where one value alone does not tell.
struct Mean {
  double value;
  double standard_error;
};

/// The mean of values drawn independently, at least one, summed in their order.
Mean mean(const std::vector<float>& values);

/// A whole number with commas between thousands: 60,000.
std::string grouped(std::uint64_t number);

/// A word of 32 bits: 0x0000beef.
std::string hexadecimal(std::uint32_t word);

/// So many digits after the point: -0.50. What rounds to 0 has no sign.
std::string fixed(double number, int decimals);

/// So many significant digits, at least 1, without an exponent unless it is far from 1: 0.0204.
std::string significant(double number, int digits);

/// To two digits of the standard error: -101.32 +/- 0.21.
std::string to_text(Mean mean);

/// A count and its noun: 1 example, 60,000 examples.
std::string counted(std::uint64_t count, const std::string& noun);

/// 28 x 28: height, then width.
std::string to_text(Shape shape);

/// An input file as people are told of it: `-` is standard input.
std::string source(const std::string& path);

/// An output file as people are told of it: `-` is standard output.
std::string destination(const std::string& path);

/// What a command found out, line by line: what, and the figure with its unit.
using Report = std::vector<std::pair<std::string, std::string>>;

/// Writes a report with its figures aligned.
void print(const Report& report, std::FILE* stream = stdout);

/// Standard output, or standard error where a file goes to standard output: one of the paths is `-`.
std::FILE* report_stream(const std::string& path, const std::string& other_path = {});

}  // namespace tool
