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
#include <memory>
#include <new>
#include <utility>

#include "platform/desktop/files.hpp"
#include "platform/desktop/interrupt.hpp"
#include "platform/desktop/mapped_file.hpp"
#include "platform/desktop/ranks.hpp"
#include "rbm/config.hpp"
#include "tools/base/failure.hpp"
#include "tools/commands/agreement.hpp"
#include "tools/commands/commands.hpp"
#include "tools/commands/train_options.hpp"
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

// A rank has what it needs to read; the first one alone has standard input.
void check_ranks(const Command& command, const Arguments& arguments) {
  if (command.run_shared == nullptr)
    throw Misuse(std::string(command.name) +
                 ": works as one process; several ranks are for train and evaluate");
  const auto check_input = [](const std::string& what, const std::string& path) {
    if (path == "-" || path == "/dev/stdin" || path == "/dev/fd/0")
      throw Misuse(what + ": standard input reaches one rank only: name a file");
  };
  for (const Positional& positional : command.positionals)
    check_input(std::string(positional.name), arguments[positional]);
  for (const Text* option :
       {&option::labels, &training::validation, &training::validation_labels, &training::resume})
    if (arguments.lists(*option)) check_input(option->dashed(), arguments[*option]);
}

// The exit status.
int run(const std::vector<std::string_view>& words, CommandRanks& ranks) {
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
  if (ranks.are_many() && command.name != help_command.name) {
    check_ranks(command, arguments);
    if (const std::optional<int> status = ranks.begin(arguments)) return *status;
  }
  try {
    if (command.run_shared != nullptr)
      command.run_shared(arguments, ranks);
    else
      command.run(arguments);
    platform::check_mapped_files();
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

Outcome guarded_run(const std::vector<std::string_view>& words, CommandRanks& ranks) {
  if (!own_arithmetic_is_exact())
    return {
        1,
        "this program does not compute as built by default, so that results would differ: compile and link "
        "without -ffast-math and its parts, with -ffp-contract=off; preload no library that is linked so"};
  try {
    const int status = run(words, ranks);
    flush_standard_output();
    return {status};
  } catch (const AgreedFailure&) {
    throw;
  } catch (const Failure& failure) {
    return {failure.exit_status, failure.what()};
  } catch (const platform::FileError& error) {
    return {1, error.what()};
  } catch (const std::bad_alloc&) {
    return {1, "not enough memory for data or a model of this size"};
  } catch (const std::exception& error) {
    return {1, std::string("internal error: ") + error.what()};
  }
}

// All ranks say and write the same: one does.
void be_silent() {
  platform::discard_outputs();
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

// The exit status.
int run_with(platform::Ranks& ranks, const std::vector<std::string_view>& words) {
  const int standard_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (ranks.rank() > 0) be_silent();
  CommandRanks command_ranks(ranks);
  Outcome outcome;
  try {
    command_ranks.check_builds();
    outcome = command_ranks.conclude(guarded_run(words, command_ranks));
  } catch (const AgreedFailure& failure) {
    outcome = {failure.exit_status, failure.what()};
  }
  if (outcome.alone) dup2(standard_error, STDERR_FILENO);
  if (!outcome.message.empty()) complain(outcome.message, outcome.status);
  if (outcome.alone) ranks.end_all(outcome.status);
  ranks.release(outcome.status);
  return outcome.status;
}

}  // namespace
}  // namespace tool

int main(int count, char** words) {
  tool::occupy_closed_streams();
  // A parent that ignores the signal hands that down; `rbm ... | head` must still end without a word.
  std::signal(SIGPIPE, SIG_DFL);
  try {
    const std::unique_ptr<platform::Ranks> ranks = platform::start_ranks(&count, &words);
    const int first = count > 0 ? 1 : 0;
    return tool::run_with(*ranks, {words + first, words + count});
  } catch (const std::runtime_error& error) {
    return tool::complain(error.what(), 1);
  }
}
