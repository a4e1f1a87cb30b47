#include "tools/data/array_columns.hpp"

#include <algorithm>
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

void keep_columns(Dataset& shape, const Reading& reading, std::size_t rank, const NumberType& type,
                  std::vector<unsigned char>& file, std::size_t& offset) {
  if (rank != 2) return refuse_of_pictures(shape, reading);
  Table table;
  table.file = shape.name;
  table.total = shape.columns;
  find_roles(reading, table, shape.notes);
  const auto value_at = [&](std::size_t row, std::size_t column) {
    return type.decode(&file[offset + (row * shape.columns + column) * type.size]);
  };
  const auto values_of = [&](std::size_t column) {
    std::vector<double> values(shape.rows);
    for (std::size_t n = 0; n < shape.rows; ++n) values[n] = value_at(n, column);
    return values;
  };
  shape.taken = choose_columns(reading, table, shape.notes);
  if (table.times) keep_time_column(shape, table, values_of(*table.times));
  if (table.labels)
    for (const double label : values_of(*table.labels))
      shape.labels.push_back(label != 0 && !std::isnan(label));
  keep_labels(table, reading, shape, value_at);
  const std::vector<std::size_t>& numbers = shape.taken.numbers;
  if (numbers.empty()) return;
  std::vector<unsigned char> elements(shape.rows * numbers.size() * type.size);
  unsigned char* to = elements.data();
  for (std::size_t n = 0; n < shape.rows; ++n)
    for (const std::size_t column : numbers)
      to = std::copy_n(&file[offset + (n * shape.columns + column) * type.size], type.size, to);
  file = std::move(elements);
  offset = 0;
  shape.columns = numbers.size();
  shape.height = default_shape(shape.columns).height;
  shape.width = shape.columns / shape.height;
}

}  // namespace tool
