// `rbm score` against densities in double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/reading_files.hpp"
#include "tests/support/reference.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/strict_html.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/model/model_file.hpp"

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

namespace {

/// A model of readings, and normal ones of it in files; odd ones are far from all that it makes up.
struct Watched {
  Folder folder;
  MixedModel mixed{mixed_kinds(), 4, 2, 0.6f, 51};
  std::mt19937 random{4};

  Watched() {
    write_model(folder, "model", mixed, unit_names());
    folder.write("normal.csv", heading() + csv_of(rows(300)));
    folder.write("new.csv", heading() + csv_of(rows(100)));
    std::vector<std::vector<float>> odd = rows(20);
    for (std::vector<float>& row : odd)
      for (const std::size_t j : {0, 1, 2, 5, 6}) row[j] += 9 * mixed.scale[j];
    folder.write("odd.csv", heading() + csv_of(odd));
  }

  static std::string heading() { return "hPa,\"depth, m\",left,door,pump,C,humidity\n"; }

  std::vector<std::vector<float>> rows(std::size_t count) {
    std::vector<std::vector<float>> drawn;
    while (drawn.size() < count) drawn.push_back(random_readings(mixed, random));
    return drawn;
  }
};

}  // namespace

TEST_CASE("score --calibrate: the limit goes into the model, and tells from then on what is odd") {
  Watched watched;
  const Folder& folder = watched.folder;
  const tool::Model before = tool::read_model(folder.path("model"));
  const Json set = report(folder, {"score", "model", "--calibrate", "normal.csv", "--false-alarms", "2%"});
  CHECK(set.number("false_alarms") == 0.02);
  CHECK(set.text("score") == "free_energy");
  CHECK(set.number("flagged") <= 12);  // of the 300 themselves
  CHECK(set.number("flagged") >= 1);
  CHECK_FALSE(set.has("auc"));
  const tool::Model after = tool::read_model(folder.path("model"));
  CHECK((after.weights == before.weights));
  CHECK((after.scale == before.scale));
  CHECK(after.meaning.columns.names == before.meaning.columns.names);
  CHECK(after.metadata.at("votes") == "1 of 1");
  const double limit = std::stod(after.metadata.at("limit"));
  CHECK(set.number("limit") == doctest::Approx(limit));

  // In the table: the free energy, how odd it is, and whether it is above the limit.
  const Result table = run_well(folder, {"score", "model", "odd.csv"});
  CHECK(split_lines(table.output)[0] == "row,free_energy,one_in,flagged");
  const auto cells = numbers_of(table.output, true);
  REQUIRE(cells.size() == 20);
  for (const auto& row : cells) {
    CHECK((row[3] == 1) == (row[1] > limit));
    CHECK((row[2] > 50) == (row[1] > limit));
  }
  CHECK(table.errors.find(" of 20 examples are odd; the oddest: 1 in ") != std::string::npos);
  const Json odd = report(folder, {"score", "model", "odd.csv"});
  CHECK(odd.number("flagged") >= 18);
  const std::string place = ", at row " + std::to_string(static_cast<int>(odd.number("oddest_row"))) + "\n";
  CHECK(table.errors.find(place) != std::string::npos);
}

TEST_CASE("score: how well it works beside a mean and deviation and one Gaussian") {
  Watched watched;
  const Folder& folder = watched.folder;
  const Json line = report(folder, {"score", "model", "new.csv", "--calibrate", "normal.csv", "--odd",
                                    "odd.csv", "--votes", "1/1"});
  CHECK(line.number("auc") > 0.98);
  CHECK(line.number("odd_examples") == 20);
  CHECK(line.number("found") >= 0.9);
  CHECK(line.number("false_alarm_share") < 0.06);
  for (const char* key :
       {"independent_auc", "full_gaussian_auc", "independent_found", "full_gaussian_false_alarm_share",
        "independent_auc_difference", "full_gaussian_auc_difference_standard_error"})
    CHECK(line.has(key));
  // Labels in the data say the same as a file of odd ones.
  std::string labelled = "label," + Watched::heading();
  for (const auto& [name, label] :
       {std::pair<const char*, const char*>{"new.csv", "0,"}, {"odd.csv", "1,"}}) {
    const Words lines = split_lines(folder.read(name));
    for (std::size_t n = 1; n < lines.size(); ++n) labelled += label + lines[n] + "\n";
  }
  folder.write("labelled.csv", labelled);
  const Json other = report(folder, {"score", "model", "labelled.csv", "--label-column", "label"});
  CHECK(other.number("auc") == doctest::Approx(line.number("auc")));
  CHECK(other.number("found") == line.number("found"));
  CHECK(other.number("events") == 1);
  CHECK(other.number("events_found") == 1);
  REQUIRE(other.number("delay_readings") == 0);
  CHECK(run_well(folder, {"score", "model", "labelled.csv", "--label-column", "label", "--out", "s.csv"})
            .output.find("1 of 1 event, at once\n") != std::string::npos);
  // Normal examples need no column of labels.
  const Json both = report(
      folder, {"score", "model", "labelled.csv", "--label-column", "label", "--calibrate", "normal.csv"});
  CHECK(both.number("auc") == other.number("auc"));
  CHECK(both.number("independent_auc") == doctest::Approx(line.number("independent_auc")));
  const Result prose = run_well(
      folder, {"score", "model", "new.csv", "--calibrate", "normal.csv", "--odd", "odd.csv", "--out", "s"});
  CHECK(prose.output.find("AUC less") != std::string::npos);
}

TEST_CASE("score --calibrate: what it refuses") {
  Watched watched;
  const Folder& folder = watched.folder;
  const auto refuse = [&](Words words, int status, const std::string& part) {
    words.insert(words.begin(), "score");
    check_failure(folder, words, status, {part});
  };
  refuse({"model"}, 2, "DATA is missing; only with --calibrate NORMAL it may be left out");
  refuse({"model", "new.csv", "--votes", "2/3"}, 2, "--votes: is for --calibrate NORMAL");
  refuse({"model", "new.csv", "--false-alarms", "1%"}, 2, "--false-alarms: is for --calibrate NORMAL");
  refuse({"model", "--calibrate", "normal.csv", "--false-alarms", "often"}, 2, "is no rate such as 1%");
  refuse({"model", "--calibrate", "normal.csv", "--out", "s.csv"}, 2, "--out: is for the scores of DATA");
  refuse({"model", "--calibrate", "normal.csv", "--false-alarms", "1 a day"}, 1, "--time-column or --rate");
  folder.write("few.csv", Watched::heading() + csv_of(watched.rows(9)));
  refuse({"model", "--calibrate", "few.csv"}, 1, "few.csv: has 9 normal examples; a limit needs at least 10");
  run_well(folder, {"quantize", "model", "--step", "0.01", "--out", "q.h"});
  refuse({"q.h", "--calibrate", "normal.csv"}, 1,
         "q.h: is a header: calibrate the model that it was made of");
  refuse({"-", "--calibrate", "normal.csv"}, 1, "a limit is written into the model's file");
  const Json rate = report(folder, {"score", "model", "--calibrate", "normal.csv", "--rate", "0.1",
                                    "--false-alarms", "30 an hour"});
  CHECK(rate.number("false_alarms") == doctest::Approx(30.0 / 360));
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

TEST_CASE("score --report: a page of any model; its table is as without it") {
  const Folder folder;
  const MixedModel mixed(all_real(3), 4, 0, 0.2f, 52);
  write_model(folder, "model", mixed);
  folder.write("data.csv", "3,2,4\n2.5,3,3\n1,1,1\n");
  folder.write("bits", diagonal_model());
  folder.write("bits.csv", "0,1,1,0\n1,0,0,0\n");
  const Words plain{"score", "model", "data.csv"};
  const Result result = run_well(folder, {"score", "model", "data.csv", "--report", "page.html"});
  CHECK(result.output == run_well(folder, plain).output);
  const std::string page = folder.read("page.html");
  const Html html(page);
  CHECK(page.find("The oddest") != std::string::npos);
  run_well(folder, {"score", "bits", "bits.csv", "--visible", "thresholded", "--report", "bits.html"});
  const std::string of_bits = folder.read("bits.html");
  CHECK(of_bits.find("The oddest") == std::string::npos);
  const Html checked(of_bits);
}
