// rbm watch: a recording in; a model, a header, a program that compiles and a page out.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "tests/support/reading_files.hpp"
#include "tests/support/recordings.hpp"
#include "tests/support/strict_html.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/model_file.hpp"

using namespace fixture;

namespace {

const Words options{"--label-column", "label",    "--window", "16",       "--hop", "4",         "--detrend",
                    "none",           "--epochs", "40",       "--hidden", "4",     "--factors", "2"};

struct Watching {
  Folder folder;
  Json line;

  Watching() : line(watch()) {}

  Json watch() {
    folder.write("pump.csv", recording(2000, 1000, 0, 1));
    return report(folder, with({"watch", "pump.csv", "--out", "pump"}, options));
  }
};

}  // namespace

TEST_CASE("watch: the model and the header have the windows and a limit, and find the event") {
  const Watching made;
  CHECK(made.line.number("window") == 16);
  CHECK(made.line.number("events_found") == 1);
  CHECK(made.line.number("found") > 0.9);
  CHECK(made.line.number("false_alarm_share") < 0.03);
  const tool::Model model = tool::read_model(made.folder.path("pump.safetensors"));
  REQUIRE(model.calibration);
  CHECK(model.calibration->false_alarms == 0.01);
  CHECK(model.meaning.windows.length == 16);
  const tool::Model device = tool::read_model(made.folder.path("pump.h"));
  REQUIRE(device.calibration);
  CHECK(device.calibration->limit == made.line.number("limit"));
}

TEST_CASE("watch: what it tells is what rbm score tells of its header") {
  const Watching made;
  const Json scored = report(made.folder, {"score", "pump.h", "pump.csv", "--label-column", "label"});
  for (const char* const key : {"auc", "found", "false_alarm_share", "events_found", "limit"}) {
    CAPTURE(key);
    CHECK(scored.number(key) == made.line.number(key));
  }
}

TEST_CASE("watch: without labels it tells how much of the recording is odd, and each channel's step") {
  const Folder folder;
  std::string text = "time,level,flow\n";
  for (int n = 0; n < 600; ++n)
    text +=
        std::to_string(n) + "," + std::to_string(n * 7 % 11) + "," + std::to_string(n * 5 % 13 * 1e-4) + "\n";
  folder.write("two.csv", text);
  const Words options_here{"--window", "16",       "--detrend", "none",  "--epochs",
                           "5",        "--hidden", "4",         "--out", "two"};
  const Result result = run(folder, with({"watch", "two.csv"}, options_here));
  CAPTURE(result.output);
  CHECK(result.status == 0);
  CHECK(result.output.find(" windows are odd; the oddest: 1 in ") != std::string::npos);
  const std::size_t begin = result.output.find("whole numbers of steps: level ");
  REQUIRE(begin != std::string::npos);
  const std::string steps = result.output.substr(begin + 24, result.output.find('\n', begin) - begin - 24);
  CHECK(steps.find(", flow ") != std::string::npos);
  CHECK(folder.read("two.h").find("a whole number of steps, in the units of the data: " + steps +
                                  "; int16_t") != std::string::npos);
}

TEST_CASE("watch: its program compiles with all warnings, and flags the odd stretch alone") {
  const Watching made;
  CHECK(run_shell(made.folder,
                  "${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Wconversion -Werror pump_main.c -o pump && "
                  "./pump >flagged")
            .status == 0);
  const Words lines = split_lines(made.folder.read("flagged"));
  REQUIRE(lines.size() > 1);
  const std::string begin = "odd: the window that ends with row ";
  for (std::size_t n = 0; n + 1 < lines.size(); ++n) {
    CAPTURE(lines[n]);
    REQUIRE(lines[n].substr(0, begin.size()) == begin);
    const int row = std::stoi(lines[n].substr(begin.size()));
    CHECK(row > 1000);
    CHECK(row < 1040 + 16 + 4);
  }
}

TEST_CASE("watch: the page is well formed, and the same command gives the same files") {
  const Watching made, again;
  const Html page(made.folder.read("pump.html"));
  for (const char* const file : {"pump.safetensors", "pump.h", "pump_main.c", "pump.html"})
    CHECK(made.folder.read(file) == again.folder.read(file));
}

TEST_CASE("watch: what it refuses leaves nothing behind") {
  const Folder folder;
  folder.write("few.csv", recording(40, 40, 0, 1));
  const auto before = folder.content();
  const auto refuse = [&](const Words& words, int status, const std::string& part) {
    const Result result = run(folder, with(words, options));
    CAPTURE(result.errors);
    CHECK(result.status == status);
    CHECK(result.output.empty());
    CHECK(split_lines(result.errors).back().find(part) != std::string::npos);
    CHECK((folder.content() == before));
  };
  refuse({"watch", "few.csv", "--out", "few"}, 1, "few.csv");
  refuse({"watch", "digits", "--out", "few"}, 1, "digits");
  refuse({"watch", "few.csv", "--out", "no/folder"}, 1, "no/folder");
  refuse({"watch", "few.csv", "--out", "1st"}, 2, "1st");
}
