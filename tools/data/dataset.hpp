#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/data/reading.hpp"

namespace tool {

/// A table of intensities from 0 to 1: one example a row, one visible unit a column.
struct Dataset {
  std::string name;  ///< as messages show it
  std::size_t rows = 0;
  std::size_t columns = 0;            ///< 1 to 65,535
  std::size_t height = 0, width = 0;  ///< of the picture that a row is: height * width == columns
  float maximum = 1;                  ///< the value in the file that means intensity 1
  Columns taken;                      ///< of a table: the columns that are visible units
  std::size_t heading_line = 0;       ///< the line of text that names the columns; 0: none
  std::vector<std::string> notes;  ///< what may be meant otherwise: lines for the user, with the file's name

  /// A file of bytes as it was read, with the first element at `offset`. A byte stands for the intensity
  /// byte / maximum. Empty if `values` holds the table.
  std::vector<unsigned char> bytes;
  std::size_t offset = 0;
  std::vector<float> values;  ///< otherwise rows x columns intensities

  /// Writes the `columns` intensities of one row.
  void row(std::size_t index, float* out) const;
};

/// A hash of all intensities. By it a resumed training run checks that its data are those it began with.
std::uint64_t checksum(const Dataset& data);

// How a reader of a format fills a table.

/// An empty table of this shape: 2 extents (rows, columns) or 3 (pictures, height, width). Throws Failure
/// unless the extents are within the limits and elements of element_size fill the payload exactly.
Dataset shaped_dataset(const std::string& name, const std::vector<std::uint64_t>& extents,
                       std::size_t element_size, std::size_t payload);

/// Gives a shaped table its elements: the bytes of the file from offset on. Throws Failure where one is
/// above the maximum.
void keep_bytes(Dataset& dataset, std::vector<unsigned char> file, std::size_t offset, float maximum);

/// Throws Failure if the number of columns is 0 or above 65,535, the most units that a layer has.
void check_columns(const std::string& name, std::uint64_t columns);

/// The intensity that a value stands for: value / maximum. What scaling or single precision leave a few
/// roundings below 0 or above the maximum is 0 or 1. Nothing for any other value beyond them, and for NaN.
std::optional<float> to_intensity(double value, float maximum);

/// Throws the Failure for a value that to_intensity() refuses; place is `row 3, column 5`.
[[noreturn]] void refuse_value(const std::string& name, const std::string& place, double value,
                               float maximum);

/// The element at an index of a table, as `row 3, column 5`, counted from 1.
std::string describe_place(std::size_t index, std::size_t columns);

/// Gives a shaped table the elements that decode(index) returns as doubles, divided by the maximum.
template <typename Decode>
void keep_values(Dataset& dataset, float maximum, Decode decode) {
  dataset.maximum = maximum;
  dataset.values.resize(dataset.rows * dataset.columns);
  for (std::size_t i = 0; i < dataset.values.size(); ++i) {
    const double value = decode(i);
    const std::optional<float> intensity = to_intensity(value, maximum);
    if (!intensity) refuse_value(dataset.name, describe_place(i, dataset.columns), value, maximum);
    dataset.values[i] = *intensity;
  }
}

}  // namespace tool
