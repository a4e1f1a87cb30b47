#include "tools/data/csv_no_readings.hpp"

#include <algorithm>
#include <cmath>

#include "tools/base/failure.hpp"
#include "tools/data/csv_counter.hpp"
#include "tools/data/csv_number.hpp"
#include "tools/data/csv_steps.hpp"

namespace tool {
namespace {

enum class NameKind { none, other, nameless, row, time, perhaps_time, label, perhaps_label };

/// A name in small letters, without its unit and what is no letter: "Time (ms)", "time_s" and "TIME" are one.
std::string plain_name(std::string_view name) {
  name = name.substr(0, name.find_first_of("([/"));
  std::string plain;
  for (const char c : name) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c | ' ') : c;
    if (small != ' ' && small != '.' && small != '-' && small != ':' && small != '_') plain += small;
  }
  return plain;
}

NameKind kind_of_name(std::string_view name) {
  constexpr std::string_view rows[] = {
      "index",  "idx",      "id",  "row",      "rowid",  "rowindex", "rownumber",   "rownames",     "no",
      "nr",     "number",   "n",   "#",        "sample", "sampleid", "sampleindex", "samplenumber", "frame",
      "record", "recordid", "seq", "sequence", "count",  "counter",  "i",           "levelo",       "level0"};
  constexpr std::string_view times[] = {
      "time",         "times",    "timestamp",    "timestamps", "timestampms", "timestampus",
      "timestampns",  "timems",   "timeus",       "timens",     "timesec",     "timeseconds",
      "date",         "datetime", "tms",          "seconds",    "sec",         "secs",
      "milliseconds", "millis",   "ms",           "msec",       "micros",      "microseconds",
      "us",           "usec",     "epoch",        "elapsed",    "elapsedtime", "uptime",
      "clock",        "tick",     "ticks",        "unixtime",   "utc",         "localtime",
      "datetimeutc",  "timeutc",  "timestamputc", "unix",       "timeofday",   "day",
      "zeit",         "uhrzeit",  "datum"};
  constexpr std::string_view labels[] = {"label",     "labels",     "class",     "classes",     "target",
                                         "targets",   "species",    "category",  "digit",       "classid",
                                         "labelid",   "classlabel", "classname", "groundtruth", "anomaly",
                                         "isanomaly", "outlier",    "isoutlier"};
  const auto is_in = [&](const auto& words) {
    return std::find(std::begin(words), std::end(words), plain_name(name)) != std::end(words);
  };
  if (name.empty() || name.substr(0, 9) == "Unnamed: ") return NameKind::nameless;
  if (is_in(rows)) return NameKind::row;
  if (is_in(times)) return NameKind::time;
  if (is_in(labels)) return NameKind::label;
  if (plain_name(name) == "t") return NameKind::perhaps_time;  // or a temperature
  return plain_name(name) == "y" ? NameKind::perhaps_label : NameKind::other;
}

/// Whether the numbers of a column look like the classes of its rows: 0, 1, 2, ... or 1, 2, 3, ..., at least
/// three, about equally often. Judged by the first rows, so that a long file is not read twice.
class Classes {
 public:
  bool is_open() const { return possible_ && rows_ < enough; }

  void add(std::optional<double> value) {
    if (!is_open()) return;
    possible_ = value && *value >= 0 && *value < most && *value == std::floor(*value);
    if (!possible_) return;
    ++counts_[static_cast<std::size_t>(*value)];
    ++rows_;
  }

  bool look_so() const {
    constexpr std::size_t fewest = 3, rows_of_each = 10, uneven = 3;
    const auto* const first = counts_ + (counts_[0] == 0 ? 1 : 0);
    const auto* const last = std::find(first, counts_ + most, 0u);
    const auto count = static_cast<std::size_t>(last - first);
    return possible_ && count >= fewest && rows_ >= rows_of_each * count &&
           std::all_of(
               first, last,
               [&](std::size_t n) { return n * count * uneven >= rows_ && n * count <= rows_ * uneven; }) &&
           std::all_of(last, counts_ + most, [](std::size_t n) { return n == 0; });
  }

 private:
  static constexpr std::size_t most = 64, enough = 2000;
  std::size_t counts_[most] = {}, rows_ = 0;
  bool possible_ = true;
};

/// What a column that may hold no readings turned out to hold.
struct Candidate {
  std::size_t column;
  NameKind kind;
  bool all_times = true, all_numbers = true, all_whole = true;
  Steps steps{};
  Counter counter{};
  std::vector<double> values{};  ///< of a column without a name, whose row numbers may be shuffled
  Classes classes{};             ///< of a table without a heading

  /// Whether another row can still decide something.
  bool is_open() const {
    if (all_times || (kind == NameKind::none && classes.is_open())) return true;
    if (kind == NameKind::nameless) return all_whole;
    const bool may_count = column < 2 || kind == NameKind::row;
    return all_numbers && (steps.ascends() || (may_count && counter.is_possible()));
  }

  void add(const Cell& cell, bool comma) {
    const auto value = read_number(cell.text, comma);
    all_times = all_times && !value && kind_of(cell.text, comma) == CellKind::time;
    all_numbers = all_numbers && value;
    all_whole = all_whole && value && *value == std::floor(*value);
    if (kind == NameKind::none) classes.add(value);
    if (value) steps.add(*value, spelled_resolution(cell.text));
    if (value) counter.add(*value);
    if (kind == NameKind::nameless && all_whole) values.push_back(*value);
  }

  bool has_distinct_numbers() {
    if (!all_whole) return false;
    std::sort(values.begin(), values.end());
    return std::adjacent_find(values.begin(), values.end()) == values.end();
  }
};

constexpr const char* row_numbers = "holds row numbers";
constexpr const char* times = "holds times";
constexpr const char* labels = "holds labels";

struct Finding {
  const char* certain = nullptr;  ///< what the column holds; null: not certain
  const char* likely = nullptr;   ///< what it may hold; null: readings
  Role role = Role::times;        ///< where it is certain
};

/// Columns that ascend beside a first one: then it may be a reading as they are.
enum class Ramps {
  none,
  last,         ///< the last column
  all_counting  ///< all columns looked at, each by one
};

/// A first column without a telling name. A ramp may be a reading: the fewer its rows, and where other
/// columns ascend beside it, the less certain it is.
Finding judge_first_alone(const Candidate& first) {
  constexpr std::size_t fewest = 3, many = 20;
  const bool named = first.kind != NameKind::none;
  const std::size_t rows = first.steps.count();
  if (!first.all_numbers || rows < fewest) return {};
  if (first.steps.counts_from_start())
    return rows >= (named ? many : fewest) ? Finding{row_numbers, nullptr, Role::row_numbers}
                                           : Finding{nullptr, row_numbers};
  constexpr std::size_t some = 5;
  const bool equal = first.steps.has_equal_steps();
  if (equal && !named && rows >= many) return {"ascends in equal steps, as times do,"};
  return first.steps.ascends() && rows >= (equal ? some : many) ? Finding{nullptr, times} : Finding{};
}

Finding judge_first(const Candidate& first, Ramps beside) {
  const Finding finding = judge_first_alone(first);
  if (beside == Ramps::none) return finding;
  if (beside == Ramps::all_counting || finding.certain == nullptr) return {};
  return {nullptr, first.steps.counts_from_start() ? row_numbers : times};
}

/// A column called t ascends in equal steps or over several rows, or may be a temperature.
Finding judge_t(bool all_numbers, const Steps& steps) {
  constexpr std::size_t few = 3, several = 8;
  const bool certain =
      all_numbers && steps.ascends() && steps.count() >= (steps.has_equal_steps() ? few : several);
  return certain ? Finding{times} : Finding{nullptr, times};
}

/// Behind a first column that holds none, a second may be judged as it was.
Finding judge(Candidate& candidate, bool may_be_first, Ramps beside) {
  if (candidate.all_times) return {times};
  switch (candidate.kind) {
    case NameKind::label:
      return {"holds labels, by its name,", nullptr, Role::labels};
    case NameKind::perhaps_label:
      return {nullptr, labels};
    case NameKind::time:
      return candidate.all_numbers && candidate.steps.ascends() ? Finding{times} : Finding{nullptr, times};
    case NameKind::perhaps_time:
      return judge_t(candidate.all_numbers, candidate.steps);
    case NameKind::row:
      return candidate.all_numbers && candidate.steps.counts()
                 ? Finding{row_numbers, nullptr, Role::row_numbers}
                 : Finding{nullptr, row_numbers};
    case NameKind::nameless:
      return candidate.has_distinct_numbers() ? Finding{row_numbers, nullptr, Role::row_numbers} : Finding{};
    case NameKind::none:
    case NameKind::other:
      break;
  }
  if (!may_be_first) return {};
  if (candidate.all_numbers && candidate.counter.counts_alone())
    return {row_numbers, nullptr, Role::row_numbers};
  return judge_first(candidate, beside);
}

/// Columns whose name or first field tells of no readings, the first two and the last.
std::vector<Candidate> find_candidates(const std::vector<Cell>& first_row, bool comma, const Table& table) {
  const bool has_x = std::any_of(table.names.begin(), table.names.end(),
                                 [](const std::string& name) { return plain_name(name) == "x"; });
  std::vector<Candidate> candidates;
  for (std::size_t j = 0; j < first_row.size(); ++j) {
    NameKind kind = table.names.empty() ? NameKind::none : kind_of_name(table.names[j]);
    if (kind == NameKind::perhaps_label && has_x) kind = NameKind::other;  // x and y are places
    if (kind == NameKind::nameless && j > 0) kind = NameKind::other;
    const bool told = kind != NameKind::none && kind != NameKind::other;
    if (told || j < 2 || j + 1 == first_row.size() || kind_of(first_row[j].text, comma) == CellKind::time)
      candidates.push_back({j, kind});
  }
  return candidates;
}

}  // namespace

std::vector<std::string> find_no_readings(CsvRows rows, bool comma, Table& table) {
  std::vector<std::string> notes;
  std::vector<Cell> cells;
  CsvRows first = rows;
  if (table.total < 2 || !first.next(cells) || cells.size() != table.total) return notes;
  std::vector<Candidate> candidates = find_candidates(cells, comma, table);
  bool open = true;
  while (open && rows.next(cells) && cells.size() == table.total) {
    open = false;
    for (Candidate& candidate : candidates) {
      if (!candidate.is_open()) continue;
      candidate.add(cells[candidate.column], comma);
      open = open || (&candidate != &candidates.back() && candidate.is_open());
    }
  }
  const Candidate& last = candidates.back();
  const bool beside_ramp = last.all_numbers && last.steps.ascends();
  const bool all_count = std::all_of(candidates.begin(), candidates.end(), [](const Candidate& candidate) {
    return candidate.all_numbers && candidate.steps.counts();
  });
  const Ramps ramps = all_count ? Ramps::all_counting : beside_ramp ? Ramps::last : Ramps::none;
  // Where several columns look like classes, they are readings of a few steps.
  const auto looks_like_classes = [](const Candidate& candidate) { return candidate.classes.look_so(); };
  const bool one_of_classes = std::count_if(candidates.begin(), candidates.end(), looks_like_classes) == 1;
  for (Candidate& candidate : candidates) {
    const bool may_be_first = candidate.column == table.left_out.size() && candidate.column < 2;
    Finding finding = judge(candidate, may_be_first, ramps);
    const bool outermost = candidate.column == 0 || candidate.column + 1 == table.total;
    if (finding.certain == nullptr && outermost && one_of_classes && looks_like_classes(candidate))
      finding.likely = labels;
    if (finding.certain != nullptr)
      table.left_out.push_back({candidate.column, finding.certain, finding.role});
    if (finding.likely == nullptr || has_role(table, candidate.column)) continue;
    notes.push_back(table.file + ": " + describe_column(table, candidate.column) +
                    " is read as data, but perhaps " + finding.likely +
                    (finding.likely == labels ? "; --labels takes it as such, --columns leaves it out"
                                              : "; --columns leaves it out"));
  }
  return notes;
}

}  // namespace tool
