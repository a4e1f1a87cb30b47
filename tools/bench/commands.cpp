#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "tools/base/failure.hpp"
#include "tools/bench/measure.hpp"
#include "tools/bench/tables.hpp"

extern char** environ;

namespace bench {
namespace {

#ifdef __APPLE__
constexpr double bytes_of_peak = 1;
#else
constexpr double bytes_of_peak = 1024;
#endif

/// What a program used from its start to its end.
struct Used {
  double seconds;  // of processor time
  double peak;     // MB resident
};

double wall_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

double peak_memory(const rusage& usage) {
  return static_cast<double>(usage.ru_maxrss) * bytes_of_peak / 1e6;
}

// Runs a program to its end, its standard output discarded.
Used run(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t silent;
  posix_spawn_file_actions_init(&silent);
  posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error = posix_spawn(&child, arguments[0], &silent, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&silent);
  if (error != 0) throw tool::Failure(words[0] + ": cannot be run");
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child || status != 0)
    throw tool::Failure(words[0] + " " + words[1] + ": failed");
  return {wall_seconds(usage.ru_utime) + wall_seconds(usage.ru_stime), peak_memory(usage)};
}

/// A folder that goes with all that is in it.
struct TemporaryFolder {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("rbm-bench-" + std::to_string(getpid()));
  TemporaryFolder() { std::filesystem::create_directory(path); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

/// The data of these tables.
struct Files {
  std::string train, test;
  double rows, test_rows, visible, hidden;
};

void print_memory(const std::string& command, const Files& files, const std::string& model) {
  const auto train = [&](const char* epochs, const std::string& out) {
    return run({command, "train", files.train, "--hidden", fixed(files.hidden, 0), "--epochs", epochs,
                "--threads", "1", "--quiet", "--out", out})
        .peak;
  };
  const double nothing = run({command, "help"}).peak, plain = train("3", "/dev/null");
  const double one = train("1", model), three = train("3", model);
  const double matrix = files.visible * files.hidden * sizeof(float) / 1e6;
  const double bytes = files.rows * files.visible / 1e6;
  print_title("Peak memory of rbm train",
              {"The most that was resident; Adam, batch 64, " + fixed(files.visible, 0) + " visible, " +
               fixed(files.hidden, 0) + " hidden units, one thread."});
  Table table({"", "MB"});
  const auto add = [&](const char* name, double value) { table.add({name, fixed(value, 1)}); };
  add("one epoch", one);
  add("three epochs", three);
  add("three epochs without checkpoints (--out /dev/null)", plain);
  add("  of these: the data, a byte a value", bytes);
  add("            W and the two arrays of Adam", 3 * matrix);
  add("            the transposed copy of W", matrix);
  add("            the program and its libraries (rbm help)", nothing);
  add("            all else", plain - bytes - 4 * matrix - nothing);
  table.print();
}

void print_times(const std::string& command, const Files& files, const std::string& model,
                 const std::string& out, int runs) {
  print_title(
      "The command as a whole",
      {"From start to end: reading the model and " + grouped(static_cast<std::uint64_t>(files.test_rows)) +
           " examples, writing the results; one thread,",
       "processor time, median (range) of " + std::to_string(runs) + " runs."});
  Table table({"", "us an example"});
  const auto add = [&](const std::string& subcommand, const std::vector<std::string>& options) {
    std::vector<std::string> words{command, subcommand, model,   files.test, "--threads",
                                   "1",     "--quiet",  "--out", out};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<double> seconds;
    for (int n = 0; n < runs; ++n) seconds.push_back(run(words).seconds / files.test_rows);
    std::string name = "rbm " + subcommand;
    for (const std::string& option : options) name += ' ' + option;
    table.add({name, to_text(find_spread(seconds), 2, 1e-6)});
  };
  add("features", {});
  add("features", {"--visible", "sampled"});
  add("reconstruct", {});
  table.print();
}

}  // namespace

void print_commands(const std::string& command, bool quick) {
  const std::string train = "build/mnist/train-images-idx3-ubyte",
                    test = "build/mnist/t10k-images-idx3-ubyte";
  if (!quick && (!std::filesystem::exists(train) || !std::filesystem::exists(test))) {
    print_title("The command as a whole", {"left out: no MNIST (tools/scripts/fetch_mnist.sh brings it)"});
    return;
  }
  // Until a program is loaded, systems count the memory of who starts it as its own.
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  if (peak_memory(usage) > 20) throw tool::Failure("`commands` must come before the other tables");
  const Files files =
      quick ? Files{"digits", "digits-test", 1500, 297, 64, 16} : Files{train, test, 60000, 10000, 784, 500};
  const TemporaryFolder folder;
  print_memory(command, files, folder.path / "model.safetensors");
  print_times(command, files, folder.path / "model.safetensors", folder.path / "table.npy", quick ? 1 : 7);
}

}  // namespace bench
