#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <utility>

#include "platform/desktop/files.hpp"
#include "platform/desktop/interrupt.hpp"
#include "rbm/config.hpp"
#include "tools/base/failure.hpp"
#include "tools/commands/commands.hpp"
#include "tools/inference/own_arithmetic.hpp"

namespace tool {
namespace {

void print(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

int complain(const std::string& message, int status) {
  // A file's name may hold a line break.
  print(stderr, "rbm: " + to_one_line(message) + "\n");
  return status;
}

// No output may take the place of an input or of another output.
void check_files(const Files& files, bool json) {
  if (std::count(files.written.begin(), files.written.end(), "-") + json > 1)
    throw Misuse("standard output can take one thing only: a file or --json");
  std::vector<std::pair<std::string, std::string>> taken;  // path, and what is said of it
  std::error_code ignored;
  // Standard input is a file too where a shell redirects it.
  for (const std::string& input : files.read) {
    if (input == "-")
      taken.emplace_back("/dev/stdin", "standard input");
    else if (!input.empty() && std::filesystem::exists(input, ignored))  // else it is told as missing
      taken.emplace_back(input, "the input " + input);
  }
  for (const std::string& output : files.written) {
    if (output.empty() || output == "-") continue;
    for (const auto& [path, what] : taken)
      if (platform::same_file(path, output))
        throw Misuse(std::string(output).append(": cannot write: it is the same file as ").append(what));
    taken.emplace_back(output, "the output " + output);
  }
}

// The exit status.
int run(const std::vector<std::string_view>& words) {
  if (words.empty()) {
    print(stderr, overview());
    return 2;
  }
  if (words[0] == "--help" || words[0] == "-h") {
    print(stdout, overview());
    return 0;
  }
  if (words[0] == "--version") {
    print(stdout, "rbm " RBM_VERSION "\n");
    return 0;
  }
  const Command& command = find_command(words[0]);
  const Arguments arguments(command, {words.begin() + 1, words.end()});
  if (arguments.help_asked()) {
    print(stdout, help_text(command));
    return 0;
  }
  if (command.files != nullptr) check_files(command.files(arguments), arguments[option::json]);
  try {
    command.run(arguments);
  } catch (const platform::Interrupted&) {
    return platform::interrupted_status;
  }
  return 0;
}

// Where a standard stream is closed, the next file to be opened would get its number, and our messages with
// it. These stand-ins fail when used: each is open in the direction that the stream is not.
void occupy_closed_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (fcntl(stream, F_GETFD) == -1) open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

void flush_standard_output() {
  // What failed before this, in the middle of a long text, has left its reason.
  if (std::ferror(stdout) == 0 && std::cout) errno = 0;
  std::cout.flush();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout) {
    throw Failure(std::string("standard output: ") +
                  (errno != 0 ? std::strerror(errno) : "cannot be written"));
  }
}

int guarded_run(const std::vector<std::string_view>& words) {
  try {
    const int status = run(words);
    flush_standard_output();
    return status;
  } catch (const Failure& failure) {
    return complain(failure.what(), failure.exit_status);
  } catch (const platform::FileError& error) {
    return complain(error.what(), 1);
  } catch (const std::bad_alloc&) {
    return complain("not enough memory for data or a model of this size", 1);
  } catch (const std::exception& error) {
    return complain(std::string("internal error: ") + error.what(), 1);
  }
}

}  // namespace
}  // namespace tool

int main(int count, char** words) {
  tool::occupy_closed_streams();
  // A parent that ignores the signal hands that down; `rbm ... | head` must still end without a word.
  std::signal(SIGPIPE, SIG_DFL);
  if (!tool::own_arithmetic_is_exact())
    return tool::complain(
        "this program does not compute as built by default, so that results would differ: compile and link "
        "without -ffast-math and its parts, with -ffp-contract=off; preload no library that is linked so",
        1);
  const int first = count > 0 ? 1 : 0;
  return tool::guarded_run({words + first, words + count});
}
