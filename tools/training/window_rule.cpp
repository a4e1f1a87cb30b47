#include "tools/training/window_rule.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/base/text.hpp"
#include "tools/data/windows.hpp"
#include "tools/training/detrend_choice.hpp"

namespace tool {
namespace {

constexpr std::size_t stretch = 256;

/// At most about 64 stretches of readings, spread over the recording, as windows; none where it is shorter.
std::optional<Dataset> cut_stretches(const Dataset& recording, Detrend detrend, std::size_t decimation) {
  constexpr std::size_t most_stretches = 64;
  Windows windows;
  windows.length = stretch;
  windows.decimation = decimation;
  windows.detrend = detrend;
  windows.hop = std::max(stretch / 2, recording.rows / decimation / most_stretches);
  try {
    return cut_windows(recording, windows);
  } catch (const Failure&) {
    return std::nullopt;
  }
}

/// [channels][stretch / 2 + 1]: the power of each frequency, of all stretches, which are tapered (Hann).
std::vector<std::vector<double>> find_power(const Dataset& stretches) {
  constexpr double turn = 6.283185307179586;
  std::vector<double> cosines(stretch), sines(stretch), taper(stretch);
  for (std::size_t t = 0; t < stretch; ++t) {
    const double angle = turn * static_cast<double>(t) / static_cast<double>(stretch);
    cosines[t] = std::cos(angle);
    sines[t] = std::sin(angle);
    taper[t] = 0.5 - 0.5 * cosines[t];
  }
  const std::size_t channels = stretches.windows.channels;
  std::vector<std::vector<double>> power(channels, std::vector<double>(stretch / 2 + 1));
  for (std::size_t n = 0; n < stretches.rows; ++n)
    for (std::size_t c = 0; c < channels; ++c) {
      const float* const values = &stretches.values[n * stretches.columns + c * stretch];
      for (std::size_t k = 0; k < power[c].size(); ++k) {
        double real = 0, imaginary = 0;
        for (std::size_t t = 0; t < stretch; ++t) {
          const double value = taper[t] * static_cast<double>(values[t]);
          real += value * cosines[k * t % stretch];
          imaginary += value * sines[k * t % stretch];
        }
        power[c][k] += real * real + imaginary * imaginary;
      }
    }
  return power;
}

std::size_t choose_decimation(const Dataset& recording) {
  constexpr std::size_t most = 64;
  constexpr double most_lost = 0.15;
  const std::optional<Dataset> changes = cut_stretches(recording, Detrend::differences, 1);
  if (!changes) return 1;
  const std::vector<std::vector<double>> power = find_power(*changes);
  const auto loses_little = [&](std::size_t decimation) {
    return std::all_of(power.begin(), power.end(), [&](const std::vector<double>& of_channel) {
      double all = 0, lost = 0;
      for (std::size_t k = 0; k < of_channel.size(); ++k) {
        all += of_channel[k];
        if (k > stretch / 2 / decimation) lost += of_channel[k];
      }
      return lost <= most_lost * all;
    });
  };
  std::size_t decimation = 1;
  while (2 * decimation <= most && loses_little(2 * decimation)) decimation *= 2;
  return decimation;
}

/// [stretch / 2 + 1]: the mean of the channels' autocorrelations.
std::vector<double> find_autocorrelation(const Dataset& stretches) {
  const std::size_t channels = stretches.windows.channels;
  std::vector<double> mean(stretch / 2 + 1);
  for (std::size_t c = 0; c < channels; ++c) {
    std::vector<double> products(mean.size());
    for (std::size_t n = 0; n < stretches.rows; ++n) {
      const float* const values = &stretches.values[n * stretches.columns + c * stretch];
      for (std::size_t lag = 0; lag < products.size(); ++lag)
        for (std::size_t t = lag; t < stretch; ++t)
          products[lag] += static_cast<double>(values[t]) * static_cast<double>(values[t - lag]) /
                           static_cast<double>(stretch - lag);
    }
    for (std::size_t lag = 0; lag < mean.size() && products[0] > 0; ++lag)
      mean[lag] += products[lag] / products[0] / static_cast<double>(channels);
  }
  return mean;
}

/// The first peak that is nearly as high as the highest, as a wave has one at each multiple of its period.
std::vector<double>::const_iterator first_high_peak(std::vector<double>::const_iterator begin,
                                                    std::vector<double>::const_iterator end) {
  constexpr double nearly = 0.9;
  const auto highest = std::max_element(begin, end);
  if (highest == end) return end;
  const auto high = [&](double value) { return value >= nearly * *highest; };
  const auto first = std::find_if(begin, end, high);
  return std::max_element(first, std::find_if_not(first, end, high));
}

std::size_t choose_length(const Dataset& recording, std::size_t decimation) {
  constexpr std::size_t usual = 32, shortest_period = 8, fewest_windows = 20;
  constexpr double least_correlation = 0.3;
  std::size_t length = usual;
  if (const auto stretches = cut_stretches(recording, Detrend::trend, decimation)) {
    const std::vector<double> correlation = find_autocorrelation(*stretches);
    const auto crossing =
        std::find_if(correlation.begin(), correlation.end(), [](double value) { return value < 0; });
    const auto peak = first_high_peak(crossing, correlation.end());
    if (peak != correlation.end() && *peak >= least_correlation &&
        static_cast<std::size_t>(peak - correlation.begin()) >= shortest_period) {
      length = static_cast<std::size_t>(peak - correlation.begin());
    } else if (crossing != correlation.end()) {
      const double as_of_wave = 4 * static_cast<double>(crossing - correlation.begin());
      length =
          std::size_t{1} << static_cast<unsigned>(std::clamp(std::round(std::log2(as_of_wave)), 4.0, 6.0));
    }
  }
  while (length > shortest_period && length * fewest_windows > recording.rows / decimation) length /= 2;
  return length;
}

}  // namespace

bool looks_like_recording(const Dataset& data) {
  constexpr std::size_t most_channels = 16, fewest_rows = 100;
  constexpr double alike = 0.5;
  if (data.recording || data.kind != DataKind::readings || data.has_pictures || data.time.interval <= 0 ||
      data.columns > most_channels || data.rows < fewest_rows)
    return false;
  std::vector<double> sums(data.columns), squares(data.columns), products(data.columns);
  std::vector<float> row(data.columns), before(data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (std::size_t c = 0; c < row.size(); ++c) sums[c] += static_cast<double>(row[c]);
  }
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (std::size_t c = 0; c < row.size(); ++c) {
      const double mean = sums[c] / static_cast<double>(data.rows), now = static_cast<double>(row[c]) - mean;
      squares[c] += now * now;
      if (n > 0) products[c] += now * (static_cast<double>(before[c]) - mean);
    }
    before = row;
  }
  std::size_t like_before = 0;
  for (std::size_t c = 0; c < row.size(); ++c)
    like_before += squares[c] > 0 && products[c] >= alike * squares[c];
  return 2 * like_before > row.size();
}

ChosenWindows choose_windows(const Dataset& recording, const AskedWindows& asked, const Workers& workers) {
  ChosenWindows chosen;
  Windows& windows = chosen.windows;
  std::string said;
  windows.decimation = std::max<std::size_t>(1, asked.decimation);
  if (asked.length == 0 && asked.decimation == 0) {
    windows.decimation = choose_decimation(recording);
    if (windows.decimation > 1) said += " --decimate " + std::to_string(windows.decimation);
  }
  windows.length = asked.length;
  if (asked.length == 0) {
    windows.length = choose_length(recording, windows.decimation);
    said = " --window " + std::to_string(windows.length) + said;
  }
  windows.hop = asked.hop > 0 ? asked.hop : std::max<std::size_t>(1, windows.length / 4);
  std::string why;
  if (asked.detrend) {
    windows.detrend = *asked.detrend;
  } else {
    const DetrendChoice choice = choose_detrend(recording, windows, workers);
    windows.detrend = choice.detrend;
    said += " --detrend " + word_of(choice.detrend);
    why = to_text(choice);
  }
  if (!said.empty()) chosen.reason = recording.name + ": chosen from the recording:" + said + why;
  return chosen;
}

}  // namespace tool
