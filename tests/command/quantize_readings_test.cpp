// rbm quantize of a model of readings, and what every command makes of its header.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/support/reading_files.hpp"
#include "tests/support/reference.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/model/model_file.hpp"

using namespace fixture;

namespace {

/// A model of bits and readings, readings for it, and its header m.h of 8 bits in steps of 0.001.
struct Sensors {
  Folder folder;
  MixedModel mixed{mixed_kinds(), 4, 2, 0.6f, 51};
  std::vector<std::vector<float>> rows;
  Json quantized;

  Sensors() : quantized(make()) {}

  Json make() {
    write_model(folder, "model", mixed, unit_names());
    std::mt19937 random(3);
    for (int n = 0; n < 100; ++n) rows.push_back(random_readings(mixed, random));
    folder.write("data.csv", csv_of(rows));
    return report(folder, {"quantize", "model", "--step", "0.001", "--out", "m.h", "--data", "data.csv"});
  }
};

}  // namespace

TEST_CASE("quantize: of readings, sizes are those of the tables and the loss is next to nothing") {
  const Sensors sensors;
  const Json& line = sensors.quantized;
  // Rows of 2 words; a shift a row; biases, offsets and scales of 2 bytes; 2 factors of 2 words and 3
  // numbers.
  CHECK(line.number("flash_bytes") == 4 * (8 + 1) + 2 * (7 + 4) + 2 * 7 + 2 * 7 + 2 * (8 + 6));
  CHECK(line.number("ram_bytes") == 4 * (4 + 2 + 2 + 1) + 2 * 7);
  CHECK(std::abs(line.number("nats_lost")) < 0.02);
  CHECK(line.number("free_energy_rank_correlation") > 0.999);
  CHECK(line.number("hidden_disagreement") <= 0.02);
  const std::string header = sensors.folder.read("m.h");
  INFO(header.substr(0, 4000));
  for (const char* const part :
       {"static const rbm_real m = {", "#define M_STEP 0.001  // of a reading, in the units of the data",
        "#define M_FACTORS 2", "#define M_DATA_VISIBLE_GROUPS \"real ", "M_DATA_COLUMNS \""})
    CHECK(header.find(part) != std::string::npos);
}

TEST_CASE("quantize: a limit goes on, found anew on data, or moved by what integers change") {
  const Sensors sensors;
  const Folder& folder = sensors.folder;
  run_well(folder, {"score", "model", "--calibrate", "data.csv", "--false-alarms", "5%"});
  const double limit = std::stod(tool::read_model(folder.path("model")).metadata.at("limit"));
  const Json moved = report(folder, {"quantize", "model", "--step", "0.001", "--out", "a.h"});
  const Json anew =
      report(folder, {"quantize", "model", "--step", "0.001", "--out", "b.h", "--data", "data.csv"});
  // Rounding of the biases and of log terms adds the same to all scores, which the limit must follow.
  CHECK(std::fabs(anew.number("limit") - limit) < 1);
  CHECK(moved.number("limit") == doctest::Approx(anew.number("limit")).epsilon(0.01));
  CHECK_FALSE(sensors.quantized.has("limit"));
}

TEST_CASE("score: of a header are the device's integers, beside the exact density") {
  const Sensors sensors;
  const auto scores = numbers_of(run_well(sensors.folder, {"score", "m.h", "data.csv"}).output, true);
  REQUIRE(scores.size() == 100);
  double sum = 0;
  for (std::size_t n = 0; n < 100; ++n) {
    const double truth = -sensors.mixed.exact().log_density(to_state(sensors.rows[n]));
    CHECK(std::abs(scores[n][1] - truth) < 0.2 + 0.02 * std::abs(truth));
    sum += (scores[n][1] - truth) / 100;
  }
  CHECK(std::abs(sum) < 0.03);
}

TEST_CASE("evaluate, reconstruct, features, fill and sample take a header of readings") {
  const Sensors sensors;
  const Folder& folder = sensors.folder;
  const Json floats = report(folder, {"evaluate", "model", "data.csv", "--quiet"});
  const Json device = report(folder, {"evaluate", "m.h", "data.csv", "--quiet"});
  CHECK(device.number("exact_log_likelihood") ==
        doctest::Approx(floats.number("exact_log_likelihood")).epsilon(0.005));
  CHECK(device.number("reconstruction_error") ==
        doctest::Approx(floats.number("reconstruction_error")).epsilon(0.1));
  const auto features = [&](const char* model) {
    run_well(folder, {"features", model, "data.csv", "--out", "f.npy", "--quiet"});
    return tool::open_dataset(folder.path("f.npy"), tool::Reading{});
  };
  const tool::Dataset first = features("model"), second = features("m.h");
  REQUIRE(first.values.size() == 400);
  for (std::size_t n = 0; n < 400; ++n) CHECK(std::abs(first.values[n] - second.values[n]) < 0.02f);
  // Filled in: readings in whole steps, near the means that floats find.
  std::vector<std::vector<float>> gaps = sensors.rows;
  for (auto& row : gaps) row[0] = std::nanf("");
  folder.write("gaps.csv", csv_of(gaps));
  const auto fill = [&](const char* model) {
    return numbers_of(run_well(folder, {"fill", model, "gaps.csv", "--steps", "2000"}).output, false);
  };
  const auto near = fill("model"), filled = fill("m.h");
  double apart = 0;
  for (std::size_t n = 0; n < filled.size(); ++n) {
    apart += std::abs(filled[n][0] - near[n][0]) / static_cast<double>(sensors.mixed.scale[0]) / 100;
    CHECK(std::abs(filled[n][0] * 1000 - std::round(filled[n][0] * 1000)) < 0.01);
    CHECK(filled[n][1] == doctest::Approx(static_cast<double>(sensors.rows[n][1])));
  }
  CHECK(apart < 0.1);
  folder.write("one.csv", csv_of({gaps[0]}));
  CHECK(report(folder, {"fill", "m.h", "one.csv", "--steps", "32768"}).number("steps") == 32768);
  check_failure(
      folder, {"fill", "m.h", "gaps.csv", "--steps", "32769", "--out", "f.csv"}, 2,
      {"rbm: --steps 32769: m.h is a header of readings, for at most 32,768 steps, as on the device\n"});
  run_well(folder, {"sample", "m.h", "--count", "5", "--out", "s.csv", "--quiet"});
}

TEST_CASE("quantize: what makes no sense for readings is refused in a line") {
  const Sensors sensors;
  const auto refused = [&](const Words& options, const std::string& message) {
    const Result result = run(sensors.folder, with({"quantize", "model", "--out", "n.h"}, options));
    CHECK(result.status != 0);
    CHECK(result.errors.find(message) != std::string::npos);
  };
  refused({"--tune", "data.csv"}, "--tune: is for models of bits, and model is one of readings");
  refused({"--budget", "4000"}, "--budget: is for models of bits, and model is one of readings");
  refused({"--bits", "2"}, "--bits: weights of models of readings have 8 or 4");
  refused({"--step", "1000"}, "which 16 bits do not hold in steps of 1000");
}
