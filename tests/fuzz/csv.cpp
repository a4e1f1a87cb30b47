#include "tools/data/csv.hpp"

#include <algorithm>

#include "tests/fuzz/fuzz.hpp"
#include "tools/data/columns.hpp"

namespace {

void check_time(const tool::Dataset& table) {
  const tool::Timeline& time = table.time;
  fuzz::require(time.interval >= 0 && (time.seconds.empty() || time.seconds.size() == table.rows));
  for (std::size_t n = 0; n < time.gaps.size(); ++n)
    fuzz::require(time.gaps[n] < table.rows && time.gaps[n] > (n == 0 ? 0 : time.gaps[n - 1]));
  fuzz::require(!tool::time_of_row(time, table.rows - 1).empty());
}

void check_labels(const tool::Dataset& table) {
  fuzz::require(table.classes.size() == table.rows);
  fuzz::require(table.label_names.size() >= tool::fewest_labels &&
                table.label_names.size() <= tool::most_labels);
  for (const std::int32_t label : table.classes)
    fuzz::require(label >= tool::no_label && label < static_cast<std::int32_t>(table.label_names.size()));
}

}  // namespace

// The first byte says how the rest is read: which lists of columns, of which lengths, come before the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::run(data, size, [](std::vector<unsigned char> bytes) {
    tool::Reading reading;
    if (!bytes.empty()) {
      const unsigned how = bytes[0];
      bytes.erase(bytes.begin());
      const auto take = [&] {
        const std::size_t length = std::min<std::size_t>(how >> 2 & 15, bytes.size());
        const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(length);
        const std::string text(bytes.begin(), end);
        bytes.erase(bytes.begin(), end);
        return text;
      };
      if (how & 1) reading.columns = take();
      if (how & 2) reading.known_columns = tool::columns_from_text(take(), how >> 6 | 2);
      reading.skip_lines = how >> 7;
      if (how & 64) reading.maximum = 1000.0f;
    }
    const tool::Dataset table = tool::read_csv(bytes, "file", reading);
    fuzz::check(table);
    // What a model remembers of a table finds the same columns in it again.
    tool::Reading again;
    again.maximum = reading.maximum;
    again.skip_lines = reading.skip_lines;
    again.known_columns = table.taken;
    const tool::Dataset same = tool::read_csv(bytes, "file", again);
    fuzz::require(same.taken.numbers == table.taken.numbers && same.values == table.values);
    const tool::Columns read_back = tool::columns_from_text(tool::to_text(table.taken), table.taken.total);
    fuzz::require(read_back.names == table.taken.names || read_back.numbers == table.taken.numbers);
    check_time(table);
    // The first two columns may hold labels and times.
    reading.label_column = "1";
    reading.time_column = "2";
    const tool::Dataset recording = tool::read_csv(bytes, "file", reading);
    fuzz::require(recording.labels.size() == recording.rows);
    check_time(recording);
    // And the last one which of a few things a row is.
    reading.label_column.clear();
    reading.time_column.clear();
    reading.labels = std::to_string(table.taken.total);
    check_labels(tool::read_csv(bytes, "file", reading));
  });
}
