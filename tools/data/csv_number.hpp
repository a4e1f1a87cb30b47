#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tool {

/// The number that a field of a table spells; with `comma`, a comma may be its decimal mark. A number too
/// small for a double is 0, one too large infinite. Nothing for what is no number, NaN too.
std::optional<double> read_number(std::string_view text, bool comma);

/// How far apart two numbers are that are spelled with as many decimals as this one: 0.01 for 3.25.
double spelled_resolution(std::string_view number);

/// What a field of a table holds.
enum class CellKind {
  number,
  missing,  ///< empty, or a mark for no value, such as NA
  truth,    ///< true or false
  time,     ///< a date or a time of day
  odd,      ///< begins as a number does: 0x1F, 50%, 23.5 C, <0.1
  word,
};

CellKind kind_of(std::string_view text, bool comma);

/// Whether a word may stand in rows as well as above them: on, off, yes, no, and faults.
bool is_state(std::string_view text);

/// Whether a word stands where an instrument or a laboratory found no value: error, open, ND, <LOD.
bool is_fault(std::string_view text);

/// Whether a field tells on which side of a number a value lies, or how near: <0.1, >5, ~3.
bool is_comparison(std::string_view text);

/// Why a field cannot be read as a number, and what cures that: "'50%' has a percent sign: ...".
std::string describe_fault(std::string_view text);

}  // namespace tool
