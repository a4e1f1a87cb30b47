#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/data/dataset.hpp"
#include "tools/output/chart.hpp"

namespace tool {

/// Where examples of a recording, or in the order of time, and its rows stand across: at times where these
/// are known, else at numbers of rows. The data must outlive it.
class RecordedTimes {
 public:
  explicit RecordedTimes(const Dataset& data) : data_(data), time_(data.time) {}

  /// Seconds of a row from 0, or its number from 1.
  double of_row(std::size_t row) const;

  /// The rows before which time jumps.
  const std::vector<std::size_t>& gaps() const { return time_.gaps; }

  /// The row that an example is, or ends with.
  std::size_t row(std::size_t example) const { return data_.ends.empty() ? example : data_.ends[example]; }

  double of(std::size_t example) const { return of_row(row(example)); }

  /// When a stretch that ends with this example begins: with its window, or with the row.
  double begin_of(std::size_t example) const;

  /// As words have it: row 1,204, or at a time.
  std::string words(std::size_t example) const;

  /// Makes a chart's axis that of all rows.
  void set(Chart& chart) const;

 private:
  bool known() const { return time_.interval > 0 || !time_.seconds.empty(); }

  const Dataset& data_;
  const Timeline& time_;
};

/// Whether an example is labelled odd.
bool is_odd(const Dataset& data, std::size_t example);

}  // namespace tool
