// The commands that take models of bits, with models of readings.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/support/png_reader.hpp"
#include "tests/support/reading_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"

using namespace fixture;

namespace {

/// A model of seven units in three groups in a folder, with draws of it in data.csv.
struct Drawn {
  Folder folder;
  MixedModel mixed;
  std::vector<std::vector<double>> rows;

  explicit Drawn(std::size_t count, MixedModel model = MixedModel(mixed_kinds(), 3, 1, 0.8f, 71, 1.5f))
      : mixed(std::move(model)) {
    write_model(folder, "model", mixed, unit_names());
    run_well(folder, {"sample", "model", "--count", std::to_string(count), "--steps", "200", "--out",
                      "data.csv", "--quiet"});
    rows = numbers_of(folder.read("data.csv"), true);
    REQUIRE(rows.size() == count);
  }
};

}  // namespace

TEST_CASE("sample, then evaluate: the log-likelihood of a model's own readings, and the baselines") {
  const Drawn drawn(400);
  CHECK(split_lines(drawn.folder.read("data.csv"))[0] == "hPa,\"depth, m\",left,door,pump,C,humidity");
  double sum = 0;
  for (const std::vector<double>& row : drawn.rows) sum += drawn.mixed.exact().log_density(row);
  const Json line = report(drawn.folder, {"evaluate", "model", "data.csv", "--temperatures", "500"});
  CHECK(line.text("visible_units") == "real");
  CHECK(line.number("exact_log_likelihood") == doctest::Approx(sum / 400).epsilon(1e-4));
  CHECK(std::fabs(line.number("annealed_log_partition") - line.number("exact_log_partition")) <
        once_in_a_million * line.number("annealed_log_partition_standard_error"));
  CHECK_FALSE(line.has("pseudo_likelihood"));
  // The truth is better than what simple densities reach on its own draws.
  CHECK(line.number("exact_log_likelihood") > line.number("full_gaussian_log_likelihood"));
  CHECK(line.number("full_gaussian_log_likelihood") > line.number("independent_gaussians_log_likelihood"));
  const std::string prose = run_well(drawn.folder, {"evaluate", "model", "data.csv"}).output;
  CHECK(prose.find("not defined for readings") != std::string::npos);
  CHECK(prose.find("not better") == std::string::npos);
}

TEST_CASE("evaluate: a model that simple densities beat says so") {
  const Drawn drawn(200);
  const auto moved_by = [&](float deviations) {
    MixedModel moved = drawn.mixed;
    for (const std::size_t j : {0u, 1u, 2u, 5u, 6u}) moved.offset[j] += deviations * moved.scale[j];
    write_model(drawn.folder, "moved", moved, unit_names());
    return run_well(drawn.folder, {"evaluate", "moved", "data.csv"}).output;
  };
  CHECK(moved_by(0).find("not better") == std::string::npos);
  CHECK(moved_by(0.25f).find("  the model is not better than one full Gaussian: more --factors") !=
        std::string::npos);
  CHECK(moved_by(3).find("  the model is not better than independent Gaussians\n") != std::string::npos);
}

TEST_CASE("reconstruct and features of readings: in their own units, whatever these are") {
  const Drawn drawn(50);
  run_well(drawn.folder, {"reconstruct", "model", "data.csv", "--out", "r.csv"});
  run_well(drawn.folder, {"features", "model", "data.csv", "--out", "f.npy"});
  // The same readings in other units, and a model that knows them so.
  MixedModel scaled = drawn.mixed;
  const auto rows = drawn.rows;
  std::vector<std::vector<float>> changed;
  for (const std::vector<double>& row : rows) {
    changed.emplace_back(row.begin(), row.end());
    changed.back()[0] = 1024 * changed.back()[0];
  }
  scaled.offset[0] *= 1024;
  scaled.scale[0] *= 1024;
  write_model(drawn.folder, "scaled", scaled);
  drawn.folder.write("scaled.csv", csv_of(changed));
  const auto notes = [&](const char* data) {
    return run_well(drawn.folder, {"score", "model", data, "--out", "scores.csv", "--quiet"}).errors;
  };
  CHECK(notes("data.csv") == "");
  CHECK(
      notes("scaled.csv") ==
      "note: scaled.csv: most readings of column 1 lie more than 100 deviations from all that model learned: "
      "are they in the same units?\n");
  run_well(drawn.folder, {"reconstruct", "scaled", "scaled.csv", "--out", "rs.csv"});
  run_well(drawn.folder, {"features", "scaled", "scaled.csv", "--out", "fs.npy"});
  CHECK((drawn.folder.read("f.npy") == drawn.folder.read("fs.npy")));
  const auto plain = numbers_of(drawn.folder.read("r.csv"), true),
             large = numbers_of(drawn.folder.read("rs.csv"), false);
  double distance = 0;
  for (std::size_t n = 0; n < 50; ++n)
    for (std::size_t j = 0; j < 7; ++j) {
      CHECK(large[n][j] == doctest::Approx((j == 0 ? 1024 : 1) * plain[n][j]).epsilon(1e-6));
      if (j != 3 && j != 4)
        distance += std::pow((plain[n][j] - rows[n][j]) / static_cast<double>(drawn.mixed.scale[j]), 2) / 250;
    }
  // Beside hidden units and factors stands noise of one scale.
  CHECK(distance > 0.3);
  CHECK(distance < 1.5);
  CHECK(
      report(drawn.folder, {"evaluate", "scaled", "scaled.csv"}).number("exact_log_likelihood") ==
      doctest::Approx(report(drawn.folder, {"evaluate", "model", "data.csv"}).number("exact_log_likelihood") -
                      std::log(1024.0))
          .epsilon(1e-5));
}

TEST_CASE("sample of readings: from data, as numbers and pictures, without clamps") {
  const Drawn drawn(20);
  run_well(drawn.folder, {"sample", "model", "--from", "data.csv", "--steps", "1", "--out", "s.npy"});
  tool::Reading reading;
  reading.kind = tool::DataKind::readings;
  CHECK(tool::open_dataset(drawn.folder.path("s.npy"), reading).rows == 64);
  run_well(drawn.folder, {"sample", "model", "--from", "data.csv", "--steps", "6", "--every", "3", "--count",
                          "2", "--out", "s.csv", "--image", "s.png"});
  CHECK(numbers_of(drawn.folder.read("s.csv"), true).size() == 2);
  CHECK(Png(drawn.folder.read("s.png")).channels == 3);  // curves in colours
  run_well(drawn.folder, {"sample", "model", "--steps", "2"});
  CHECK(drawn.folder.has("samples.png"));
  drawn.folder.write("mask.csv", "1,0,0,0,0,0,0\n");
  check_failure(drawn.folder, {"sample", "model", "--from", "data.csv", "--clamp", "mask.csv", "--out", "c"},
                1, {"model: has real units, which cannot be clamped here: rbm fill completes readings"});
}

TEST_CASE("filters of a model of readings are a picture of W") {
  const Drawn drawn(1);
  run_well(drawn.folder, {"filters", "model", "--image", "f.png"});
  CHECK(drawn.folder.read("f.png").substr(1, 3) == "PNG");
}
