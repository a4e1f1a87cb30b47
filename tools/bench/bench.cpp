// The benchmarks: build/bench [TABLE...], from the project's root. README.md beside this file says how to
// read what it prints.

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "tools/base/failure.hpp"
#include "tools/bench/measure.hpp"
#include "tools/bench/tables.hpp"

namespace {

constexpr const char* usage =
    "usage: build/bench TABLE...     phases, scaling, threads, inference, commands\n"
    "       build/bench quick        all of them on sizes too small to measure anything\n"
    "       build/bench training KEY=VALUE...   answers scripts, as do\n"
    "       build/bench step KEY=VALUE...\n"
    "       build/bench products KEY=VALUE...\n";

void print(const std::string& table, const std::string& command, bool quick) {
  if (table == "phases") return bench::print_phases(quick);
  if (table == "scaling") return bench::print_scaling(quick);
  if (table == "threads") return bench::print_threads(quick);
  if (table == "inference") return bench::print_inference(quick);
  if (table == "commands") return bench::print_commands(command, quick);
  throw tool::Misuse(table + ": no such table\n" + usage);
}

void run(const std::string& program, const std::vector<std::string>& words) {
  if (words.empty()) throw tool::Misuse(usage);
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (words[0] == "training") return bench::serve_training(rest);
  if (words[0] == "step") return bench::serve_step(rest);
  if (words[0] == "products") return bench::serve_products(rest);
  const std::string command = program.substr(0, program.rfind('/') + 1) + "rbm";
  std::puts(bench::machine().c_str());
  if (words[0] != "quick") {
    for (const std::string& table : words) print(table, command, false);
  } else {
    // The commands while this program is small: see print_commands().
    for (const char* table : {"commands", "phases", "scaling", "threads", "inference"})
      print(table, command, true);
  }
}

}  // namespace

int main(int count, char** words) {
  try {
    run(words[0], {words + 1, words + count});
  } catch (const tool::Failure& failure) {
    std::fprintf(stderr, "bench: %s\n", failure.what());
    return failure.exit_status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
