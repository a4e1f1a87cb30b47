#include "tools/data/windows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "rbm/quantized.h"
#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/dataset.hpp"
#include "tools/data/detrend.hpp"

namespace tool {
namespace {

/// Rows of a recording without a gap between them.
struct Run {
  std::size_t begin, end;
};

bool lacks_reading(const Dataset& recording, std::size_t row, std::vector<float>& readings) {
  recording.row(row, readings.data());
  return std::any_of(readings.begin(), readings.end(), [](float reading) { return std::isnan(reading); });
}

std::vector<Run> find_runs(const Dataset& recording, bool missing_allowed) {
  std::vector<Run> runs;
  std::vector<float> readings(recording.columns);
  auto gap = recording.time.gaps.begin();
  bool open = false;
  for (std::size_t row = 0; row < recording.rows; ++row) {
    while (gap != recording.time.gaps.end() && *gap < row) ++gap;
    if (gap != recording.time.gaps.end() && *gap == row) open = false;
    if (!missing_allowed && lacks_reading(recording, row, readings)) {
      open = false;
      continue;
    }
    if (!open) runs.push_back({row, row});
    open = true;
    runs.back().end = row + 1;
  }
  return runs;
}

std::size_t windows_in(std::size_t rows, const Windows& windows) {
  return rows < windows.rows() ? 0 : 1 + (rows - windows.rows()) / (windows.hop * windows.decimation);
}

/// The rows that windows begin with. A missing reading leaves out those that span it, and moves no other: so
/// does a device, whose stream goes on.
std::vector<std::size_t> find_windows(const Dataset& recording, const Windows& windows,
                                      bool missing_allowed) {
  std::vector<std::size_t> begins, lacking;  // rows that lack a reading
  std::vector<float> readings(recording.columns);
  for (std::size_t row = 0; !missing_allowed && row < recording.rows; ++row)
    if (lacks_reading(recording, row, readings)) lacking.push_back(row);
  for (const Run& run : find_runs(recording, true))
    for (std::size_t k = 0; k < windows_in(run.end - run.begin, windows); ++k) {
      const std::size_t begin = run.begin + k * windows.hop * windows.decimation;
      const auto next = std::lower_bound(lacking.begin(), lacking.end(), begin);
      if (next == lacking.end() || *next >= begin + windows.rows()) begins.push_back(begin);
    }
  return begins;
}

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// The mean of readings that are rounded to steps, rounded to nearest, halves up; RBM_MISSING if one is.
std::int16_t mean_in_steps(const float* readings, std::size_t count, float step) {
  const auto divisor = static_cast<std::int64_t>(count);
  std::int64_t sum = divisor / 2;
  for (std::size_t n = 0; n < count; ++n) {
    if (std::isnan(readings[n])) return RBM_MISSING;
    sum += in_steps(readings[n], step);
  }
  return static_cast<std::int16_t>(sum / divisor - (sum % divisor < 0));
}

/// Readings of a recording, decimated, and windows of them.
class Cutter {
 public:
  Cutter(const Dataset& recording, const Windows& windows, const std::vector<float>& steps)
      : recording_(recording),
        windows_(windows),
        steps_(steps),
        row_(windows.channels),
        rows_(windows.rows() * windows.channels),
        span_(windows.span()),
        span_in_steps_(windows.span()),
        out_(windows.length),
        out_in_steps_(windows.length) {}

  /// Reads the rows of a window. [channel][span] of their decimated readings are then what raw() returns.
  void see(std::size_t first_row) {
    for (std::size_t n = 0; n < windows_.rows(); ++n) {
      recording_.row(first_row + n, row_.data());
      for (std::size_t c = 0; c < row_.size(); ++c) rows_[c * windows_.rows() + n] = row_[c];
    }
  }

  /// [span]: the decimated readings of a channel.
  const std::vector<double>& raw(std::size_t channel) {
    const float* from = &rows_[channel * windows_.rows()];
    for (double& reading : span_) {
      double sum = 0;
      for (std::size_t n = 0; n < windows_.decimation; ++n) sum += static_cast<double>(*from++);
      reading = sum / static_cast<double>(windows_.decimation);
    }
    return span_;
  }

  /// [length]: a channel without its level.
  void channel(std::size_t channel, float* out) {
    if (!steps_.empty()) return channel_in_steps(channel, out);
    take_level(windows_.detrend, raw(channel).data(), windows_.length, out_.data());
    for (std::size_t t = 0; t < windows_.length; ++t) out[t] = static_cast<float>(out_[t]);
  }

 private:
  void channel_in_steps(std::size_t channel, float* out) {
    const float* from = &rows_[channel * windows_.rows()];
    const float step = steps_[channel];
    for (std::int16_t& reading : span_in_steps_) {
      reading = mean_in_steps(from, windows_.decimation, step);
      from += windows_.decimation;
    }
    rbm_detrend(static_cast<unsigned>(windows_.detrend), span_in_steps_.data(), windows_.length,
                out_in_steps_.data());
    for (std::size_t t = 0; t < windows_.length; ++t)
      out[t] = out_in_steps_[t] == RBM_MISSING ? missing : static_cast<float>(out_in_steps_[t]) * step;
  }

  const Dataset& recording_;
  const Windows windows_;
  const std::vector<float>& steps_;
  std::vector<float> row_, rows_;  // [channels]; [channels][rows of a window]
  std::vector<double> span_;
  std::vector<std::int16_t> span_in_steps_;
  std::vector<double> out_;
  std::vector<std::int16_t> out_in_steps_;
};

void check_size(const Dataset& recording, const Windows& windows, std::size_t count) {
  constexpr std::size_t most_values = std::size_t{1} << 29;
  if (count > 0 && windows.units() > most_values / count)
    throw Failure(recording.name + ": " + counted(count, "window") + " of " +
                  counted(windows.units(), "reading") + " are too many: take a longer --hop");
}

void check_recording(const Dataset& recording, const Windows& windows) {
  if (recording.has_pictures || recording.kind != DataKind::readings)
    throw Failure(recording.name + ": is no table of readings: windows are cut from those alone");
  check_columns(recording.name, windows.units());
}

[[noreturn]] void refuse_short(const Dataset& recording, const Windows& windows,
                               const std::vector<Run>& runs) {
  std::size_t longest = 0;
  for (const Run& run : runs) longest = std::max(longest, run.end - run.begin);
  const std::string of_rows =
      windows.decimation == 1 && windows.span() == windows.length
          ? std::to_string(windows.length)
          : std::to_string(windows.length) + ", which spans " + counted(windows.rows(), "row");
  if (longest == recording.rows)
    throw Failure(recording.name + ": has " + counted(recording.rows, "reading") +
                  (recording.columns == 1 ? "" : " of each channel") + ", fewer than a window of " + of_rows);
  throw Failure(recording.name + ": has no more than " + counted(longest, "reading") +
                " without a gap, fewer than a window of " + of_rows);
}

/// Whether all rows that a window spans have one label, or none of them has one.
bool has_one_label(const Dataset& cut, std::size_t window) {
  const std::vector<std::int32_t>& labels = cut.recording->classes;
  const auto end = labels.begin() + static_cast<std::ptrdiff_t>(cut.ends[window] + 1);
  const auto begin = end - static_cast<std::ptrdiff_t>(cut.windows.rows());
  return std::all_of(begin, end, [&](std::int32_t label) { return label == *begin; });
}

/// Adds a window, which begins at this row.
void add_window(Cutter& cutter, std::size_t first_row, const Dataset& recording, Dataset& cut) {
  const Windows& windows = cut.windows;
  cutter.see(first_row);
  const std::size_t begin = cut.values.size();
  cut.values.resize(begin + windows.units());
  for (std::size_t c = 0; c < windows.channels; ++c)
    cutter.channel(c, &cut.values[begin + c * windows.length]);
  const std::size_t end = first_row + windows.rows();
  cut.ends.push_back(end - 1);
  if (!recording.labels.empty())
    cut.labels.push_back(std::any_of(recording.labels.begin() + static_cast<std::ptrdiff_t>(first_row),
                                     recording.labels.begin() + static_cast<std::ptrdiff_t>(end),
                                     [](std::uint8_t label) { return label != 0; }));
  if (!recording.classes.empty())
    cut.classes.push_back(has_one_label(cut, cut.rows) ? recording.classes[first_row] : no_label);
  ++cut.rows;
}

std::string channel_name(const Columns& columns, std::size_t channel, std::size_t channels) {
  if (channel < columns.names.size()) return columns.names[channel];
  return channels == 1 ? "reading" : "channel" + std::to_string(channel + 1);
}

}  // namespace

std::int16_t in_steps(float reading, float step) {
  if (std::isnan(reading)) return RBM_MISSING;
  return static_cast<std::int16_t>(std::lrint(std::clamp(reading / step, -32767.0f, 32767.0f)));
}

Dataset cut_windows(Dataset given, Windows windows, const Cutting& cutting) {
  windows.channels = given.columns;
  windows.hop = std::max<std::size_t>(1, windows.hop);
  check_recording(given, windows);
  const auto recording = std::make_shared<const Dataset>(std::move(given));
  const std::vector<std::size_t> begins = find_windows(*recording, windows, cutting.missing);
  const std::size_t count = begins.size();
  if (count == 0) refuse_short(*recording, windows, find_runs(*recording, cutting.missing));
  check_size(*recording, windows, count);
  Dataset cut;
  cut.name = recording->name;
  cut.kind = DataKind::readings;
  cut.columns = cut.width = windows.units();
  cut.height = 1;
  cut.taken.total = cut.columns;
  cut.taken.names = window_names(recording->taken, windows);
  cut.is_text = recording->is_text;
  cut.label_names = recording->label_names;
  cut.label_name = recording->label_name;
  cut.time = recording->time;
  cut.windows = windows;
  cut.recording = recording;
  cut.notes = recording->notes;
  cut.values.reserve(count * cut.columns);
  Cutter cutter(*recording, windows, cutting.steps);
  for (const std::size_t begin : begins) add_window(cutter, begin, *recording, cut);
  const std::size_t without_gaps = windows_in(recording->rows, windows);
  cut.notes.push_back(
      cut.name + ": " + grouped(count) + (count == 1 ? " window" : " windows") + " of " + to_text(windows) +
      (without_gaps > count ? "; " + grouped(without_gaps - count) + " that would span gaps " +
                                  (without_gaps == count + 1 ? "is" : "are") + " left out"
                            : ""));
  return cut;
}

void add_level(const Dataset& data, std::size_t n, float* readings) {
  const Windows& windows = data.windows;
  Cutter cutter(*data.recording, windows, {});
  cutter.see(data.ends[n] + 1 - windows.rows());
  std::vector<double> level(windows.length);
  for (std::size_t c = 0; c < windows.channels; ++c) {
    float* const channel = readings + c * windows.length;
    const std::vector<double>& raw = cutter.raw(c);
    if (windows.detrend != Detrend::differences)
      find_level(windows.detrend, raw.data(), windows.length, level.data());
    for (std::size_t t = 0; t < windows.length; ++t) {
      const bool follows = windows.detrend == Detrend::differences;
      const double before = !follows                      ? level[t]
                            : std::isnan(raw[t]) && t > 0 ? static_cast<double>(channel[t - 1])
                                                          : raw[t];
      channel[t] = static_cast<float>(before + static_cast<double>(channel[t]));
    }
  }
}

Recorded recorded_readings(const Dataset& data) {
  const Dataset& recording = *data.recording;
  const std::size_t channels = recording.columns, decimation = data.windows.decimation;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  Recorded found;
  for (std::size_t c = 0; c < channels; ++c) found.ranges.insert(found.ranges.end(), {infinity, -infinity});
  std::vector<float> row(channels), before(channels);
  std::vector<double> sums(channels);
  std::vector<std::size_t> equal(channels);
  for (const Run& run : find_runs(recording, false)) {
    std::fill(equal.begin(), equal.end(), 0);
    for (std::size_t first = run.begin; first + decimation <= run.end; first += decimation) {
      std::fill(sums.begin(), sums.end(), 0);
      bool odd = false;
      for (std::size_t n = first; n < first + decimation; ++n) {
        odd = odd || (!recording.labels.empty() && recording.labels[n] != 0);
        recording.row(n, row.data());
        for (std::size_t c = 0; c < channels; ++c) sums[c] += static_cast<double>(row[c]);
      }
      for (std::size_t c = 0; c < channels; ++c) {
        const auto reading = static_cast<float>(sums[c] / static_cast<double>(decimation));
        equal[c] = odd ? 0 : equal[c] > 0 && reading == before[c] ? equal[c] + 1 : 1;
        before[c] = reading;
        if (odd) continue;
        found.ranges[2 * c] = std::min(found.ranges[2 * c], reading);
        found.ranges[2 * c + 1] = std::max(found.ranges[2 * c + 1], reading);
        found.longest_equal = std::max(found.longest_equal, equal[c]);
      }
    }
  }
  return found;
}

std::string steps_text(const Columns& columns, const std::vector<float>& steps) {
  std::string text;
  for (std::size_t c = 0; c < steps.size(); ++c)
    text += (c > 0 ? ", " : "") + channel_name(columns, c, steps.size()) + " " + shortest(steps[c]);
  return text;
}

std::vector<std::string> window_names(const Columns& columns, const Windows& windows) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < windows.channels; ++c) {
    const std::string channel = channel_name(columns, c, windows.channels);
    for (std::size_t t = 0; t < windows.length; ++t) names.push_back(channel + "_" + std::to_string(t + 1));
  }
  return names;
}

Dataset take_rows(const Dataset& data, const std::vector<std::size_t>& rows) {
  Dataset taken = data;
  taken.rows = rows.size();
  taken.labels.clear();
  taken.classes.clear();
  taken.ends.clear();
  taken.places.clear();
  const bool stored = !data.stored.bytes.empty();
  if (!stored) taken.values.assign(rows.size() * data.columns, 0);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (stored)
      taken.places.push_back(data.place(rows[k]));
    else
      data.row(rows[k], &taken.values[k * data.columns]);
    if (!data.labels.empty()) taken.labels.push_back(data.labels[rows[k]]);
    if (!data.classes.empty()) taken.classes.push_back(data.classes[rows[k]]);
    if (!data.ends.empty()) taken.ends.push_back(data.ends[rows[k]]);
  }
  return taken;
}

void leave_out_odd(Dataset& data) {
  std::vector<std::size_t> normal;
  for (std::size_t n = 0; n < data.labels.size(); ++n)
    if (data.labels[n] == 0) normal.push_back(n);
  const std::size_t odd = data.labels.size() - normal.size();
  if (odd == 0) return;
  if (normal.empty()) throw Failure(data.name + ": all examples are labelled odd: none is left");
  data = take_rows(data, normal);
  data.notes.push_back(data.name + ": " + counted(odd, data.recording ? "window" : "example") +
                       " labelled odd " + (odd == 1 ? "is" : "are") + " left out");
}

void leave_out_changes(Dataset& data) {
  if (!data.recording || data.classes.empty()) return;
  std::vector<std::size_t> kept;
  for (std::size_t n = 0; n < data.rows; ++n)
    if (has_one_label(data, n)) kept.push_back(n);
  const std::size_t changes = data.rows - kept.size();
  if (changes == 0) return;
  if (kept.empty()) throw Failure(data.name + ": in every window labels change: take shorter ones");
  data = take_rows(data, kept);
  data.notes.push_back(data.name + ": " + counted(changes, "window") + " in which labels change " +
                       (changes == 1 ? "is" : "are") + " left out");
}

}  // namespace tool
