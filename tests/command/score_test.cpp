// `rbm score` against densities in double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "tests/support/reading_files.hpp"
#include "tests/support/reference.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"

using namespace fixture;

TEST_CASE("score: -log p of readings in their own units, a line an example") {
  const Folder folder;
  const MixedModel mixed(mixed_kinds(), 4, 2, 0.6f, 51);
  write_model(folder, "model", mixed);
  std::mt19937 random(3);
  std::vector<std::vector<float>> rows;
  for (int n = 0; n < 100; ++n) rows.push_back(random_readings(mixed, random));
  folder.write("data.csv", csv_of(rows));
  const Result result = run_well(folder, {"score", "model", "data.csv"});
  CHECK(split_lines(result.output)[0] == "row,negative_log_likelihood");
  const auto scores = numbers_of(result.output, true);
  REQUIRE(scores.size() == 100);
  std::vector<double> truth;
  for (std::size_t n = 0; n < 100; ++n) {
    truth.push_back(-mixed.exact().log_density(to_state(rows[n])));
    CHECK(scores[n][0] == static_cast<double>(n + 1));
    CHECK(scores[n][1] == doctest::Approx(truth[n]).epsilon(1e-5));
  }

  // Told, and written elsewhere.
  const Json line = report(folder, {"score", "model", "data.csv", "--out", "s.npy"});
  double sum = 0;
  for (const double value : truth) sum += value;
  std::sort(truth.begin(), truth.end());
  CHECK(line.text("score") == "negative_log_likelihood");
  CHECK(line.number("mean_score") == doctest::Approx(sum / 100).epsilon(1e-5));
  CHECK(line.number("median") == doctest::Approx(truth[50]).epsilon(1e-5));
  CHECK(line.number("percentile_99") == doctest::Approx(truth[99]).epsilon(1e-5));
  CHECK(line.number("highest") == doctest::Approx(truth[99]).epsilon(1e-5));
  tool::Reading reading;
  reading.kind = tool::DataKind::readings;
  const tool::Dataset table = tool::open_dataset(folder.path("s.npy"), reading);
  CHECK(table.rows == 100);
  CHECK(table.columns == 1);
  CHECK(static_cast<double>(table.values[7]) == doctest::Approx(scores[7][1]));
  CHECK(folder.names() == Words{"data.csv", "model", "s.npy"});
  CHECK_FALSE(report(folder, {"score", "model", "data.csv"}).has("out"));
}

TEST_CASE("score: the free energy where log Z is not known, and of bits") {
  const Folder folder;
  const MixedModel mixed(all_real(3), 21, 0, 0.2f, 52);
  write_model(folder, "wide", mixed);
  folder.write("data.csv", "3,2,4\n2.5,3,3\n");
  const Result wide = run_well(folder, {"score", "wide", "data.csv"});
  CHECK(split_lines(wide.output)[0] == "row,free_energy");
  CHECK(numbers_of(wide.output, true)[1][1] ==
        doctest::Approx(mixed.exact().free_energy({2.5, 3, 3})).epsilon(1e-5));

  folder.write("bits", diagonal_model());
  folder.write("bits.csv", "0,1,1,0\n1,0,0,0\n");
  const reference::Parameters bits(tool::read_model(folder.path("bits")).view());
  const Result exact = run_well(folder, {"score", "bits", "bits.csv", "--visible", "thresholded"});
  CHECK(split_lines(exact.output)[0] == "row,negative_log_likelihood");
  CHECK(numbers_of(exact.output, true)[0][1] ==
        doctest::Approx(reference::free_energy(bits, {0, 1, 1, 0}) + reference::log_partition(bits)));

  // Means of bits have no probability.
  const Result means = run_well(folder, {"score", "bits", "bits.csv", "--visible", "means"});
  CHECK(split_lines(means.output)[0] == "row,free_energy_of_means");
  CHECK(means.errors.find("note: bits.csv: means of bits have no probability") != std::string::npos);
}
