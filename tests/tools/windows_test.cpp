// Windows of a recording, against a naive reference in doubles and in whole numbers.
#include "tools/data/windows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "rbm/quantized.h"
#include "tests/support/fixtures.hpp"
#include "tools/base/failure.hpp"
#include "tools/data/dataset.hpp"
#include "tools/data/window_split.hpp"

using namespace fixture;
using tool::Detrend;
using tool::Windows;

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr Detrend all_detrends[] = {Detrend::none, Detrend::start, Detrend::level, Detrend::trend,
                                    Detrend::differences};

tool::Dataset recording_of(std::size_t channels, std::vector<float> values) {
  tool::Dataset data;
  data.name = "data";
  data.kind = tool::DataKind::readings;
  data.columns = data.taken.total = channels;
  data.rows = values.size() / channels;
  data.values = std::move(values);
  return data;
}

tool::Dataset random_recording(std::mt19937& random, std::size_t rows, std::size_t channels) {
  std::vector<float> values;
  for (std::size_t n = 0; n < rows * channels; ++n) values.push_back(100 * bell(random));
  return recording_of(channels, std::move(values));
}

Windows windows(std::size_t length, std::size_t hop, Detrend detrend = Detrend::none,
                std::size_t decimation = 1) {
  Windows made;
  made.length = length;
  made.hop = hop;
  made.detrend = detrend;
  made.decimation = decimation;
  return made;
}

std::size_t span_of(const Windows& w) {
  return w.detrend == Detrend::differences ? w.length + 1 : w.length;
}

// Where windows begin, by trying each row.
std::vector<std::size_t> expected_begins(const tool::Dataset& recording, const Windows& w, bool missing_too) {
  const auto breaks = [&](std::size_t row) {  // no window spans row - 1 and row
    const auto& gaps = recording.time.gaps;
    return std::find(gaps.begin(), gaps.end(), row) != gaps.end();
  };
  const auto lacks = [&](std::size_t row) {
    for (std::size_t c = 0; c < recording.columns; ++c)
      if (!missing_too && std::isnan(recording.values[row * recording.columns + c])) return true;
    return false;
  };
  std::vector<std::size_t> begins;
  std::size_t start = 0;  // of the rows without a gap in time that row is in
  for (std::size_t row = 0; row < recording.rows; ++row) {
    if (breaks(row)) start = row;
    if ((row - start) % (w.hop * w.decimation) != 0) continue;
    const std::size_t end = row + span_of(w) * w.decimation;
    bool fits = end <= recording.rows;
    for (std::size_t n = row; fits && n < end; ++n) fits = !lacks(n) && (n == row || !breaks(n));
    if (fits) begins.push_back(row);
  }
  return begins;
}

double mean_of(const std::vector<double>& values, std::size_t count) {
  double sum = 0, known = 0;
  for (std::size_t t = 0; t < count; ++t)
    if (!std::isnan(values[t])) {
      sum += values[t];
      ++known;
    }
  return sum / known;
}

// What is taken away of readings x at each time: fits a + b t by the normal equations.
std::vector<double> expected_level(Detrend detrend, const std::vector<double>& x) {
  const std::size_t quarter = std::max<std::size_t>(1, x.size() / 4);
  if (detrend == Detrend::none) return std::vector<double>(x.size(), 0.0);
  if (detrend != Detrend::trend) {
    const double start = mean_of(x, quarter), all = mean_of(x, x.size());
    return std::vector<double>(x.size(), detrend == Detrend::level || std::isnan(start) ? all : start);
  }
  double n = 0, st = 0, stt = 0, sx = 0, stx = 0;
  for (std::size_t t = 0; t < x.size(); ++t) {
    if (std::isnan(x[t])) continue;
    const auto time = static_cast<double>(t);
    n += 1;
    st += time;
    stt += time * time;
    sx += x[t];
    stx += time * x[t];
  }
  const double determinant = n * stt - st * st, b = determinant > 0 ? (n * stx - st * sx) / determinant : 0,
               a = (sx - b * st) / n;
  std::vector<double> level;
  for (std::size_t t = 0; t < x.size(); ++t) level.push_back(a + b * static_cast<double>(t));
  return level;
}

// A channel of a window as it should be; x has span_of() decimated readings.
std::vector<double> expected_channel(Detrend detrend, const std::vector<double>& x) {
  std::vector<double> out;
  if (detrend == Detrend::differences) {
    for (std::size_t t = 1; t < x.size(); ++t) out.push_back(x[t] - x[t - 1]);
    return out;
  }
  const std::vector<double> level = expected_level(detrend, x);
  for (std::size_t t = 0; t < x.size(); ++t) out.push_back(x[t] - level[t]);
  return out;
}

std::vector<double> decimated(const tool::Dataset& recording, const Windows& w, std::size_t begin,
                              std::size_t channel) {
  std::vector<double> readings;
  for (std::size_t t = 0; t < span_of(w); ++t) {
    double sum = 0;
    for (std::size_t n = 0; n < w.decimation; ++n)
      sum +=
          static_cast<double>(recording.values[(begin + t * w.decimation + n) * recording.columns + channel]);
    readings.push_back(sum / static_cast<double>(w.decimation));
  }
  return readings;
}

void check_cut(const tool::Dataset& recording, const Windows& w, bool missing_too) {
  const std::vector<std::size_t> begins = expected_begins(recording, w, missing_too);
  if (begins.empty()) {
    CHECK_THROWS_AS(tool::cut_windows(recording, w, {missing_too, {}}), tool::Failure);
    return;
  }
  const tool::Dataset cut = tool::cut_windows(recording, w, {missing_too, {}});
  REQUIRE(cut.rows == begins.size());
  REQUIRE(cut.columns == recording.columns * w.length);
  REQUIRE(cut.ends.size() == cut.rows);
  std::vector<float> row(cut.columns);
  for (std::size_t k = 0; k < cut.rows; ++k) {
    const std::size_t end = begins[k] + span_of(w) * w.decimation;
    CHECK(cut.ends[k] + 1 == end);
    bool odd = false;
    for (std::size_t n = begins[k]; n < end && !recording.labels.empty(); ++n)
      odd = odd || recording.labels[n] == 1;
    if (!recording.labels.empty()) CHECK((cut.labels[k] == 1) == odd);
    cut.row(k, row.data());
    std::vector<float> restored = row;
    tool::add_level(cut, k, restored.data());
    for (std::size_t c = 0; c < recording.columns; ++c) {
      const std::vector<double> raw = decimated(recording, w, begins[k], c);
      const std::vector<double> expected = expected_channel(w.detrend, raw);
      for (std::size_t t = 0; t < w.length; ++t) {
        const std::size_t j = c * w.length + t;
        const double reading = raw[raw.size() - w.length + t];
        if (std::isnan(expected[t])) {
          CHECK(std::isnan(row[j]));
        } else {
          CHECK(static_cast<double>(row[j]) == doctest::Approx(expected[t]).epsilon(1e-5).scale(100));
          CHECK(static_cast<double>(restored[j]) == doctest::Approx(reading).epsilon(1e-5).scale(100));
        }
      }
    }
  }
}

std::int64_t rounded_half_up(double value) {
  return static_cast<std::int64_t>(std::floor(value + 0.5));
}

std::size_t below(std::mt19937& random, std::size_t bound) {
  return random() % bound;
}

}  // namespace

TEST_CASE(
    "windows are those of a naive reference, with channels, gaps, labels, decimation and missing readings") {
  std::mt19937 random(1);
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t channels = 1 + below(random, 3), rows = 1 + below(random, 120);
    tool::Dataset recording = random_recording(random, rows, channels);
    if (trial % 3 == 0) {
      std::set<std::size_t> gaps;
      for (int n = 0; n < 3; ++n) gaps.insert(below(random, rows));
      recording.time.gaps.assign(gaps.begin(), gaps.end());
    }
    if (trial % 4 == 0)
      for (int n = 0; n < 4; ++n) recording.values[below(random, recording.values.size())] = missing;
    if (trial % 2 == 0)
      for (std::size_t n = 0; n < rows; ++n) recording.labels.push_back(below(random, 20) == 0);
    const Windows w = windows(1 + below(random, 20), 1 + below(random, 30), all_detrends[trial % 5],
                              trial % 7 == 0 ? 1 + below(random, 4) : 1);
    check_cut(recording, w, false);
    check_cut(recording, w, true);
  }
}

TEST_CASE("in steps of the sensor, windows are whole numbers, rounded to nearest, halves up") {
  std::mt19937 random(2);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t channels = 1 + below(random, 2), decimation = 1 + below(random, 4);
    const tool::Dataset recording = random_recording(random, 100, channels);
    const Windows w = windows(2 + below(random, 12), 3, all_detrends[trial % 5], decimation);
    const std::vector<float> steps = channels == 1 ? std::vector<float>{0.25f} : std::vector<float>{0.25f, 8};
    const tool::Dataset cut = tool::cut_windows(recording, w, {false, steps});
    for (std::size_t k = 0; k < cut.rows; ++k)
      for (std::size_t c = 0; c < channels; ++c) {
        const std::size_t begin = cut.ends[k] + 1 - span_of(w) * decimation;
        std::vector<double> raw;
        for (std::size_t t = 0; t < span_of(w); ++t) {
          double sum = 0;
          for (std::size_t n = 0; n < decimation; ++n)
            sum += std::nearbyint(static_cast<double>(
                recording.values[(begin + t * decimation + n) * channels + c] / steps[c]));
          raw.push_back(static_cast<double>(rounded_half_up(sum / static_cast<double>(decimation))));
        }
        for (std::size_t t = 0; t < w.length; ++t) {
          const double steps_found = static_cast<double>(cut.values[k * cut.columns + c * w.length + t]) /
                                     static_cast<double>(steps[c]);
          const double expected =
              w.detrend == Detrend::differences
                  ? raw[t + 1] - raw[t]
                  : raw[t] - static_cast<double>(rounded_half_up(expected_level(w.detrend, raw)[t] + 1e-9));
          CHECK(steps_found == expected);
        }
      }
  }
}

TEST_CASE("a filled-in difference follows the recorded reading before it, or the one found") {
  const tool::Dataset cut = tool::cut_windows(recording_of(1, {10, 12, missing, missing, 20}),
                                              windows(4, 1, Detrend::differences), {true, {}});
  std::vector<float> row{2, 3, 4, -1};
  tool::add_level(cut, 0, row.data());
  CHECK(row == std::vector<float>{12, 15, 19, 18});
}

TEST_CASE("a reading in steps of the sensor is the nearest within its range, or missing") {
  CHECK(tool::in_steps(1.3f, 0.5f) == 3);
  CHECK(tool::in_steps(-1.2f, 0.5f) == -2);
  CHECK(tool::in_steps(1e9f, 0.5f) == 32767);
  CHECK(tool::in_steps(-1e9f, 0.5f) == -32767);
  CHECK(tool::in_steps(missing, 0.5f) == RBM_MISSING);
}

TEST_CASE("readings of windows have the names of their channels") {
  Windows w = windows(2, 1);
  w.channels = 2;
  tool::Columns columns;
  CHECK(tool::window_names(columns, w) ==
        std::vector<std::string>{"channel1_1", "channel1_2", "channel2_1", "channel2_2"});
  columns.names = {"humidity", "temperature"};
  CHECK(tool::window_names(columns, w) ==
        std::vector<std::string>{"humidity_1", "humidity_2", "temperature_1", "temperature_2"});
  w.channels = 1;
  CHECK(tool::window_names({}, w) == std::vector<std::string>{"reading_1", "reading_2"});
}

TEST_CASE("a note says how windows were cut, a failure why none fits") {
  tool::Dataset recording = recording_of(2, std::vector<float>(2 * 40, 1.0f));
  const auto note_of = [&](const Windows& w) { return tool::cut_windows(recording, w).notes.back(); };
  CHECK(note_of(windows(16, 4, Detrend::start)) ==
        "data: 7 windows of 16 readings of 2 channels, hop 4, mean of the first 4 taken away");
  CHECK(note_of(windows(5, 5, Detrend::none, 2)) ==
        "data: 4 windows of 5 readings of 2 channels, each the mean of 2 rows, hop 5");
  recording.time.gaps = {12};
  CHECK(note_of(windows(10, 2, Detrend::level)) ==
        "data: 12 windows of 10 readings of 2 channels, hop 2, mean taken away; 4 that would span gaps are "
        "left out");
  CHECK_THROWS_WITH(tool::cut_windows(recording, windows(30, 1)),
                    "data: has no more than 28 readings without a gap, fewer than a window of 30");
  recording.time.gaps.clear();
  CHECK_THROWS_WITH(tool::cut_windows(recording, windows(64, 1)),
                    "data: has 40 readings of each channel, fewer than a window of 64");
  CHECK_THROWS_WITH(tool::cut_windows(recording, windows(20, 1, Detrend::differences, 2)),
                    "data: has 40 readings of each channel, fewer than a window of 20, which spans 42 rows");
  recording.has_pictures = true;
  CHECK_THROWS_WITH(tool::cut_windows(recording, windows(8, 1)),
                    "data: is no table of readings: windows are cut from those alone");
}

TEST_CASE("too many readings of windows are refused before they are stored") {
  const tool::Dataset recording = recording_of(1, std::vector<float>(300000, 1.0f));
  CHECK_THROWS_WITH(tool::cut_windows(recording, windows(4096, 1)),
                    "data: 295,905 windows of 4,096 readings are too many: take a longer --hop");
}

TEST_CASE("what is recorded tells ranges and the longest run of equal readings, odd rows aside") {
  tool::Dataset recording = recording_of(2, {1, 5, 1, 6, 1, 7, 2, 7, 9, 7, 9, 7, 9, 7, 9, 7, 3, 4});
  recording.labels = {0, 0, 0, 0, 1, 1, 1, 1, 0};
  const tool::Recorded found = tool::recorded_readings(tool::cut_windows(recording, windows(2, 1)));
  CHECK(found.ranges == std::vector<float>{1, 3, 4, 7});
  CHECK(found.longest_equal == 3);
}

TEST_CASE("held-out windows share no row with learned ones, and are spread over the recording") {
  std::mt19937 random(3);
  for (const double share : {0.01, 0.1, 0.25, 0.5, 0.9}) {
    for (const std::size_t hop : {1, 4, 40}) {
      const Windows w = windows(16, hop, Detrend::differences, 2);
      const tool::Dataset cut = tool::cut_windows(random_recording(random, 20000, 1), w);
      const tool::WindowSplit split = tool::split_windows(cut, share);
      CHECK(std::abs(static_cast<double>(split.held_out.size()) - share * static_cast<double>(cut.rows)) <=
            static_cast<double>(split.blocks));
      CHECK(split.held_out.back() + 1 == cut.rows);
      std::vector<int> part(20000);  // of each row: 1 learned, 2 held out, 3 both
      for (const bool held_out : {false, true})
        for (const std::size_t n : held_out ? split.held_out : split.learned)
          for (std::size_t row = cut.ends[n] + 1 - w.rows(); row <= cut.ends[n]; ++row)
            part[row] |= 1 + held_out;
      CHECK(std::find(part.begin(), part.end(), 3) == part.end());
      // Nothing is left out but next to a boundary of blocks.
      const std::size_t beside = 2 * split.blocks * (w.rows() / (2 * hop) + 1);
      CHECK(split.learned.size() + split.held_out.size() + beside >= cut.rows);
      const std::size_t first_half = static_cast<std::size_t>(std::count_if(
          split.held_out.begin(), split.held_out.end(), [&](std::size_t n) { return 2 * n < cut.rows; }));
      if (share >= 0.1) CHECK(3 * first_half >= split.held_out.size());
    }
  }
}

TEST_CASE("a window has the label that all its rows have; those over a change can be left out") {
  tool::Dataset recording = recording_of(1, {1, 2, 3, 4, 5, 6, 7, 8});
  recording.label_names = {"rest", "walk"};
  recording.label_name = "state";
  recording.classes = {1, 1, 1, 0, 0, 0, tool::no_label, tool::no_label};
  tool::Dataset cut = tool::cut_windows(recording, windows(2, 1));
  CHECK(cut.classes == std::vector<std::int32_t>{1, 1, -1, 0, 0, -1, -1});
  CHECK(cut.label_names == recording.label_names);
  CHECK(cut.label_name == "state");
  tool::leave_out_changes(cut);
  CHECK(cut.classes == std::vector<std::int32_t>{1, 1, 0, 0, -1});
  CHECK(cut.ends == std::vector<std::size_t>{1, 2, 4, 5, 7});
  CHECK(cut.notes.back() == "data: 2 windows in which labels change are left out");
  // Windows of four rows that are decimated to two.
  tool::Dataset decimated = tool::cut_windows(recording, windows(2, 1, Detrend::none, 2));
  CHECK(decimated.classes == std::vector<std::int32_t>{-1, -1, -1});
  CHECK_THROWS_WITH_AS(tool::leave_out_changes(decimated),
                       "data: in every window labels change: take shorter ones", tool::Failure);
  const std::size_t notes = recording.notes.size();
  tool::leave_out_changes(recording);  // its rows all stay
  CHECK(recording.rows == 8);
  CHECK(recording.notes.size() == notes);
}

TEST_CASE("rows of a table are taken with what is known of them") {
  tool::Dataset recording = recording_of(1, {1, 2, 3, 4});
  recording.labels = {0, 1, 0, 0};
  recording.classes = {0, 1, 0, 1};
  recording.label_names = {"a", "b"};
  const tool::Dataset taken = tool::take_rows(tool::cut_windows(recording, windows(1, 1)), {3, 1});
  CHECK(taken.values == std::vector<float>{4, 2});
  CHECK(taken.labels == std::vector<std::uint8_t>{0, 1});
  CHECK(taken.classes == std::vector<std::int32_t>{1, 1});
  CHECK(taken.label_names == recording.label_names);
  CHECK(taken.ends == std::vector<std::size_t>{3, 1});
  CHECK(taken.rows == 2);
}
