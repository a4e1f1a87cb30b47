#include "tools/bench/measure.hpp"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <fstream>

#include "platform/desktop/threads.hpp"
#include "rbm/config.hpp"
#include "tools/base/text.hpp"

namespace bench {
namespace {

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "processor without a name";
}

// The sizes of the caches of data, nearest first, as Linux tells them: ` caches 32K 1024K 32768K,`.
std::string caches() {
  std::string sizes;
  for (const char* index : {"0", "2", "3"}) {
    std::ifstream file(std::string("/sys/devices/system/cpu/cpu0/cache/index") + index + "/size");
    std::string size;
    if (file >> size) sizes += ' ' + size;
  }
  return sizes.empty() ? sizes : " caches" + sizes + ",";
}

}  // namespace

double processor_now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

Spent spent() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return {seconds(usage.ru_utime), seconds(usage.ru_stime), now()};
}

Spread find_spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t last = values.size() - 1, cut = values.size() / 10;
  return {(values[last / 2] + values[(last + 1) / 2]) / 2, values[cut], values[last - cut]};
}

std::string to_text(const Spread& spread, int decimals, double unit) {
  return fixed(spread.median / unit, decimals) + " (" + fixed(spread.low / unit, decimals) + " .. " +
         fixed(spread.high / unit, decimals) + ")";
}

void Table::print() const {
  std::vector<std::size_t> width(rows_.front().size(), 0);
  for (const auto& row : rows_)
    for (std::size_t n = 0; n < row.size(); ++n) width[n] = std::max(width[n], row[n].size());
  for (const auto& row : rows_) {
    std::string line = row[0];
    for (std::size_t n = 1; n < row.size(); ++n) {
      line.resize(std::max(line.size(), width[0]), ' ');
      line.append(2 + width[n] - row[n].size(), ' ');
      line += row[n];
    }
    std::puts(line.erase(line.find_last_not_of(' ') + 1).c_str());
  }
}

void print_title(const std::string& title, const std::vector<std::string>& lines) {
  std::printf("\n%s\n%s\n", title.c_str(), std::string(title.size(), '-').c_str());
  for (const std::string& line : lines) std::puts(line.c_str());
  std::fflush(stdout);
}

std::string machine() {
  double load = 0;
  const bool known = getloadavg(&load, 1) == 1;
#ifdef __clang__
  const std::string compiler = "Clang " __clang_version__;
#else
  const std::string compiler = "GCC " __VERSION__;
#endif
  return processor_name() + ", " + tool::counted(platform::available_threads(), "processor") + "," +
         caches() + " registers of " + tool::counted(rbm::vector_lanes, "float") + ",\n" + compiler +
         (known ? ", load of the last minute " + fixed(load, 1) : "");
}

}  // namespace bench
