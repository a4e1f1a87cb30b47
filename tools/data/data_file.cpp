#include "tools/data/data_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/foreign_format.hpp"
#include "tools/base/text.hpp"
#include "tools/data/columns.hpp"
#include "tools/data/csv.hpp"
#include "tools/data/digits.hpp"
#include "tools/data/idx.hpp"
#include "tools/data/npy.hpp"
#include "tools/data/text_encoding.hpp"

namespace tool {
namespace {

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
  std::size_t offset = 0;
  keep_columns(dataset, reading, 3, 1, pixels, offset);
  keep_bytes(dataset, std::move(pixels), offset, reading, digits_maximum);
  return dataset;
}

bool starts_with(const std::vector<unsigned char>& file, std::string_view magic) {
  return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
}

/// Whether the beginning of a file has no control characters but those that lay out text.
bool looks_like_text(const std::vector<unsigned char>& file) {
  constexpr std::size_t longest = 4096;
  const auto end = file.begin() + static_cast<std::ptrdiff_t>(std::min(file.size(), longest));
  return std::none_of(file.begin(), end, [](unsigned char byte) {
    return byte < ' ' && byte != '\t' && byte != '\n' && byte != '\r';
  });
}

/// What the bytes of a file hold, whatever its format.
Dataset parse(std::vector<unsigned char> file, const std::string& name, const Reading& reading) {
  const std::string shown = source(name);
  if (file.empty()) throw Failure(shown + ": is empty");
  const std::string foreign = describe_foreign(file, shown, "save one array by numpy.save");
  if (!foreign.empty()) throw Failure(shown + ": " + foreign);
  if (starts_with(file, std::string_view("\0\0", 2))) return read_idx(std::move(file), shown, reading);
  if (starts_with(file, "\x93NUMPY")) return read_npy(std::move(file), shown, reading);
  if (starts_with(file, "PK\3\4")) {
    throw Failure(shown + ": is a ZIP archive, such as .npz; of data, save one array by numpy.save");
  }
  if (is_utf16(file) || looks_like_text(file)) {
    Dataset table = read_csv(file, shown, reading);
    table.is_text = true;
    return table;
  }
  throw Failure(shown + ": is neither an IDX, an NPY nor a CSV file");
}

// A table of numbers that was left to itself holds readings; of 0 and 1 alone, it holds bits.
void settle_kind(Dataset& dataset, const Reading& reading) {
  if (!reading.kind && dataset.kind == DataKind::readings && holds_only_bits(dataset))
    dataset.kind = DataKind::intensities;
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

}  // namespace

std::string data_file(const std::string& name) {
  return name == "digits" || name == "digits-test" ? std::string() : name;
}

Dataset open_dataset(const std::string& name, const Reading& reading) {
  if (data_file(name).empty()) {
    const std::size_t first = name == "digits" ? 0 : training_digits;
    const std::size_t last = name == "digits" ? training_digits : digit_count;
    Dataset dataset = shipped_digits(name, first, last - first, reading);
    check_scale(dataset, reading);
    return dataset;
  }
  return parse_dataset(platform::read_file(name), name, reading);
}

Dataset parse_dataset(std::vector<unsigned char> file, const std::string& name, const Reading& reading) {
  Dataset dataset = parse(std::move(file), name, reading);
  settle_kind(dataset, reading);
  check_skipped_lines(dataset, reading);
  check_scale(dataset, reading);
  return dataset;
}

}  // namespace tool
