// `rbm fill` and `rbm reconstruct --noise`, against exact means in double precision.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/support/png_reader.hpp"
#include "tests/support/reading_files.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/strict_html.hpp"
#include "tests/support/trained.hpp"

using namespace fixture;

namespace {

/// Readings of a model in a folder, and what they are like.
struct Measured {
  Folder folder;
  MixedModel mixed{mixed_kinds(), 4, 2, 0.6f, 61, 1.5f};
  std::vector<std::vector<float>> rows;

  explicit Measured(std::size_t count) {
    write_model(folder, "model", mixed, unit_names());
    std::mt19937 random(9);
    while (rows.size() < count) rows.push_back(random_readings(mixed, random));
  }

  reference::Posterior truth(std::size_t row, double noise) const {
    reference::State of_noise;
    for (std::size_t j = 0; j < 7; ++j)
      of_noise.push_back(std::isnan(rows[row][j]) ? INFINITY : j == 3 || j == 4 ? 0 : noise);
    return {mixed.exact(), to_state(rows[row]), of_noise};
  }
};

const std::string heading = "hPa,\"depth, m\",left,door,pump,C,humidity\n";

}  // namespace

TEST_CASE("fill: gaps get their means given the row, the rest stays to the letter") {
  Measured measured(30);
  for (std::size_t n = 0; n < 30; ++n)
    for (std::size_t gap = 0; gap < n % 3; ++gap) measured.rows[n][(n + 2 * gap) % 7] = fixture::nan;
  const std::string data = heading + csv_of(measured.rows);
  measured.folder.write("gaps.csv", data);
  const Json line =
      report(measured.folder, {"fill", "model", "gaps.csv", "--out", "f.csv", "--steps", "4000"});
  CHECK(line.number("cells") == 30);
  CHECK(line.number("examples_with_gaps") == 20);
  CHECK_FALSE(line.has("examples_without_values"));
  const std::string table = measured.folder.read("f.csv");
  CHECK(table.substr(0, heading.size()) == heading);
  const auto filled = numbers_of(table, true);
  REQUIRE(filled.size() == 30);
  double squares = 0;
  for (std::size_t n = 0; n < 30; ++n) {
    const reference::Posterior exact = measured.truth(n, 0);
    for (std::size_t j = 0; j < 7; ++j)
      if (std::isnan(measured.rows[n][j]))
        squares += std::pow((filled[n][j] - exact.mean[j]) / static_cast<double>(measured.mixed.scale[j]), 2);
      else
        CHECK(static_cast<float>(filled[n][j]) == measured.rows[n][j]);
  }
  CHECK(std::sqrt(squares / 30) < 0.03);

  // The same from standard input to standard output, with any number of threads; another seed draws anew.
  const Words words{"fill", "model", "-", "--steps", "50", "--quiet"};
  const std::string once = run_well(measured.folder, words, {data}).output;
  CHECK(once.substr(0, heading.size()) == heading);
  for (const char* threads : {"1", "3"}) {
    Words more = words;
    more.insert(more.end(), {"--threads", threads});
    CHECK((run_well(measured.folder, more, {data}).output == once));
  }
  Words reseeded = words;
  reseeded.insert(reseeded.end(), {"--seed", "2"});
  CHECK((run_well(measured.folder, reseeded, {data}).output != once));
}

TEST_CASE("fill --deviations: how far values may be from their means, 0 where they are known") {
  Measured measured(12);
  for (std::size_t n = 0; n < 12; ++n) measured.rows[n][n % 7] = fixture::nan;
  measured.folder.write("gaps.csv", heading + csv_of(measured.rows));
  const Json line = report(measured.folder, {"fill", "model", "gaps.csv", "--out", "f.csv", "--deviations",
                                             "d.csv", "--steps", "4000"});
  CHECK(line.text("deviations") == "d.csv");
  const std::string table = measured.folder.read("d.csv");
  CHECK(table.substr(0, heading.size()) == heading);
  const auto deviations = numbers_of(table, true);
  REQUIRE(deviations.size() == 12);
  for (std::size_t n = 0; n < 12; ++n)
    for (std::size_t j = 0; j < 7; ++j) {
      CAPTURE(n);
      CAPTURE(j);
      if (j == n % 7)
        CHECK(deviations[n][j] == doctest::Approx(measured.truth(n, 0).deviation[j]).epsilon(0.1));
      else
        CHECK(deviations[n][j] == 0);
    }
  run_well(measured.folder, {"quantize", "model", "--step", "0.01", "--out", "q.h"});
  check_failure(measured.folder, {"fill", "q.h", "gaps.csv", "--deviations", "d2.csv"}, 2,
                {"--deviations: q.h is a header"});
  check_failure(measured.folder, {"fill", "model", "gaps.csv", "--out", "x.csv", "--deviations", "x.csv"}, 2,
                {"x.csv"});
}

TEST_CASE("fill: rows of which nothing is known are told; a table without gaps is copied") {
  Measured measured(2);
  measured.folder.write("whole.csv", csv_of(measured.rows));
  const Result whole = run_well(measured.folder, {"fill", "model", "whole.csv"});
  CHECK(whole.output == csv_of(measured.rows));
  CHECK(whole.errors.find("note: whole.csv: has no gaps\n") != std::string::npos);
  for (float& value : measured.rows[1]) value = fixture::nan;
  measured.folder.write("gaps.csv", heading + csv_of(measured.rows));
  const Json line = report(measured.folder, {"fill", "model", "gaps.csv"});
  CHECK(line.number("examples_without_values") == 1);
  CHECK(line.number("cells") == 7);
}

TEST_CASE("fill: bits are completed as probabilities, in the file's scale") {
  const Folder folder;
  folder.write("model", diagonal_model());
  folder.write("gaps.csv", "0,255,,0\n255,0,0,0\n");
  const Result result = run_well(folder, {"fill", "model", "gaps.csv", "--maximum", "255"});
  const auto filled = numbers_of(result.output, false);
  REQUIRE(filled.size() == 2);
  CHECK(filled[0][1] == 255);
  CHECK(filled[0][2] >= 0);
  CHECK(filled[0][2] <= 255);
  CHECK(filled[1] == std::vector<double>{255, 0, 0, 0});
}

TEST_CASE("reconstruct --noise: means of the clean readings") {
  Measured measured(10);
  measured.rows[3][1] = fixture::nan;
  measured.folder.write("noisy.csv", heading + csv_of(measured.rows));
  const Json line =
      report(measured.folder, {"reconstruct", "model", "noisy.csv", "--noise", "0.7", "--out", "clean.csv"});
  CHECK(line.number("noise") == 0.7);
  CHECK_FALSE(line.has("reconstruction_error"));
  const std::string table = measured.folder.read("clean.csv");
  CHECK(table.substr(0, heading.size()) == heading);
  const auto clean = numbers_of(table, true);
  double squares = 0, taken = 0;
  for (std::size_t n = 0; n < 10; ++n) {
    const reference::Posterior exact = measured.truth(n, 0.7);
    double sum = 0, readings = 0;
    for (std::size_t j = 0; j < 7; ++j) {
      squares += std::pow((clean[n][j] - exact.mean[j]) / static_cast<double>(measured.mixed.scale[j]), 2);
      const double change = static_cast<double>(measured.rows[n][j]) - clean[n][j];
      if (j == 3 || j == 4) CHECK(change == 0);
      if (j == 3 || j == 4 || std::isnan(change)) continue;
      sum += change * change;
      ++readings;
    }
    taken += sum / readings / 10;
  }
  CHECK(std::sqrt(squares / 70) < 0.1);
  CHECK(line.number("taken_away") == doctest::Approx(std::sqrt(taken)).epsilon(1e-4));

  check_failure(measured.folder, {"reconstruct", "model", "noisy.csv", "--noise", "0", "--out", "c"}, 2,
                {"--noise"});
  measured.folder.write("bits", diagonal_model());
  measured.folder.write("bits.csv", "0,1,1,0\n");
  check_failure(measured.folder, {"reconstruct", "bits", "bits.csv", "--noise", "1", "--out", "c"}, 1,
                {"rbm: bits: has no real units, so that --noise has no meaning for it\n"});
}

TEST_CASE("fill --image: curves as PNG or SVG; not by a header") {
  Measured measured(3);
  measured.rows[1][2] = fixture::nan;
  measured.folder.write("gaps.csv", heading + csv_of(measured.rows));
  for (const char* image : {"f.png", "f.svg"})
    report(measured.folder,
           {"fill", "model", "gaps.csv", "--out", "f.csv", "--steps", "20", "--image", image});
  const Png png(measured.folder.read("f.png"));
  CHECK(png.channels == 3);
  const std::string svg = measured.folder.read("f.svg");
  const Html html("<!DOCTYPE html>\n" + svg);
  CHECK(svg.find(">filled in</text>") != std::string::npos);
  run_well(measured.folder, {"quantize", "model", "--step", "0.01", "--out", "q.h"});
  check_failure(measured.folder, {"fill", "q.h", "gaps.csv", "--image", "g.png"}, 2,
                {"--image: q.h is a header"});
  CHECK_FALSE(measured.folder.has("g.png"));
}
