// What windows a recording chooses, on recordings of which it is known what should be chosen.
#include "tools/training/window_rule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>

#include "tests/support/fixtures.hpp"
#include "tools/training/detrend_choice.hpp"

using namespace fixture;
using tool::Detrend;

namespace {

constexpr double turn = 6.283185307179586;

tool::Dataset recording_of(std::size_t rows, std::size_t channels,
                           const std::function<double(std::size_t)>& value) {
  tool::Dataset data;
  data.name = "data";
  data.kind = tool::DataKind::readings;
  data.rows = rows;
  data.columns = data.taken.total = channels;
  for (std::size_t n = 0; n < rows * channels; ++n) data.values.push_back(static_cast<float>(value(n)));
  return data;
}

/// Threads and a silent line of progress.
struct Silent {
  platform::Threads threads{1};
  platform::Progress progress{true};
  tool::Workers workers() { return {threads, progress}; }
};

tool::ChosenWindows choose(const tool::Dataset& recording, const tool::AskedWindows& asked = {}) {
  Silent silent;
  return tool::choose_windows(recording, asked, silent.workers());
}

double noise(std::mt19937& random) {
  return static_cast<double>(bell(random));
}

}  // namespace

TEST_CASE("a level that is held is kept, one that wanders is taken away") {
  std::mt19937 random(1);
  tool::AskedWindows asked;
  asked.length = 32;
  const tool::Dataset held = recording_of(8000, 1, [&](std::size_t) { return 5 + noise(random); });
  CHECK(choose(held, asked).windows.detrend == Detrend::none);
  double level = 0;
  const tool::Dataset wandering = recording_of(8000, 1, [&](std::size_t) { return level += noise(random); });
  CHECK(choose(wandering, asked).windows.detrend == Detrend::level);
  const tool::Dataset wave = recording_of(8000, 1, [&](std::size_t n) {
    return std::sin(turn * static_cast<double>(n) / 44) + 0.1 * noise(random);
  });
  CHECK(choose(wave, asked).windows.detrend == Detrend::level);
}

TEST_CASE("the choice follows the figures that it tells") {
  std::mt19937 random(2);
  Silent silent;
  tool::Windows windows;
  windows.length = windows.hop = 16;
  double level = 0;
  const tool::Dataset recording = recording_of(4000, 2, [&](std::size_t) { return level += noise(random); });
  const tool::DetrendChoice choice = tool::choose_detrend(recording, windows, silent.workers());
  double best = 0;
  for (const double area : choice.areas) {
    CHECK(area > 0.4);
    CHECK(area < 1);
    best = std::max(best, area);
  }
  CHECK(choice.areas[static_cast<std::size_t>(choice.detrend)] >= best - 0.03);
  // The same recording in other units.
  tool::Dataset scaled = recording;
  for (float& value : scaled.values) value *= 1024;
  CHECK(tool::choose_detrend(scaled, windows, silent.workers()).areas == choice.areas);
}

TEST_CASE("a window is a period long, else as long as a recording remembers") {
  std::mt19937 random(3);
  const auto length_of = [&](const tool::Dataset& recording) { return choose(recording).windows.length; };
  for (const double period : {20.0, 44.0, 100.0})
    CHECK(static_cast<double>(length_of(recording_of(8000, 1, [&](std::size_t n) {
            return std::sin(turn * static_cast<double>(n) / period) + 0.3 * noise(random);
          }))) == doctest::Approx(period).epsilon(0.03));
  CHECK(length_of(recording_of(8000, 2, [&](std::size_t) { return noise(random); })) == 16);
  double level = 0;
  CHECK(length_of(recording_of(8000, 1, [&](std::size_t) { return level += noise(random); })) >= 32);
  CHECK(length_of(recording_of(100, 1, [&](std::size_t) { return noise(random); })) == 8);
}

TEST_CASE("rows that come far faster than the signal are averaged") {
  std::mt19937 random(4);
  const auto decimation_of = [&](double period, double noise_size) {
    return choose(recording_of(20000, 1,
                               [&](std::size_t n) {
                                 return std::sin(turn * static_cast<double>(n) / period) +
                                        noise_size * noise(random);
                               }))
        .windows.decimation;
  };
  CHECK(decimation_of(100, 0.001) >= 8);
  CHECK(decimation_of(100, 0.001) <= 64);
  CHECK(decimation_of(5, 0.001) <= 2);
  CHECK(decimation_of(100, 1) == 1);
}

TEST_CASE("what the user says is taken, and few windows leave the level to be taken away") {
  std::mt19937 random(5);
  const tool::Dataset recording = recording_of(2000, 1, [&](std::size_t) { return noise(random); });
  tool::AskedWindows asked{24, 5, 3, Detrend::trend};
  const tool::ChosenWindows said = choose(recording, asked);
  CHECK(said.windows.length == 24);
  CHECK(said.windows.hop == 5);
  CHECK(said.windows.decimation == 3);
  CHECK(said.windows.detrend == Detrend::trend);
  CHECK(said.reason.empty());
  asked = {64, 64, 1, std::nullopt};
  const tool::ChosenWindows few = choose(recording, asked);
  CHECK(few.windows.detrend == Detrend::level);
  CHECK(few.reason == "data: chosen from the recording: --detrend level");
}

TEST_CASE("rows labelled odd have no say") {
  std::mt19937 random(6);
  tool::Dataset recording = recording_of(8000, 1, [&](std::size_t) { return 5 + noise(random); });
  recording.labels.assign(8000, 0);
  for (std::size_t n = 3000; n < 3200; ++n) {
    recording.values[n] += 1000;
    recording.labels[n] = 1;
  }
  tool::AskedWindows asked;
  asked.length = 32;
  CHECK(choose(recording, asked).windows.detrend == Detrend::none);
}

TEST_CASE("rows look like a recording where their distance is known and each is like the one before") {
  std::mt19937 random(7);
  double level = 0;
  tool::Dataset wandering = recording_of(500, 2, [&](std::size_t) { return level += noise(random); });
  CHECK(!tool::looks_like_recording(wandering));
  wandering.time.interval = 5;
  CHECK(tool::looks_like_recording(wandering));
  tool::Dataset scattered = recording_of(500, 2, [&](std::size_t) { return noise(random); });
  scattered.time.interval = 5;
  CHECK(!tool::looks_like_recording(scattered));
}
