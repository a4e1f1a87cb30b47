#include "tools/data/wav.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>

#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"
#include "tools/base/text.hpp"
#include "tools/data/column_roles.hpp"
#include "tools/data/columns.hpp"

namespace tool {
namespace {

constexpr std::size_t riff_header = 12, chunk_header = 8;

bool has(const std::vector<unsigned char>& file, std::size_t at, std::string_view letters) {
  return at + letters.size() <= file.size() &&
         std::equal(
             letters.begin(), letters.end(), file.begin() + static_cast<std::ptrdiff_t>(at),
             [](char letter, unsigned char byte) { return static_cast<unsigned char>(letter) == byte; });
}

/// A length that a program wrote before it knew it: 0, or nearly as large as 31 or 32 bits can say.
bool is_of_stream(std::uint64_t size) {
  constexpr std::uint64_t block = 0x1000;
  return size == 0 || (size >= 0x80000000 - block && size <= 0x80000000) || size > 0xffffffff - block;
}

/// How the samples of a file are stored.
struct Format {
  unsigned kind = 0;                   ///< 1: whole numbers, 3: floats
  std::size_t channels = 0, size = 0;  ///< bytes of a sample of one channel
  double rate = 0;

  double decode(const unsigned char* sample) const {
    const std::uint64_t bits = load_little(sample, size);
    if (kind == 3) return size == 4 ? static_cast<double>(float_from_bits(bits)) : double_from_bits(bits);
    const double value = static_cast<double>(bits), range = std::ldexp(1, static_cast<int>(8 * size));
    if (size == 1) return value - 128;
    return value < range / 2 ? value : value - range;
  }
};

/// Finds the format and the samples among the chunks of a file.
class Chunks {
 public:
  Chunks(const std::vector<unsigned char>& file, const std::string& name) : file_(file), name_(name) {
    if (!has(file, 0, "RIFF")) refuse_kin();
    for (std::size_t at = riff_header; at + chunk_header <= file.size();) {
      const std::uint64_t size = load_little(&file[at + 4], 4), left = file.size() - at - chunk_header;
      const bool is_format = has(file, at, "fmt "), is_data = has(file, at, "data");
      at += chunk_header;
      if (is_data && take_samples(at, size, left)) break;
      if (size > left) {
        if (is_format || data_size_ == 0) fail("is cut short");
        break;  // of what stands behind the samples, nothing is needed
      }
      if (is_format) read_format(at, static_cast<std::size_t>(size));
      at += static_cast<std::size_t>(size + size % 2);
    }
    if (format.channels == 0) fail("has no chunk that tells the format before its end");
    if (data_size_ == 0) fail("holds no samples");
  }

  Format format;
  std::size_t samples_at = 0;
  bool is_stream = false;

  std::size_t rows() const {
    const std::size_t row = format.channels * format.size;
    if (data_size_ % row != 0 && !is_stream) fail("ends within a sample");
    if (data_size_ < row) fail("holds no samples");
    return data_size_ / row;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw Failure(name_ + ": " + what); }

  [[noreturn]] void refuse_kin() const {
    if (has(file_, 0, "RIFX")) fail("is a WAV file of big-endian numbers (RIFX): save it as RIFF");
    fail("is a WAV file of 64-bit lengths (RF64), for more than 4 GB: save it as RIFF, in parts");
  }

  /// True where the samples take the rest of the file.
  bool take_samples(std::size_t at, std::uint64_t size, std::uint64_t left) {
    if (data_size_ > 0) fail("has two chunks of samples");
    samples_at = at;
    is_stream = is_of_stream(size) && (size > left || (size == 0 && is_of_stream(load_little(&file_[4], 4))));
    if (size > left && !is_stream)
      fail("is cut short: its header announces " + std::to_string(size) + " bytes of samples, " +
           std::to_string(left) + " follow");
    data_size_ = static_cast<std::size_t>(is_stream ? left : size);
    return is_stream;
  }

  void read_format(std::size_t at, std::size_t size) {
    constexpr std::size_t plain = 16, extended = 40;
    constexpr unsigned extensible = 0xfffe;
    if (format.channels > 0) fail("tells its format twice");
    if (size < plain) fail("has a format chunk that cannot be read");
    const unsigned char* const chunk = &file_[at];
    const auto code = static_cast<unsigned>(load_little(chunk, 2));
    format.channels = static_cast<std::size_t>(load_little(chunk + 2, 2));
    format.rate = static_cast<double>(load_little(chunk + 4, 4));
    const std::uint64_t block = load_little(chunk + 12, 2), bits = load_little(chunk + 14, 2);
    format.kind =
        code == extensible && size >= extended ? static_cast<unsigned>(load_little(chunk + 24, 2)) : code;
    format.size = static_cast<std::size_t>(bits / 8);
    check_columns(name_, format.channels);
    const bool known = format.kind == 1 ? bits == 8 || bits == 16 || bits == 24 || bits == 32
                                        : format.kind == 3 && (bits == 32 || bits == 64);
    if (!known)
      fail("holds samples of " + counted(bits, "bit") + " in format " + std::to_string(format.kind) +
           ": PCM of 8, 16, 24 and 32 bits and floats of 32 and 64 can be read");
    if (block != format.channels * format.size) fail("has a format chunk that contradicts itself");
  }

  const std::vector<unsigned char>& file_;
  const std::string& name_;
  std::size_t data_size_ = 0;
};

Table table_of(const std::string& name, std::size_t channels) {
  Table table;
  table.file = name;
  table.total = channels;
  table.names.reserve(channels);
  if (channels == 2) {
    table.names = {"left", "right"};
  } else {
    for (std::size_t j = 1; j <= channels; ++j) table.names.push_back("channel" + std::to_string(j));
  }
  return table;
}

}  // namespace

bool is_wav(const std::vector<unsigned char>& file) {
  return has(file, 8, "WAVE") && (has(file, 0, "RIF") || has(file, 0, "RF64") || has(file, 0, "BW64"));
}

Dataset read_wav(const std::vector<unsigned char>& file, const std::string& name, const Reading& reading) {
  const Chunks chunks(file, name);
  const Format& format = chunks.format;
  Dataset data;
  data.name = name;
  data.rows = chunks.rows();
  if (chunks.is_stream)
    data.notes.push_back(name + ": its header does not tell a length, as of a stream: all " +
                         counted(data.rows, "sample") + " that follow are read");
  if (!reading.time_column.empty())
    throw Failure(name + ": is a WAV file, whose rate tells the times: leave --time-column out");
  Table table = table_of(name, format.channels);
  find_roles(reading, table, data.notes);
  data.taken = choose_columns(reading, table, data.notes);
  std::vector<std::size_t> channels = data.taken.numbers;
  if (channels.empty()) {
    channels.resize(format.channels);
    std::iota(channels.begin(), channels.end(), std::size_t{0});
  }
  data.columns = channels.size();
  data.height = default_shape(data.columns).height;
  data.width = data.columns / data.height;
  const auto sample = [&](std::size_t row, std::size_t channel) {
    return format.decode(&file[chunks.samples_at + (row * format.channels + channel) * format.size]);
  };
  data.kind = kind_for(reading, data);
  if (data.kind == DataKind::intensities) data.maximum = maximum_for(reading, 1);
  data.values.reserve(data.rows * data.columns);
  for (std::size_t n = 0; n < data.rows; ++n)
    for (const std::size_t channel : channels) {
      const double value = sample(n, channel);
      const std::optional<float> kept = to_kept(value, data, reading);
      if (!kept) refuse_value(data, describe_place(data.values.size(), data.columns), value, reading);
      data.values.push_back(*kept);
    }
  if (table.labels)
    for (std::size_t n = 0; n < data.rows; ++n) data.labels.push_back(sample(n, *table.labels) != 0);
  keep_labels(table, reading, data, sample);
  if (format.rate > 0) set_rate(data.time, format.rate);
  return data;
}

}  // namespace tool
