#include "tools/commands/data_facts.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"
#include "tools/base/text.hpp"
#include "tools/data/column_list.hpp"
#include "tools/data/columns.hpp"
#include "tools/data/label_collector.hpp"
#include "tools/model/visible_groups.hpp"
#include "tools/training/standardization.hpp"

namespace tool {
namespace {

std::string padded_left(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

// What names the columns of a table, and which of them are taken.
void add_columns(Facts& facts, const Dataset& data) {
  const Columns& taken = data.taken;
  if (data.heading_line > 0)
    facts.add(
        "heading",
        "line " + std::to_string(data.heading_line) + ": " + to_one_line(beginning(list_names(taken.names))),
        "heading_line", data.heading_line);
  if (takes_all(taken)) return;
  const std::string numbers = to_text(Columns{taken.total, taken.numbers, {}});
  facts.add("columns taken", beginning(numbers) + " of " + grouped(taken.total), "column_numbers", numbers);
}

// Readings, and the units that training makes of them.
void add_readings(Facts& facts, const Dataset& data) {
  const ReadingStatistics statistics = measure_readings(data);
  std::vector<float> values(data.rows * data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) data.row(n, &values[n * data.columns]);
  const char* const scale = statistics.is_one_signal ? "all" : "each";
  facts.add("readings", to_text(statistics.groups), "visible_groups", to_text(statistics.groups))
      .add("scale in training",
           std::string(scale) + (statistics.is_one_signal ? ": one signal over time"
                                                          : ": columns are no one signal over time"),
           "scale", scale)
      .line("", "    minimum       mean    maximum  deviation");
  add_spread(facts, "values", values.data(), values.size(), true);
}

// From the first moment to the last, and the time that its row takes.
double duration_of(const Dataset& recording) {
  const Timeline& time = recording.time;
  if (time.seconds.empty()) return static_cast<double>(recording.rows) * time.interval;
  const auto [first, last] = std::minmax_element(time.seconds.begin(), time.seconds.end());
  return *last - *first + time.interval;
}

// When the rows of a recording were taken, and which of them are odd.
void add_recording(Facts& facts, const Dataset& recording) {
  const Timeline& time = recording.time;
  if (!time.column.empty() || time.interval > 0)
    facts.line("recording", counted(recording.rows, "row") + " of " + counted(recording.columns, "channel"));
  if (time.interval > 0)
    facts.add("rate", describe_rate(time.interval), "interval", time.interval)
        .add("duration", describe_duration(duration_of(recording)), "duration", duration_of(recording))
        .add("first row", "at " + time_of_row(time, 0), "start", time_of_row(time, 0));
  if (!time.column.empty())
    facts.add("gaps",
              time.gaps.empty() ? "none" : grouped(time.gaps.size()) + ", before " + rows_of_gaps(time),
              "gaps", time.gaps.size());
  if (recording.labels.empty()) return;
  const auto odd = static_cast<std::size_t>(std::count(recording.labels.begin(), recording.labels.end(), 1));
  facts.add("odd rows", grouped(odd) + " of " + grouped(recording.labels.size()), "odd", odd);
}

// How many examples there are of each label.
void add_labels(Facts& facts, const Dataset& data) {
  if (data.classes.empty()) return;
  const std::vector<std::size_t> counts = label_counts(data);
  const auto without =
      static_cast<std::size_t>(std::count(data.classes.begin(), data.classes.end(), no_label));
  facts.add("labels",
            grouped(counts.size()) +
                (without == 0 ? ""
                              : "; " + grouped(without) + (without == 1 ? " example has" : " examples have") +
                                    (data.recording ? " none, or several" : " none")),
            "labels", counts.size());
  facts.field("unlabelled", without);
  constexpr std::size_t most_lines = 20, count_width = 10;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    facts.field("label." + data.label_names[k], counts[k]);
    if (k < most_lines)
      facts.line("", padded_left(grouped(counts[k]), count_width) + "  " + to_one_line(data.label_names[k]));
  }
  if (counts.size() > most_lines) facts.line("", "and " + grouped(counts.size() - most_lines) + " more");
}

void add_intensities(Facts& facts, const Dataset& data) {
  RowReader read(data);
  double sum = 0;
  std::size_t on = 0;
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::vector<float>& row = read(n);
    for (const float intensity : row) {
      sum += static_cast<double>(intensity);
      on += intensity >= 0.5f;
    }
  }
  const auto values = static_cast<double>(data.rows) * static_cast<double>(data.columns);
  const double mean = sum / values, share = static_cast<double>(on) / values;
  const auto units = [&](double part) {
    return fixed(100 * part, 1) + " % of units, " + fixed(part * static_cast<double>(data.columns), 1) +
           " of " + grouped(data.columns);
  };
  facts.add("intensity 1", "is " + shortest(data.maximum) + " in the file", "maximum", data.maximum)
      .add("mean intensity", fixed(mean, 4), "mean_intensity", mean)
      .line("on if sampled", units(mean))
      .add("on if thresholded", units(share), "share_on", share);
}

}  // namespace

std::string beginning(const std::string& list) {
  constexpr std::size_t longest = 60;
  if (list.size() <= longest) return list;
  std::size_t end = list.rfind(',', longest) + 1;
  if (end == 0) end = longest;
  while (end > 0 && (static_cast<unsigned char>(list[end]) & 0xc0) == 0x80) --end;
  return list.substr(0, end) + "...";
}

void add_spread(Facts& facts, const std::string& name, const float* values, std::size_t size, bool in_units) {
  const auto [minimum, maximum] = std::minmax_element(values, values + size);
  const auto count = static_cast<double>(size);
  double sum = 0, squares = 0;
  for (std::size_t n = 0; n < size; ++n) sum += static_cast<double>(values[n]);
  const double mean = sum / count;
  for (std::size_t n = 0; n < size; ++n) squares += std::pow(static_cast<double>(values[n]) - mean, 2);
  const double deviation = std::sqrt(squares / count);
  std::string columns;
  for (const double figure : {static_cast<double>(*minimum), mean, static_cast<double>(*maximum), deviation})
    columns +=
        padded_left(in_units || std::fabs(figure) >= 1e4 ? significant(figure, 4) : fixed(figure, 4), 11);
  facts.line(name, columns)
      .field(name + "_minimum", *minimum)
      .field(name + "_mean", mean)
      .field(name + "_maximum", *maximum)
      .field(name + "_deviation", deviation);
}

Facts data_facts(const Dataset& data) {
  const bool is_row = data.kind == DataKind::readings && !data.has_pictures;
  const Shape shape = is_row ? Shape{1, data.columns} : Shape{data.height, data.width};
  Facts facts;
  facts.field("kind", "data")
      .add("data", data.name, "file", data.name)
      .add("examples", grouped(data.rows), "examples", data.rows)
      .add("values", grouped(data.columns) + " each" + (is_row ? "" : ", as a picture " + to_text(shape)),
           "columns", data.columns)
      .field("height", shape.height)
      .field("width", shape.width);
  add_columns(facts, data);
  add_recording(facts, data.recording ? *data.recording : data);
  add_labels(facts, data);
  if (data.kind == DataKind::readings)
    add_readings(facts, data);
  else
    add_intensities(facts, data);
  return facts;
}

}  // namespace tool
