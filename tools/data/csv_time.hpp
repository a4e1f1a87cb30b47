#pragma once

#include <optional>
#include <string_view>

namespace tool {

/// A date, a time of day or both, as a text spells them: 2026-11-27T10:00:00Z, 27.11.2026 10:00, 11/27/26,
/// 27-Nov-2026, 10:00:00.5, 10:00 PM, 20261127T100000Z.
struct SpelledTime {
  bool has_date = false, has_clock = false, has_zone = false;
  char separator = 0;                         ///< between the numbers of the date; 0: none
  bool year_first = false;                    ///< the numbers are year, month, day; else the year is last
  bool named_month = false;                   ///< the second number is the month
  unsigned first = 0, second = 0, third = 0;  ///< the numbers of the date, as they stand
  double clock = 0;       ///< seconds since midnight, of the zone's meridian if there is one
  unsigned decimals = 0;  ///< of the seconds

  /// Whether 05/06/2026 may be in June as well as in May.
  bool has_two_orders() const { return has_date && !year_first && !named_month; }
};

/// What a text spells, if it is a time and nothing else. That a month has so many days is not checked.
std::optional<SpelledTime> read_time(std::string_view text);

inline bool is_time(std::string_view text) {
  return read_time(text).has_value();
}

/// Seconds since 1970, of Greenwich where the time has no zone; without a date, since midnight. Where the
/// date has two orders, month_first chooses one. A year of two digits is one from 1970 to 2069. Nothing for
/// what is no day or no time of day, as 31.6.2026 or 10:61.
std::optional<double> to_seconds(const SpelledTime& time, bool month_first);

}  // namespace tool
