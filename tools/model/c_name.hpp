#pragma once

#include <string>
#include <string_view>

namespace tool {

/// Whether a character is a letter, a digit or _, of which names consist.
bool is_of_name(char character);

/// Why a text cannot name a model in C and C++, as the end of a sentence about it; empty if it can.
std::string fault_of_name(std::string_view name);

/// Why a header should not have a file's name, without .h, as the end of a sentence about it; empty if it
/// may.
std::string fault_of_file_name(std::string_view stem);

/// A name in capitals, as macros begin.
std::string upper(std::string_view name);

}  // namespace tool
