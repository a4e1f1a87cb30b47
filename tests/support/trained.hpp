/// A model of the digits for tests of the commands that use one.
#pragma once

#include "tests/support/command.hpp"
#include "tests/support/strict_json.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/model.hpp"
#include "tools/model/model_file.hpp"

namespace fixture {

/// A model of the digits that has learned something: 64 visible, 32 hidden units.
inline const std::string& trained_model() {
  static const std::string bytes = [] {
    const Folder folder;
    run_well(folder, {"train", "digits", "--hidden", "32", "--epochs", "30", "--out", "model"});
    return folder.read("model");
  }();
  return bytes;
}

/// A folder with the trained model in it, and the model.
struct Trained {
  Folder folder;
  tool::Model model;

  Trained() {
    folder.write("model", trained_model());
    model = tool::read_model(folder.path("model"));
  }
};

/// A row of the digits, thresholded at 1/2 if asked for.
inline std::vector<double> example(const tool::Dataset& data, std::size_t index, bool thresholded = false) {
  std::vector<float> row(data.columns);
  data.row(index, row.data());
  std::vector<double> values(row.begin(), row.end());
  if (thresholded)
    for (double& value : values) value = value >= 0.5 ? 1 : 0;
  return values;
}

/// The one line that this command prints with --json, whose figures are all finite.
inline Json report(const Folder& folder, Words words) {
  words.emplace_back("--json");
  const Result result = run_well(folder, words);
  for (const std::string& line : split_lines(result.errors)) CHECK(line.substr(0, 6) == "note: ");
  const Words lines = split_lines(result.output);
  REQUIRE(lines.size() == 1);
  const Json line(lines[0]);
  CHECK(line.complete());
  return line;
}

}  // namespace fixture
