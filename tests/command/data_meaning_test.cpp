// What the numbers of its data meant is remembered with a model, and used by every command that reads data.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "tests/support/command.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

// The same pictures twice: as bytes from 0 to 16, and as the intensities from 0 to 1 that they stand for.
struct Greys {
  Folder folder;

  explicit Greys(const Words& more = {}) {
    std::mt19937 random(3);
    std::string bytes;
    std::vector<float> intensities;
    for (int n = 0; n < 200; ++n) {
      const auto base = random() % 12;
      for (int j = 0; j < 6; ++j) {
        const auto grey = base + random() % 5;
        bytes += static_cast<char>(grey);
        intensities.push_back(static_cast<float>(grey) / 16);
      }
    }
    bytes[0] = 16;
    intensities[0] = 1;
    folder.write("bytes.npy", npy("|u1", "(200, 6)", bytes));
    folder.write("floats.npy", npy("<f4", "(200, 6)", floats(intensities)));
    train("bytes.npy", "by_bytes", with({"--maximum", "16"}, more));
    train("floats.npy", "by_floats", with({"--maximum", "1"}, more));
  }

  void train(const std::string& data, const std::string& out, const Words& more) const {
    run_well(folder, with({"train", data, "--hidden", "8", "--epochs", "20", "--quiet", "--out", out}, more));
  }

  /// Standard output of a command without the lines that name files.
  std::string figures(const Words& words) const {
    std::string text;
    for (const std::string& line : split_lines(run_well(folder, words).output))
      if (line.find("by_") == std::string::npos && line.find(".npy") == std::string::npos)
        text += line + "\n";
    return text;
  }
};

}  // namespace

TEST_CASE("the value that meant 1 is remembered by every command that reads data for a model") {
  const Greys greys;
  const Folder& folder = greys.folder;
  const std::string evaluated = greys.figures({"evaluate", "by_floats", "floats.npy"});
  CHECK(evaluated.find("log-likelihood") != std::string::npos);
  CHECK(greys.figures({"evaluate", "by_bytes", "bytes.npy"}) == evaluated);
  const auto reconstructed = [&](const std::string& model, const std::string& data) {
    return greys.figures({"reconstruct", model, data, "--out", model + ".table.npy"});
  };
  CHECK(reconstructed("by_bytes", "bytes.npy") == reconstructed("by_floats", "floats.npy"));
  const auto made = [&](const std::string& command, const std::string& model, const std::string& data) {
    run_well(folder, command == "sample"
                         ? Words{"sample", model, "--from", data, "--steps", "3", "--image", "made"}
                         : Words{command, model, data, "--out", "made"});
    return folder.read("made");
  };
  for (const char* command : {"features", "sample"})
    CHECK((made(command, "by_bytes", "bytes.npy") == made(command, "by_floats", "floats.npy")));
  const auto quantized = [&](const std::string& model, const std::string& data) {
    return greys.figures({"quantize", model, "--name", "m", "--out", model + ".h", "--bits", "4", "--data",
                          data, "--tune", data, "--quiet"});
  };
  CHECK(quantized("by_bytes", "bytes.npy") == quantized("by_floats", "floats.npy"));
  // The headers remember too; they differ in nothing but the meaning.
  CHECK(greys.figures({"evaluate", "by_bytes.h", "bytes.npy"}) ==
        greys.figures({"evaluate", "by_floats.h", "floats.npy"}));
  CHECK(folder.read("by_bytes.h").find("#define M_DATA_MAXIMUM 16 ") != std::string::npos);
}

TEST_CASE("validation data mean what training data mean, also after a stop") {
  const Greys greys;
  const auto history = [&](const std::string& data, const Words& more) {
    const Words words{"train",        data, "--hidden", "4", "--epochs", "3",
                      "--validation", data, "--out",    "m", "--json"};
    std::string lines;
    for (const std::string& line : split_lines(run_well(greys.folder, with(words, more)).output))
      lines += line.substr(0, line.find("\"seconds\"")) + "\n";
    return lines;
  };
  CHECK(history("bytes.npy", {"--maximum", "16"}) == history("floats.npy", {"--visible", "sampled"}));
}

TEST_CASE("an option given anew wins, with a line") {
  const Greys greys;
  const auto errors = [&](const Words& more) {
    return run_well(greys.folder, with({"evaluate", "by_bytes", "bytes.npy", "--quiet"}, more)).errors;
  };
  CHECK(errors({}).empty());
  CHECK(errors({"--maximum", "16"}).empty());
  CHECK(errors({"--maximum", "32"}) == "note: bytes.npy: --maximum 32, but by_bytes was trained with 16\n");
  CHECK(errors({"--visible", "sampled"}).empty());
  CHECK(errors({"--visible", "thresholded"}) ==
        "note: bytes.npy: --visible thresholded, but by_bytes was trained with sampled\n");
}

TEST_CASE("how visible units were made is remembered, or refused where it has no meaning") {
  const Greys thresholded({"--visible", "thresholded"});
  const Words evaluate{"evaluate", "by_bytes", "bytes.npy"};
  CHECK(thresholded.figures(evaluate) == thresholded.figures(with(evaluate, {"--visible", "thresholded"})));
  CHECK(thresholded.figures(evaluate) != thresholded.figures(with(evaluate, {"--visible", "sampled"})));
  const auto features = [&](const Words& more) {
    run_well(thresholded.folder, with({"features", "by_bytes", "bytes.npy", "--out", "f"}, more));
    return thresholded.folder.read("f");
  };
  CHECK((features({}) == features({"--visible", "thresholded"})));
  CHECK((features({}) != features({"--visible", "means"})));

  const Greys real({"--visible", "means"});
  CHECK(real.figures(evaluate).find("not defined for means of bits") != std::string::npos);
  const std::string message =
      "by_bytes: was trained on means visible units, for which this is not defined: "
      "--visible sampled|thresholded says what to take instead";
  check_failure(real.folder, {"sample", "by_bytes", "--from", "bytes.npy"}, 1, {message});
  check_failure(real.folder, {"quantize", "by_bytes", "--out", "m.h", "--data", "bytes.npy"}, 1, {message});
}

TEST_CASE("data on another scale than the model's are refused, or noted where they may be dark") {
  const Greys greys;
  greys.folder.write("dark.npy", npy("<f4", "(1, 6)", floats({0, 1, 2, 3, 4, 5})));
  greys.folder.write("binary.npy", npy("|u1", "(1, 6)", std::string("\0\1\1\0\0\1", 6)));
  const std::string known = "but 16 means 1 in the data of by_bytes: ";
  for (const char* scaled : {"floats.npy", "binary.npy"})
    check_failure(greys.folder, {"evaluate", "by_bytes", scaled}, 1,
                  {": the largest value is 1, " + known + "--maximum 1 says that 1 does here"});
  check_failure(
      greys.folder, {"evaluate", "by_floats", "bytes.npy"}, 1,
      {" is above 1, which means 1 in the data of by_floats: --maximum sets the value that means 1"});
  CHECK(run_well(greys.folder, {"evaluate", "by_bytes", "dark.npy", "--quiet"}).errors ==
        "note: dark.npy: the largest value is 5, " + known + "--maximum sets the value that means 1\n");
}

TEST_CASE("the columns that a model was trained on are found again by name or by number") {
  const Folder folder;
  const auto table = [&](const std::string& name, const std::string& heading, const std::vector<int>& order) {
    std::mt19937 random(4);
    std::string text = heading.empty() ? "" : heading + "\n";
    for (int n = 0; n < 60; ++n) {
      // Row number, a reading that is mostly off, one that is mostly on, one that is always on.
      const std::vector<std::string> cells{std::to_string(n), random() % 9 == 0 ? "1" : "0",
                                           random() % 9 == 0 ? "0" : "1", "1"};
      for (const int column : order) text += cells[static_cast<std::size_t>(column)] + ",";
      text.back() = '\n';
    }
    folder.write(name, text);
  };
  table("whole.csv", ",low,high,always", {0, 1, 2, 3});
  table("turned.csv", "always,high,low", {3, 2, 1});
  table("plain.csv", "", {1, 2, 3});
  table("lacking.csv", "low,high,other", {1, 2, 3});
  run_well(folder, {"train", "whole.csv", "--columns", "low,high", "--hidden", "4", "--epochs", "30",
                    "--quiet", "--out", "model"});
  const auto features = [&](const std::string& data, const Words& more = {}) {
    run_well(folder, with({"features", "model", data, "--out", "f"}, more));
    return folder.read("f");
  };
  const std::string expected = features("plain.csv", {"--columns", "1-2"});
  CHECK((features("whole.csv") == expected));
  CHECK((features("turned.csv") == expected));
  CHECK((features("turned.csv", {"--columns", "2,3"}) != expected));
  folder.write("gone.csv", "low,other\n0,1\n1,1\n0,0\n");
  check_failure(folder, {"features", "model", "gone.csv"}, 1,
                {"gone.csv: has no column 'high', which model was trained on"});
  check_failure(folder, {"features", "model", "plain.csv"}, 1,
                {"plain.csv: has 3 columns, but model was trained on 2 of 4"});
  // A header of the model finds them too.
  run_well(folder, {"quantize", "model", "--name", "m", "--out", "m.h"});
  run_well(folder, {"features", "m.h", "turned.csv", "--out", "turned"});
  run_well(folder, {"features", "m.h", "whole.csv", "--out", "whole"});
  CHECK((folder.read("turned") == folder.read("whole")));
}

TEST_CASE("a mask with names marks the units that the model was trained on by these names") {
  const Folder folder;
  std::string table = "left,right,up,down\n";
  for (int n = 0; n < 40; ++n) table += n % 2 == 0 ? "1,0,0,1\n" : "0,1,1,0\n";
  folder.write("data.csv", table);
  folder.write("straight.csv", "left,right,up,down\n1,0,0,1\n");
  folder.write("turned.csv", "down,right,left,up\n1,0,1,0\n");
  folder.write("other.csv", "down,right,left,other\n1,0,1,0\n");
  run_well(folder, {"train", "data.csv", "--hidden", "4", "--epochs", "5", "--quiet", "--out", "model"});
  const auto sampled = [&](const std::string& mask) {
    run_well(folder, {"sample", "model", "--from", "data.csv", "--clamp", mask, "--count", "4", "--steps",
                      "5", "--image", "s.png"});
    return folder.read("s.png");
  };
  CHECK((sampled("straight.csv") == sampled("turned.csv")));
  check_failure(folder, {"sample", "model", "--from", "data.csv", "--clamp", "other.csv"}, 1,
                {"other.csv: has no column 'up', which model was trained on"});
}

TEST_CASE("--skip-lines is for tables of text, and never hides a heading from a model of named columns") {
  const Folder folder;
  std::string rows;
  for (int n = 0; n < 20; ++n) rows += n % 2 == 0 ? "1,0,0\n" : "0,1,1\n";
  folder.write("title.csv", "recorded today\nleft,right,up\n" + rows);
  folder.write("plain.csv", "right,left,up\n" + rows);
  folder.write("array.npy", npy("|u1", "(2, 3)", std::string("\0\1\1\1\0\1", 6)));
  const Words train{"train",    "title.csv", "--skip-lines", "1",     "--hidden", "2",
                    "--epochs", "1",         "--quiet",      "--out", "m"};
  check_failure(folder, with(train, {"--validation", "plain.csv"}), 1,
                {"plain.csv: has no heading below the 1 line that --skip-lines leaves out, but title.csv was "
                 "trained on named columns"});
  run_well(folder, train);
  CHECK(run_well(folder, {"evaluate", "m", "array.npy", "--skip-lines", "2", "--quiet"}).errors ==
        "note: array.npy: is no text: --skip-lines leaves nothing out\n");
}

TEST_CASE("info tells what a header's data meant, and what metadata say is bounded") {
  const Greys greys({"--visible", "thresholded"});
  run_well(greys.folder, {"quantize", "by_bytes", "--name", "m", "--out", "m.h"});
  const std::string told = run_well(greys.folder, {"info", "m.h"}).output;
  CHECK(told.find("maximum = '16'") != std::string::npos);
  CHECK(told.find("visible = 'thresholded'") != std::string::npos);
  std::string header = greys.folder.read("m.h");
  const std::string columns = "#define M_DATA_FILE_COLUMNS 6";
  header.replace(header.find(columns), columns.size(), "#define M_DATA_FILE_COLUMNS 1000000000");
  greys.folder.write("large.h", header);
  check_failure(greys.folder, {"info", "large.h"}, 1,
                {"large.h: metadata 'file_columns' is '1000000000', which is out of range"});
}

TEST_CASE("a heading in Windows-1252 means the same as its twin in UTF-8") {
  const Folder folder;
  std::string rows = "\n";
  for (int n = 0; n < 40; ++n) rows += std::to_string(n % 2) + "," + std::to_string(n % 3 % 2) + "\n";
  folder.write("latin.csv",
               "Temp \xb0"
               "C,H\xf6he" +
                   rows);
  folder.write("utf8.csv",
               "Temp \xc2\xb0"
               "C,H\xc3\xb6he" +
                   rows);
  const auto features = [&](const std::string& model, const std::string& data) {
    run_well(folder, {"features", model, data, "--out", "f"});
    return folder.read("f");
  };
  for (const std::string twin : {"latin", "utf8"})
    run_well(folder, {"train", twin + ".csv", "--hidden", "2", "--epochs", "2", "--quiet", "--out", twin});
  CHECK((folder.read("latin") == folder.read("utf8")));
  CHECK((features("latin", "utf8.csv") == features("latin", "latin.csv")));
  CHECK((features("utf8", "latin.csv") == features("utf8", "utf8.csv")));
}

TEST_CASE("names that several columns have are remembered, and taken in that order only") {
  const Folder folder;
  const std::string rows = "\n0,0.25,1\n1,0.5,0.75\n0.5,0,0.25\n";
  folder.write("data.csv", "a,a,b" + rows);
  run_well(folder, {"train", "data.csv", "--hidden", "2", "--epochs", "2", "--quiet", "--maximum", "1",
                    "--out", "m"});
  run_well(folder, {"evaluate", "m", "data.csv", "--quiet"});
  folder.write("turned.csv", "b,a,a" + rows);
  check_failure(folder, {"evaluate", "m", "turned.csv"}, 1,
                {"turned.csv: columns 2 and 3 are both called 'a': choose by number, as in --columns 2"});
  folder.write("once.csv", "b,a,c" + rows);
  check_failure(
      folder, {"evaluate", "m", "once.csv"}, 1,
      {"once.csv: has one column 'a', but m was trained on several of that name: --columns chooses"});
  const std::string shown = run_well(folder, {"info", "data.csv"}).output;
  CHECK(shown.find("line 1: a,a,b\n") != std::string::npos);
}

TEST_CASE("row numbers beside as many columns as the model was trained on are left out with a line") {
  const Folder folder;
  folder.write("data.csv", "0,0.25\n1,0.5\n0.5,0\n");
  run_well(folder, {"train", "data.csv", "--hidden", "2", "--epochs", "2", "--quiet", "--maximum", "1",
                    "--out", "m"});
  folder.write("more.csv", "0,0,0.25\n1,1,0.5\n2,0.5,0\n");
  CHECK(run_well(folder, {"evaluate", "m", "more.csv", "--quiet"}).errors ==
        "note: more.csv: column 1 holds row numbers and is left out; --columns takes it\n");
}
