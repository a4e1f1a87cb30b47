#include "tools/data/data_file.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/desktop/files.hpp"
#include "platform/desktop/mapped_file.hpp"
#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/foreign_format.hpp"
#include "tools/base/text.hpp"
#include "tools/data/array_columns.hpp"
#include "tools/data/csv.hpp"
#include "tools/data/digits.hpp"
#include "tools/data/idx.hpp"
#include "tools/data/label_collector.hpp"
#include "tools/data/label_file.hpp"
#include "tools/data/npy.hpp"
#include "tools/data/text_encoding.hpp"
#include "tools/data/wav.hpp"
#include "tools/data/windows.hpp"

namespace tool {
namespace {

constexpr const char* digits_name = "digits";
constexpr std::size_t training_digits = 1500;
constexpr float digits_maximum = 16;

Dataset shipped_digits(const std::string& name, std::size_t first, std::size_t count,
                       const Reading& reading) {
  std::vector<unsigned char> pixels;
  pixels.reserve(count * digit_pixels);
  for (std::size_t i = first; i < first + count; ++i) {
    pixels.insert(pixels.end(), digit_image(i), digit_image(i) + digit_pixels);
  }
  Dataset dataset = shaped_dataset(name, {count, digit_height, digit_width}, 1, pixels.size());
  Elements elements{std::move(pixels), 0, {NumberType::Kind::unsigned_integer, 1, false}, digit_pixels};
  keep_columns(dataset, reading, 3, elements);
  keep_elements(dataset, std::move(elements), reading, digits_maximum);
  return dataset;
}

/// What the bytes of a file hold, whatever its format.
Dataset parse(std::vector<unsigned char> file, const std::string& name, const Reading& reading) {
  const std::string shown = source(name);
  if (file.empty()) throw Failure(shown + ": is empty");
  if (is_wav(file)) return read_wav(file, shown, reading);
  const std::string foreign = describe_foreign(file, shown, "save one array by numpy.save");
  if (!foreign.empty()) throw Failure(shown + ": " + foreign);
  if (begins_with(file, std::string_view("\0\0", 2))) return read_idx(std::move(file), shown, reading);
  if (begins_with(file, "\x93NUMPY")) return read_npy(std::move(file), shown, reading);
  if (begins_with(file, "PK\3\4")) {
    throw Failure(shown + ": is a ZIP archive, such as .npz; of data, save one array by numpy.save");
  }
  if (is_utf16(file) || looks_like_text(file)) {
    Dataset table = read_csv(file, shown, reading);
    table.is_text = true;
    return table;
  }
  throw Failure(shown + ": is neither an IDX, an NPY, a WAV nor a CSV file");
}

// A table of numbers that was left to itself holds readings; of 0 and 1 alone, it holds bits.
void settle_kind(Dataset& dataset, const Reading& reading) {
  if (!reading.kind && dataset.kind == DataKind::readings && holds_only_bits(dataset))
    dataset.kind = DataKind::intensities;
}

// The user knows what no column tells; where one does, he wins.
void keep_rate(Dataset& dataset, const Reading& reading) {
  if (reading.rate == 0) return;
  if (dataset.has_pictures) throw Failure(dataset.name + ": holds pictures: --rate is of recordings");
  const double interval = dataset.time.interval;
  constexpr double alike = 0.01;
  if (interval > 0 && std::fabs(interval * reading.rate - 1) > alike)
    dataset.notes.push_back(dataset.name + ": --rate " + shortest(reading.rate) + ", but " +
                            (dataset.time.column.empty() ? "the file" : dataset.time.column) + " says " +
                            describe_rate(interval));
  set_rate(dataset.time, reading.rate);
}

// A column that changes at gaps only is no reading of a channel, but perhaps the number of a sensor.
void note_names_of_recordings(Dataset& dataset, const Reading& reading) {
  const std::vector<std::size_t>& gaps = dataset.time.gaps;
  const bool said = !reading.columns.empty() || reading.known_columns.total != 0;
  constexpr std::size_t fewest = 3;  // rows of a recording
  const bool recordings = !gaps.empty() && fewest * (gaps.size() + 1) <= dataset.rows;
  if (said || !recordings || dataset.columns < 2) return;
  std::vector<bool> at_gaps(dataset.columns), elsewhere(dataset.columns);
  RowReader read(dataset);
  std::vector<float> before = read(0);
  for (std::size_t n = 1, gap = 0; n < dataset.rows; ++n) {
    const bool at_gap = gap < gaps.size() && gaps[gap] == n;
    gap += at_gap;
    const std::vector<float>& row = read(n);
    for (std::size_t j = 0; j < row.size(); ++j)
      if (!(row[j] == before[j])) (at_gap ? at_gaps : elsewhere)[j] = true;
    before = row;
  }
  for (std::size_t j = 0; j < dataset.columns; ++j) {
    if (!at_gaps[j] || elsewhere[j]) continue;
    const std::size_t column = dataset.taken.numbers.empty() ? j : dataset.taken.numbers[j];
    const std::string named = dataset.taken.names.empty() ? "" : " (" + quoted(dataset.taken.names[j]) + ")";
    dataset.notes.push_back(dataset.name + ": column " + std::to_string(column + 1) + named +
                            " is read as data, but changes at gaps only and perhaps names recordings; "
                            "--columns leaves it out");
  }
}

/// Labels that stand in a file of their own.
void read_labels(const std::string& data_name, const Reading& reading, Dataset& dataset) {
  if (reading.labels.empty() || !dataset.classes.empty()) return;
  if (reading.labels == "-" && data_name == "-")
    throw Misuse("DATA and --labels cannot both be standard input");
  add_labels(platform::read_file(reading.labels), source(reading.labels), reading, dataset);
}

/// The shipped digits have labels of their own.
void keep_digits_labels(std::size_t first, const Reading& reading, Dataset& dataset) {
  const bool known = reading.labels.empty() && !reading.known_labels.empty();
  if ((known ? reading.known_label_column : reading.labels) != digits_name) return;
  LabelCollector labels({dataset.name}, reading);
  for (std::size_t n = 0; n < dataset.rows; ++n) labels.add(digit_label(first + n), n + 1);
  labels.finish(dataset);
  dataset.label_name = digits_name;
}

// --skip-lines is said once for all files of a command line.
void check_skipped_lines(Dataset& dataset, const Reading& reading) {
  if (reading.skip_lines == 0) return;
  if (!dataset.is_text)
    dataset.notes.push_back(dataset.name + ": is no text: --skip-lines leaves nothing out");
  const bool named = !reading.known_columns.names.empty() && reading.columns.empty();
  if (dataset.is_text && dataset.heading_line == 0 && named)
    throw Failure(dataset.name + ": has no heading below the " + counted(reading.skip_lines, "line") +
                  " that --skip-lines leaves out, but " + reading.model_name +
                  " was trained on named columns");
}

void refuse_missing(const Dataset& data, const Reading& reading) {
  RowReader read(data);
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::vector<float>& row = read(n);
    for (std::size_t j = 0; j < row.size(); ++j)
      if (std::isnan(row[j]))
        refuse_value(data, describe_place(n * data.columns + j, data.columns), static_cast<double>(row[j]),
                     reading);
  }
}

// A recording is cut. What has a column for each reading of a window is cut already.
Dataset windows_of(Dataset data, const Reading& reading) {
  const Windows& windows = reading.windows;
  if (windows.channels == 0 || data.columns == windows.channels)
    return cut_windows(std::move(data), windows, {reading.gaps, reading.sensor_steps});
  if (data.columns != windows.units())
    throw Failure(data.name + ": has " + counted(data.columns, "column") + ", but " + reading.model_name +
                  " was trained on windows of " + counted(windows.channels, "channel") + ", " +
                  std::to_string(windows.units()) + " readings; --columns chooses");
  if (!reading.gaps) refuse_missing(data, reading);
  data.notes.push_back(data.name + ": has " + counted(data.columns, "column") +
                       ", a reading of a window of " + reading.model_name +
                       " each: its rows are taken as windows already, as they are");
  return data;
}

/// Whether a file is an array in one of the formats of which only what is needed has to be read.
bool holds_array(const platform::FileBytes& file) {
  constexpr std::size_t longest_sign = 512;
  const std::vector<unsigned char> beginning(file.data(), file.data() + std::min(file.size(), longest_sign));
  if (begins_with(beginning, "\x93NUMPY")) return true;
  // A file of tensors whose header's length ends in two zeros begins like IDX as well.
  constexpr std::size_t header_of_tensors = 8;
  const bool tensors = beginning.size() > header_of_tensors && beginning[header_of_tensors] == '{';
  return begins_with(beginning, std::string_view("\0\0", 2)) && !tensors &&
         describe_foreign(beginning, "", "").empty();
}

Dataset parse_array(platform::FileBytes file, const std::string& shown, const Reading& reading) {
  return file[0] == 0 ? read_idx(std::move(file), shown, reading) : read_npy(std::move(file), shown, reading);
}

// How the rows of a file are read, of which windows may be cut.
Reading reading_of_rows(const Reading& reading) {
  Reading rows = reading;
  if (reading.windows.length == 0) return rows;
  rows.gaps = true;
  rows.kind = DataKind::readings;
  return rows;
}

// What is done with the rows of a file, whatever its format.
Dataset finish(Dataset dataset, const std::string& name, const Reading& reading, const Reading& rows) {
  settle_kind(dataset, rows);
  keep_rate(dataset, rows);
  note_names_of_recordings(dataset, rows);
  check_skipped_lines(dataset, rows);
  check_scale(dataset, rows);
  read_labels(name, rows, dataset);
  return reading.windows.length > 0 ? windows_of(std::move(dataset), reading) : dataset;
}

}  // namespace

bool is_array_file(const std::string& path) {
  return holds_array(platform::map_file(path));
}

std::string data_file(const std::string& name) {
  return name == digits_name || name == "digits-test" ? std::string() : name;
}

Dataset open_dataset(const std::string& name, const Reading& reading) {
  if (data_file(name).empty()) {
    const std::size_t first = name == digits_name ? 0 : training_digits;
    const std::size_t last = name == digits_name ? training_digits : digit_count;
    Dataset dataset = shipped_digits(name, first, last - first, reading);
    check_scale(dataset, reading);
    keep_digits_labels(first, reading, dataset);
    try {
      read_labels(name, reading, dataset);
    } catch (const platform::FileError& error) {
      throw Failure(std::string(error.what()) + "; " + name +
                    " has no columns: --labels digits takes its own labels");
    }
    return dataset;
  }
  if (platform::FileBytes mapped = platform::map_file(name); holds_array(mapped)) {
    const Reading rows = reading_of_rows(reading);
    return finish(parse_array(std::move(mapped), source(name), rows), name, reading, rows);
  }
  return parse_dataset(platform::read_file(name), name, reading);
}

Dataset parse_dataset(std::vector<unsigned char> file, const std::string& name, const Reading& reading) {
  const Reading rows = reading_of_rows(reading);
  return finish(parse(std::move(file), name, rows), name, reading, rows);
}

}  // namespace tool
