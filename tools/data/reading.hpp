#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/data/window_shape.hpp"

namespace tool {

/// Which columns of a table are visible units. Columns are counted from 0 here, and from 1 wherever people
/// read or write them.
struct Columns {
  std::size_t total = 0;               ///< columns that the file has; 0: not a table, or not known
  std::vector<std::size_t> numbers{};  ///< those that were taken, in the order of the units; empty: all
  std::vector<std::string> names{};    ///< of those that were taken; empty where the file has no heading
};

/// What the numbers of a file are.
enum class DataKind : std::uint8_t {
  intensities,  ///< from 0 to 1 once they are divided by the maximum: how far a bit is on
  readings      ///< as they are: of any sign, in units of their own
};

/// How a file of data is to be read: what the user says of it, and what a model remembers of the data that it
/// was trained on.
struct Reading {
  std::optional<float> maximum{};  ///< the value that means intensity 1; without it, the kind of file decides
  std::optional<float> known_maximum{};  ///< that of a model's data, in its place where `maximum` is not said
  std::uint64_t skip_lines = 0;          ///< lines of text above the table
  std::string columns{};     ///< numbers, ranges and names, as --columns takes them; empty: not said
  Columns known_columns{};   ///< those that the model was trained on; they give way to `columns`
  std::string model_name{};  ///< of the model that remembers, as messages show it; empty: none
  std::optional<DataKind> kind = DataKind::intensities;  ///< nothing: the file decides, see open_dataset()
  std::string
      label_column{};  ///< of a table: number or name of the column that says which rows are odd; empty: none
  bool labels_may_lack = false;  ///< a table without that column is one without labels; else it is refused
  std::string labels{};  ///< number or name of the column, or the file, that holds a label of each example;
                         ///< empty: not said
  std::vector<std::string> known_labels{};  ///< those of a model
  std::string known_label_column{};  ///< where its data had them; a table that has this column has labels
  std::string time_column{};         ///< alike, of times; empty: the file decides
  double rate = 0;                   ///< rows a second, as the user says; 0: not said
  Windows
      windows{};  ///< to cut from a recording; length 0: rows are examples. A model says how many channels
                  ///< there are: a table with a column for each reading of a window is cut already
  std::vector<float> sensor_steps{};  ///< [channels]: see Cutting
  bool gaps = false;  ///< a value may be missing, in text and as NaN, and becomes NaN; else it is refused
};

}  // namespace tool
