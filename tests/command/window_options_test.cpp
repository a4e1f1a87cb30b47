// Recordings are cut into windows, which a model remembers and its header makes as the device does.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "tests/support/command.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

/// Two channels whose levels wander, as CSV with a heading.
std::string wandering(std::size_t rows) {
  std::mt19937 random(4);
  std::string text = "left,right\n";
  int left = 4000, right = 200;
  for (std::size_t n = 0; n < rows; ++n) {
    left += static_cast<int>(random() % 21) - 10;
    right += static_cast<int>(random() % 5) - 2;
    text += std::to_string(left) + "," + std::to_string(right) + "\n";
  }
  return text;
}

const Words quick{"--hidden", "4", "--epochs", "2", "--quiet"};

struct Recording {
  Folder folder;

  explicit Recording(const Words& options) {
    folder.write("walk.csv", wandering(400));
    run_well(folder, with(with({"train", "walk.csv", "--out", "m"}, quick), options));
  }
};

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a model remembers how its recording was cut, and its header too") {
  const Recording recording({"--window", "8", "--hop", "3", "--decimate", "2", "--detrend", "trend"});
  const Folder& folder = recording.folder;
  run_well(folder, {"quantize", "m", "--out", "m.h", "--quiet"});
  const std::string windows =
      "walk.csv: 65 windows of 8 readings of 2 channels, each the mean of 2 rows, hop 3, line of least "
      "squares "
      "taken away\n";
  for (const char* model : {"m", "m.h"}) {
    const auto scored = run_well(folder, {"score", model, "walk.csv", "--quiet", "--out", "-"});
    CHECK(scored.errors.find(windows) != std::string::npos);
    CHECK(lines_of(scored.output) == 66);
  }
}

TEST_CASE("what contradicts the windows of a model is told") {
  const Recording recording({"--window", "8", "--detrend", "level"});
  const auto other =
      run_well(recording.folder, {"score", "m", "walk.csv", "--hop", "8", "--detrend", "start", "--quiet"});
  CHECK(other.errors.find("--hop 8, but m was trained with 2") != std::string::npos);
  CHECK(other.errors.find("--detrend start, but m was trained with level") != std::string::npos);
}

TEST_CASE("rows that are windows already are taken as they are") {
  const Recording recording({"--window", "4", "--detrend", "level"});
  const Folder& folder = recording.folder;
  folder.write("cut.csv", "1,2,-1,-2,0,1,-1,0\n0,0,1,-1,1,0,-1,0\n");
  const auto scored = run_well(folder, {"score", "m", "cut.csv", "--quiet", "--out", "-"});
  CHECK(scored.errors.find("its rows are taken as windows already") != std::string::npos);
  CHECK(lines_of(scored.output) == 3);
}

TEST_CASE("without words of it, what is taken away is chosen, and said") {
  const Recording recording({"--window", "auto", "--hold-out", "0.25"});
  const auto told =
      run_well(recording.folder, with({"train", "walk.csv", "--window", "8", "--out", "n"}, quick));
  CHECK(told.errors.find("walk.csv: chosen from the recording: --detrend ") != std::string::npos);
}

TEST_CASE("window options that make no sense are refused in a line") {
  const Folder folder;
  folder.write("walk.csv", wandering(20));
  const auto refused = [&](const Words& options) {
    return run(folder, with(with({"train", "walk.csv", "--out", "m"}, quick), options)).errors;
  };
  CHECK(refused({"--hop", "3"}).find("--hop: is of windows that are cut from a recording") !=
        std::string::npos);
  CHECK(refused({"--window", "1"}).find("--window: 1 is not between 2 and 4096") != std::string::npos);
  CHECK(refused({"--window", "x"}).find("--window: 'x' is not a whole number") != std::string::npos);
  CHECK(refused({"--window", "30", "--detrend", "none"})
            .find("walk.csv: has 20 readings of each channel, fewer than a window of 30") !=
        std::string::npos);
  CHECK(refused({"--window", "8", "--maximum", "9"}).find("--window: windows are of readings") !=
        std::string::npos);
}
