#include "tools/inference/recorded_times.hpp"

#include <algorithm>

#include "tools/base/text.hpp"
#include "tools/data/timeline.hpp"
#include "tools/output/time_axis.hpp"

namespace tool {

double RecordedTimes::of_row(std::size_t row) const {
  return known() ? seconds_at(time_, row) : static_cast<double>(row + 1);
}

double RecordedTimes::begin_of(std::size_t example) const {
  const std::size_t span = data_.ends.empty() ? 1 : data_.windows.rows();
  return of_row(row(example) + 1 - std::min(row(example) + 1, span));
}

std::string RecordedTimes::words(std::size_t example) const {
  return known() ? "at " + time_text(of(example), time_.start) : "row " + grouped(row(example) + 1);
}

void RecordedTimes::set(Chart& chart) const {
  chart.across = known() ? Across::seconds : Across::counts;
  chart.start = time_.start;
  chart.x_label = known() ? "time" : "row";
  chart.wide = true;
  const std::size_t rows = data_.recording ? data_.recording->rows : data_.rows;
  if (rows > 1) chart.x_range = {of_row(0), of_row(rows - 1)};
  chart.last_values = false;
}

bool is_odd(const Dataset& data, std::size_t example) {
  return !data.labels.empty() && data.labels[example] != 0;
}

}  // namespace tool
