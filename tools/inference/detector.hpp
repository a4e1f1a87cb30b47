#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tools/data/dataset.hpp"
#include "tools/inference/detection.hpp"
#include "tools/model/calibration.hpp"

namespace tool {

/// A way to score examples, as it is compared with others.
struct Detector {
  std::string name;                  ///< for people: `one full Gaussian`
  std::string key;                   ///< what the names of its figures begin with
  std::vector<double> scores;        ///< of the data
  std::vector<double> of_odd;        ///< of the file of odd examples; empty where there is none
  std::optional<Calibration> limit;  ///< nothing: only its AUC is found
};

/// What a limit does to labelled examples. An alarm is a run of flagged examples.
struct Detection {
  std::size_t odd = 0, found = 0;           ///< examples: those that are odd, and flagged
  std::size_t normal = 0, false_flags = 0;  ///< those that are normal, and flagged
  std::size_t false_alarms = 0;             ///< alarms in which no example is odd
  std::vector<std::size_t> delays;          ///< of each event, rows, or `missed`
  std::vector<double> delay_seconds;        ///< of each event that was found, where times are known
};

/// Examples of which it is known whether they are odd: by their labels, and all of a second file.
class LabelledData {
 public:
  /// Both must outlive the object; `odd` may be nullptr.
  LabelledData(const Dataset& data, const Dataset* odd);

  /// Whether there are examples of both kinds.
  bool has_both() const;

  /// The AUC of each detector, and the first one's less that of each other.
  Areas areas(const std::vector<Detector>& detectors) const;

  /// What the limit of a detector, which must have one, does.
  Detection detect(const Detector& detector) const;

  /// Runs of odd rows; there are none in a second file.
  const std::vector<Event>& events() const { return events_; }

 private:
  const Dataset& data_;
  const Dataset* odd_;
  Truth truth_;  // of the data, then of the second file
  std::vector<WindowPlace> windows_;
  std::vector<Event> events_;
};

}  // namespace tool
