/// Beats of an ECG, cut from a recording as README.md says.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace bench {

inline constexpr std::size_t visible = 64, hidden = 16, learned = 150;
inline constexpr std::uint64_t seeds = 5;
inline constexpr float step_in_millivolts = 0.005f;  // the recorder's
inline constexpr unsigned remembered = 1000;

enum Kind { normal, ventricular, artefact };

struct Beat {
  std::array<double, visible> millivolts;
  int kind;
};

inline std::vector<std::vector<double>> read(const char* path) {
  std::ifstream in(path);
  std::vector<std::vector<double>> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    rows.emplace_back();
    char* end = line.data();
    for (const char* at = end; *at != 0; at = *end == ',' ? end + 1 : end) {
      rows.back().push_back(std::strtod(at, &end));
      if (end == at) break;
    }
  }
  return rows;
}

/// Every fourth reading of 360 Hz behind a low pass of 81 taps, a Hamming window: SciPy's decimate() with
/// "fir".
inline std::vector<double> at_90_hertz(const std::vector<std::vector<double>>& recording) {
  constexpr int half = 40, divisor = 4;
  const double pi = std::acos(-1.0);
  std::vector<double> taps;
  double sum = 0;
  for (int k = -half; k <= half; ++k) {
    const double angle = pi * k / divisor;
    taps.push_back((k == 0 ? 1 : std::sin(angle) / angle) * (0.54 + 0.46 * std::cos(pi * k / half)));
    sum += taps.back();
  }
  std::vector<double> out;
  for (int n = 0; n < static_cast<int>(recording.size()); n += divisor) {
    double value = 0;
    for (int tap = 0; tap <= 2 * half; ++tap) {
      const int at = n + tap - half;
      if (at >= 0 && at < static_cast<int>(recording.size()))
        value += taps[static_cast<std::size_t>(tap)] * recording[static_cast<std::size_t>(at)][0];
    }
    out.push_back(value / sum);
  }
  return out;
}

inline std::vector<Beat> cut_beats(const char* recording, const char* places) {
  constexpr int before_peak = 22;
  const std::vector<double> readings = at_90_hertz(read(recording));
  std::vector<Beat> beats;
  for (const std::vector<double>& row : read(places)) {
    const int begin = static_cast<int>(row[0]) / 4 - before_peak;
    if (begin < 0 || begin + visible > readings.size()) continue;
    Beat beat{{}, static_cast<int>(row[1])};
    std::copy_n(readings.begin() + begin, visible, beat.millivolts.begin());
    double mean = 0;
    for (const double x : beat.millivolts) mean += x / visible;
    for (double& x : beat.millivolts) x -= mean;
    beats.push_back(beat);
  }
  return beats;
}

/// The beat's readings in the recorder's steps.
inline std::array<std::int16_t, visible> to_steps(const Beat& beat) {
  std::array<std::int16_t, visible> steps;
  for (std::size_t j = 0; j < visible; ++j)
    steps[j] =
        static_cast<std::int16_t>(std::lround(beat.millivolts[j] / static_cast<double>(step_in_millivolts)));
  return steps;
}

/// The share of pairs of a usual and an odd score that are told apart: the higher, the odder.
inline double area_under_curve(const std::vector<double>& usual, const std::vector<double>& odd) {
  double right = 0;
  for (const double u : usual)
    for (const double o : odd) right += o > u ? 1 : o < u ? 0 : 0.5;
  return right / static_cast<double>(usual.size() * odd.size());
}

}  // namespace bench
