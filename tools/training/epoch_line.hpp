#pragma once

#include <cstdint>
#include <string>

#include "tools/output/json_line.hpp"
#include "tools/training/monitor.hpp"

namespace tool {

/// A number as printf shows it with this pattern.
std::string format(const char* pattern, double value);

/// What is said of an epoch that has ended, one of so many. What was not measured is left out.
std::string to_line(const EpochFigures& figures, std::uint64_t epochs, double seconds);
JsonLine to_json(const EpochFigures& figures, double seconds);

/// Text as one word of a shell's command line.
std::string shell_word(const std::string& text);

}  // namespace tool
