// What limits do to labelled recordings.
#include "tools/inference/detector.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

namespace {

/// 40 rows, one each 5 s, odd from 10 to 13 and from 30 to 31, as windows of 4 rows, one each 2.
tool::Dataset recording_in_windows() {
  tool::Dataset recording;
  recording.rows = 40;
  recording.columns = 1;
  recording.time.interval = 5;
  recording.labels.assign(40, 0);
  for (const std::size_t row : {10, 11, 12, 13, 30, 31}) recording.labels[row] = 1;
  tool::Dataset cut;
  cut.columns = 4;
  cut.windows = {4, 2, 1, 1, tool::Detrend::none};
  cut.time = recording.time;
  for (std::size_t end = 3; end < 40; end += 2) {
    cut.ends.push_back(end);
    cut.labels.push_back(0);
    for (std::size_t row = end - 3; row <= end; ++row) cut.labels.back() |= recording.labels[row];
    ++cut.rows;
  }
  cut.recording = std::make_shared<const tool::Dataset>(recording);
  return cut;
}

tool::Calibration limit_of(double limit) {
  tool::Calibration found;
  found.limit = limit;
  found.count = 10;
  found.share = 0.1;
  return found;
}

}  // namespace

TEST_CASE("detector: windows and events found, false alarms, and delays in rows and seconds") {
  const tool::Dataset data = recording_in_windows();
  REQUIRE(data.rows == 19);
  tool::Detector detector{"model", "", std::vector<double>(19, 0), {}, limit_of(1)};
  detector.scores[1] = detector.scores[2] = 2;  // rows 2..5, 4..7: one false alarm of two windows
  detector.scores[5] = detector.scores[6] = 2;  // rows 10..13, 12..15
  detector.scores[7] = 2;                       // rows 14..17: goes on from a true one, and is normal
  detector.scores[10] = 2;                      // rows 20..23: a false alarm
  const tool::LabelledData labelled(data, nullptr);
  CHECK(labelled.has_both());
  CHECK(labelled.events().size() == 2);
  const tool::Detection found = labelled.detect(detector);
  CHECK(found.odd == 5);  // windows that end in the rows 11, 13, 15, and 31, 33
  CHECK(found.found == 2);
  CHECK(found.normal == 14);
  CHECK(found.false_flags == 4);
  CHECK(found.false_alarms == 2);
  CHECK((found.delays == std::vector<std::size_t>{3, tool::missed}));
  CHECK((found.delay_seconds == std::vector<double>{15}));
}

TEST_CASE("detector: all of a second file is odd, and its votes are its own") {
  tool::Dataset data, odd;
  data.rows = 4, odd.rows = 3;
  tool::Detector detector{"model", "", {0, 0, 0, 5}, {5, 6, 7}, limit_of(1)};
  detector.limit->votes = detector.limit->of = 2;
  const tool::LabelledData labelled(data, &odd);
  CHECK(labelled.has_both());
  CHECK(labelled.events().empty());
  const tool::Detection found = labelled.detect(detector);
  CHECK(found.odd == 3);
  CHECK(found.found == 2);  // the first one has no other before it
  CHECK(found.normal == 4);
  CHECK(found.false_flags == 0);
  CHECK(found.delays.empty());
  const tool::Areas areas = labelled.areas({detector});
  CHECK(areas.areas[0] == doctest::Approx((4 + 4 + 3.5) / 12));
  CHECK_FALSE(tool::LabelledData(data, nullptr).has_both());
}
