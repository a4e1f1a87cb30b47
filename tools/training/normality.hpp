#pragma once

#include "tools/training/standardization.hpp"

namespace tool {

/// Whether readings are jointly normal, as far as their fourth moments tell: over the examples, the mean of
/// (x' C^-1 x)^2, with x from its mean and C the covariances of d readings, is d (d + 2) for normal readings
/// of any covariances (Mardia 1970). It may be off by 2 %, and by 4 of its standard deviations. Each reading
/// must be symmetric too: the mean of their squared skewness may be 0.02 and 10 times its expectation. Not
/// where examples are fewer than 10 times the readings, or readings more than 128: too little to tell from.
bool are_normal(const Dataset& data, const ReadingStatistics& statistics);

}  // namespace tool
