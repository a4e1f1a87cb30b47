#include "tools/data/wav.hpp"

#include <cmath>

#include "tests/fuzz/fuzz.hpp"

// The first byte says how the rest is read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](std::vector<unsigned char> bytes) {
    tool::Reading reading;
    reading.kind = tool::DataKind::readings;
    if (!bytes.empty()) {
      const unsigned how = bytes[0];
      bytes.erase(bytes.begin());
      if (how & 1) reading.columns = std::to_string(1 + (how >> 2 & 7));
      if (how & 2) reading.label_column = std::to_string(1 + (how >> 5));
    }
    if (!tool::is_wav(bytes)) return;
    const tool::Dataset recording = tool::read_wav(bytes, "file", reading);
    fuzz::require(recording.rows >= 1 && recording.columns >= 1 && recording.columns <= 65535);
    fuzz::require(recording.values.size() == recording.rows * recording.columns);
    fuzz::require(recording.labels.empty() || recording.labels.size() == recording.rows);
    fuzz::require(std::isfinite(recording.time.interval) && recording.time.interval >= 0);
    for (const float value : recording.values) fuzz::require(std::isfinite(value));
  });
}
