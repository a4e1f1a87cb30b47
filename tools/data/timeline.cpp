#include "tools/data/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <utility>

#include "tools/base/text.hpp"

namespace tool {
namespace {

constexpr double second = 1, minute = 60, hour = 3600, day = 86400;

std::vector<double> steps_of(const std::vector<double>& times) {
  std::vector<double> steps;
  for (std::size_t n = 1; n < times.size(); ++n) steps.push_back(times[n] - times[n - 1]);
  return steps;
}

/// A number to nine digits.
double to_digits(double number) {
  return std::strtod(format("%.9g", number).c_str(), nullptr);
}

/// What is usual among the steps from a row to the next.
class UsualStep {
 public:
  explicit UsualStep(const std::vector<double>& steps) {
    std::vector<double> ahead;
    std::copy_if(steps.begin(), steps.end(), std::back_inserter(ahead), [](double step) { return step > 0; });
    if (ahead.empty()) return;
    const auto middle = ahead.begin() + static_cast<std::ptrdiff_t>(ahead.size() / 2);
    std::nth_element(ahead.begin(), middle, ahead.end());
    median_ = *middle;
    const auto repeats = static_cast<std::size_t>(std::count(steps.begin(), steps.end(), 0.0));
    coarse_ = repeats >= few && repeats * of_many > steps.size();
  }

  bool is_known() const { return median_ > 0; }
  double median() const { return median_; }

  bool is_gap(double step) const {
    constexpr double longest = 1.5;
    return step < 0 || step > longest * median_ || (step == 0 && !coarse_);
  }

  /// Of rows that follow each other without a gap: the median step, or the mean one where times are spelled
  /// by few decimals. `largest` is that of the times, whose difference has an error of rounding.
  double interval(const std::vector<double>& steps, double largest) const {
    double sum = 0;
    std::size_t count = 0;
    for (const double step : steps) {
      if (is_gap(step)) continue;
      sum += step;
      ++count;
    }
    if (coarse_ || differ_by_rounding(steps)) return to_digits(sum / static_cast<double>(count));
    const double error = 4 * largest * std::numeric_limits<double>::epsilon();
    const double unit = std::pow(10.0, std::ceil(std::log10(error)));
    return unit > 0 && unit < median_ ? to_digits(std::round(median_ / unit) * unit) : median_;
  }

 private:
  /// Whether each usual step is the median or one unit of the last decimal from it, many of them, and the
  /// unit is not small beside it: 0.003, 0.003, 0.002.
  bool differ_by_rounding(const std::vector<double>& steps) const {
    constexpr double small = 0.01, rounding = 1.01;
    double least = median_, largest = 0;
    std::size_t others = 0;
    for (const double step : steps) {
      const double apart = std::fabs(step - median_);
      if (is_gap(step) || apart <= small * median_) continue;
      least = std::min(least, apart);
      largest = std::max(largest, apart);
      ++others;
    }
    return others >= few && others * of_many > steps.size() && largest <= rounding * least;
  }

  static constexpr std::size_t few = 3, of_many = 20;
  double median_ = 0;
  bool coarse_ = false;
};

void find_gaps(Timeline& time, const std::vector<double>& steps, const UsualStep& usual) {
  for (std::size_t n = 0; n < steps.size(); ++n)
    if (usual.is_gap(steps[n])) time.gaps.push_back(n + 1);
}

/// 10:00:05.250 of seconds since midnight, that of a day before or after too.
std::string to_clock(double seconds, unsigned decimals) {
  const auto whole = static_cast<unsigned>(seconds);
  char text[16];
  std::snprintf(text, sizeof text, "%02u:%02u:", whole / 3600, whole / 60 % 60);
  const std::string of_minute = fixed(seconds - whole + whole % 60, static_cast<int>(decimals));
  return text + std::string(of_minute.find('.') == 1 || of_minute.size() == 1 ? "0" : "") + of_minute;
}

/// The day of the Gregorian calendar so many days after 1970-01-01 (Howard Hinnant's civil_from_days).
std::string to_day(double days_since_1970) {
  const auto days = static_cast<long long>(days_since_1970) + 719468;  // since March 1 of the year 0
  const long long era = days / 146097, of_era = days % 146097;
  const long long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const long long of_year = of_era - (365 * year + year / 4 - year / 100);
  const long long month = (5 * of_year + 2) / 153;  // from March on
  char text[80];
  std::snprintf(text, sizeof text, "%04lld-%02lld-%02lld", era * 400 + year + (month >= 10 ? 1 : 0),
                month < 10 ? month + 3 : month - 9, of_year - (153 * month + 2) / 5 + 1);
  return text;
}

}  // namespace

double seconds_at(const Timeline& time, std::size_t row) {
  return time.seconds.empty() ? static_cast<double>(row) * time.interval : time.seconds[row];
}

std::string time_of_row(const Timeline& time, std::size_t row) {
  const double power = std::pow(10.0, time.decimals);
  // Rounded as a whole, so that 59.96 seconds with a decimal are a minute.
  const double seconds = std::round((time.origin + seconds_at(time, row)) * power) / power;
  const double days = std::floor(seconds / day), of_day = seconds - day * days;
  switch (time.notation) {
    case TimeNotation::row:
      return std::to_string(row + 1);
    case TimeNotation::seconds:
      return fixed(seconds, static_cast<int>(time.decimals));
    case TimeNotation::clock:
      return to_clock(of_day, time.decimals);
    case TimeNotation::day:
      return to_day(days);
    case TimeNotation::date:
    case TimeNotation::utc:
      break;
  }
  return to_day(days) + " " + to_clock(of_day, time.decimals) +
         (time.notation == TimeNotation::utc ? "Z" : "");
}

double unit_of_times(const std::vector<double>& times) {
  double largest = 0;
  for (const double time : times) largest = std::max(largest, std::fabs(time));
  // In 1973 there were 1e11 milliseconds, 1e14 microseconds and 1e17 nanoseconds since 1970.
  return largest >= 1e17 ? 1e-9 : largest >= 1e14 ? 1e-6 : largest >= 1e11 ? 1e-3 : 1;
}

unsigned decimals_for(double interval) {
  constexpr double most = 9;
  if (interval == std::floor(interval)) return 0;
  return static_cast<unsigned>(std::clamp(std::ceil(1 - std::log10(interval)), 1.0, most));
}

void keep_times(Timeline& time, std::vector<double> times) {
  const std::vector<double> steps = steps_of(times);
  const UsualStep usual(steps);
  if (!usual.is_known()) {
    time.notation = TimeNotation::row;
    return;
  }
  time.interval = usual.interval(steps, std::max(std::fabs(times.front()), std::fabs(times.back())));
  find_gaps(time, steps, usual);
  time.origin = times[0];
  time.seconds = std::move(times);
  for (double& seconds : time.seconds) seconds -= time.origin;
}

void keep_counts(Timeline& time, const std::vector<double>& counts) {
  const std::vector<double> steps = steps_of(counts);
  const UsualStep usual(steps);
  if (usual.is_known()) find_gaps(time, steps, usual);
}

void keep_numbers(Timeline& time, std::vector<double> numbers) {
  const bool whole =
      std::all_of(numbers.begin(), numbers.end(), [](double number) { return number == std::floor(number); });
  if (whole && UsualStep(steps_of(numbers)).median() == 1) return keep_counts(time, numbers);
  const double unit = unit_of_times(numbers);
  for (double& number : numbers) number *= unit;
  time.notation = TimeNotation::seconds;
  keep_times(time, std::move(numbers));
  if (time.interval == 0) return;
  const double of_first = time.origin - std::floor(time.origin);
  time.decimals = decimals_for(of_first > 0 ? std::min(of_first, time.interval) : time.interval);
}

void set_rate(Timeline& time, double rate) {
  const double interval = 1 / rate;
  for (double& seconds : time.seconds) seconds *= interval / time.interval;
  time.interval = interval;
  if (time.notation != TimeNotation::row) return;
  time.notation = TimeNotation::seconds;
  time.decimals = decimals_for(interval);
}

std::string describe_rate(double interval) {
  return interval < second ? significant(1 / interval, 6) + " Hz"
                           : "a reading each " + describe_duration(interval);
}

std::string describe_duration(double seconds) {
  struct Unit {
    const char* name;
    double seconds;
  };
  constexpr Unit units[] = {{"d", day},    {"h", hour},  {"min", minute},
                            {"s", second}, {"ms", 1e-3}, {"us", 1e-6}};
  const auto* unit = std::find_if(std::begin(units), std::end(units) - 1,
                                  [&](const Unit& u) { return seconds >= u.seconds; });
  if (unit->seconds <= second) return significant(seconds / unit->seconds, 4) + " " + unit->name;
  // Two units, rounded to the lower.
  const Unit& lower = unit[1];
  const double count = std::round(seconds / lower.seconds), ratio = std::round(unit->seconds / lower.seconds);
  const double whole = std::floor(count / ratio), rest = count - ratio * whole;
  return fixed(whole, 0) + " " + unit->name + (rest > 0 ? " " + fixed(rest, 0) + " " + lower.name : "");
}

std::string rows_of_gaps(const Timeline& time) {
  constexpr std::size_t most = 5;
  const std::size_t count = time.gaps.size(), shown = std::min(count, most);
  std::string text = count == 1 ? "row " : "rows ";
  for (std::size_t n = 0; n < shown; ++n)
    text += (n == 0 ? "" : n + 1 == count ? " and " : ", ") + std::to_string(time.gaps[n] + 1);
  return text + (count > shown ? ", ... (" + grouped(count) + " in all)" : "");
}

}  // namespace tool
