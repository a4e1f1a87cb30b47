#include "tools/data/csv_counter.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <initializer_list>

namespace {

/// Counts from `first`, in runs of these lengths.
tool::Counter runs(double first, std::initializer_list<std::size_t> lengths) {
  tool::Counter counter;
  for (const std::size_t length : lengths)
    for (std::size_t n = 0; n < length; ++n) counter.add(first + static_cast<double>(n));
  return counter;
}

tool::Counter numbers(std::initializer_list<double> values) {
  tool::Counter counter;
  for (const double value : values) counter.add(value);
  return counter;
}

}  // namespace

TEST_CASE("counters: long runs from 0 or 1 count rows of recordings, periods do not") {
  CHECK(runs(1, {4690, 4690, 4690, 4690}).counts_alone());  // recordings of one length
  CHECK(runs(0, {50, 60}).counts_alone());
  CHECK_FALSE(runs(0, {50, 40}).counts_alone());
  CHECK_FALSE(runs(2, {500, 600}).counts_alone());
  CHECK_FALSE(runs(0, {500}).counts_alone());            // steps tell of one run
  CHECK_FALSE(runs(1, {365, 365, 365}).counts_alone());  // days of years
  CHECK_FALSE(runs(0, {1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 7})
                  .counts_alone());  // minutes
  CHECK(runs(0, {900, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 1440, 7}).counts_alone());
  tool::Counter jumping = runs(0, {500, 600});
  jumping.add(700);
  CHECK_FALSE(jumping.counts_alone());
}

TEST_CASE("counters: a name of row numbers allows a few rows to be left out") {
  CHECK(numbers({5}).counts_by_name());
  CHECK(numbers({5, 6, 7}).counts_by_name());
  CHECK(numbers({1, 2, 3, 4, 5, 6, 8, 9, 10, 11}).counts_by_name());
  CHECK_FALSE(numbers({1, 2, 3, 4, 5, 6, 8, 9, 10}).counts_by_name());  // one in nine
  CHECK(runs(7, {12, 8}).counts_by_name());
  CHECK_FALSE(numbers({7, 7}).counts_by_name());
  CHECK_FALSE(numbers({7, 3}).counts_by_name());
  CHECK_FALSE(numbers({7, 8, 9, 8}).is_possible());
  CHECK_FALSE(numbers({0.5, 1.5}).is_possible());
}
