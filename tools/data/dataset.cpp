#include "tools/data/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "tools/base/bytes.hpp"
#include "tools/base/checksum.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"
#include "tools/base/text.hpp"

namespace tool {

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// Of elements that to_kept() keeps, what it makes of them.
void keep_numbers(const double* values, std::size_t count, DataKind kind, float maximum, float* out) {
  if (kind == DataKind::intensities) {
    const auto scale = static_cast<double>(maximum);
    for (std::size_t j = 0; j < count; ++j)
      out[j] = static_cast<float>(std::clamp(values[j] / scale, 0.0, 1.0));
  } else {
    for (std::size_t j = 0; j < count; ++j) out[j] = static_cast<float>(values[j]);
  }
}

/// As keep_numbers() makes of the same numbers: a quotient of floats is the same whether it is rounded once,
/// or first to a double.
void keep_floats(float* values, std::size_t count, DataKind kind, float maximum) {
  if (kind == DataKind::readings) return;
  for (std::size_t j = 0; j < count; ++j) values[j] = std::clamp(values[j] / maximum, 0.0f, 1.0f);
}

void read_stored(const Dataset& data, std::size_t place, float* out) {
  const Elements& stored = data.stored;
  const bool whole = stored.columns.empty();
  if (whole && stored.type.is_byte()) {
    const unsigned char* const source = stored.row(place);
    // A division vectorizes, a table of its 256 results does not: an epoch of MNIST took 5% longer with one.
    const float divisor = data.maximum;
    for (std::size_t j = 0; j < data.columns; ++j) out[j] = static_cast<float>(source[j]) / divisor;
    return;
  }
  if (whole && stored.type.is_native_float()) {
    std::memcpy(out, stored.row(place), data.columns * sizeof(float));
    keep_floats(out, data.columns, data.kind, data.maximum);
  } else {
    constexpr std::size_t most = 256;
    double values[most];
    for (std::size_t j = 0; j < data.columns; j += most) {
      const std::size_t count = std::min(most, data.columns - j);
      stored.decode(place, j, count, values);
      keep_numbers(values, count, data.kind, data.maximum, out + j);
    }
  }
  // Whatever bits the file has for it.
  for (std::size_t j = 0; j < data.columns; ++j) out[j] = std::isnan(out[j]) ? missing : out[j];
}

}  // namespace

void Dataset::row(std::size_t index, float* out) const {
  if (stored.bytes.empty())
    std::copy_n(values.data() + index * columns, columns, out);
  else
    read_stored(*this, place(index), out);
  if (bounds.empty()) return;
  for (std::size_t j = 0; j < columns; ++j)
    out[j] = out[j] < bounds[j].low ? bounds[j].low : out[j] > bounds[j].high ? bounds[j].high : out[j];
}

std::uint64_t checksum(const Dataset& data) {
  WordHash hash;
  RowReader read(data);
  for (std::size_t n = 0; n < data.rows; ++n)
    for (const float value : read(n)) hash.add(bits_of_float(value));
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
  RowReader read(data);
  for (std::size_t n = 0; n < data.rows; ++n) {
    const std::vector<float>& row = read(n);
    if (!std::all_of(row.begin(), row.end(), [](float value) { return value == 0 || value == 1; }))
      return false;
  }
  return true;
}

float maximum_for(const Reading& reading, float usual) {
  return reading.maximum.value_or(reading.known_maximum.value_or(usual));
}

namespace {

/// The greatest of elements that are bytes.
double largest_byte(const Dataset& dataset, const Elements& elements) {
  unsigned char largest = 0;
  Pass pass(elements);
  for (std::size_t n = 0; n < dataset.rows; ++n) {
    pass.reach(n);
    if (elements.columns.empty()) {
      const unsigned char* const bytes = elements.row(n);
      for (std::size_t j = 0; j < dataset.columns; ++j) largest = std::max(largest, bytes[j]);
    } else {
      for (const std::size_t column : elements.columns) largest = std::max(largest, elements.row(n)[column]);
    }
  }
  return largest;
}

/// Throws the Failure for the first element that to_kept() refuses. What it keeps goes to dataset.values,
/// unless they are to stay as they are stored.
void check_elements(Dataset& dataset, const Elements& elements, const Reading& reading, double rounding,
                    bool stay) {
  if (!stay) dataset.values.reserve(dataset.rows * dataset.columns);
  std::vector<double> row(dataset.columns);
  Pass pass(elements);
  for (std::size_t n = 0; n < dataset.rows; ++n) {
    pass.reach(n);
    elements.decode(n, 0, dataset.columns, row.data());
    for (std::size_t j = 0; j < dataset.columns; ++j) {
      const std::optional<float> kept = to_kept(row[j], dataset, reading, rounding);
      if (!kept)
        refuse_value(dataset, describe_place(n * dataset.columns + j, dataset.columns), row[j], reading);
      if (!stay) dataset.values.push_back(*kept);
    }
  }
}

}  // namespace

void keep_elements(Dataset& dataset, Elements elements, const Reading& reading, float usual,
                   std::size_t decoded) {
  const bool bytes = elements.type.is_byte();
  dataset.kind = bytes ? reading.kind.value_or(DataKind::intensities) : kind_for(reading, dataset);
  const bool intensities = dataset.kind == DataKind::intensities;
  if (intensities) dataset.maximum = maximum_for(reading, usual);
  if (intensities && bytes) {
    const double largest = largest_byte(dataset, elements);
    if (!reading.maximum && !reading.known_maximum && largest == 1) dataset.maximum = 1;
    if (to_intensity(largest, dataset.maximum))
      dataset.maximum = std::max(dataset.maximum, static_cast<float>(largest));  // a rounding apart at most
    else
      check_elements(dataset, elements, reading, float_rounding, true);
  } else {
    const bool half = elements.type.kind == NumberType::Kind::float_number && elements.type.size == 2;
    const bool stay = dataset.rows > decoded / sizeof(float) / dataset.columns;
    check_elements(dataset, elements, reading, half ? half_rounding : float_rounding, stay);
    if (!stay) return;
  }
  dataset.stored = std::move(elements);
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
  RowReader read(dataset);
  float largest = 0;
  for (std::size_t n = 0; n < dataset.rows && largest < dark; ++n) {
    const std::vector<float>& row = read(n);
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
