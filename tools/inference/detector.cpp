#include "tools/inference/detector.hpp"

#include <algorithm>

#include "tools/data/timeline.hpp"
#include "tools/inference/recorded_scores.hpp"

namespace tool {
namespace {

// Windows that have rows in common with each other fall into the same block or into two neighbours.
void add_truth(const Dataset& data, bool all_odd, Truth& truth) {
  const PlacedScores places = placed(data, {});
  const std::size_t first_block = truth.blocks.empty() ? 0 : truth.blocks.back() + 1;
  for (std::size_t n = 0; n < data.rows; ++n) {
    truth.odd.push_back(all_odd || (!data.labels.empty() && data.labels[n]));
    truth.blocks.push_back(first_block + places.places[n] / places.reach);
  }
}

}  // namespace

LabelledData::LabelledData(const Dataset& data, const Dataset* odd) : data_(data), odd_(odd) {
  add_truth(data, false, truth_);
  if (odd != nullptr) add_truth(*odd, true, truth_);
  const PlacedScores places = placed(data, {});
  for (const std::size_t end : places.places) windows_.push_back({end, places.reach});
  const Dataset& rows = data.recording ? *data.recording : data;
  events_ = events_of(rows.labels, rows.time.gaps);
}

bool LabelledData::has_both() const {
  const auto odd = static_cast<std::size_t>(std::count(truth_.odd.begin(), truth_.odd.end(), 1));
  return odd > 0 && odd < truth_.odd.size();
}

Areas LabelledData::areas(const std::vector<Detector>& detectors) const {
  std::vector<std::vector<double>> scores;
  for (const Detector& detector : detectors) {
    scores.push_back(detector.scores);
    scores.back().insert(scores.back().end(), detector.of_odd.begin(), detector.of_odd.end());
  }
  return areas_under_curves(truth_, scores);
}

Detection LabelledData::detect(const Detector& detector) const {
  Detection found;
  const Judged judged = judge(*detector.limit, detector.scores);
  const std::vector<std::uint8_t>& flagged = judged.flagged;
  bool in_alarm = false, is_false = false;
  for (std::size_t n = 0; n < flagged.size(); ++n) {
    const bool odd = truth_.odd[n];
    (odd ? found.odd : found.normal) += 1;
    (odd ? found.found : found.false_flags) += flagged[n];
    if (in_alarm && !flagged[n]) found.false_alarms += is_false;
    if (flagged[n]) is_false = (!in_alarm || is_false) && !odd;
    in_alarm = flagged[n];
  }
  found.false_alarms += in_alarm && is_false;
  if (odd_ != nullptr)
    for (const std::uint8_t flag : judge(*detector.limit, detector.of_odd).flagged)
      ++found.odd, found.found += flag;
  found.delays = delays(events_, windows_, flagged);
  for (std::size_t k = 0; k < events_.size(); ++k)
    if (found.delays[k] != missed && data_.time.interval > 0)
      found.delay_seconds.push_back(seconds_at(data_.time, events_[k].begin + found.delays[k]) -
                                    seconds_at(data_.time, events_[k].begin));
  return found;
}

}  // namespace tool
