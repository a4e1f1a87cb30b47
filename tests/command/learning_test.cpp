// The learning rules of the built command, and what it measures on the way.
#include <doctest/doctest.h>

#include <cmath>

#include "rbm/trainer.hpp"
#include "tests/support/fixtures.hpp"
#include "tests/support/reference.hpp"
#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/model_file.hpp"
#include "tools/training/recipe.hpp"

using namespace fixture;

namespace {

/// All that a recipe can say at once, on few hidden units; an epoch is 24 batches.
const Words everything{"train",
                       "digits",
                       "--recipe",
                       "likelihood",
                       "--hidden",
                       "30",
                       "--epochs",
                       "6",
                       "--gibbs-steps",
                       "2",
                       "--statistics",
                       "probabilities",
                       "--momentum",
                       "0.5",
                       "--final-momentum",
                       "0.8",
                       "--weight-decay",
                       "0.0001",
                       "--sparsity-cost",
                       "0.01",
                       "--sparsity-target",
                       "0.2",
                       "--validation",
                       "digits-test",
                       "--nats",
                       "4",
                       "--out",
                       "new"};

/// A table of binary rows as CSV and as states.
struct Table {
  std::string csv;
  std::vector<reference::State> states;

  Table(std::size_t rows, std::size_t columns, std::uint32_t seed) {
    std::mt19937 random(seed);
    for (std::size_t n = 0; n < rows; ++n) {
      states.emplace_back();
      for (std::size_t j = 0; j < columns; ++j) {
        states.back().push_back(random() < 0x80000000u ? 0 : 1);
        csv += std::string(j == 0 ? "" : ",") + (states.back().back() == 1 ? "1" : "0");
      }
      csv += "\n";
    }
  }
};

double mean_free_energy(const reference::Parameters& model, const std::vector<reference::State>& states) {
  double sum = 0;
  for (const reference::State& v : states) sum += reference::free_energy(model, v);
  return sum / static_cast<double>(states.size());
}

reference::Parameters parameters_in(const Folder& folder, const std::string& name) {
  const tool::Model model = tool::read_model(folder.path(name));
  return reference::Parameters(model.view());
}

/// The objects that a run with --json printed.
std::vector<Json> objects(const Result& result) {
  std::vector<Json> found;
  for (const std::string& line : split_lines(result.output)) {
    found.emplace_back(line);
    CHECK(found.back().complete());
  }
  return found;
}

}  // namespace

TEST_CASE("learning: with all options at once, threads and JSON never change a bit") {
  const Folder folder;
  const Words words = with(everything, {"--report", "page.html"});
  run_well(folder, with(words, {"--threads", "1"}));
  const auto first = folder.content();
  CHECK(first.size() == 2);
  for (const Words& more : {Words{"--threads", "2"}, Words{"--threads", "3", "--json"}, Words{"--quiet"}}) {
    run_well(folder, with(words, more));
    CHECK((folder.content() == first));
  }
  // Looking changes nothing.
  Words unseen = everything;
  unseen.resize(unseen.size() - 6);
  run_well(folder, with(unseen, {"--out", "unseen"}));
  CHECK(tool::read_model(folder.path("unseen")).weights == tool::read_model(folder.path("new")).weights);
}

TEST_CASE("learning: the gap is mean F of validation less mean F of training data") {
  const Table train(30, 12, 1), validation(17, 12, 2);
  const Folder folder;
  folder.write("train.csv", train.csv);
  folder.write("validation.csv", validation.csv);
  for (const Words& more : {Words{}, Words{"--method", "pcd", "--average", "0.5"}}) {
    const auto lines = objects(run_well(
        folder, with({"train", "train.csv", "--hidden", "8", "--epochs", "40", "--learning-rate", "0.05",
                      "--validation", "validation.csv", "--nats", "40", "--json", "--out", "new"},
                     more)));
    REQUIRE(lines.size() == 41);
    const reference::Parameters model = parameters_in(folder, "new");
    const double f_train = mean_free_energy(model, train.states),
                 f_validation = mean_free_energy(model, validation.states);
    const double gap = lines[39].number("free_energy_gap");
    CHECK(std::abs(gap) > 0.1);
    CHECK(gap == doctest::Approx(f_validation - f_train).epsilon(1e-4));
    // And so the log-likelihoods, whose log Z is exact.
    const double log_z = reference::log_partition(model);
    CHECK(lines[39].number("log_likelihood") == doctest::Approx(-f_train - log_z).epsilon(1e-5));
    CHECK(lines[39].number("validation_log_likelihood") ==
          doctest::Approx(-f_validation - log_z).epsilon(1e-5));
    CHECK(lines[39].number("log_z_standard_error") == 0);
    CHECK(lines[39].number("validation_reconstruction_error") > 0);
    CHECK_FALSE(lines[38].has("log_likelihood"));
  }
}

TEST_CASE("learning: a share held out is the last rows, and nothing of them is learned") {
  const Table all(20, 6, 3);
  const auto half = static_cast<std::ptrdiff_t>(all.csv.size() / 2);
  const Folder folder;
  folder.write("all.csv", all.csv);
  folder.write("first.csv", std::string(all.csv.begin(), all.csv.begin() + half));
  folder.write("last.csv", std::string(all.csv.begin() + half, all.csv.end()));
  const Words more{"--hidden", "3", "--epochs", "3", "--json"};
  const auto held_out =
      objects(run_well(folder, with({"train", "all.csv", "--hold-out", "0.5", "--out", "held_out"}, more)));
  const auto given = objects(
      run_well(folder, with({"train", "first.csv", "--validation", "last.csv", "--out", "given"}, more)));
  CHECK((folder.read("held_out") == folder.read("given")));
  for (std::size_t n = 0; n < 3; ++n)
    CHECK(held_out[n].number("free_energy_gap") == given[n].number("free_energy_gap"));
}

TEST_CASE("learning: nats are what evaluate finds") {
  const Folder folder;
  const Words words{"train",  "digits", "--visible",    "thresholded", "--hidden", "9",     "--epochs", "3",
                    "--nats", "2",      "--validation", "digits-test", "--json",   "--out", "new"};
  const auto lines = objects(run_well(folder, words));
  REQUIRE(lines.size() == 4);
  CHECK_FALSE(lines[0].has("validation_log_likelihood"));
  CHECK(lines[1].has("validation_log_likelihood"));
  const Json exact = report(folder, {"evaluate", "new", "digits-test", "--visible", "thresholded"});
  CHECK(lines[2].number("validation_log_likelihood") ==
        doctest::Approx(exact.number("exact_log_likelihood")).epsilon(1e-5));
  // In prose, to two digits.
  Words prose = words;
  prose.erase(std::find(prose.begin(), prose.end(), "--json"));
  char nats[32];
  std::snprintf(nats, sizeof nats, "  nats %.2f  ", lines[2].number("validation_log_likelihood"));
  const Words told = split_lines(run_well(folder, prose).errors);
  CHECK(told[2].find(nats) != std::string::npos);
  CHECK(told[0].find("nats") == std::string::npos);
  CHECK(told[0].find("  gap ") != std::string::npos);
}

TEST_CASE("learning: it stops once the model knows its examples by heart, and says so") {
  const Table train(12, 16, 4), validation(12, 16, 5);
  const Folder folder;
  folder.write("train.csv", train.csv);
  folder.write("validation.csv", validation.csv);
  constexpr double limit = 4;
  const Words words{
      "train",        "train.csv",      "--hidden", "100",     "--epochs",        "1000", "--batch", "4",
      "--validation", "validation.csv", "--nats",   "1000000", "--learning-rate", "0.01", "--out",   "new"};
  const Result result = run_well(folder, with(words, {"--stop-gap", "4", "--json"}));
  CHECK(result.errors.find("\nstopped early: the free-energy gap is above 4 nats\n") != std::string::npos);
  const auto lines = objects(result);
  const std::size_t epochs = lines.size() - 1;
  REQUIRE(epochs > 1);
  REQUIRE(epochs < 1000);
  for (std::size_t n = 0; n < epochs; ++n)
    CHECK((lines[n].number("free_energy_gap") > limit) == (n + 1 == epochs));
  CHECK(lines[epochs - 1].has("validation_log_likelihood"));  // at the end, wherever that is
  CHECK(lines[epochs].number("epochs") == static_cast<double>(epochs));
  CHECK(folder.names() == Words{"new", "train.csv", "validation.csv"});
  const auto metadata = tool::read_model(folder.path("new")).metadata;
  CHECK(metadata.at("epochs") == "1000");
  CHECK(metadata.at("epochs_done") == std::to_string(epochs));

  // A limit that is never reached ends nothing, and is not spoken of.
  Words few = words;
  few[5] = std::to_string(epochs);
  const Result whole = run_well(folder, with(few, {"--stop-gap", "1000"}));
  CHECK(whole.errors.find("stopped") == std::string::npos);
  CHECK(tool::read_model(folder.path("new")).metadata.count("epochs_done") == 0);
}

TEST_CASE("learning: an average is the mean of the models at each quarter of the last epochs") {
  const Table train(40, 7, 6);
  const Folder folder;
  folder.write("train.csv", train.csv);
  run_well(folder, {"train", "train.csv", "--hidden", "5", "--epochs", "2", "--batch", "5", "--optimizer",
                    "sgd", "--learning-rate", "0.5", "--average", "0.5", "--out", "new"});

  tool::Model model(7, 5, {1, 7});
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);
  rbm::initialize(model.view(), random);
  constexpr rbm::TrainerShape shape{7, 5, 5};
  Memory working(rbm::trainer_bytes<rbm::Sgd>(shape));
  rbm::Trainer<rbm::Sgd> trainer(model.view(), working, shape, {}, {0.5f});
  std::vector<float> intensities;
  for (const reference::State& state : train.states)
    for (const double value : state) intensities.push_back(static_cast<float>(value));
  reference::Parameters mean(7, 5);
  for (std::size_t batch = 0; batch < 16; ++batch) {
    rbm::train(trainer, {intensities.data() + batch % 8 * 35, 5, 7, 7});
    const bool taken = batch >= 8 && batch % 2 == 1;
    if (taken) mean.add(0.25, reference::Parameters(model.view()));
  }
  const reference::Parameters averaged = parameters_in(folder, "new");
  CHECK(mean.worst_difference(averaged) < 1e-6);
  CHECK(mean.worst_difference(reference::Parameters(model.view())) > 1e-3);
}

TEST_CASE("learning: biases begin at the log odds of the data") {
  const Folder folder;
  const tool::Dataset data = tool::open_dataset("digits", {});
  std::vector<float> row(data.columns);
  for (const std::string kind : {"sampled", "thresholded", "means"}) {
    run_well(folder, {"train", "digits", "--hidden", "2", "--epochs", "1", "--initial-bias", "data",
                      "--visible", kind, "--learning-rate", "1e-9", "--out", "new"});
    std::vector<double> p(data.columns);
    for (std::size_t n = 0; n < data.rows; ++n) {
      data.row(n, row.data());
      for (std::size_t j = 0; j < p.size(); ++j)
        p[j] += (kind == "thresholded" ? (row[j] >= 0.5f ? 1 : 0) : static_cast<double>(row[j])) /
                static_cast<double>(data.rows);
    }
    const tool::Model model = tool::read_model(folder.path("new"));
    for (std::size_t j = 0; j < p.size(); ++j) {
      const double share = std::min(std::max(p[j], 1.0 / 2048), 1 - 1.0 / 2048);
      CHECK(static_cast<double>(model.visible_bias[j]) ==
            doctest::Approx(std::log(share / (1 - share))).epsilon(1e-5));
    }
    for (const float bias : model.hidden_bias) CHECK(std::abs(bias) < 1e-6f);
  }
  run_well(folder,
           {"train", "digits", "--hidden", "2", "--epochs", "1", "--learning-rate", "1e-9", "--out", "new"});
  for (const float bias : tool::read_model(folder.path("new")).visible_bias) CHECK(std::abs(bias) < 1e-6f);
}

TEST_CASE("learning: weights that explode end it with one line, and the checkpoint before stays whole") {
  const Folder folder;
  const Words words{"train",           "digits", "--hidden",   "20",   "--optimizer", "sgd",
                    "--learning-rate", "20",     "--momentum", "0.99", "--out",       "new"};
  const Result result = run(folder, with(words, {"--epochs", "100"}));
  CHECK(result.status == 1);
  const Words lines = split_lines(result.errors);
  REQUIRE(lines.size() > 1);
  const std::size_t done = lines.size() - 1;
  const std::string& last = lines.back();
  CAPTURE(last);
  CHECK(last.find("rbm: training diverged: a weight is ") == 0);
  CHECK(last.find(" after epoch " + std::to_string(done + 1) + ": try a lower --learning-rate; epoch ") !=
        std::string::npos);
  CHECK(last.find(" is in new.checkpoint") == last.size() - std::string(" is in new.checkpoint").size());
  CHECK(folder.names() == Words{"new.checkpoint"});
  const std::string saved = tool::read_model(folder.path("new.checkpoint")).metadata.at("epochs_done");
  CHECK(last.find("; epoch " + saved + " is in ") != std::string::npos);
  run_well(folder, {"train", "digits", "--resume", "new.checkpoint", "--epochs", saved});
  const std::string resumed = folder.read("new");
  run_well(folder, with(words, {"--epochs", saved}));
  CHECK((folder.read("new") == resumed));
}

TEST_CASE("learning: a loss that is no number ends it with one line") {
  const Folder folder;
  folder.write("data.csv", "0.5,0.5\n0.25,0.75\n");
  check_failure(folder,
                {"train", "data.csv", "--hidden", "3", "--epochs", "1000000", "--visible", "means",
                 "--optimizer", "sgd", "--learning-rate", "1000", "--momentum", "0.9999", "--weight-decay",
                 "100", "--quiet", "--out", "-"},
                1, {"training diverged: ", "epoch ", ": try a lower --learning-rate\n"});
}

TEST_CASE("learning: the recipe for the likelihood is worth nats") {
  const Folder folder;
  const auto exact = [&](const std::string& recipe) {
    run_well(folder,
             {"train", "digits", "--recipe", recipe, "--hidden", "12", "--epochs", "40", "--out", "new"});
    return report(folder, {"evaluate", "new", "digits-test"}).number("exact_log_likelihood");
  };
  const double tutorial = exact("tutorial"), likelihood = exact("likelihood");
  CAPTURE(tutorial);
  CAPTURE(likelihood);
  CHECK(likelihood > -23.7);
  CHECK(likelihood > tutorial + 1.5);
}

TEST_CASE("validation data that cannot be") {
  const Folder folder;
  folder.write("narrow.csv", "0,16\n");
  folder.write("three.csv", "0,1\n1,0\n1,1\n");
  const auto refused = [&](const Words& more, int status, const std::string& message,
                           const std::string& data = "digits") {
    check_failure(folder, with({"train", data, "--hidden", "2", "--out", "new"}, more), status,
                  {"rbm: " + message + "\n"}, {"0,16\n"});
  };
  refused({"--validation", "narrow.csv"}, 1, "narrow.csv: 2 values an example, but digits has 64");
  refused({"--validation", "missing"}, 1, "missing: cannot open: No such file or directory");
  refused({"--validation", "-"}, 1, "standard input: 2 values an example, but digits has 64");
  refused({"--validation", "-"}, 2, "DATA and --validation cannot both be standard input", "-");
  refused({"--validation", "digits-test", "--hold-out", "0.1"}, 2,
          "--validation and --hold-out: give one of them");
  refused({"--hold-out", "0.3"}, 1, "three.csv: 3 examples are too few for this --hold-out", "three.csv");
  refused({"--hold-out", "0.95"}, 2, "--hold-out: 0.95 is not between 0.001 and 0.9");
  refused({"--hold-out", "0"}, 2, "--hold-out: 0 is not between 0.001 and 0.9");
  refused({"--stop-gap", "1"}, 2, "--stop-gap needs data to compare with: --validation or --hold-out");
  refused({"--nats", "1", "--visible", "means"}, 2,
          "--nats: means of bits have no log-likelihood; leave it out with --visible means");
}
