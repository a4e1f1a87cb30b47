/// Measuring and showing: time, spreads, tables, and the machine that it was measured on.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "tools/base/text.hpp"

namespace bench {

using tool::fixed;
using tool::grouped;

/// Seconds from some fixed moment.
inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Seconds of processor time that this program has used, all threads together.
double processor_now();

/// Seconds of this program's own processor time, of the kernel's for it, and of the clock.
struct Spent {
  double user, kernel, wall;
};
Spent spent();

/// The seconds that a call takes.
template <class Call>
double wall_seconds(const Call& call) {
  const double start = now();
  call();
  return now() - start;
}

/// The same of this program's processor time: other programs that take the processor are not in it. For work
/// on one thread.
template <class Call>
double processor_seconds(const Call& call) {
  const double start = processor_now();
  call();
  return processor_now() - start;
}

/// Makes a call so many times, each in full: the compiler may not merge two of them.
template <class Call>
void repeat(unsigned count, const Call& call) {
  for (unsigned n = 0; n < count; ++n) {
    call();
    __asm__ volatile("" ::: "memory");
  }
}

/// How often a call must be made to take at least this long, found by making it ever more often.
template <class Call>
unsigned repetitions_for(double seconds, const Call& call) {
  unsigned count = 1;
  while (wall_seconds([&] { repeat(count, call); }) < seconds) count *= 2;
  return count;
}

/// Where measurements lie: their median, and the tenths at both ends cut off (none of fewer than ten).
struct Spread {
  double median, low, high;
};
Spread find_spread(std::vector<double> values);

/// The median, and the spread in brackets: `1.20 (1.18 .. 1.31)`.
std::string to_text(const Spread& spread, int decimals, double unit = 1.0);

/// Columns under headings, the first aligned to the left, the others to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> headings) : rows_{std::move(headings)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// A heading, underlined, and lines that say what was done.
void print_title(const std::string& title, const std::vector<std::string>& lines = {});

/// The processor's name, and what else times depend on: caches, registers, compiler, load.
std::string machine();

}  // namespace bench
