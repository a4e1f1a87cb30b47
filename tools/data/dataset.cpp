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
    for (const float intensity : row) hash.add(bits_of_float(intensity));
  }
  return hash.value();
}

Dataset shaped_dataset(const std::string& name, const std::vector<std::uint64_t>& extents,
                       std::size_t element_size, std::size_t payload) {
  if (extents.size() != 2 && extents.size() != 3) {
    throw Failure(name + ": is an array of rank " + std::to_string(extents.size()) +
                  ": rank 2 (rows, columns) or 3 (pictures, height, width) can be read");
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
  return dataset;
}

void keep_bytes(Dataset& dataset, std::vector<unsigned char> file, std::size_t offset, float maximum) {
  const auto first = file.begin() + static_cast<std::ptrdiff_t>(offset);
  const auto bad = std::find_if(first, file.end(), [maximum](unsigned char byte) { return byte > maximum; });
  if (bad != file.end()) {
    const auto index = static_cast<std::size_t>(bad - first);
    refuse_value(dataset.name, describe_place(index, dataset.columns), *bad, maximum);
  }
  dataset.maximum = maximum;
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

std::optional<float> to_intensity(double value, float maximum) {
  constexpr double roundings = 4.0 / (1 << 23);  // four of single precision, relative to the maximum
  const double intensity = value / static_cast<double>(maximum);
  if (!(intensity >= -roundings && intensity <= 1 + roundings)) return std::nullopt;
  return static_cast<float>(std::clamp(intensity, 0.0, 1.0));
}

void refuse_value(const std::string& name, const std::string& place, double value, float maximum) {
  const std::string what = name + ": " + place + ": " + shortest(value);
  if (!std::isfinite(value)) throw Failure(what + " is no finite number");
  if (value < 0) throw Failure(what + " is below 0: values must lie from 0 to what --maximum says");
  throw Failure(what + " is above " + shortest(static_cast<double>(maximum)) +
                ": --maximum sets the value that means 1");
}

std::string describe_place(std::size_t index, std::size_t columns) {
  return "row " + std::to_string(index / columns + 1) + ", column " + std::to_string(index % columns + 1);
}

}  // namespace tool
