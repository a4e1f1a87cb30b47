#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tool {

/// How the time of a row is written.
enum class TimeNotation : std::uint8_t {
  row,      ///< no time is known: the number of the row, from 1
  seconds,  ///< 12.5
  clock,    ///< 10:00:05
  day,      ///< 2026-11-27
  date,     ///< 2026-11-27 10:00:05
  utc       ///< 2026-11-27 10:00:05Z: the file gives time zones
};

/// When the rows of a recording were taken.
struct Timeline {
  double interval = 0;          ///< seconds from a row to the next; 0: not known
  std::vector<double> seconds;  ///< of each row, from the first one on; empty: interval says it
  std::string start;            ///< the time of the first row, as the file writes it; may be empty
  std::string column;           ///< that holds the times, as messages name it; may be empty
  std::vector<std::size_t>
      gaps;  ///< rows before which readings are missing or another recording ended, ascending
  TimeNotation notation = TimeNotation::row;
  double origin =
      0;  ///< seconds of the first row, since 1970 or since midnight where it has a date or a clock
  unsigned decimals = 0;  ///< of the seconds, as times are written
};

/// Seconds of a row from the first one on; 0 where neither times nor interval are known.
double seconds_at(const Timeline& time, std::size_t row);

/// The place in time of a row, as the file writes times: `2026-11-27 10:00:05`, `10:00:05`, `12.5`; the
/// number of the row from 1 where no time is known. It is a cell of a CSV file as it is.
std::string time_of_row(const Timeline& time, std::size_t row);

/// What one unit of times is, in seconds, as far as their size tells: those of milliseconds, microseconds and
/// nanoseconds since 1970 are large, all else are seconds.
double unit_of_times(const std::vector<double>& times);

/// Decimals of seconds that tell rows apart, with one more; none where the interval is whole.
unsigned decimals_for(double interval);

/// Finds the interval and the gaps of rows whose times, in seconds, are given, and keeps the times. The
/// interval is the median step, but the mean one where steps differ by the rounding of times only. A gap is a
/// step of more than 1.5 times the median, back, or of 0; but where more than one step in twenty is 0, times
/// are coarse and such are none. Times that never ascend tell nothing.
void keep_times(Timeline& time, std::vector<double> times);

/// Finds the gaps of rows that a counter counts, in any unit, likewise. The interval is not known.
void keep_counts(Timeline& time, const std::vector<double>& counts);

/// Keeps numbers of a column that only its position tells to hold times: counts where they are whole and go
/// up by one, else times, whose unit their size tells.
void keep_numbers(Timeline& time, std::vector<double> numbers);

/// Says how many rows a second there are, in place of what times say: these are stretched.
void set_rate(Timeline& time, double rate);

/// `360 Hz`, `a reading each 5 min`; the interval must be known.
std::string describe_rate(double interval);

/// A length of time in two units at most: `3 d 4 h`, `12.5 s`, `20 ms`.
std::string describe_duration(double seconds);

/// The rows behind the gaps, counted from 1: `row 18`, `rows 18, 250 and 900`, `rows 2, 3, 4, 5, 6, ... (120
/// in all)`; there must be one.
std::string rows_of_gaps(const Timeline& time);

}  // namespace tool
