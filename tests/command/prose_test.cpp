// What a command tells people are the figures that it tells programs, rounded.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/prose.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"

using namespace fixture;

namespace {

/// What a command prints for people and, with --json, for programs.
struct Told {
  Prose prose;
  Json json;

  Told(const Folder& folder, const Words& words)
      : prose(run_well(folder, words).output), json(report(folder, words)) {}

  /// Checks that a line of prose holds the figures of these names, in their order.
  void check(const std::string& label, const Words& names) const {
    std::vector<double> values;
    for (const std::string& name : names) values.push_back(json.number(name));
    prose.check(label, values);
  }

  /// The same for a mean and its standard error, and whatever figures follow it on the line.
  void check_mean(const std::string& label, const std::string& name, const Words& more = {}) const {
    Words names{name, name + "_standard_error"};
    names.insert(names.end(), more.begin(), more.end());
    check(label, names);
  }
};

}  // namespace

TEST_CASE("evaluate: prose and JSON tell the same figures") {
  const Trained trained;
  const Told told(trained.folder, {"evaluate", "model", "digits-test", "--temperatures", "300", "--quiet"});
  told.prose.check("model", {64, 32});
  told.check("seed", {"seed"});
  told.check_mean("free energy", "free_energy");
  told.check_mean("reconstruction error", "reconstruction_error");
  told.check_mean("pseudo-likelihood", "pseudo_likelihood");
  told.check_mean("log Z, annealed", "annealed_log_partition", {"effective_chains", "chains"});
  told.check_mean("log Z, reverse", "reverse_log_partition");
  told.check_mean("log-likelihood, annealed", "annealed_log_likelihood");
  told.check_mean("log-likelihood, reverse", "reverse_log_likelihood");
}

TEST_CASE("evaluate: an exact log Z is told alike; real units have no pseudo-likelihood") {
  const Folder folder;
  run_well(folder, {"train", "digits", "--hidden", "9", "--epochs", "5", "--quiet", "--out", "model"});
  const Told told(folder, {"evaluate", "model", "digits-test", "--quiet"});
  told.check("log Z, exact", {"exact_log_partition"});
  told.check_mean("log-likelihood, exact", "exact_log_likelihood");
  CHECK_FALSE(
      report(folder, {"evaluate", "model", "digits-test", "--visible", "means"}).has("pseudo_likelihood"));
}

TEST_CASE("reconstruct: prose and JSON tell the same figures") {
  const Trained trained;
  const Told told(trained.folder, {"reconstruct", "model", "digits-test", "--count", "12", "--image", "p.png",
                                   "--out", "t.npy", "--quiet"});
  told.check_mean("reconstruction error", "reconstruction_error");
  told.check("picture", {"examples"});
  told.prose.check("table", {told.json.number("examples"), 64});
}

TEST_CASE("quantize: prose and JSON tell the same figures") {
  const Trained trained;
  const Told told(trained.folder, {"quantize", "model", "--budget", "1600", "--data", "digits-test", "--out",
                                   "m.h", "--quiet"});
  const double bits = told.json.number("bits"), hidden = told.json.number("hidden"),
               pruned = told.json.number("pruned");
  if (pruned > 0)
    told.prose.check("model", {64, hidden, hidden + pruned, bits});
  else
    told.prose.check("model", {64, hidden, bits});
  told.prose.check("tried",
                   {8, told.json.number("tried_8_bits_hidden"), told.json.number("tried_8_bits_nats_lost"),
                    told.json.number("tried_8_bits_nats_lost_standard_error")});
  told.check("flash", {"flash_bytes", "shared_flash_bytes"});
  told.check("RAM", {"ram_bytes"});
  told.check("hidden sums", {"hidden_sum_bits", "hidden_unscaled_sum_least", "hidden_unscaled_sum_most"});
  told.check("visible sums", {"visible_sum_bits", "visible_unscaled_sum_least", "visible_unscaled_sum_most"});
  told.check("reconstruction error",
             {"float_reconstruction_error", "float_reconstruction_error_standard_error",
              "integer_reconstruction_error", "integer_reconstruction_error_standard_error"});
  told.prose.check("hidden units", {100 * told.json.number("hidden_disagreement"),
                                    100 * told.json.number("hidden_disagreement_standard_error")});
  told.check("free energy", {"free_energy_rank_correlation"});
  told.check_mean("nats lost", "nats_lost");
}

TEST_CASE("info: prose and JSON tell the same figures of a model, a header and data") {
  const Trained trained;
  const Told model(trained.folder, {"info", "model"});
  model.check("visible units", {"visible", "height", "width"});
  model.check("hidden units", {"hidden"});
  for (const std::string tensor : {"W", "v_bias", "h_bias"})
    model.check(tensor, {tensor + "_minimum", tensor + "_mean", tensor + "_maximum", tensor + "_deviation"});

  run_well(trained.folder, {"quantize", "model", "--bits", "4", "--out", "m.h", "--quiet"});
  const Told header(trained.folder, {"info", "m.h"});
  header.check("visible units", {"visible", "height", "width"});
  header.check("hidden units", {"hidden"});
  header.check("weights", {"bits", "lowest_shift", "highest_shift"});
  header.prose.check("a step", {2, -header.json.number("fraction")});
  header.check("flash", {"flash_bytes", "shared_flash_bytes"});
  header.check("RAM", {"ram_bytes"});
  header.check("hidden sums", {"hidden_sum_least", "hidden_sum_most", "hidden_sum_bits"});
  header.check("visible sums", {"visible_sum_least", "visible_sum_most", "visible_sum_bits"});

  const Told data(trained.folder, {"info", "digits"});
  data.check("examples", {"examples"});
  data.check("values", {"columns", "height", "width"});
  data.prose.check("intensity 1", {data.json.number("maximum")});
  data.check("mean intensity", {"mean_intensity"});
  const double columns = data.json.number("columns");
  for (const auto& [label, name] :
       {std::make_pair("on if sampled", "mean_intensity"), std::make_pair("on if thresholded", "share_on")}) {
    const double share = data.json.number(name);
    data.prose.check(label, {100 * share, share * columns, columns});
  }
}

TEST_CASE("sample, filters and features: JSON tells what prose does, and changes no file") {
  const Folder folder;
  folder.write("model", diagonal_model());
  folder.write("data.csv", "0,0,0,0\n1,1,1,1\n");
  folder.write("mask.csv", "1,0,0,0\n");
  const auto check = [&](const Words& words, const std::string& json, const std::string& prose) {
    const std::string& out = words.back();
    const Result told = run_well(folder, words);
    CHECK(told.output.empty());
    CHECK(told.errors == prose + "\n");
    const std::string bytes = folder.read(out);
    std::filesystem::remove(folder.path(out));
    for (const Words& quiet : {Words{}, Words{"--quiet"}}) {
      const Result line = run_well(folder, with(with(words, {"--json"}), quiet));
      CHECK(line.output == json + "\n");
      CHECK(line.errors.empty());
      CHECK(Json(line.output.substr(0, line.output.size() - 1)).complete());
      CHECK((folder.read(out) == bytes));
    }
  };
  check({"sample", "model", "--count", "2", "--steps", "3", "--image", "s.png"},
        R"({"model": "model", "seed": 1, "image": "s.png", "samples": 2, "steps": 3, "clamped_units": 0})",
        "wrote s.png: 2 samples after 3 Gibbs steps");
  check({"sample", "model", "--from", "data.csv", "--clamp", "mask.csv", "--count", "2", "--steps", "1",
         "--image", "s.png"},
        R"({"model": "model", "data": "data.csv", "visible_units": "sampled", "seed": 1, "image": "s.png", )"
        R"("samples": 2, "steps": 1, "clamped_units": 1})",
        "wrote s.png: 2 samples after 1 Gibbs step from data.csv, 1 of 4 visible units clamped");
  check({"filters", "model", "--image", "f.png"},
        R"({"model": "model", "image": "f.png", "filters": 1, "height": 2, "width": 2})",
        "wrote f.png: 1 filter of 2 x 2 pixels");
  check({"features", "model", "data.csv", "--out", "f.npy"},
        R"({"model": "model", "data": "data.csv", "visible_units": "means", "seed": 1, "out": "f.npy", )"
        R"("examples": 2, "features": 1, "constant_features": 1})",
        "wrote f.npy: 2 examples, 1 feature each\n"
        "note: 1 of 1 feature tells nothing: p(h = 1 | v) differs by less than 0.01 between 2 examples");
}
