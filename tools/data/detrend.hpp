#pragma once

#include <cstddef>

#include "tools/data/window_shape.hpp"

// What is taken away from one channel of a window. Missing readings are NaN and count for nothing; where a
// level has no known reading, it is that of all known ones.

namespace tool {

/// Fills level [length] with what Detrend::none, start, level or trend take away of readings [length]: 0, a
/// mean, or the line of least squares.
void find_level(Detrend detrend, const double* readings, std::size_t length, double* level);

/// Takes the level away from readings [length], or [length + 1] if the detrending is by differences, and
/// fills out [length].
void take_level(Detrend detrend, const double* readings, std::size_t length, double* out);

}  // namespace tool
