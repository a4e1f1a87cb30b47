// Data of ten times the memory that the command may have (RLIMIT_DATA: what it allocates; pages of a mapped
// file are the system's, which takes them back where memory is short), and files that change while they are
// read.
#include <doctest/doctest.h>

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/sample_files.hpp"

using namespace fixture;

namespace {

constexpr std::size_t rows = 132000, columns = 784, allowed = 10100;  // KiB, of 101,000

/// Bytes of which a part is 0, as in pictures, and which differ from row to row.
std::string pictures(std::size_t count) {
  std::mt19937 random(1);
  std::string bytes(count * columns, '\0');
  for (std::size_t n = 0; n < count; ++n)
    for (std::size_t j = n % 7; j < columns; j += 7)
      bytes[n * columns + j] = static_cast<char>(random() >> 24 & (j % 2 == 0 ? 0xff : 0x7f));
  return bytes;
}

/// Runs rbm where it may not allocate more than this many KiB.
Result run_limited(const Folder& folder, const Words& words, std::size_t limit = allowed) {
  std::string line = "ulimit -d " + std::to_string(limit) + " && exec \"$RBM\"";
  for (const std::string& word : words) line += " '" + word + "'";
  return run_shell(folder, line);
}

/// Whether the limit is known here, and leaves room for the program itself.
bool can_be_limited(const Folder& folder) {
#ifdef __linux__
  if (run_limited(folder, {"train", "digits", "--hidden", "4", "--epochs", "1", "--out", "small"}).status ==
      0)
    return true;
#endif
  MESSAGE("skipped: what a program allocates cannot be limited here, or a sanitizer takes more");
  return false;
}

/// These words give the same file under the limit as without it.
void check_same(const Folder& folder, const Words& words, std::size_t limit = allowed) {
  CAPTURE(shown(words));
  const Result limited = run_limited(folder, with(words, {"--out", "limited"}), limit);
  INFO(limited.errors);
  REQUIRE(limited.status == 0);
  run_well(folder, with(words, {"--out", "free"}));
  CHECK((folder.read("limited") == folder.read("free")));
}

/// Training that has begun, on a file that then changes; what comes of it.
template <class Change>
Result changed_run(const Folder& folder, const std::string& epochs, const Change& change) {
  Running running(folder, {Running::command(), "train", "data.idx", "--hidden", "4", "--epochs", epochs,
                           "--threads", "2", "--quiet", "--out", "model"});
  while (running.at_work() && !folder.has("model.checkpoint"))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  change();
  return running.wait();
}

}  // namespace

TEST_CASE("data of ten times the memory allowed are learned and measured, to the same bits") {
  const Folder folder;
  if (!can_be_limited(folder)) return;
  folder.write("data.idx", idx(8, {rows, 28, 28}, pictures(rows)));
  const Words learn{"train", "data.idx", "--hidden", "4", "--epochs", "1", "--threads", "1", "--quiet"};
  check_same(folder, learn);
  // The monitor compares a thousand examples of each.
  check_same(folder, with(learn, {"--hold-out", "0.2"}), 2 * allowed);
  CHECK(run_limited(folder, {"evaluate", "free", "data.idx", "--threads", "1"}).output ==
        run_well(folder, {"evaluate", "free", "data.idx", "--threads", "1"}).output);
  CHECK(run_limited(folder, {"info", "data.idx"}).output == run_well(folder, {"info", "data.idx"}).output);
  // That the limit is one: standard input has to be kept.
  const Result piped =
      run_shell(folder, "ulimit -d " + std::to_string(allowed) + " && exec \"$RBM\" info - <data.idx");
  CHECK(piped.status == 1);
  CHECK(piped.errors == "rbm: not enough memory for data or a model of this size\n");
}

TEST_CASE("numbers of five times the memory allowed are learned as well, and readings are standardized") {
  const Folder folder;
  if (!can_be_limited(folder)) return;
  std::mt19937 random(1);
  std::vector<float> values(rows / 4 * columns);
  for (float& value : values) value = static_cast<float>(random() >> 8) * 0x1p-24f;
  values[5] = 300;  // a reading beyond 10 deviations
  const std::string shape = "(" + std::to_string(rows / 4) + ", " + std::to_string(columns) + ")";
  folder.write("readings.npy", npy("<f4", shape, floats(values)));
  values[5] = 1;
  folder.write("data.npy", npy(">f4", shape, big_floats(values)));
  const Words settings{"--hidden", "4", "--epochs", "1", "--threads", "1", "--quiet"};
  check_same(folder, with({"train", "readings.npy"}, settings), 2 * allowed);
  check_same(folder, with({"train", "data.npy", "--visible", "sampled", "--columns", "3-700"}, settings),
             2 * allowed);
}

TEST_CASE("a file that becomes shorter, or is written to, while it is read ends the run with one line") {
  const Folder folder;
  const std::string whole = idx(8, {2000, 28, 28}, pictures(2000)), path = folder.path("data.idx");
  const std::string endless = "100000";
  const Words left{"data.idx", "model.checkpoint"};
  folder.write("data.idx", whole);
  const Result shorter = changed_run(folder, endless, [&] { CHECK(truncate(path.c_str(), 5000) == 0); });
  CHECK(shorter.status == 1);
  CHECK(shorter.errors == "rbm: data.idx: the file became shorter while it was read, or its disk failed\n");
  CHECK(folder.names() == left);

  std::filesystem::remove(folder.path("model.checkpoint"));
  folder.write("data.idx", whole);
  const Result written = changed_run(folder, endless, [&] {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(1000).put(1);
  });
  CHECK(written.status == 1);
  CHECK(written.errors ==
        "rbm: data.idx: the file was changed while it was read: run again, and let it be meanwhile\n");
  CHECK(folder.names() == left);
}

TEST_CASE("another file that takes the place of one that is read changes nothing") {
  const Folder folder;
  folder.write("data.idx", idx(8, {2000, 28, 28}, pictures(2000)));
  folder.write("other", "");
  const auto replace = [&] { std::filesystem::rename(folder.path("other"), folder.path("data.idx")); };
  const Result replaced = changed_run(folder, "50", replace);
  CHECK(replaced.status == 0);
  CHECK(replaced.errors.empty());
}
