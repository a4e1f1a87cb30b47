#include "tools/data/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tools/base/bytes.hpp"
#include "tools/base/checksum.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"
#include "tools/base/text.hpp"

namespace tool {

void Dataset::row(std::size_t index, float* out) const {
  if (bytes.empty()) {
    std::copy_n(values.data() + index * columns, columns, out);
  } else {
    const unsigned char* source = bytes.data() + offset + index * columns;
    // A division vectorizes, a table of its 256 results does not: an epoch of MNIST took 5% longer with one.
    const float divisor = maximum;
    for (std::size_t j = 0; j < columns; ++j) out[j] = static_cast<float>(source[j]) / divisor;
  }
}

std::uint64_t checksum(const Dataset& data) {
  WordHash hash;
  std::vector<float> row(data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    for (const float value : row) hash.add(bits_of_float(value));
  }
  for (const std::int32_t label : data.classes) hash.add(static_cast<std::uint32_t>(label));
  return hash.value();
}

namespace {

/// The extents of pictures whose one channel stands before or after height and width.
std::vector<std::uint64_t> without_channel(const std::string& name,
                                           const std::vector<std::uint64_t>& extents) {
  if (extents[1] == 1) return {extents[0], extents[2], extents[3]};
  if (extents[3] == 1) return {extents[0], extents[1], extents[2]};
  throw Failure(name + ": holds pictures of " + std::to_string(std::min(extents[1], extents[3])) +
                " channels, of which one can be read: save greys");
}

}  // namespace

Dataset shaped_dataset(const std::string& name, const std::vector<std::uint64_t>& extents,
                       std::size_t element_size, std::size_t payload) {
  if (extents.size() == 4) return shaped_dataset(name, without_channel(name, extents), element_size, payload);
  if (extents.size() != 2 && extents.size() != 3) {
    throw Failure(name + ": is an array of rank " + std::to_string(extents.size()) +
                  ": rank 2 (rows, columns), 3 (pictures, height, width) or 4 with one channel can be read");
  }
  if (extents[0] == 0) throw Failure(name + ": holds no rows");
  for (std::size_t i = 1; i < extents.size(); ++i) check_columns(name, extents[i]);
  // Each is at most 65,535, so that neither this product nor that with an element's size overflows.
  const std::uint64_t columns = extents.size() == 3 ? extents[1] * extents[2] : extents[1];
  check_columns(name, columns);
  const std::uint64_t row_size = columns * element_size;
  const std::uint64_t most_rows = std::numeric_limits<std::uint64_t>::max() / row_size;
  const bool cut_short = extents[0] > most_rows || extents[0] * row_size > payload;
  if (cut_short || extents[0] * row_size < payload) {
    throw Failure(name + (cut_short ? ": is cut short" : ": is too long") + ": its header announces " +
                  std::to_string(extents[0]) + " x " + std::to_string(row_size) + " bytes, " +
                  std::to_string(payload) + " follow");
  }
  Dataset dataset;
  dataset.name = name;
  dataset.rows = static_cast<std::size_t>(extents[0]);
  dataset.columns = static_cast<std::size_t>(columns);
  dataset.height =
      extents.size() == 3 ? static_cast<std::size_t>(extents[1]) : default_shape(dataset.columns).height;
  dataset.width = dataset.columns / dataset.height;
  dataset.has_pictures = extents.size() == 3;
  return dataset;
}

DataKind kind_for(const Reading& reading, const Dataset& shape) {
  if (reading.kind) return *reading.kind;
  const bool scaled = reading.maximum || reading.known_maximum;
  return scaled || shape.has_pictures ? DataKind::intensities : DataKind::readings;
}

bool holds_only_bits(const Dataset& data) {
  std::vector<float> row(data.columns);
  for (std::size_t n = 0; n < data.rows; ++n) {
    data.row(n, row.data());
    if (!std::all_of(row.begin(), row.end(), [](float value) { return value == 0 || value == 1; }))
      return false;
  }
  return true;
}

float maximum_for(const Reading& reading, float usual) {
  return reading.maximum.value_or(reading.known_maximum.value_or(usual));
}

void keep_bytes(Dataset& dataset, std::vector<unsigned char> file, std::size_t offset, const Reading& reading,
                float usual) {
  dataset.kind = reading.kind.value_or(DataKind::intensities);
  if (dataset.kind == DataKind::readings) {
    dataset.values.assign(file.begin() + static_cast<std::ptrdiff_t>(offset), file.end());
    return;
  }
  const auto first = file.begin() + static_cast<std::ptrdiff_t>(offset);
  const auto largest = std::max_element(first, file.end());
  float maximum = maximum_for(reading, usual);
  if (!reading.maximum && !reading.known_maximum && *largest == 1) maximum = 1;
  if (!to_intensity(*largest, maximum)) {
    const auto bad = std::find_if(first, file.end(),
                                  [maximum](unsigned char byte) { return !to_intensity(byte, maximum); });
    dataset.maximum = maximum;
    refuse_value(dataset, describe_place(static_cast<std::size_t>(bad - first), dataset.columns), *bad,
                 reading);
  }
  dataset.maximum = std::max(maximum, static_cast<float>(*largest));  // a rounding apart at most
  dataset.bytes = std::move(file);
  dataset.offset = offset;
}

void check_columns(const std::string& name, std::uint64_t columns) {
  constexpr std::uint64_t most_columns = 65535;
  if (columns == 0) throw Failure(name + ": holds rows without columns");
  if (columns > most_columns) {
    throw Failure(name + ": has " + std::to_string(columns) + " columns, of which at most 65535 can be read");
  }
}

std::optional<float> to_intensity(double value, float maximum, double rounding) {
  constexpr double largest_scale = 65536;  // roundings below 0 are no greater where the maximum is
  const double roundings = 8 * rounding;
  const auto scale = static_cast<double>(maximum);
  if (!(value >= -roundings * std::min(scale, largest_scale) && value <= scale * (1 + roundings)))
    return std::nullopt;
  return static_cast<float>(std::clamp(value / scale, 0.0, 1.0));
}

std::optional<float> to_kept(double value, const Dataset& dataset, const Reading& reading, double rounding) {
  if (std::isnan(value) && reading.gaps) return std::numeric_limits<float>::quiet_NaN();
  if (dataset.kind == DataKind::intensities) return to_intensity(value, dataset.maximum, rounding);
  if (!(std::fabs(value) <= double{largest_reading})) return std::nullopt;
  return static_cast<float>(value);
}

void refuse_value(const Dataset& dataset, const std::string& place, double value, const Reading& reading) {
  const std::string what = dataset.name + ": " + place + ": " + shortest(value);
  if (!std::isfinite(value)) throw Failure(what + " is no finite number");
  if (dataset.kind == DataKind::readings) throw Failure(what + " is no reading: these go from -1e30 to 1e30");
  if (value < 0)
    throw Failure(what +
                  " is below 0: intensities of bits go from 0 to --maximum. Readings of any sign are for "
                  "a model of real units, which rbm train --visible real makes");
  const bool known = !reading.maximum && reading.known_maximum;
  throw Failure(what + " is above " + shortest(dataset.maximum) +
                (known ? ", which means 1 in the data of " + reading.model_name : "") +
                ": --maximum sets the value that means 1");
}

void check_scale(Dataset& dataset, const Reading& reading) {
  if (reading.maximum || dataset.kind == DataKind::readings) return;
  constexpr float dark = 0.5f;
  std::vector<float> row(dataset.columns);
  float largest = 0;
  for (std::size_t n = 0; n < dataset.rows && largest < dark; ++n) {
    dataset.row(n, row.data());
    largest = std::max(largest, *std::max_element(row.begin(), row.end()));
  }
  if (largest == 0 || largest >= dark) return;
  const std::string value = significant(static_cast<double>(largest * dataset.maximum), 6);
  const std::string what = dataset.name + ": the largest value is " + value + ", but " +
                           shortest(dataset.maximum) + " means 1" +
                           (reading.known_maximum ? " in the data of " + reading.model_name : "");
  if (reading.known_maximum && value == "1") throw Failure(what + ": --maximum 1 says that 1 does here");
  dataset.notes.push_back(what + ": --maximum sets the value that means 1");
}

std::string describe_place(std::size_t index, std::size_t columns) {
  return "row " + std::to_string(index / columns + 1) + ", column " + std::to_string(index % columns + 1);
}

}  // namespace tool
