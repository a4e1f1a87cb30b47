#include "tools/output/time_axis.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace tool {
namespace {

constexpr double minute = 60, hour = 3600, day = 86400;

// A day of the calendar.
struct Date {
  std::int64_t year;
  int month, day;  // from 1
};

// Howard Hinnant's days_from_civil: years begin in March, so that a leap day is a year's last.
std::int64_t days_of(Date date) {
  const std::int64_t year = date.year - (date.month <= 2);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
  const std::int64_t of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

Date date_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097, of_era = days - era * 146097;
  const std::int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
  const int calendar_month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  return {year + era * 400 + (calendar_month <= 2), calendar_month,
          static_cast<int>(of_year - (153 * month + 2) / 5 + 1)};
}

std::string two_digits(std::int64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// 14:30, or 14:30:05 of steps below a minute.
std::string clock(double seconds_of_day, double step) {
  const auto whole = static_cast<std::int64_t>(std::floor(seconds_of_day));
  const std::string text = two_digits(whole / 3600) + ":" + two_digits(whole / 60 % 60);
  return step < minute ? text + ":" + two_digits(whole % 60) : text;
}

std::string short_date(std::int64_t days) {
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Date date = date_of(days);
  return std::to_string(date.day) + " " + months[date.month - 1];
}

std::string long_date(std::int64_t days) {
  const Date date = date_of(days);
  return std::to_string(date.year) + "-" + two_digits(date.month) + "-" + two_digits(date.day);
}

// The finest step of a clock and a calendar that leaves at most `most` of them in a range.
double clock_step(double range, std::size_t most) {
  constexpr double steps[] = {1,         2,   5,       10,      15,      30,       minute,   2 * minute,
                              300,       600, 900,     1800,    hour,    2 * hour, 3 * hour, 6 * hour,
                              12 * hour, day, 2 * day, 3 * day, 5 * day, 7 * day,  14 * day};
  const auto intervals = static_cast<double>(most - 1);
  for (const double step : steps)
    if (range <= step * intervals) return step;
  const Ticks whole_days = round_ticks(0, range / day, most, 1);
  return whole_days.step * day;
}

Axis calendar(double low, double high, std::size_t most, double start) {
  const double step = clock_step(high - low, most);
  Axis axis;
  axis.label = "time, from " + long_date(static_cast<std::int64_t>(std::floor((start + low) / day)));
  const auto first = static_cast<std::int64_t>(std::ceil((start + low) / step)),
             last = static_cast<std::int64_t>(std::floor((start + high) / step));
  for (std::int64_t count = first; count <= last; ++count) {
    const double time = static_cast<double>(count) * step;
    const auto days = static_cast<std::int64_t>(std::floor(time / day));
    const double of_day = time - static_cast<double>(days) * day;
    axis.values.push_back(time - start);
    axis.labels.push_back(of_day == 0 ? short_date(days) : clock(of_day, step));
  }
  return axis;
}

struct Unit {
  const char* name;
  double seconds;
  double from;  // the least range that it suits, seconds
};

const Unit& unit_for(double range) {
  static constexpr Unit units[] = {{"days", day, 3 * day},
                                   {"hours", hour, 3 * hour},
                                   {"minutes", minute, 3 * minute},
                                   {"seconds", 1, 0.3},
                                   {"milliseconds", 1e-3, 0}};
  const Unit* unit = units;
  while (range < unit->from) ++unit;
  return *unit;
}

// The number that a part of a text writes, of digits alone.
std::optional<int> number_in(const std::string& text, std::size_t begin, std::size_t count) {
  int number = 0;
  if (begin + count > text.size()) return {};
  const char* const first = text.data() + begin;
  const auto [end, error] = std::from_chars(first, first + count, number);
  if (error != std::errc() || end != first + count || number < 0) return {};
  return number;
}

}  // namespace

std::optional<double> seconds_of(const std::string& time) {
  const auto year = number_in(time, 0, 4), month = number_in(time, 5, 2), of_month = number_in(time, 8, 2);
  if (!year || !month || !of_month || time[4] != '-' || time[7] != '-') return {};
  if (*month < 1 || *month > 12 || *of_month < 1 || *of_month > 31) return {};
  const auto days = static_cast<double>(days_of({*year, *month, *of_month}));
  if (time.size() == 10) return days * day;
  const auto hours = number_in(time, 11, 2), minutes = number_in(time, 14, 2);
  if ((time[10] != ' ' && time[10] != 'T') || !hours || !minutes || time[13] != ':') return {};
  double seconds = 0;
  if (time.size() > 16 && time[16] == ':')
    std::from_chars(time.data() + 17, time.data() + time.size(), seconds, std::chars_format::fixed);
  return days * day + *hours * hour + *minutes * minute + seconds;
}

Axis time_axis(double low, double high, std::size_t most, const std::string& start) {
  const std::optional<double> origin = seconds_of(start);
  if (origin && high - low >= 3) return calendar(low, high, most, *origin);
  const Unit& unit = unit_for(high - low);
  const double range = (high - low) / unit.seconds;
  // Hours in steps that divide a day, minutes in such that divide an hour.
  if (unit.seconds == hour || unit.seconds == minute) {
    const double step = clock_step(high - low, most);
    Ticks ticks{step / unit.seconds, {}};
    for (double count = std::ceil(low / step); count <= std::floor(high / step); ++count)  // NOLINT
      ticks.values.push_back(count * step / unit.seconds);
    if (step >= unit.seconds && ticks.values.size() > 1) {
      Axis axis{{}, tick_labels(ticks), unit.name};
      for (const double value : ticks.values) axis.values.push_back(value * unit.seconds);
      return axis;
    }
  }
  const Ticks ticks = round_ticks(low / unit.seconds, low / unit.seconds + range, most);
  Axis axis{{}, tick_labels(ticks), unit.name};
  for (const double value : ticks.values) axis.values.push_back(value * unit.seconds);
  return axis;
}

std::string time_text(double seconds, const std::string& start) {
  if (const std::optional<double> origin = seconds_of(start)) {
    const double days = std::floor((*origin + seconds) / day);
    return long_date(static_cast<std::int64_t>(days)) + " " + clock(*origin + seconds - days * day, 1);
  }
  constexpr int digits = 4;
  if (seconds < minute) return shown_number(seconds, digits) + " s";
  const auto whole = static_cast<std::int64_t>(std::floor(seconds));
  return std::to_string(whole / 3600) + ":" + two_digits(whole / 60 % 60) + ":" + two_digits(whole % 60);
}

}  // namespace tool
