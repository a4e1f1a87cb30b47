#pragma once

#include <cstddef>
#include <string>

#include "tools/data/dataset.hpp"
#include "tools/output/facts.hpp"

namespace tool {

/// What `rbm info` tells of data.
Facts data_facts(const Dataset& data);

/// Adds the least, the mean and the greatest of values, and their standard deviation. Values in units of
/// readings may be of any size.
void add_spread(Facts& facts, const std::string& name, const float* values, std::size_t size, bool in_units);

/// A list, cut where it is long: behind a comma, else between two characters of UTF-8.
std::string beginning(const std::string& list);

}  // namespace tool
