// A run of the built command that is interrupted or killed goes on to the same bits.
#include <doctest/doctest.h>
#include <algorithm>

#include <chrono>
#include <map>

#include "sample_files.hpp"
#include "tools/safetensors.hpp"
#include "trained.hpp"

using namespace fixture;

namespace {

/// The losses that a run with --json printed, by epoch.
std::map<double, double> losses(const std::string& output) {
  std::map<double, double> found;
  for (const std::string& text : lines_of(output)) {
    const Json line(text);
    if (line.has("epoch")) found[line.number("epoch")] = line.number("loss");
  }
  return found;
}

/// A run of about a second, some ten milliseconds an epoch, and what comes of it if nobody interrupts.
struct Recipe {
  Words words;
  std::string model = {};
  std::map<double, double> losses = {};
};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all = [] {
    std::vector<Recipe> made{
        {{"train", "digits", "--hidden", "200", "--epochs", "30", "--batch", "10", "--gibbs-steps", "9",
          "--json"}},
        {{"train", "digits", "--hidden", "150", "--epochs", "30", "--batch", "7", "--gibbs-steps", "9",
          "--shuffle", "--optimizer", "sgd", "--momentum", "0.5", "--weight-decay", "0.001", "--json"}}};
    for (Recipe& recipe : made) {
      const Folder folder;
      recipe.losses = losses(run_well(folder, recipe.words).output);
      recipe.model = folder.read("model.safetensors");
    }
    return made;
  }();
  return all;
}

std::string parameters(const std::string& bytes) {
  const tool::TensorFile file = tool::parse_safetensors({bytes.begin(), bytes.end()}, "model");
  std::string all;
  for (const char* name : {"W", "v_bias", "h_bias"}) {
    REQUIRE(file.find(name) != nullptr);
    all += floats(file.find(name)->values);
  }
  return all;
}

/// Starts a run, sends it a signal soon after it has written a checkpoint, and returns how it ended.
Result stopped(const Folder& folder, Words words, int signal) {
  constexpr std::chrono::milliseconds moment{1}, part_of_an_epoch{5};
  const std::string checkpoint = folder.path("model.safetensors.checkpoint");
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
  for (const int signal : {SIGINT, SIGTERM}) {
    const Recipe& recipe = recipes()[signal == SIGINT ? 0 : 1];
    const Folder folder;
    const Result result = stopped(folder, recipe.words, signal);
    CAPTURE(result.errors);
    REQUIRE(result.status == 130);
    CHECK(folder.names() == Words{"model.safetensors.checkpoint"});
    const std::string last = lines_of(result.errors).back();
    const std::size_t command = last.find("rbm train ");
    REQUIRE(command != std::string::npos);
    const Result resumed = run_shell(folder, "\"$RBM\"" + last.substr(command + 3) + " --threads 1 --json");
    CAPTURE(resumed.errors);
    CHECK(resumed.status == 0);
    CHECK(folder.names() == Words{"model.safetensors"});
    const auto later = losses(resumed.output);
    CHECK(!later.empty());
    CHECK(later.size() < recipe.losses.size());
    for (const auto& [epoch, loss] : later) CHECK(loss == recipe.losses.at(epoch));
    CHECK((parameters(folder.read("model.safetensors")) == parameters(recipe.model)));
  }
}

TEST_CASE("a run that is killed leaves a whole checkpoint, and goes on from it to the same bits") {
  for (const Recipe& recipe : recipes()) {
    const Folder folder;
    REQUIRE(stopped(folder, recipe.words, SIGKILL).status == 128 + SIGKILL);
    CHECK_FALSE(folder.has("model.safetensors"));
    // And once more, when it has gone on.
    const Words resume{"train", "digits", "--resume", "model.safetensors.checkpoint"};
    const Result again = stopped(folder, resume, SIGKILL);
    CAPTURE(again.errors);
    REQUIRE(again.status == 128 + SIGKILL);
    run_well(folder, resume);
    CHECK((parameters(folder.read("model.safetensors")) == parameters(recipe.model)));
    CHECK_FALSE(folder.has("model.safetensors.checkpoint"));
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
  REQUIRE(stopped(folder, recipe.words, SIGKILL).status == 128 + SIGKILL);
  const std::string whole = folder.read("model.safetensors.checkpoint");
  for (const std::string& name : folder.names()) std::filesystem::remove(folder.path(name));
  folder.write("c", whole);
  const auto refused = [&](const Words& more, int status, const std::string& message) {
    Words words{"train", "--resume", "c", "--out", "new"};
    words.insert(words.end(), more.begin(), more.end());
    check_failure(folder, words, status, {"rbm: " + message});
  };
  refused({"digits-test"}, 1, "c: was trained on other data than digits-test");
  folder.write("narrow.csv", "0,1\n");
  refused({"narrow.csv"}, 1, "c: has 64 visible units, but an example of narrow.csv has 2 values");

  for (const Words& option :
       {Words{"--hidden", "200"}, Words{"--batch", "10"}, Words{"--optimizer", "adam"},
        Words{"--learning-rate", "0.005"}, Words{"--momentum", "0"}, Words{"--weight-decay", "0"},
        Words{"--gibbs-steps", "9"}, Words{"--visible", "sampled"}, Words{"--shuffle"},
        Words{"--maximum", "16"}, Words{"--seed", "1"}})
    refused(with({"digits"}, option), 2,
            option[0] + ": is fixed by the checkpoint; leave it out with --resume");
}

TEST_CASE("a checkpoint of the last epoch lacks nothing but the model, which it then gives") {
  const Folder folder;
  const Words& words = recipes()[0].words;
  REQUIRE(stopped(folder, words, SIGKILL).status == 128 + SIGKILL);
  const std::string checkpoint = folder.read("model.safetensors.checkpoint");
  const std::string key = "\"epochs_done\":\"";
  const std::size_t begin = checkpoint.find(key) + key.size();
  const std::string done = checkpoint.substr(begin, checkpoint.find('"', begin) - begin);
  folder.write("c", checkpoint);
  run_well(folder, {"train", "digits", "--resume", "c", "--epochs", done, "--out", "resumed"});
  Words straight = words;
  const auto epochs = std::find(straight.begin(), straight.end(), "--epochs");
  REQUIRE(epochs != straight.end());
  *(epochs + 1) = done;
  run_well(folder, with(straight, {"--out", "straight"}));
  CHECK(folder.read("resumed") == folder.read("straight"));
}
