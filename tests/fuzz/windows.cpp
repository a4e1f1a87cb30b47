#include "tools/data/windows.hpp"

#include <cmath>
#include <limits>

#include "tests/fuzz/fuzz.hpp"

namespace {

/// Takes the next byte, 0 where there is none.
unsigned take(std::vector<unsigned char>& bytes, unsigned below) {
  if (bytes.empty()) return 0;
  const unsigned value = bytes.back();
  bytes.pop_back();
  return value % below;
}

}  // namespace

// The last bytes say what the windows are; each of the others is a reading, of which 128 is a missing one and
// 127 stands behind a gap in time.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](std::vector<unsigned char> bytes) {
    tool::Windows windows;
    windows.length = 1 + take(bytes, 64);
    windows.hop = windows.length + take(bytes, 64);
    windows.decimation = 1 + take(bytes, 4);
    windows.detrend = static_cast<tool::Detrend>(take(bytes, 5));
    tool::Dataset recording;
    recording.name = "file";
    recording.kind = tool::DataKind::readings;
    recording.columns = recording.taken.total = 1 + take(bytes, 4);
    tool::Cutting cutting;
    cutting.missing = take(bytes, 2) == 1;
    if (take(bytes, 2) == 1) cutting.steps.assign(recording.columns, 0.5f);
    recording.rows = bytes.size() / recording.columns;
    for (std::size_t n = 0; n < recording.rows * recording.columns; ++n) {
      const int reading = bytes[n] - 128;
      recording.values.push_back(reading == 0 ? std::numeric_limits<float>::quiet_NaN()
                                              : static_cast<float>(reading));
      const std::size_t row = n / recording.columns;
      const bool is_new = recording.time.gaps.empty() || recording.time.gaps.back() < row;
      if (reading == -1 && row > 0 && is_new) recording.time.gaps.push_back(row);
    }
    const std::vector<std::size_t> gaps = recording.time.gaps;
    const std::size_t rows = recording.rows;
    const tool::Dataset cut = tool::cut_windows(std::move(recording), windows, cutting);
    fuzz::require(cut.rows >= 1 && cut.ends.size() == cut.rows &&
                  cut.values.size() == cut.rows * cut.columns);
    std::size_t free_from = 0;
    for (std::size_t n = 0; n < cut.rows; ++n) {
      const std::size_t begin = cut.ends[n] + 1 - cut.windows.rows();
      fuzz::require(cut.ends[n] < rows && begin <= cut.ends[n]);
      // Differences reach one reading back, into the window before.
      fuzz::require(begin + cut.windows.decimation >= free_from);
      free_from = cut.ends[n] + 1;
      for (const std::size_t gap : gaps) fuzz::require(gap <= begin || gap > cut.ends[n]);
    }
    for (const float reading : cut.values) fuzz::require(cutting.missing || !std::isnan(reading));
  });
}
