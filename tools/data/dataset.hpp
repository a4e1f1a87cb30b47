#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/data/elements.hpp"
#include "tools/data/reading.hpp"
#include "tools/data/timeline.hpp"
#include "tools/data/window_shape.hpp"

namespace tool {

/// In the place of the label of an example that has none.
inline constexpr std::int32_t no_label = -1;

/// How many labels can be told apart.
inline constexpr std::size_t fewest_labels = 2, most_labels = 256;

/// What a value beyond these counts as.
struct Bounds {
  float low, high;
};

/// A table of intensities from 0 to 1, or of readings: one example a row, one visible unit a column.
struct Dataset {
  std::string name;  ///< as messages show it
  DataKind kind = DataKind::intensities;
  std::size_t rows = 0;
  std::size_t columns = 0;            ///< 1 to 65,535
  std::size_t height = 0, width = 0;  ///< of the picture that a row is: height * width == columns
  bool has_pictures = false;          ///< the file has an extent for each of the two
  float maximum = 1;                  ///< the value in the file that means intensity 1; of readings, 1
  Columns taken;                      ///< of a table: the columns that are visible units
  bool is_text = false;               ///< a table of text
  std::size_t heading_line = 0;       ///< the line of text that names the columns; 0: none
  Timeline time;                      ///< of a table of readings
  std::vector<std::uint8_t>
      labels;  ///< of each row, 1 where it is labelled odd; empty: no label column was asked for
  std::vector<std::int32_t> classes;     ///< of each row, its label in label_names, or no_label; empty: no
                                         ///< labels were asked for
  std::vector<std::string> label_names;  ///< 2 to 256
  std::string label_name;                ///< of the column that holds the labels; empty: of none
  Windows windows;                ///< how rows were cut from a recording; length 0: they are rows of the file
  std::vector<std::size_t> ends;  ///< of each window, the row of the recording, from 0, that completed it
  std::shared_ptr<const Dataset> recording;  ///< that windows were cut from; none: rows are those of the file
  std::vector<std::string> notes;  ///< what may be meant otherwise: lines for the user, with the file's name

  /// An array of a file, every element of which was found to be one that to_kept() keeps. Empty if `values`
  /// holds the table.
  Elements stored;
  std::vector<std::size_t>
      places;                  ///< of each row, the row of `stored` that it is; empty: that of its number
  std::vector<float> values;   ///< otherwise, rows x columns of intensities or readings; NaN: missing
  std::vector<Bounds> bounds;  ///< [columns] of readings, that is within which a value counts; empty: none

  /// The columns of the file that are visible units, or channels where rows are windows.
  const Columns& columns_of_file() const { return recording ? recording->taken : taken; }

  /// Writes the `columns` intensities or readings of one row.
  void row(std::size_t index, float* out) const;

  /// The row of `stored` that a row is.
  std::size_t place(std::size_t index) const { return places.empty() ? index : places[index]; }
};

/// Reads the rows of a table in their order. Of a file that is mapped, it lets go of what it left behind, so
/// that it takes little memory.
class RowReader {
 public:
  explicit RowReader(const Dataset& data) : data_(data), pass_(data.stored), row_(data.columns) {}

  /// [columns]: a row, until the next is read.
  const std::vector<float>& operator()(std::size_t index) {
    pass_.reach(data_.place(index));
    data_.row(index, row_.data());
    return row_;
  }

 private:
  const Dataset& data_;
  Pass pass_;
  std::vector<float> row_;
};

/// A hash of all intensities or readings, and labels. By it a resumed training run checks that its data are
/// those it began with.
std::uint64_t checksum(const Dataset& data);

// How a reader of a format fills a table.

/// An empty table of this shape: 2 extents (rows, columns) or 3 (pictures, height, width). Throws Failure
/// unless the extents are within the limits and elements of element_size fill the payload exactly.
Dataset shaped_dataset(const std::string& name, const std::vector<std::uint64_t>& extents,
                       std::size_t element_size, std::size_t payload);

/// What a shaped table of numbers holds, bytes aside: as the reading says; else intensities where it says
/// what means 1, and in pictures, else readings.
DataKind kind_for(const Reading& reading, const Dataset& shape);

/// Whether all values are 0 or 1.
bool holds_only_bits(const Dataset& data);

/// The value that means 1: as the user says, else as a model remembers, else what is usual.
float maximum_for(const Reading& reading, float usual);

/// Numbers that take more bytes as floats stay in the file, and are decoded whenever a row is read.
inline constexpr std::size_t most_decoded = std::size_t{16} << 20;

/// Gives a shaped table its elements. Bytes are intensities unless the reading says that they are readings,
/// other numbers what kind_for() says. Where neither the user nor a model says what means 1, it is `usual`;
/// but 1 where all are bytes of 0 or 1. Of numbers, `decoded` is as most_decoded. Throws Failure where an
/// element is refused: all are looked at.
void keep_elements(Dataset& dataset, Elements elements, const Reading& reading, float usual,
                   std::size_t decoded = most_decoded);

/// Throws Failure if the number of columns is 0 or above 65,535, the most units that a layer has.
void check_columns(const std::string& name, std::uint64_t columns);

/// How much a number of single and of half precision may be wrong by rounding, relative to it.
inline constexpr double float_rounding = 0x1p-24, half_rounding = 0x1p-11;

/// The intensity that a value stands for: value / maximum. What scaling or the precision of the value leave a
/// few roundings below 0 or above the maximum is 0 or 1. Nothing for any other value beyond them, and for
/// NaN.
std::optional<float> to_intensity(double value, float maximum, double rounding = float_rounding);

/// The greatest magnitude of a reading.
inline constexpr float largest_reading = 1e30f;

/// What a table of the dataset's kind keeps of a value: to_intensity(), or the reading; NaN where the reading
/// allows gaps. Nothing for a value that is refused.
std::optional<float> to_kept(double value, const Dataset& dataset, const Reading& reading,
                             double rounding = float_rounding);

/// Throws the Failure for a value that to_kept() refuses; place is `row 3, column 5`.
[[noreturn]] void refuse_value(const Dataset& dataset, const std::string& place, double value,
                               const Reading& reading);

/// Adds a note where the user did not say what means 1 of intensities, and the largest value is less than
/// half of it: a model then learns that all is dark. Throws Failure where it is 1 and a model remembers more:
/// the data were scaled.
void check_scale(Dataset& dataset, const Reading& reading);

/// The element at an index of a table, as `row 3, column 5`, counted from 1.
std::string describe_place(std::size_t index, std::size_t columns);

}  // namespace tool
