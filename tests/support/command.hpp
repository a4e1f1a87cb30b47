/// Runs the built command as a user does: in a folder of its own, its output captured. The environment
/// variable RBM names the command; without it, build/rbm below the working directory or the project's root.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/folder.hpp"

namespace fixture {

/// How a program ended.
struct Result {
  int status = 0;  ///< its exit status, or 128 + the number of the signal that killed it
  std::string output, errors;
};

/// What a program is run with.
struct Setting {
  std::string input = {};        ///< comes through a pipe
  std::string output_file = {};  ///< where standard output goes instead of being captured
  std::size_t largest_file = 0;  ///< bytes, beyond which a write fails as on a full disk; 0: no limit
  bool terminal = false;         ///< standard error is a terminal
};

/// A program at work.
class Running {
 public:
  /// words[0] is the program.
  Running(const Folder& folder, const Words& words, const Setting& setting = {}) {
    std::signal(SIGPIPE, SIG_IGN);  // a program that ends without reading its input is no fault of the test
    setenv("TERM", "xterm", 1);
    setenv("RBM", command().c_str(), 1);
    const Pipe input, output, errors = setting.terminal ? terminal() : Pipe();
    const int output_file =
        setting.output_file.empty() ? output.in : open(setting.output_file.c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(output_file >= 0);
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const std::string place = folder.path();
    // A signal to the child waits until it is not this program's any more, whose handlers would take it.
    sigset_t interruptions;
    sigemptyset(&interruptions);
    for (const int number : {SIGINT, SIGTERM}) sigaddset(&interruptions, number);
    pthread_sigmask(SIG_BLOCK, &interruptions, nullptr);
    process_ = fork();
    if (process_ != 0) pthread_sigmask(SIG_UNBLOCK, &interruptions, nullptr);
    REQUIRE(process_ >= 0);
    if (process_ == 0) {
      constexpr unsigned longest_seconds = 300;
      for (const int number : {SIGINT, SIGTERM}) std::signal(number, SIG_DFL);
      pthread_sigmask(SIG_UNBLOCK, &interruptions, nullptr);
      alarm(longest_seconds);
      if (setting.largest_file != 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{setting.largest_file, setting.largest_file};
        setrlimit(RLIMIT_FSIZE, &limit);
      }
      const bool ready = dup2(input.out, STDIN_FILENO) >= 0 && dup2(output_file, STDOUT_FILENO) >= 0 &&
                         dup2(errors.in, STDERR_FILENO) >= 0 && chdir(place.c_str()) == 0;
      if (ready) execvp(arguments[0], arguments.data());
      _exit(127);
    }
    close(input.out);
    close(output.in);
    close(errors.in);
    if (output_file != output.in) close(output_file);
    threads_.emplace_back(send, input.in, setting.input);
    threads_.emplace_back(receive, output.out, &result_.output);
    threads_.emplace_back(receive, errors.out, &result_.errors);
  }
  ~Running() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      wait();
    }
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void signal(int number) const { kill(process_, number); }

  /// Whether it has not ended yet.
  bool at_work() const {
    siginfo_t ended{};
    return waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid == 0;
  }

  Result wait() {
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    for (std::thread& thread : threads_) thread.join();
    result_.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result_;
  }

  /// The path of the rbm command.
  static std::string command() {
    const char* const told = std::getenv("RBM");
    if (told != nullptr) return std::filesystem::absolute(told).string();
    const std::filesystem::path here = std::filesystem::absolute("build/rbm");
    return (std::filesystem::exists(here) ? here : root() / "build/rbm").string();
  }

  /// The project's folder.
  static std::filesystem::path root() {
    return std::filesystem::absolute(__FILE__).parent_path().parent_path().parent_path();
  }

 private:
  // What is written at `in` is read at `out`.
  struct Pipe {
    Pipe() {
      int ends[2];
      REQUIRE(pipe(ends) == 0);
      out = ends[0], in = ends[1];
      close_in_children();
    }
    Pipe(int out_end, int in_end) : out(out_end), in(in_end) { close_in_children(); }
    void close_in_children() const {
      fcntl(out, F_SETFD, FD_CLOEXEC);
      fcntl(in, F_SETFD, FD_CLOEXEC);
    }
    int out, in;
  };

  static Pipe terminal() {
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(grantpt(master) == 0);
    REQUIRE(unlockpt(master) == 0);
    return {master, open(ptsname(master), O_RDWR | O_NOCTTY)};
  }

  static void send(int descriptor, std::string text) {
    for (std::size_t sent = 0; sent < text.size();) {
      const ssize_t count = write(descriptor, text.data() + sent, text.size() - sent);
      if (count <= 0) break;
      sent += static_cast<std::size_t>(count);
    }
    close(descriptor);
  }

  // Until the end; a terminal reports an error instead.
  static void receive(int descriptor, std::string* text) {
    char buffer[4096];
    for (ssize_t count; (count = read(descriptor, buffer, sizeof buffer)) > 0;)
      text->append(buffer, static_cast<std::size_t>(count));
    close(descriptor);
  }

  pid_t process_ = 0;
  Result result_;
  std::vector<std::thread> threads_;
};

/// Runs rbm with these words.
inline Result run(const Folder& folder, Words words, const Setting& setting = {}) {
  words.insert(words.begin(), Running::command());
  return Running(folder, words, setting).wait();
}

/// Runs a line of shell, in which "$RBM" is the command.
inline Result run_shell(const Folder& folder, const std::string& line) {
  return Running(folder, {"sh", "-c", line}).wait();
}

/// The command line, as messages show it.
inline std::string shown(const Words& words) {
  std::string line = "rbm";
  for (const std::string& word : words) line += " '" + word + "'";
  return line;
}

/// Runs rbm, which must succeed.
inline Result run_well(const Folder& folder, const Words& words, const Setting& setting = {}) {
  const Result result = run(folder, words, setting);
  INFO(shown(words));
  CAPTURE(result.errors);
  REQUIRE(result.status == 0);
  return result;
}

/// Runs rbm, which must fail as every failure does: with this status, one line on standard error that holds
/// each of the parts, nothing on standard output, and no trace in the folder.
inline void check_failure(const Folder& folder, const Words& words, int status, const Words& parts,
                          const Setting& setting = {}) {
  const auto before = folder.content();
  const Result result = run(folder, words, setting);
  INFO(shown(words));
  CAPTURE(result.errors);
  CHECK(result.status == status);
  CHECK(result.output.empty());
  CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
  CHECK(result.errors.substr(0, 5) == "rbm: ");
  CHECK(result.errors.back() == '\n');
  for (const std::string& part : parts) {
    CAPTURE(part);
    CHECK(result.errors.find(part) != std::string::npos);
  }
  const auto after = folder.content();
  CHECK(after.size() == before.size());
  CHECK((after == before));
}

/// The lines of a text, without their ends.
inline Words split_lines(const std::string& text) {
  Words lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace fixture
