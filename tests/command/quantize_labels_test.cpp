// rbm quantize of a model with labels: what rounding costs in right labels, and what does not go together.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/trained.hpp"

using namespace fixture;

namespace {

Json quantized(const Folder& folder, const Words& more) {
  Words words{"quantize", "model", "--data", "digits-test", "--out", "m.h"};
  words.insert(words.end(), more.begin(), more.end());
  return report(folder, words);
}

}  // namespace

TEST_CASE("quantize: of digits with labels, the header is as right as the floats, at 8 bits and tuned at 4") {
  const Folder folder;
  run_well(folder,
           {"train", "digits", "--labels", "digits", "--hidden", "16", "--seed", "3", "--out", "model"});
  const Json eight = quantized(folder, {"--bits", "8"});
  CHECK(eight.number("visible") == 64);
  CHECK(eight.number("labels") == 10);
  CHECK(eight.number("labelled") == 297);
  // Rows of 16 words, shifts, visible biases, hidden biases of each label, biases of labels.
  CHECK(eight.number("flash_bytes") == 16 * (64 + 1) + 2 * 64 + 2 * 16 * 10 + 2 * 10);
  CHECK(eight.number("float_accuracy") > 0.88);
  CHECK(std::fabs(eight.number("float_accuracy") - eight.number("integer_accuracy")) < 0.0035);
  // The header is a model: its accuracy is what the report says.
  const Json evaluated = report(folder, {"evaluate", "m.h", "digits-test"});
  CHECK(evaluated.number("accuracy") == doctest::Approx(eight.number("integer_accuracy")));

  const Json four = quantized(folder, {"--bits", "4", "--tune", "digits", "--label-names"});
  CHECK(four.number("integer_accuracy") > four.number("float_accuracy") - 0.0071);
  CHECK(folder.read("m.h").find("const char m_label_names[M_LABELS][2] RBM_FLASH = {\n    \"0\",\n") !=
        std::string::npos);
  const Json info = report(folder, {"info", "m.h"});
  CHECK(info.number("labels") == 10);
  CHECK(info.text("label_column") == "digits");
}

TEST_CASE("quantize: tuning a model that learned mostly labels leaves it what examples look like") {
  const Folder folder;
  run_well(folder, {"train", "digits", "--labels", "digits", "--hidden", "16", "--epochs", "60",
                    "--label-weight", "0.998", "--visible", "sampled", "--out", "model"});
  const Json four = quantized(folder, {"--bits", "4", "--tune", "digits"});
  // Chains that begin at data would lose 0.6.
  CHECK(four.number("nats_lost") < 0);
  CHECK(four.number("integer_accuracy") > four.number("float_accuracy") - 0.0071);
}

TEST_CASE("quantize: tuning on few examples does not learn them by heart") {
  const Folder folder;
  run_well(folder, {"train", "digits-test", "--labels", "digits", "--hidden", "16", "--weight-decay", "0.001",
                    "--seed", "2", "--out", "model"});
  const Json four = report(folder, {"quantize", "model", "--bits", "4", "--tune", "digits-test", "--data",
                                    "digits", "--out", "m.h"});
  // Without weight decay the 297 examples would be told by heart, at the cost of others: 0.08 nats, 2 points.
  CHECK(four.number("integer_label_nats") < four.number("float_label_nats") + 0.02);
  CHECK(four.number("integer_accuracy") > four.number("float_accuracy") - 0.0071);
}

TEST_CASE(
    "quantize: a header says as its model whether labels alone were learned, or what examples look like") {
  const Folder folder;
  for (const bool alone : {true, false}) {
    run_well(folder, {"train", "digits", "--labels", "digits", "--hidden", "4", "--epochs", "1",
                      "--label-weight", alone ? "1" : "0.5", "--visible", "sampled", "--out", "model"});
    run_well(folder, {"quantize", "model", "--out", "m.h"});
    CHECK(report(folder, {"info", "m.h"}).text("metadata.label_weight") == (alone ? "1" : "0.5"));
    CHECK((folder.read("m.h").find("rbm_label_free_energy") == std::string::npos) == alone);
    for (const char* name : {"model", "m.h"}) {
      const Result told = run_well(folder, {"evaluate", name, "digits-test"});
      CHECK((told.output.find("labels alone were") != std::string::npos) == alone);
      CHECK((told.output.find("log Z") == std::string::npos) == alone);
      const Result sample = run_well(folder, {"sample", name, "--steps", "1"});
      CHECK((sample.errors.find("this means little") != std::string::npos) == alone);
    }
  }
}

TEST_CASE("quantize: what labels do not go with is refused") {
  const Folder folder;
  run_well(folder,
           {"train", "digits", "--labels", "digits", "--hidden", "4", "--epochs", "1", "--out", "model"});
  folder.write("plain", trained_model());
  std::string row = "16";
  for (int j = 1; j < 64; ++j) row += ",0";
  folder.write("unlabelled.csv", row + "\n" + row + "\n");
  check_failure(folder, {"quantize", "model", "--budget", "3000", "--out", "m.h"}, 2,
                {"--budget: leaves out hidden units by how little they add to log p(v), not to labels, which "
                 "model has: choose --bits"});
  check_failure(folder, {"quantize", "plain", "--label-names", "--out", "m.h"}, 2,
                {"--label-names: plain has no labels"});
  check_failure(folder, {"quantize", "plain", "--tune", "digits", "--tune-labels", "l", "--out", "m.h"}, 2,
                {"--tune-labels: plain has no labels"});
  check_failure(folder, {"quantize", "model", "--tune-labels", "l", "--out", "m.h"}, 2,
                {"--tune-labels: is for --tune"});
  check_failure(folder, {"quantize", "model", "--data", "unlabelled.csv", "--out", "m.h"}, 1,
                {"unlabelled.csv: has no labels, but model has: say where they are by --labels"});
}
