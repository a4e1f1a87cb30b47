// From a recording to alarms: train --false-alarms, score with times and events, and a header that does the
// same.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "tests/support/reading_files.hpp"
#include "tests/support/recordings.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/model_file.hpp"

using namespace fixture;

namespace {

struct Watch {
  Folder folder;

  Watch() {
    folder.write("learn.csv", recording(1600, 1600, 0, 1));
    folder.write("rest.csv", recording(2000, 1000, 800, 2));
    run_well(folder, {"train",          "learn.csv", "--label-column", "label",
                      "--window",       "16",        "--hop",          "4",
                      "--detrend",      "none",      "--hidden",       "4",
                      "--factors",      "2",         "--epochs",       "60",
                      "--false-alarms", "2%",        "--out",          "m.safetensors",
                      "--quiet"});
  }

  void check_alarms(const std::string& model) const {
    CAPTURE(model);
    const Json line = report(folder, {"score", model, "rest.csv", "--label-column", "label"});
    CHECK(line.number("examples") == 497);
    CHECK(line.number("odd_examples") == 13);  // windows that end in the rows 1,004, 1,008 to 1,052
    CHECK(line.number("found") > 0.9);
    CHECK(line.number("auc") > 0.97);
    CHECK(line.number("events") == 1);
    CHECK(line.number("events_found") == 1);
    CHECK(line.number("delay_readings") < 16);
    CHECK(line.number("delay_seconds") == doctest::Approx(line.number("delay_readings") / 2));
    CHECK(line.number("false_alarm_share") < 0.06);
    CHECK(line.number("oddest_row") >= 1001);
    CHECK(line.number("oddest_row") <= 1055);
  }
};

}  // namespace

TEST_CASE("alarms: a model that learned with --false-alarms finds an event, and so does its header") {
  const Watch watch;
  const tool::Model model = tool::read_model(watch.folder.path("m.safetensors"));
  REQUIRE(model.calibration);
  CHECK(model.calibration->false_alarms == 0.02);
  watch.check_alarms("m.safetensors");
  run_well(watch.folder, {"quantize", "m.safetensors", "--out", "m.h"});
  watch.check_alarms("m.h");

  // The table has rows and times of the ends of windows.
  const Words lines = split_lines(run_well(watch.folder, {"score", "m.safetensors", "rest.csv"}).output);
  CHECK(lines[0] == "row,time,free_energy,one_in,flagged");
  REQUIRE(lines.size() == 498);
  CHECK(lines[1].substr(0, 9) == "16,807.5,");
  CHECK(lines[497].substr(0, 12) == "2000,1799.5,");
}

TEST_CASE("alarms: a limit by normal windows, in a time and with votes, and simpler detectors beside") {
  const Watch watch;
  const Json line =
      report(watch.folder, {"score", "m.safetensors", "rest.csv", "--label-column", "label", "--calibrate",
                            "learn.csv", "--false-alarms", "20 an hour", "--votes", "2/3"});
  CHECK(line.number("votes") == 2);
  CHECK(line.number("votes_of") == 3);
  // One window each 2 s: 20 an hour are one of 90 where an alarm is one window, and more where it lasts.
  CHECK(line.number("false_alarms") >= 20 * 2.0 / 3600 - 1e-9);
  CHECK(line.number("false_alarms") < 0.08);
  CHECK(line.number("false_alarms_an_hour") < 60);
  CHECK(line.number("events_found") == 1);
  CHECK(line.number("independent_events_found") == 1);
  CHECK(line.has("full_gaussian_delay_seconds"));
  const Words lines = split_lines(run_well(watch.folder, {"score", "m.safetensors", "rest.csv"}).output);
  CHECK(lines[0] == "row,time,free_energy,voted,one_in,flagged");
}

TEST_CASE("alarms: gaps of a recording are filled in, with their deviations") {
  const Watch watch;
  std::string gaps = "time,value\n";
  for (int n = 0; n < 200; ++n)
    gaps += std::to_string(0.5 * n) + "," + (n % 50 == 20 ? "" : std::to_string(std::sin(0.4 * n))) + "\n";
  watch.folder.write("gaps.csv", gaps);
  const Json line =
      report(watch.folder, {"fill", "m.safetensors", "gaps.csv", "--out", "f.csv", "--deviations", "d.csv"});
  CHECK(line.number("cells") == 4);
  CHECK(line.number("cells_left") == 0);
  const auto filled = numbers_of(watch.folder.read("f.csv"), true),
             spread = numbers_of(watch.folder.read("d.csv"), true);
  REQUIRE(filled.size() == 200);
  REQUIRE(filled[0].size() == 1);
  for (int n = 0; n < 200; ++n) {
    const auto row = static_cast<std::size_t>(n);
    CAPTURE(n);
    if (n % 50 != 20) {
      CHECK(filled[row][0] == doctest::Approx(std::sin(0.4 * n)).epsilon(1e-4));
      CHECK(spread[row][0] == 0);
    } else {
      CHECK(std::fabs(filled[row][0] - std::sin(0.4 * n)) < 0.6);
      CHECK(spread[row][0] > 0.1);
      CHECK(spread[row][0] < 0.9);
    }
  }
}

TEST_CASE("alarms: what train refuses") {
  const Folder folder;
  folder.write("learn.csv", recording(100, 100, 0, 1));
  const auto refuse = [&](Words words, int status, const std::string& part) {
    words.insert(words.begin(), {"train", "learn.csv", "--out", "m"});
    check_failure(folder, words, status, {part});
  };
  refuse({"--votes", "2/3"}, 2, "--votes: is for --false-alarms");
  refuse({"--visible", "means", "--false-alarms", "1%"}, 2,
         "--false-alarms: the free energy of means of bits");
  refuse({"--false-alarms", "1"}, 2, "is no rate such as 1%");
}
