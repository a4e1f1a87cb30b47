#pragma once

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace tool {

/// What a command found out, line by line: what, and the figure with its unit.
using Report = std::vector<std::pair<std::string, std::string>>;

/// Writes a report with its figures aligned.
void print(const Report& report, std::FILE* stream = stdout);

/// The stream for a report: standard error if a path is `-`, a file on standard output; else standard output.
std::FILE* report_stream(const std::string& path, const std::string& other_path = {});

}  // namespace tool
