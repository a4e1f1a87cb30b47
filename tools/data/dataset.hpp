#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace tool {

/// Height and width of a picture, in pixels.
struct Shape {
  std::size_t height;
  std::size_t width;
};

/// How to draw this many values where nothing else is known: a square if they fill one, else a line.
Shape default_shape(std::size_t columns);

/// A table of intensities from 0 to 1: one example a row, one visible unit a column.
struct Dataset {
  /// As messages show it.
  std::string name;
  std::size_t rows = 0;
  /// 1 to 65,535.
  std::size_t columns = 0;
  /// The picture that a row is: height * width == columns.
  std::size_t height = 0;
  std::size_t width = 0;
  /// The value in the file that means intensity 1.
  float maximum = 1;

  /// A file of single bytes as it was read, its first element at `offset`, each an intensity of byte /
  /// maximum; empty if the table is `values`.
  std::vector<unsigned char> bytes;
  std::size_t offset = 0;
  /// Otherwise rows x columns intensities.
  std::vector<float> values;

  /// Writes the `columns` intensities of one row.
  void row(std::size_t index, float* out) const;
};

/// The file that data of this name are read from: none, an empty path, for `digits` and `digits-test`.
std::string data_file(const std::string& name);

/// The word `digits` (the first 1,500 of the digits that ship with the project, for training),
/// `digits-test` (the last 297, held out), the path of an IDX, NPY or CSV file, or `-`, such a file on
/// standard input. `maximum` is the value that means 1; without it, 255 in files of bytes, 16 in the shipped
/// digits, else 1.
///
/// Throws Failure where the file is none of these, is cut short or holds a value that is not from 0 to the
/// maximum (rows, lines and columns in messages count from 1), Misuse where the maximum is no positive
/// number, platform::FileError where the file cannot be read.
Dataset open_dataset(const std::string& name, std::optional<float> maximum);

}  // namespace tool
