#include "tools/inference/watched.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tools/data/windows.hpp"
#include "tools/inference/baseline_scores.hpp"
#include "tools/inference/recorded_scores.hpp"
#include "tools/inference/scores.hpp"

namespace tool {
namespace {

// The windows that end with these rows, which are among the windows' own. Both are ascending.
Dataset with_ends(const Dataset& windows, const std::vector<std::size_t>& ends) {
  std::vector<std::size_t> rows;
  for (std::size_t n = 0; n < windows.rows && rows.size() < ends.size(); ++n)
    if (windows.ends[n] == ends[rows.size()]) rows.push_back(n);
  return take_rows(windows, rows);
}

}  // namespace

std::vector<float> steps_of_channels(const QuantizedModel& made) {
  const Windows& windows = made.meaning.windows;
  std::vector<float> steps;
  for (std::size_t c = 0; c < windows.channels; ++c) steps.push_back(made.layer.steps[c * windows.length]);
  return steps;
}

Watched watch(const Dataset& learned, const Model& device, const std::vector<float>& steps,
              const FalseAlarms& allowed, const Votes& votes, const Workers& workers) {
  constexpr std::uint64_t seed = 1;  // nothing is drawn
  Watched watched{
      {cut_windows(*learned.recording, learned.windows, {false, steps}), rbm::VisibleUnits::real, seed}, {}};
  const Dataset& windows = watched.windows.data;
  watched.detectors.push_back(
      {"model, on the device", "", free_energies(device, watched.windows, workers), {}, device.calibration});
  const Dataset normal = with_ends(windows, learned.ends);
  const std::vector<BaselineColumn> columns = baseline_columns(device);
  const BaselineScores found = baseline_scores(normal, windows, columns, workers),
                       held_out = held_out_baseline_scores(normal, columns, workers);
  const auto add = [&](const char* name, const char* key, const std::vector<double>& scores,
                       const std::vector<double>& of_held_out) {
    watched.detectors.push_back({name, key, scores, {}, calibrate(normal, of_held_out, allowed, votes)});
  };
  add("mean and deviation", "independent_", found.independent, held_out.independent);
  if (!found.full.empty()) add("one full Gaussian", "full_gaussian_", found.full, held_out.full);
  return watched;
}

PlayedRecording oddest_stretch(const Watched& watched, const std::vector<float>& steps) {
  constexpr std::size_t most_rows = 4000, windows_before = 4;
  const Dataset& windows = watched.windows.data;
  const Dataset& rows = *windows.recording;
  const std::vector<double>& scores = watched.detectors.front().scores;
  const auto oddest = std::max_element(scores.begin(), scores.end()) - scores.begin();
  const std::size_t end = windows.ends[static_cast<std::size_t>(oddest)] + 1, span = windows.windows.rows();
  const auto gap = std::upper_bound(rows.time.gaps.begin(), rows.time.gaps.end(), end - 1);
  const std::size_t whole_begin = gap == rows.time.gaps.begin() ? 0 : *(gap - 1),
                    whole_end = gap == rows.time.gaps.end() ? rows.rows : *gap;
  const std::size_t before = std::min(windows_before * span, most_rows);
  const std::size_t begin = std::max(whole_begin, end - std::min(end, before)),
                    last = std::min(whole_end, end + span);
  PlayedRecording played{rows.name, begin, rows.columns, {}};
  std::vector<float> row(rows.columns);
  for (std::size_t n = begin; n < last; ++n) {
    rows.row(n, row.data());
    for (std::size_t c = 0; c < row.size(); ++c) played.readings.push_back(in_steps(row[c], steps[c]));
  }
  return played;
}

}  // namespace tool
