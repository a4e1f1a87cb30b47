#include "tools/data/label_file.hpp"

#include <algorithm>

#include "tests/fuzz/fuzz.hpp"
#include "tools/data/label_collector.hpp"

// The first byte says how many rows the data have, and whether a model knows their labels.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](std::vector<unsigned char> bytes) {
    if (bytes.empty()) return;
    tool::Dataset rows;
    rows.name = "data";
    rows.rows = 1 + bytes[0] % 64;
    tool::Reading reading;
    if (bytes[0] >= 192) reading.known_labels = {"b", "1", "a"};
    bytes.erase(bytes.begin());
    tool::add_labels(bytes, "file", reading, rows);
    const std::vector<std::string>& names = rows.label_names;
    fuzz::require(rows.classes.size() == rows.rows && names.size() >= tool::fewest_labels);
    fuzz::require(names.size() <= tool::most_labels);
    fuzz::require(!reading.known_labels.empty() ||
                  std::is_sorted(names.begin(), names.end(), tool::stands_before));
    std::size_t labelled = 0;
    for (const std::size_t count : tool::label_counts(rows)) {
      fuzz::require(count > 0 || !reading.known_labels.empty());
      labelled += count;
    }
    fuzz::require(labelled + static_cast<std::size_t>(
                                 std::count(rows.classes.begin(), rows.classes.end(), tool::no_label)) ==
                  rows.rows);
  });
}
