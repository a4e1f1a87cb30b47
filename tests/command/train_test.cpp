// Training by the built command: what it writes, says and learns.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/model_file.hpp"

using namespace fixture;

namespace {

const Words small_run{"train", "digits", "--hidden", "20", "--epochs", "3", "--out", "new"};

/// The log-likelihood of the digits held out, a binary state drawn from each, under the best model without
/// hidden units: every pixel on its own, with the share that it has in the training digits.
double independent_log_likelihood() {
  const tool::Dataset train = tool::open_dataset("digits", {}), test = tool::open_dataset("digits-test", {});
  const auto means = [](const tool::Dataset& data) {
    std::vector<double> sums(data.columns);
    std::vector<float> row(data.columns);
    for (std::size_t n = 0; n < data.rows; ++n) {
      data.row(n, row.data());
      for (std::size_t j = 0; j < row.size(); ++j)
        sums[j] += static_cast<double>(row[j]) / static_cast<double>(data.rows);
    }
    return sums;
  };
  const std::vector<double> p = means(train), q = means(test);
  double sum = 0;
  for (std::size_t j = 0; j < p.size(); ++j) {
    const double share = std::min(std::max(p[j], 1e-4), 1 - 1e-4);
    sum += q[j] * std::log(share) + (1 - q[j]) * std::log(1 - share);
  }
  return sum;
}

}  // namespace

TEST_CASE("train: many epochs are told in about a hundred lines, in JSON each") {
  const Folder folder;
  Words words = with(small_run, {"--json"});
  *(std::find(words.begin(), words.end(), "--epochs") + 1) = "250";
  const Result result = run_well(folder, words);
  CHECK(split_lines(result.output).size() == 251);  // the result is one more
  const Words lines = split_lines(result.errors);
  REQUIRE(lines.size() >= 85);
  CHECK(lines[0].find("epoch   1/250 ") == 0);
  CHECK(lines[1].find("epoch   3/250 ") == 0);
  CHECK(lines[83].find("epoch 249/250 ") == 0);
  CHECK(lines[84].find("epoch 250/250 ") == 0);
}

TEST_CASE("train: a plain line an epoch, the model and nothing else in the folder") {
  const Folder folder;
  const Result result = run_well(folder, small_run);
  CHECK(folder.names() == Words{"new"});
  CHECK(result.output.empty());
  const Words lines = split_lines(result.errors);
  REQUIRE(lines.size() == 4);
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(lines[n].find("epoch " + std::to_string(n + 1) + "/3 ") == 0);
    CHECK(lines[n].find("loss ") != std::string::npos);
    CHECK(lines[n].find("error ") != std::string::npos);
  }
  CHECK(lines[3].find("wrote new: 64 visible, 20 hidden units") == 0);
  CHECK(result.errors.find('\x1b') == std::string::npos);
  CHECK(result.errors.find('\r') == std::string::npos);

  const tool::Model model = tool::read_model(folder.path("new"));
  CHECK(model.visible == 64);
  CHECK(model.hidden == 20);
  CHECK(model.shape.height == 8);
  CHECK(model.metadata.at("epochs") == "3");
  CHECK(model.metadata.at("optimizer") == "adam");
}

TEST_CASE("train: threads, quiet, JSON and the kind of terminal never change the model") {
  const Folder folder;
  for (const Words& recipe :
       {Words{},
        Words{"--optimizer", "sgd", "--momentum", "0.5", "--shuffle", "--batch", "7", "--gibbs-steps", "2"},
        Words{"--visible", "means", "--weight-decay", "0.001"}}) {
    const Words words = with(small_run, recipe);
    run_well(folder, words);
    const std::string first = folder.read("new");
    for (const Words& more :
         {Words{"--threads", "1"}, Words{"--threads", "2"}, Words{"--threads", "3"}, Words{"--quiet"},
          Words{"--json"}, Words{"--json", "--quiet", "--threads", "2"}})
      for (const bool terminal : {false, true}) {
        std::filesystem::remove(folder.path("new"));
        Setting setting;
        setting.terminal = terminal;
        const Result result = run_well(folder, with(words, more), setting);
        INFO(shown(with(words, more)));
        CHECK((folder.read("new") == first));
        const bool quiet = std::find(more.begin(), more.end(), "--quiet") != more.end();
        CHECK(result.errors.empty() == quiet);
      }
    run_well(folder, with(words, {"--seed", "2"}));
    CHECK((folder.read("new") != first));
  }
}

TEST_CASE("train: a terminal shows a live line, which leaves only the epochs' lines behind") {
  const Folder folder;
  Setting setting;
  setting.terminal = true;
  const Result result = run_well(
      folder, {"train", "digits", "--hidden", "200", "--epochs", "4", "--batch", "10", "--out", "new"},
      setting);
  CHECK(result.errors.find("\r\x1b[K") != std::string::npos);
  CHECK(result.errors.find("left") != std::string::npos);
  // What remains when every \r ESC [ K has erased what stood in the line before it.
  std::string screen;
  for (std::string line : split_lines(result.errors)) {
    const std::size_t erased = line.rfind("\x1b[K");
    if (erased != std::string::npos) line.erase(0, erased + 3);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    screen += line + '\n';
  }
  const Words lines = split_lines(screen);
  REQUIRE(lines.size() == 5);
  for (std::size_t n = 0; n < 4; ++n) CHECK(lines[n].find("epoch " + std::to_string(n + 1) + "/4 ") == 0);
  CHECK(lines[4].find("wrote new") == 0);
}

TEST_CASE("train: a JSON object for each epoch, the result last, all figures finite") {
  const Folder folder;
  const Result result = run_well(folder, with(small_run, {"--json", "--quiet"}));
  const Words lines = split_lines(result.output);
  REQUIRE(lines.size() == 4);
  const std::string prose = run_well(folder, small_run).errors;
  for (std::size_t n = 0; n < 3; ++n) {
    const Json line(lines[n]);
    CHECK(line.complete());
    CHECK(line.number("epoch") == static_cast<double>(n + 1));
    CHECK(line.number("reconstruction_error") > 0);
    CHECK(line.number("reconstruction_error") < 1);
    CHECK(line.number("seconds") > 0);
    char loss[32];
    std::snprintf(loss, sizeof loss, "loss %7.3f ", line.number("loss"));
    CHECK(prose.find(loss) != std::string::npos);
  }
  const Json last(lines[3]);
  CHECK(last.complete());
  CHECK(last.text("model") == "new");
  CHECK(last.number("visible") == 64);
  CHECK(last.number("hidden") == 20);
  CHECK(last.number("epochs") == 3);
}

TEST_CASE("train: to a pipe and from one, the same model") {
  const Folder folder;
  run_well(folder, small_run);
  const std::string model = folder.read("new");
  Words to_pipe = small_run;
  to_pipe.back() = "-";
  CHECK((run_well(folder, to_pipe).output == model));
  CHECK(run_shell(folder,
                  "mkfifo pipe; cat pipe >read & \"$RBM\" train digits --hidden 20 --epochs 3 --quiet --out "
                  "pipe && wait && rm pipe")
            .errors.empty());
  CHECK((folder.read("read") == model));
  CHECK(folder.names() == Words{"new", "read"});

  const std::string table = npy("<f4", "(4, 3)", floats({0, 1, 0.5f, 1, 1, 0, 0.25f, 0, 0, 1, 0, 1}));
  folder.write("table.npy", table);
  run_well(folder, {"train", "table.npy", "--visible", "sampled", "--hidden", "2", "--epochs", "2", "--out",
                    "from_file"});
  run_well(folder,
           {"train", "-", "--visible", "sampled", "--hidden", "2", "--epochs", "2", "--out", "from_pipe"},
           {table});
  CHECK((folder.read("from_file") == folder.read("from_pipe")));
}

TEST_CASE("train: an old model is replaced only by a whole new one") {
  const Folder folder;
  folder.write("new", "old");
  run_well(folder, small_run);
  CHECK(tool::read_model(folder.path("new")).hidden == 20);
  CHECK(folder.names() == Words{"new"});
}

TEST_CASE("train: one row, one column, batches larger than the data") {
  const Folder folder;
  folder.write("one.csv", "1\n");
  run_well(folder,
           {"train", "one.csv", "--hidden", "1", "--epochs", "1", "--batch", "32767", "--out", "new"});
  const tool::Model model = tool::read_model(folder.path("new"));
  CHECK(model.visible == 1);
  CHECK(model.hidden == 1);
}

TEST_CASE("train: figures that are no longer finite end it, and no model is written") {
  const Folder folder;
  folder.write("data.csv", "0.5,0.5\n0.25,0.75\n");
  const Result result = run(folder, {"train", "data.csv", "--hidden", "3", "--epochs", "1000", "--visible",
                                     "means", "--optimizer", "sgd", "--learning-rate", "1000", "--momentum",
                                     "0.9999", "--weight-decay", "100", "--out", "new"});
  CHECK(result.status == 1);
  CHECK(result.errors.find("diverged") != std::string::npos);
  CHECK_FALSE(folder.has("new"));
}

TEST_CASE("train: it learns more than the pixels one by one, and far more than nothing") {
  const Folder folder;
  run_well(folder, {"train", "digits", "--hidden", "64", "--epochs", "1", "--learning-rate", "1e-9", "--out",
                    "untrained"});
  run_well(folder, {"train", "digits", "--hidden", "64", "--epochs", "60", "--optimizer", "sgd", "--batch",
                    "10", "--out", "trained"});
  const Json untrained = report(folder, {"evaluate", "untrained", "digits-test"}),
             trained = report(folder, {"evaluate", "trained", "digits-test"});
  const double pseudo_likelihood = trained.number("pseudo_likelihood");
  const double error = trained.number("pseudo_likelihood_standard_error");
  CHECK(untrained.number("pseudo_likelihood") == doctest::Approx(-64 * std::log(2.0)).epsilon(0.02));
  CHECK(pseudo_likelihood > untrained.number("pseudo_likelihood") + 15);
  CHECK(pseudo_likelihood > independent_log_likelihood() + 4.75 * error);
  CHECK(trained.number("reconstruction_error") < untrained.number("reconstruction_error") / 2);
}
