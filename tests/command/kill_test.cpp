// A run with all that a recipe can say, stopped at random moments and resumed until it is done: the model and
// the page are the bytes of a run that was never stopped.
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "tests/support/command.hpp"
#include "tools/model/model.hpp"

using namespace fixture;

namespace {

/// What no checkpoint holds, so that it is said again.
const Words beside{"--validation", "digits-test", "--nats", "5", "--report", "page.html"};

const Words rich = with({"train",
                         "digits",
                         "--recipe",
                         "likelihood",
                         "--hidden",
                         "40",
                         "--epochs",
                         "24",
                         "--batch",
                         "20",
                         "--gibbs-steps",
                         "5",
                         "--momentum",
                         "0.5",
                         "--final-momentum",
                         "0.8",
                         "--statistics",
                         "probabilities",
                         "--sparsity-cost",
                         "0.01",
                         "--out",
                         "new"},
                        beside);

const Words tutorial = with({"train", "digits", "--hidden", "40", "--epochs", "24", "--batch", "20",
                             "--gibbs-steps", "5", "--average", "0.5", "--out", "new"},
                            beside);

/// What is left of a run that nobody stopped, and how long it took.
struct Whole {
  std::string model, page;
  std::chrono::milliseconds time{};

  explicit Whole(const Words& words) {
    const Folder folder;
    const auto start = std::chrono::steady_clock::now();
    run_well(folder, words);
    time = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    model = folder.read("new");
    page = folder.read("page.html");
  }
};

const Whole& whole(const Words& words) {
  static const Whole of_rich(rich), of_tutorial(tutorial);
  return &words == &rich ? of_rich : of_tutorial;
}

/// A seed of its own for each run of the tests; a failure shows it.
std::uint32_t fresh_seed() {
  const char* const told = std::getenv("RBM_TEST_SEED");
  return told != nullptr ? static_cast<std::uint32_t>(std::strtoul(told, nullptr, 10))
                         : std::random_device{}();
}

/// Runs it until a moment of the first third of the time that it takes as a whole.
Result stopped(const Folder& folder, const Words& words, int signal, std::chrono::milliseconds time,
               std::mt19937& random) {
  Running running(folder, words);
  const std::chrono::microseconds moment{random() % (1000u * (1u + static_cast<unsigned>(time.count()) / 3))};
  std::this_thread::sleep_for(moment);
  running.signal(signal);
  return running.wait();
}

void check_same(const Folder& folder, const Words& words) {
  CHECK((folder.read("new") == whole(words).model));
  CHECK((folder.read("page.html") == whole(words).page));
  CHECK_FALSE(folder.has("new.checkpoint"));
}

}  // namespace

TEST_CASE("killed at random moments and resumed: the same model, the same page") {
  const std::uint32_t seed = fresh_seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const Words* words : {&rich, &tutorial}) {
    const Folder folder;
    const Words resume = with({"train", "digits", "--resume", "new.checkpoint"}, beside);
    constexpr int most_stops = 5;
    for (int stops = 0;; ++stops) {
      Words line = folder.has("new.checkpoint") ? resume : *words;
      line.insert(line.begin(), Running::command());
      line = with(line, {"--threads", stops % 2 ? "2" : "1"});
      const Result result = stops == most_stops ? Running(folder, line).wait()
                                                : stopped(folder, line, SIGKILL, whole(*words).time, random);
      CAPTURE(result.errors);
      if (result.status == 0) break;
      REQUIRE(result.status == 128 + SIGKILL);
    }
    check_same(folder, *words);
  }
}

TEST_CASE("interrupted at random moments, an estimate among them: the command that is printed goes on") {
  const std::uint32_t seed = fresh_seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (const Words* words : {&rich, &tutorial}) {
    const Folder folder;
    Words line = *words;
    line.insert(line.begin(), Running::command());
    constexpr int most_stops = 5;
    for (int stops = 0;; ++stops) {
      const Result result = stops == most_stops ? Running(folder, line).wait()
                                                : stopped(folder, line, SIGINT, whole(*words).time, random);
      CAPTURE(result.errors);
      if (result.status == 0) break;
      if (result.status == 128 + SIGINT && result.errors.empty()) continue;  // before it could listen
      REQUIRE(result.status == 130);
      CHECK(folder.names() == Words{"new.checkpoint"});
      const std::string last = split_lines(result.errors).back();
      const std::size_t command = last.find("rbm train ");
      REQUIRE(command != std::string::npos);
      line = {"sh", "-c", "exec \"$RBM\"" + last.substr(command + 3)};
    }
    check_same(folder, *words);
  }
}

TEST_CASE("interrupted as it begins: no trace but a checkpoint") {
  const std::uint32_t seed = fresh_seed();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int n = 0; n < 40; ++n) {
    const Folder folder;
    Running running(folder, with({Running::command()}, tutorial));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 15000));
    running.signal(SIGINT);
    CHECK(running.wait().status == 130);
    const Words names = folder.names();
    CHECK((names.empty() || names == Words{"new.checkpoint"}));
  }
}

TEST_CASE("stopped between its last checkpoint and its page: the same model, the same page") {
  for (const Words* recipe : {&rich, &tutorial}) {
    Words words = *recipe;
    *(std::find(words.begin(), words.end(), "--epochs") + 1) = "1";
    const Folder folder;
    run_well(folder, words);
    const std::string model = folder.read("new"), page = folder.read("page.html");
    std::filesystem::remove(folder.path("new"));
    std::filesystem::remove(folder.path("page.html"));
    // The page is the largest file, so that it is what the disk has no room for.
    Setting small_disk;
    small_disk.largest_file = page.size() - 1;
    const Result result = run(folder, words, small_disk);
    CHECK(result.status == 1);
    CHECK(result.errors.find("rbm: page.html: cannot write: File too large\n") != std::string::npos);
    CHECK(folder.names() == Words{"new", "new.checkpoint"});
    std::filesystem::remove(folder.path("new"));
    run_well(folder, with({"train", "digits", "--resume", "new.checkpoint"}, beside));
    CHECK((folder.read("new") == model));
    CHECK((folder.read("page.html") == page));
  }
}

TEST_CASE("a checkpoint of an averaged run holds the model that learns and the mean, which is the result") {
  const Folder folder;
  const Words words{"train",     "digits", "--hidden", "20",        "--epochs", "1",
                    "--average", "0.5",    "--report", "page.html", "--out",    "new"};
  run_well(folder, words);
  const std::string model = folder.read("new");
  Setting small_disk;
  small_disk.largest_file = folder.read("page.html").size() - 1;
  REQUIRE(run(folder, words, small_disk).status == 1);
  const std::string bytes = folder.read("new.checkpoint");
  const tool::TensorFile checkpoint =
      tool::parse_safetensors(std::vector<unsigned char>(bytes.begin(), bytes.end()), "checkpoint");
  const tool::TensorFile result =
      tool::parse_safetensors(std::vector<unsigned char>(model.begin(), model.end()), "model");
  for (const std::string name : {"W", "v_bias", "h_bias"}) {
    const tool::Tensor* const mean = checkpoint.find("mean." + name);
    REQUIRE(mean != nullptr);
    CHECK(mean->values == result.find(name)->values);
    CHECK(checkpoint.find(name)->values != mean->values);
  }
}
