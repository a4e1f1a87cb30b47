#include "tools/inference/recording_fill.hpp"

#include <algorithm>
#include <cmath>

#include "tools/data/windows.hpp"

namespace tool {
namespace {

// What windows say of a reading.
struct Said {
  double sum = 0, squares = 0, variances = 0, count = 0;

  void add(double mean, double deviation) {
    sum += mean, squares += mean * mean, variances += deviation * deviation, ++count;
  }
  double mean() const { return sum / count; }
  double deviation() const {
    return std::sqrt(variances / count + std::max(0.0, squares / count - mean() * mean()));
  }
};

// The windows of which something is missing.
Examples with_gaps(const Examples& windows) {
  std::vector<float> row(windows.data.columns);
  std::vector<std::size_t> kept;
  for (std::size_t n = 0; n < windows.data.rows; ++n) {
    windows.data.row(n, row.data());
    if (std::any_of(row.begin(), row.end(), [](float reading) { return std::isnan(reading); }))
      kept.push_back(n);
  }
  return {take_rows(windows.data, kept), windows.kind, windows.seed};
}

class Collector {
 public:
  explicit Collector(const Dataset& windows)
      : windows_(windows),
        recording_(*windows.recording),
        recorded_(recording_.rows * recording_.columns),
        said_(recorded_.size()) {
    for (std::size_t row = 0; row < recording_.rows; ++row)
      recording_.row(row, &recorded_[row * recording_.columns]);
  }

  // What window n says: [visible] of means and of deviations.
  void add(std::size_t n, const float* means, const float* deviations) {
    const Windows& cut = windows_.windows;
    readings_.assign(means, means + cut.units());
    deviations_.assign(cut.units(), 0);
    add_level(windows_, n, readings_.data());
    const std::size_t first = windows_.ends[n] + 1 - cut.length * cut.decimation;
    double variance = 0;
    for (std::size_t unit = 0; unit < readings_.size(); ++unit) {
      const std::size_t channel = unit / cut.length, row = first + unit % cut.length * cut.decimation;
      const float recorded = mean_of(row, channel);
      // A reading that is found by differences is as uncertain as all of them since the last recorded one.
      if (unit % cut.length == 0 || cut.detrend != Detrend::differences) variance = 0;
      if (!std::isnan(recorded)) {
        variance = 0;
        readings_[unit] = recorded;
        continue;
      }
      variance += std::pow(static_cast<double>(deviations[unit]), 2);
      deviations_[unit] = static_cast<float>(std::sqrt(variance));
      if (!std::isfinite(readings_[unit])) continue;
      for (std::size_t k = row; k < row + cut.decimation; ++k)
        said_[k * cut.channels + channel].add(static_cast<double>(readings_[unit]),
                                              static_cast<double>(deviations_[unit]));
    }
  }

  // Of the window added last, [visible]: the readings with their level, and the deviations of those that were
  // filled in; 0 where one was recorded.
  const float* readings() const { return readings_.data(); }
  const float* deviations() const { return deviations_.data(); }

  FilledRecording filled() const {
    FilledRecording found;
    found.readings = recorded_;
    found.deviations.resize(said_.size());
    for (std::size_t n = 0; n < said_.size(); ++n) {
      if (!std::isnan(found.readings[n])) continue;
      ++found.missing;
      found.left += said_[n].count == 0;
      if (said_[n].count == 0) continue;
      found.readings[n] = static_cast<float>(said_[n].mean());
      found.deviations[n] = static_cast<float>(said_[n].deviation());
    }
    return found;
  }

 private:
  // A decimated reading; NaN where one of its rows is missing.
  float mean_of(std::size_t row, std::size_t channel) const {
    double sum = 0;
    for (std::size_t k = row; k < row + windows_.windows.decimation; ++k)
      sum += static_cast<double>(recorded_[k * recording_.columns + channel]);
    return static_cast<float>(sum / static_cast<double>(windows_.windows.decimation));
  }

  const Dataset& windows_;
  const Dataset& recording_;
  std::vector<float> recorded_;  // [rows][channels]
  std::vector<Said> said_;       // [rows][channels]
  std::vector<float> readings_, deviations_;
};

}  // namespace

FilledRecording fill_recording(const Model& model, const Examples& windows, const MeasuredOptions& options,
                               const Workers& workers,
                               const std::function<void(const float*, const float*)>& seen) {
  const Examples lacking = with_gaps(windows);
  Collector collector(lacking.data);
  if (lacking.data.rows > 0)
    run_over_measured(model, lacking, lacking.data.rows, options, workers,
                      [&](std::size_t n, const float*, const float* means, const float* deviations) {
                        collector.add(n, means, deviations);
                        seen(collector.readings(), collector.deviations());
                      });
  return collector.filled();
}

}  // namespace tool
