// Scores of the series of the Numenta Anomaly Benchmark: detect FOLDER OUT MODEL SPAN SEED writes a file for
// each series of FOLDER/data to OUT, as FOLDER/score.py reads them. MODEL is floats, fixed-point, histogram
// or spikes; SPAN is known, where a reading is one of 65,536 steps from the series' least to its largest
// value, or unknown, where it is a float. `detect ram` prints the bytes of each detector.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tools/bench/nab/detector.hpp"

namespace {

using bench::ConditionalRbm;
using bench::Detector;

struct Series {
  std::vector<double> values;
  std::vector<std::size_t> hours;

  /// Readings whose scores do not count: 15 % of the first 5,000.
  std::uint16_t start() const {
    return static_cast<std::uint16_t>(std::min<std::size_t>(values.size() * 15 / 100, 750));
  }
};

/// Rows `YYYY-MM-DD hh:mm:ss,value` below a heading.
Series read(const std::filesystem::path& path) {
  std::ifstream in(path);
  Series series;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    if (line.size() < 21) throw std::runtime_error(path.string() + ": no row of time and value: " + line);
    series.hours.push_back(static_cast<std::size_t>(std::stoi(line.substr(11, 2))) % bench::hours);
    series.values.push_back(std::stod(line.substr(20)));
  }
  if (series.values.empty()) throw std::runtime_error(path.string() + ": no readings");
  return series;
}

template <class Model>
std::vector<std::uint32_t> detect(const Series& series, bool known, std::uint64_t seed) {
  std::vector<std::uint32_t> out;
  if (!known) {
    Detector<Model, float> detector({}, series.start(), seed);
    for (std::size_t t = 0; t < series.values.size(); ++t)
      out.push_back(detector.oddness(static_cast<float>(series.values[t]), series.hours[t]));
    return out;
  }
  const auto [least, most] = std::minmax_element(series.values.begin(), series.values.end());
  Detector<Model, std::int16_t> detector({INT16_MIN, INT16_MAX}, series.start(), seed);
  for (std::size_t t = 0; t < series.values.size(); ++t) {
    const double place = *most > *least ? (series.values[t] - *least) / (*most - *least) : 0;
    const long step = std::lround(place * UINT16_MAX) + INT16_MIN;
    out.push_back(detector.oddness(static_cast<std::int16_t>(step), series.hours[t]));
  }
  return out;
}

std::vector<std::uint32_t> detect(const Series& series, const std::string& model, bool known,
                                  std::uint64_t seed) {
  if (model == "floats") return detect<ConditionalRbm<float>>(series, known, seed);
  if (model == "fixed-point") return detect<ConditionalRbm<rbm::Parameter>>(series, known, seed);
  if (model == "histogram") return detect<bench::Histogram>(series, known, seed);
  if (model == "spikes") return detect<bench::Nothing>(series, known, seed);
  throw std::runtime_error("no model '" + model + "'");
}

void write(const std::filesystem::path& path, const std::vector<std::uint32_t>& oddness) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path);
  out << "anomaly_score\n";
  for (const std::uint32_t score : oddness) out << score / 65536.0 << '\n';
  if (!out.flush()) throw std::runtime_error(path.string() + ": cannot be written");
}

void detect_all(const std::filesystem::path& folder, const std::filesystem::path& out,
                const std::string& model, bool known, std::uint64_t seed) {
  const std::filesystem::path data = folder / "data";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data))
    if (entry.path().extension() == ".csv")
      write(out / std::filesystem::relative(entry.path(), data),
            detect(read(entry.path()), model, known, seed));
}

void print_ram() {
  std::printf("floats %zu\nfixed-point %zu\nhistogram %zu\nspikes %zu\n",
              sizeof(Detector<ConditionalRbm<float>, std::int16_t>),
              sizeof(Detector<ConditionalRbm<rbm::Parameter>, std::int16_t>),
              sizeof(Detector<bench::Histogram, std::int16_t>),
              sizeof(Detector<bench::Nothing, std::int16_t>));
}

}  // namespace

int main(int count, char** words) {
  try {
    const std::vector<std::string> arguments(words + 1, words + count);
    if (arguments.size() == 1 && arguments[0] == "ram") {
      print_ram();
      return 0;
    }
    if (arguments.size() != 5) throw std::runtime_error("usage: detect FOLDER OUT MODEL known|unknown SEED");
    detect_all(arguments[0], arguments[1], arguments[2], arguments[3] == "known", std::stoull(arguments[4]));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "detect: %s\n", error.what());
    return 1;
  }
}
