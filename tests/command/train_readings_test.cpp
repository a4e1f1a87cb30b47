// rbm train on readings: which kind of unit it chooses, how it scales, and what it says of that.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>

#include "tests/support/fixtures.hpp"
#include "tests/support/reading_files.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/visible_groups.hpp"

using namespace fixture;

namespace {

using Rows = std::vector<std::vector<float>>;

Rows rows_of(std::size_t rows, std::size_t columns,
             const std::function<float(std::size_t, std::size_t)>& value) {
  Rows all(rows, std::vector<float>(columns));
  for (std::size_t n = 0; n < rows; ++n)
    for (std::size_t j = 0; j < columns; ++j) all[n][j] = value(n, j);
  return all;
}

/// Readings of sensors that have nothing to do with each other, times a factor.
Rows sensors(std::size_t columns, float factor = 1) {
  std::mt19937 random(7);
  return rows_of(120, columns,
                 [&](std::size_t, std::size_t j) { return factor * (static_cast<float>(j) + bell(random)); });
}

/// Windows of a slow wave at any level.
Rows signal() {
  std::mt19937 random(8);
  float phase = 0, level = 0;
  return rows_of(120, 16, [&](std::size_t, std::size_t j) {
    if (j == 0) {
      phase = 6 * uniform(random);
      level = bell(random);
    }
    return level + std::sin(phase + 0.3f * static_cast<float>(j)) + 0.05f * bell(random);
  });
}

/// What training on a file in the folder says, and the model.
struct Run {
  tool::Model model;
  std::string errors;

  Run(const Folder& folder, const std::string& data, const Words& more = {}) {
    const Words words{"train", data, "--hidden", "3", "--epochs", "2", "--out", "m"};
    errors = run_well(folder, with(words, more)).errors;
    model = tool::read_model(folder.path("m"));
  }

  bool says(const std::string& text) const {
    CAPTURE(errors);
    CAPTURE(text);
    return errors.find(text) != std::string::npos;
  }
  std::string groups() const { return tool::to_text(model.groups); }
};

const std::string described = "note: data.csv: ";

}  // namespace

TEST_CASE("train: readings of any sign are learned as they are, and a line says so") {
  const Folder folder;
  folder.write("data.csv", csv_of(sensors(3)));
  const Run run(folder, "data.csv");
  CHECK(run.says(described + "3 real readings an example\n"));
  CHECK(run.says("units: real 3; a scale for each (not one signal over time); 1 factor\n"));
  CHECK(run.groups() == "real 3");
  CHECK(run.model.meaning.visible_units == "real");
  CHECK_FALSE(run.model.meaning.maximum.has_value());
  CHECK(run.model.offset[2] == doctest::Approx(2).epsilon(0.2));
  // Asked for, it needs no line.
  CHECK_FALSE(Run(folder, "data.csv", {"--visible", "real"}).says("real readings"));
  CHECK((tool::to_tensors(Run(folder, "data.csv", {"--visible", "real"}).model).metadata ==
         tool::to_tensors(run.model).metadata));
  const Words words{"train", "data.csv", "--epochs", "1", "--json", "--out", "m"};
  const Json last(split_lines(run_well(folder, words).output).back());
  CHECK(last.text("visible_groups") == "real 3");
  CHECK(last.text("scale") == "each");
  CHECK(last.number("factors") == 1);
}

TEST_CASE("train: a line says where numbers have more digits than are kept") {
  const Folder folder;
  folder.write("data.csv", "-1,2147483000\n0.5,2147483500\n0.25,2147483200\n");
  CHECK(Run(folder, "data.csv")
            .says(described + "column 2 varies by little beside its mean, and is rounded to what 24 bits "
                              "hold: subtract what is constant\n"));
  folder.write("data.csv", "-1,101325\n0.5,101301\n0.25,101318\n");
  CHECK_FALSE(Run(folder, "data.csv").says("24 bits"));
}

TEST_CASE("train: how to have the other kind is told where there is one") {
  const Folder folder;
  folder.write("data.csv", "0.5,0\n0.25,1\n0,0.125\n");
  CHECK(Run(folder, "data.csv")
            .says(described + "2 real readings an example; --visible sampled takes values from 0 to 1 as "
                              "probabilities of bits\n"));
  CHECK(Run(folder, "data.csv", {"--visible", "sampled"}).groups().empty());
  CHECK(Run(folder, "data.csv", {"--maximum", "1"}).groups().empty());
  folder.write("data.csv", "5,0\n2,9\n0,3\n");
  CHECK(Run(folder, "data.csv")
            .says(described + "2 real readings an example; --maximum X takes values from 0 to X as "
                              "intensities of bits\n"));
  CHECK(Run(folder, "data.csv", {"--maximum", "9"}).groups().empty());
}

TEST_CASE("train: 0 and 1, bytes, pictures and what has a maximum are bits, without a line") {
  const Folder folder;
  folder.write("bits.csv", "0,1\n1,0\n1,1\n");
  folder.write("bytes.npy", npy("|u1", "(2, 3)", std::string("\0\x80\xff\2\2\3", 6)));
  folder.write("bytes.idx", idx(8, {2, 3}, std::string("\0\x80\xff\2\2\3", 6)));
  folder.write("pictures.npy", npy("<f4", "(2, 1, 3)", floats({0, 0.5f, 1, 0.25f, 0, 1})));
  for (const char* data : {"bits.csv", "bytes.npy", "bytes.idx", "pictures.npy", "digits"}) {
    CAPTURE(data);
    const Run run(folder, data);
    CHECK(run.groups().empty());
    CHECK_FALSE(run.says("real reading"));
    CHECK_FALSE(run.says("units: "));
  }
  CHECK(Run(folder, "bits.csv", {"--visible", "real"}).groups() == "real 2");
  CHECK(Run(folder, "bytes.idx", {"--visible", "real"}).groups() == "real 3");
}

TEST_CASE("train: columns of 0 and 1 beside readings are bits of a mixed model") {
  const Folder folder;
  Rows rows = sensors(5);
  for (std::size_t n = 0; n < rows.size(); ++n) {
    rows[n][1] = n % 2 == 0 ? 1.0f : 0.0f;
    rows[n][2] = n % 3 == 0 ? 1.0f : 0.0f;
  }
  folder.write("data.csv", csv_of(rows));
  CHECK(Run(folder, "data.csv").groups() == "real 1, binary 2, real 2");
  rows[3][2] = 2;
  folder.write("other.csv", csv_of(rows));
  CHECK(
      run_well(folder, {"evaluate", "m", "other.csv", "--quiet"}).errors ==
      "note: other.csv: 1 value, the first in column 3, stand where m learned 0 and 1: they count as 1 from "
      "1/2 on\n");
}

TEST_CASE("train: a signal over time has one scale and two factors, unless told otherwise") {
  const Folder folder;
  folder.write("data.csv", csv_of(signal()));
  const Run run(folder, "data.csv");
  CHECK(run.says("units: real 16; one scale for all (one signal over time); 2 factors\n"));
  CHECK(run.model.factors == 2);
  const Run told(folder, "data.csv", {"--scale", "each", "--factors", "1"});
  CHECK(told.says("units: real 16; a scale for each; 1 factor\n"));
  CHECK(told.model.factors == 1);
  const Run none(folder, "data.csv", {"--scale", "none", "--factors", "0"});
  CHECK(none.says("units: real 16; readings not scaled; 0 factors\n"));
  CHECK(none.model.offset[0] == 0);
}

TEST_CASE("train: volts and millivolts give the same model but for the unit") {
  const Folder folder;
  constexpr float factor = 1024;  // exact, so that roundings are the same too
  folder.write("volts.csv", csv_of(sensors(4)));
  folder.write("other.csv", csv_of(sensors(4, factor)));
  const Run volts(folder, "volts.csv"), other(folder, "other.csv");
  CHECK((volts.model.weights == other.model.weights));
  CHECK((volts.model.visible_bias == other.model.visible_bias));
  CHECK((volts.model.hidden_bias == other.model.hidden_bias));
  for (std::size_t j = 0; j < 4; ++j) {
    CHECK(factor * volts.model.offset[j] == other.model.offset[j]);
    CHECK(factor * volts.model.scale[j] == other.model.scale[j]);
  }
}

TEST_CASE("train: constant columns are told, and readings that never vary refused") {
  const Folder folder;
  folder.write("data.csv", "name,a,b,c\nx,5,1,0\ny,5,2,0\nz,5,4,0\n");
  CHECK(Run(folder, "data.csv", {"--columns", "2-4"})
            .says(described + "columns 2,4 are constant: any other value will be taken for unusual\n"));
  folder.write("data.csv", "5,-1\n5,-1\n");
  check_failure(folder, {"train", "data.csv", "--visible", "real"}, 1,
                {"data.csv: no reading varies: there is nothing to learn"});
}

TEST_CASE("train: gaps and what is no number are refused, and options that contradict the kind") {
  const Folder folder;
  folder.write("data.csv", "1,2\n3,\n");
  check_failure(folder, {"train", "data.csv"}, 1, {"data.csv: line 2, column 2: a value is missing"});
  folder.write("data.csv", "0,1\n1,0\n");
  check_failure(folder, {"train", "data.csv", "--visible", "real", "--maximum", "5"}, 2,
                {"--maximum: readings have none; leave it out with --visible real"});
  for (const char* option : {"--scale", "--factors"})
    check_failure(folder, {"train", "data.csv", option, option == std::string("--scale") ? "all" : "1"}, 2,
                  {std::string(option) + " is for readings, which --visible real takes"});
  folder.write("data.csv", csv_of(sensors(2)));
  Run(folder, "data.csv");
  for (const Words& option : {Words{"--maximum", "4"}, Words{"--visible", "sampled"}})
    check_failure(folder, with({"evaluate", "m", "data.csv"}, option), 2,
                  {option[0] + " is for intensities, but m has real units and takes readings as they are"});
  folder.write("bits.csv", "0,1\n1,0\n");
  run_well(folder, {"evaluate", "m", "bits.csv"});  // they are readings here
}

TEST_CASE("train: validation data of 0 and 1 are readings where training data are") {
  const Folder folder;
  folder.write("data.csv", csv_of(sensors(3)));
  folder.write("bits.csv", "0,1,0\n1,0,1\n");
  const Words words{"train", "data.csv", "--epochs", "2", "--validation", "bits.csv", "--json", "--out", "m"};
  const Json line(split_lines(run_well(folder, words).output)[0]);
  CHECK(std::isfinite(line.number("free_energy_gap")));
}

TEST_CASE("info: what a model of readings holds, and a file of readings") {
  const Folder folder;
  folder.write("data.csv", csv_of(signal()));
  Run(folder, "data.csv");
  const Json model = report(folder, {"info", "m"});
  CHECK(model.text("visible_groups") == "real 16");
  CHECK(model.number("factors") == 2);
  CHECK(model.number("v_scale_minimum") > 0);
  CHECK(model.has("v_offset_mean"));
  CHECK(run_well(folder, {"info", "m"}).output.find("kinds          real 16\n") != std::string::npos);
  const Json data = report(folder, {"info", "data.csv"});
  CHECK(data.text("visible_groups") == "real 16");
  CHECK(data.text("scale") == "all");
  CHECK(data.number("values_minimum") < 0);
  CHECK_FALSE(data.has("maximum"));
}
