#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "tools/output/axis.hpp"

namespace tool {

/// Seconds since the beginning of 1970 of a time as `2014-02-14 14:30`, `2014-02-14T14:30:00.5Z` or
/// `2014-02-14`, in the calendar that is used today; what follows the seconds is let be. Nothing for another
/// text.
std::optional<double> seconds_of(const std::string& time);

/// An axis of the seconds from `low` to `high` with at most `most` (3 or more) numbers, in the unit that
/// suits the range, milliseconds to days. Where `start` tells when second 0 was, as seconds_of() takes it,
/// the numbers are times of the day and dates, at round ones.
Axis time_axis(double low, double high, std::size_t most, const std::string& start);

/// The time of second `seconds` for people: 2014-02-14 14:30:05 where `start` tells when second 0 was, else
/// 0.25 s, or hours, minutes and seconds: 1:02:05.
std::string time_text(double seconds, const std::string& start);

}  // namespace tool
