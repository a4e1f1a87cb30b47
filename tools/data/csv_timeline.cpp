#include "tools/data/csv_timeline.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/csv_number.hpp"

namespace tool {
namespace {

/// What the name of a column says of its unit: seconds of one unit, 0 where the times may be of any, nothing
/// where it names none that is known, as `ticks`.
std::optional<double> unit_in_name(std::string_view name) {
  struct Unit {
    std::string_view word;
    double seconds;
  };
  constexpr Unit units[] = {{"", 0},
                            {"s", 1},
                            {"sec", 1},
                            {"secs", 1},
                            {"seconds", 1},
                            {"ms", 1e-3},
                            {"msec", 1e-3},
                            {"millis", 1e-3},
                            {"milliseconds", 1e-3},
                            {"us", 1e-6},
                            {"usec", 1e-6},
                            {"micros", 1e-6},
                            {"microseconds", 1e-6},
                            {"ns", 1e-9},
                            {"nanoseconds", 1e-9},
                            {"min", 60},
                            {"minutes", 60},
                            {"h", 3600},
                            {"hours", 3600},
                            {"day", 86400},
                            {"days", 86400},
                            {"d", 86400},
                            {"utc", 0}};
  constexpr std::string_view words[] = {"timestamp", "times",    "timeofday", "time",  "elapsedtime",
                                        "elapsed",   "unixtime", "unix",      "epoch", "uptime",
                                        "zeit",      "t",        ""};
  std::string letters;
  for (const char c : name) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c | ' ') : c;
    if (small >= 'a' && small <= 'z') letters += small;
  }
  if (letters.empty()) return std::nullopt;
  for (const std::string_view word : words) {
    if (letters.compare(0, word.size(), word) != 0) continue;
    const std::string rest = letters.substr(word.size());
    for (const Unit& unit : units)
      if (unit.word == rest) return unit.seconds;
  }
  return std::nullopt;
}

bool is_among(std::size_t column, const std::vector<std::size_t>& columns) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

/// Decimals of a number as it is spelled, without regard to an exponent.
unsigned decimals_of(std::string_view number) {
  const std::size_t mark = number.find_first_of(".,");
  if (mark == number.npos) return 0;
  const std::size_t end = std::min(number.find_first_not_of("0123456789", mark + 1), number.size());
  return static_cast<unsigned>(std::min<std::size_t>(end - mark - 1, 9));
}

/// Times of day go on behind midnight.
void pass_midnights(std::vector<double>& clocks) {
  constexpr double day = 86400;
  if (std::any_of(clocks.begin(), clocks.end(), [](double clock) { return clock < 0 || clock >= day; }))
    return;
  double days = 0;
  for (std::size_t n = 1, last = 0; n < clocks.size(); last = n++) {
    if (clocks[n] + days < clocks[last] - day / 2) days += day;
    clocks[n] += days;
  }
}

}  // namespace

CsvTimeline::CsvTimeline(const Table& table, const std::vector<std::size_t>& taken,
                         const std::vector<Cell>& first_row, bool comma)
    : table_(table), comma_(comma) {
  if (first_row.size() != table.total) return;
  find_column(taken, first_row);
  if (kind_ == Kind::none) return;
  start_ = first_row[column_].unquoted();
  if (kind_ == Kind::texts) find_clock(taken, first_row);
}

void CsvTimeline::find_column(const std::vector<std::size_t>& taken, const std::vector<Cell>& first_row) {
  const auto take = [&](std::size_t column, Role role) {
    column_ = column;
    const auto unit = table_.names.empty() ? std::nullopt : unit_in_name(table_.names[column]);
    unit_ = unit.value_or(0);
    kind_ = is_time(first_row[column].text) ? Kind::texts
            : role == Role::row_numbers     ? Kind::counts
            : unit                          ? Kind::times
            : table_.times                  ? Kind::numbers
                                            : Kind::counts;
  };
  const auto found = [&](std::size_t column) {
    return std::find_if(table_.left_out.begin(), table_.left_out.end(),
                        [=](const LeftOut& other) { return other.column == column; });
  };
  if (table_.times) {
    const auto at = found(*table_.times);
    return take(*table_.times, at == table_.left_out.end() ? Role::times : at->role);
  }
  for (const bool text : {true, false})
    for (const Role role : {Role::times, Role::row_numbers})
      for (const LeftOut& other : table_.left_out)
        if (kind_ == Kind::none && other.role == role && !is_among(other.column, taken) &&
            is_time(first_row[other.column].text) == text)
          take(other.column, role);
}

void CsvTimeline::find_clock(const std::vector<std::size_t>& taken, const std::vector<Cell>& first_row) {
  const std::optional<SpelledTime> first = read_time(first_row[column_].text);
  if (!first || first->has_date == first->has_clock) return;
  for (const LeftOut& other : table_.left_out) {
    if (other.role != Role::times || other.column == column_ || is_among(other.column, taken)) continue;
    const std::optional<SpelledTime> second = read_time(first_row[other.column].text);
    if (!second || second->has_date != first->has_clock || second->has_clock != first->has_date) continue;
    clock_column_ = other.column;
    if (first->has_clock) std::swap(column_, *clock_column_);
    start_ = first_row[column_].unquoted() + " " + first_row[*clock_column_].unquoted();
    return;
  }
}

void CsvTimeline::add(const std::vector<Cell>& row, std::size_t line) {
  if (kind_ != Kind::texts) return add_number(row[column_].text, line);
  const std::string_view text = row[column_].text;
  if (!clock_column_) return add_text(text, line);
  add_text(std::string(text) + " " + std::string(row[*clock_column_].text), line);
}

void CsvTimeline::add_text(std::string_view text, std::size_t line) {
  const std::optional<SpelledTime> time = read_time(text);
  const auto month_first = time ? to_seconds(*time, true) : std::nullopt;
  const auto day_first = time && time->has_two_orders() ? to_seconds(*time, false) : month_first;
  if (!month_first && !day_first) return refuse(text, line);
  if (values_.empty()) first_ = *time;
  has_clock_ = has_clock_ || time->has_clock;
  has_zone_ = has_zone_ || time->has_zone;
  decimals_ = std::max(decimals_, time->decimals);
  readable_[0] = readable_[0] && month_first;
  readable_[1] = readable_[1] && day_first;
  if (!readable_[0] && (!readable_[1] || !first_.has_two_orders())) return refuse(text, line);
  values_.push_back(month_first.value_or(0));
  if (first_.has_two_orders()) day_first_.push_back(day_first.value_or(0));
}

void CsvTimeline::add_number(std::string_view text, std::size_t line) {
  const std::optional<double> number = read_number(text, comma_);
  if (!number || !std::isfinite(*number)) return refuse(text, line);
  values_.push_back(*number);
  decimals_ = std::max(decimals_, decimals_of(text));
}

void CsvTimeline::refuse(std::string_view text, std::size_t line) {
  const std::string place = "line " + std::to_string(line);
  if (table_.times)
    throw Failure(table_.file + ": " + place + ", " + describe_column(table_, column_) + ": " + quoted(text) +
                  " is no time");
  unreadable_ = quoted(text) + " in " + place;
  kind_ = Kind::none;
}

Timeline CsvTimeline::timeline() {
  if (kind_ == Kind::none) return {};
  Timeline time = kind_ == Kind::texts ? timeline_of_texts() : timeline_of_numbers();
  time.column = describe_column(table_, column_);
  time.start = start_;
  return time;
}

Timeline CsvTimeline::timeline_of_texts() {
  Timeline time;
  time.decimals = decimals_;
  time.notation = !first_.has_date ? TimeNotation::clock
                  : has_zone_      ? TimeNotation::utc
                  : has_clock_     ? TimeNotation::date
                                   : TimeNotation::day;
  if (!first_.has_date) pass_midnights(values_);
  Timeline other = time;
  if (readable_[0]) keep_times(time, std::move(values_));
  if (day_first_.empty() || !readable_[1]) return time;
  keep_times(other, std::move(day_first_));
  // Where both orders are days, the one with fewer gaps; else the usual one.
  const bool usual_other = first_.separator != '/';
  const bool takes_other =
      !readable_[0] ||
      (time.gaps.size() == other.gaps.size() ? usual_other : other.gaps.size() < time.gaps.size());
  return takes_other ? other : time;
}

Timeline CsvTimeline::timeline_of_numbers() {
  Timeline time;
  if (kind_ == Kind::counts) {
    keep_counts(time, values_);
    restarts_ = std::all_of(time.gaps.begin(), time.gaps.end(),
                            [&](std::size_t row) { return values_[row] < values_[row - 1]; });
  } else if (kind_ == Kind::numbers) {
    keep_numbers(time, std::move(values_));
  } else {
    const double unit = unit_ > 0 ? unit_ : unit_of_times(values_);
    for (double& value : values_) value *= unit;
    time.notation = TimeNotation::seconds;
    // Of milliseconds, three decimals more.
    time.decimals =
        std::min(decimals_ + static_cast<unsigned>(std::max(0.0, std::round(-std::log10(unit)))), 9u);
    keep_times(time, std::move(values_));
  }
  return time;
}

void CsvTimeline::tell(const Timeline& time, std::vector<std::string>& notes) const {
  const std::string column = table_.file + ": " + describe_column(table_, column_);
  if (!unreadable_.empty()) {
    notes.push_back(column + " holds times, but " + unreadable_ + " is none: gaps in time are not noticed");
    return;
  }
  const std::string rate = time.interval > 0 ? ": " + describe_rate(time.interval) : "";
  const std::string jumps = time.gaps.empty() ? ""
                                              : (restarts_ ? "restarts at " : "jumps at ") +
                                                    rows_of_gaps(time) + ": windows do not span these";
  const std::string told = rate + (jumps.empty() ? "" : "; it " + jumps);
  const auto left_out = std::find_if(table_.left_out.begin(), table_.left_out.end(),
                                     [&](const LeftOut& other) { return other.column == column_; });
  const auto note = left_out == table_.left_out.end()
                        ? notes.end()
                        : std::find(notes.begin(), notes.end(), left_out_note(table_, *left_out));
  if (note != notes.end()) {
    *note += told;
  } else if (table_.times) {
    notes.push_back(column + (kind_ == Kind::counts ? " counts rows" : " holds times") + told);
  } else if (!jumps.empty()) {
    notes.push_back(column + " " + jumps);
  }
}

}  // namespace tool
