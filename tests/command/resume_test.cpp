// A run of the built command that is interrupted or killed goes on to the same bits.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "tests/support/sample_files.hpp"
#include "tests/support/trained.hpp"
#include "tools/model/model.hpp"

using namespace fixture;

namespace {

/// The losses that a run with --json printed, by epoch.
std::map<double, double> losses(const std::string& output) {
  std::map<double, double> found;
  for (const std::string& text : split_lines(output)) {
    const Json line(text);
    if (line.has("epoch"))
      found[line.number("epoch")] = line.number(line.has("loss") ? "loss" : "label_loss");
  }
  return found;
}

/// A run of about a second, some ten milliseconds an epoch, and what comes of it if nobody interrupts.
struct Recipe {
  std::string out;
  Words words;
  std::string model = {};
  std::map<double, double> losses = {};
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all = [] {
    std::vector<Recipe> made{
        {"model.safetensors",
         {"train", "digits", "--hidden", "200", "--epochs", "30", "--batch", "10", "--gibbs-steps", "9",
          "--json"}},
        {"it's $HOME",
         {"train",     "digits",         "--hidden", "150",       "--epochs",    "30",     "--batch",
          "7",         "--gibbs-steps",  "9",        "--shuffle", "--optimizer", "sgd",    "--momentum",
          "0.5",       "--weight-decay", "0.001",    "--maximum", "17",          "--json", "--out",
          "it's $HOME"}},
        {"readings",
         {"train", "digits", "--visible", "real", "--factors", "2", "--hidden", "100", "--epochs", "30",
          "--average", "0.9", "--json", "--out", "readings"}},
        {"labels",
         {"train", "digits", "--labels", "digits", "--label-weight", "0.5", "--class-weights", "balanced",
          "--method", "pcd", "--gibbs-steps", "5", "--hidden", "100", "--epochs", "30", "--json", "--out",
          "labels"}},
        {"labels alone",
         {"train", "digits", "--labels", "digits", "--hidden", "300", "--epochs", "30", "--json", "--out",
          "labels alone"}}};
    for (Recipe& recipe : made) {
      const Folder folder;
      recipe.losses = losses(run_well(folder, recipe.words).output);
      recipe.model = folder.read(recipe.out);
    }
    return made;
  }();
  return all;
}

/// Starts a run, sends it a signal soon after it has written a checkpoint, and returns how it ended.
Result stopped(const Folder& folder, const Recipe& recipe, Words words, int signal) {
  constexpr std::chrono::milliseconds moment{1}, part_of_an_epoch{5};
  const std::string checkpoint = folder.path(recipe.out + ".checkpoint");
  std::error_code missing;
  const auto old_time = std::filesystem::last_write_time(checkpoint, missing);
  words.insert(words.begin(), Running::command());
  Running running(folder, words);
  while (std::filesystem::last_write_time(checkpoint, missing) == old_time && running.at_work())
    std::this_thread::sleep_for(moment);
  std::this_thread::sleep_for(part_of_an_epoch);
  running.signal(signal);
  return running.wait();
}

}  // namespace

TEST_CASE("a run that is interrupted and resumed by the command that it prints gives the same bits") {
  for (const Recipe& recipe : recipes()) {
    const int signal = &recipe == &recipes()[1] ? SIGTERM : SIGINT;
    const Folder folder;
    const Result result = stopped(folder, recipe, recipe.words, signal);
    CAPTURE(result.errors);
    REQUIRE(result.status == 130);
    CHECK(folder.names() == Words{recipe.out + ".checkpoint"});
    const std::string last = split_lines(result.errors).back();
    const std::size_t command = last.find("rbm train ");
    REQUIRE(command != std::string::npos);
    const Result resumed = run_shell(folder, "\"$RBM\"" + last.substr(command + 3) + " --threads 1 --json");
    CAPTURE(resumed.errors);
    CHECK(resumed.status == 0);
    CHECK(folder.names() == Words{recipe.out});
    const auto later = losses(resumed.output);
    CHECK(!later.empty());
    CHECK(later.size() < recipe.losses.size());
    for (const auto& [epoch, loss] : later) CHECK(loss == recipe.losses.at(epoch));
    CHECK((folder.read(recipe.out) == recipe.model));
  }
}

TEST_CASE("a run that is killed leaves a whole checkpoint, and goes on from it to the same bits") {
  for (const Recipe& recipe : recipes()) {
    const Folder folder;
    REQUIRE(stopped(folder, recipe, recipe.words, SIGKILL).status == 128 + SIGKILL);
    CHECK_FALSE(folder.has(recipe.out));
    // And once more, when it has gone on.
    const Words resume{"train", "digits", "--resume", recipe.out + ".checkpoint"};
    const Result again = stopped(folder, recipe, resume, SIGKILL);
    CAPTURE(again.errors);
    REQUIRE(again.status == 128 + SIGKILL);
    run_well(folder, resume);
    CHECK((folder.read(recipe.out) == recipe.model));
    CHECK_FALSE(folder.has(recipe.out + ".checkpoint"));
  }
}

TEST_CASE("a second interruption ends the program at once") {
  const Folder folder;
  folder.write("model", trained_model());
  // The end of the first mini-batch is far away.
  Running running(folder,
                  {Running::command(), "train", "digits", "--hidden", "500", "--gibbs-steps", "1000000"});
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  for (int n = 0; n < 2; ++n) {
    running.signal(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(running.wait().status == 130);
  CHECK(folder.names() == Words{"model"});
}

TEST_CASE("the other commands end where they are interrupted, and leave no trace") {
  const Folder folder;
  folder.write("model", trained_model());
  Running running(folder, {Running::command(), "sample", "model", "--steps", "1000000000"});
  while (folder.names().size() < 2 && running.at_work())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  running.signal(SIGINT);
  const Result result = running.wait();
  CHECK(result.status == 130);
  CHECK(result.output.empty());
  CHECK(folder.names() == Words{"model"});
}

TEST_CASE("a checkpoint goes on with the same data and options only") {
  const Folder folder;
  const Recipe& recipe = recipes()[0];
  REQUIRE(stopped(folder, recipe, recipe.words, SIGKILL).status == 128 + SIGKILL);
  const std::string whole = folder.read(recipe.out + ".checkpoint");
  for (const std::string& name : folder.names()) std::filesystem::remove(folder.path(name));
  folder.write("c", whole);
  const auto refused = [&](const Words& more, int status, const std::string& message) {
    Words words{"train", "--resume", "c", "--out", "new"};
    words.insert(words.end(), more.begin(), more.end());
    check_failure(folder, words, status, {"rbm: " + message});
  };
  refused({"digits-test"}, 1, "c: was trained on other data than digits-test, or with another --hold-out\n");
  refused({"digits", "--hold-out", "0.5"}, 1, "c: was trained on other data than digits, or with another");
  folder.write("narrow.csv", "0,16\n");
  refused({"narrow.csv"}, 1, "c: has 64 visible units, but an example of narrow.csv has 2 values");

  for (const Words& option :
       {Words{"--hidden", "200"},          Words{"--batch", "10"},         Words{"--optimizer", "adam"},
        Words{"--learning-rate", "0.005"}, Words{"--momentum", "0"},       Words{"--weight-decay", "0"},
        Words{"--gibbs-steps", "9"},       Words{"--visible", "sampled"},  Words{"--shuffle"},
        Words{"--maximum", "16"},          Words{"--seed", "1"},           Words{"--recipe", "tutorial"},
        Words{"--rate-decay", "0"},        Words{"--final-momentum", "0"}, Words{"--method", "cd"},
        Words{"--statistics", "states"},   Words{"--centring", "0"},       Words{"--sparsity-target", "0.1"},
        Words{"--sparsity-cost", "0"},     Words{"--average", "0"},        Words{"--initial-bias", "zero"}})
    refused(with({"digits"}, option), 2,
            option[0] + ": is fixed by the checkpoint; leave it out with --resume");
}

TEST_CASE("a checkpoint that lacks something, or holds what cannot be, is refused") {
  const Folder folder;
  const Recipe& recipe = recipes()[0];
  REQUIRE(stopped(folder, recipe, recipe.words, SIGKILL).status == 128 + SIGKILL);
  const std::string checkpoint = recipe.out + ".checkpoint";
  const std::string whole = folder.read(checkpoint);
  const tool::TensorFile content =
      tool::parse_safetensors(std::vector<unsigned char>(whole.begin(), whole.end()), "checkpoint");
  for (const std::string& name : folder.names()) std::filesystem::remove(folder.path(name));
  const auto refused = [&](const std::string& message) {
    check_failure(folder, {"train", "digits", "--resume", "c", "--out", "new"}, 1, {"rbm: c: " + message});
  };
  for (const auto& [key, value] : {std::make_pair("batch", "0"), std::make_pair("optimizer", "sdg"),
                                   std::make_pair("learning_rate", "nan"), std::make_pair("visible", ""),
                                   std::make_pair("step", "-1"), std::make_pair("epochs_done", "x")}) {
    tool::TensorFile changed = content;
    changed.metadata[key] = value;
    tool::save(folder.path("c"), changed);
    refused(std::string("metadata '") + key + "' is ");
    changed.metadata.erase(key);
    tool::save(folder.path("c"), changed);
    refused("");
  }
  for (std::size_t n = 0; n < content.tensors.size(); ++n) {
    tool::TensorFile changed = content;
    changed.tensors.erase(changed.tensors.begin() + static_cast<std::ptrdiff_t>(n));
    tool::save(folder.path("c"), changed);
    refused("");
    changed = content;
    changed.tensors[n].shape = {1};
    changed.tensors[n].values = {0};
    tool::save(folder.path("c"), changed);
    refused("");
  }
  tool::TensorFile finished = content;
  finished.metadata["epochs_done"] = "31";
  tool::save(folder.path("c"), finished);
  refused("has trained more than 30 epochs already; ask for more with --epochs");
  folder.write("c", whole.substr(0, whole.size() - 1));
  refused("is cut short: its tensors are longer than the file");
  folder.write("c", trained_model());
  refused("is no checkpoint: its metadata lack '");
}

TEST_CASE("a checkpoint of the last epoch lacks nothing but the model, which it then gives") {
  const Folder folder;
  const Recipe& recipe = recipes()[0];
  REQUIRE(stopped(folder, recipe, recipe.words, SIGKILL).status == 128 + SIGKILL);
  const std::string checkpoint = folder.read(recipe.out + ".checkpoint");
  const std::string done =
      tool::parse_safetensors(std::vector<unsigned char>(checkpoint.begin(), checkpoint.end()), "c")
          .metadata.at("epochs_done");
  folder.write("c", checkpoint);
  run_well(folder, {"train", "digits", "--resume", "c", "--epochs", done, "--out", "resumed"});
  Words straight = recipe.words;
  *(std::find(straight.begin(), straight.end(), "--epochs") + 1) = done;
  run_well(folder, with(straight, {"--out", "straight"}));
  CHECK((folder.read("resumed") == folder.read("straight")));
}
