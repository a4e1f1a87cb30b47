#include "tools/data/array_columns.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "tools/base/failure.hpp"
#include "tools/base/shape.hpp"
#include "tools/data/column_roles.hpp"
#include "tools/data/columns.hpp"

namespace tool {
namespace {

void refuse_of_pictures(const Dataset& shape, const Reading& reading) {
  const std::pair<const char*, const std::string&> said[] = {{"--columns", reading.columns},
                                                             {"--label-column", reading.label_column},
                                                             {"--time-column", reading.time_column}};
  for (const auto& [option, value] : said)
    if (!value.empty())
      throw Failure(shape.name + ": holds pictures: " + option + " takes columns of tables");
}

void keep_time_column(Dataset& shape, const Table& table, std::vector<double> times) {
  const std::string column = describe_column(table, *table.times);
  for (std::size_t n = 0; n < times.size(); ++n)
    if (!std::isfinite(times[n]))
      throw Failure(shape.name + ": row " + std::to_string(n + 1) + ", " + column + " holds no time");
  keep_numbers(shape.time, std::move(times));
  shape.time.column = column;
}

}  // namespace

void keep_columns(Dataset& shape, const Reading& reading, std::size_t rank, Elements& elements) {
  if (rank != 2) return refuse_of_pictures(shape, reading);
  Table table;
  table.file = shape.name;
  table.total = shape.columns;
  find_roles(reading, table, shape.notes);
  const auto visit = [&](std::size_t column, const auto& take) {
    Pass pass(elements);
    for (std::size_t n = 0; n < shape.rows; ++n) {
      pass.reach(n);
      take(elements.at(n, column));
    }
  };
  shape.taken = choose_columns(reading, table, shape.notes);
  if (table.times) {
    std::vector<double> times;
    times.reserve(shape.rows);
    visit(*table.times, [&](double time) { times.push_back(time); });
    keep_time_column(shape, table, std::move(times));
  }
  if (table.labels)
    visit(*table.labels, [&](double label) { shape.labels.push_back(label != 0 && !std::isnan(label)); });
  keep_labels(table, reading, shape,
              [&](std::size_t row, std::size_t column) { return elements.at(row, column); });
  elements.columns = shape.taken.numbers;
  if (elements.columns.empty()) return;
  shape.columns = elements.columns.size();
  shape.height = default_shape(shape.columns).height;
  shape.width = shape.columns / shape.height;
}

}  // namespace tool
