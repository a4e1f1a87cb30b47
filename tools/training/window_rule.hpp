#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "tools/base/workers.hpp"
#include "tools/data/dataset.hpp"

// What windows a recording is cut into where the user leaves it to the data. All is found from the recording
// alone, without rows that are labelled odd.

namespace tool {

/// What the user says of windows; the rest is to be chosen.
struct AskedWindows {
  std::size_t length = 0;      ///< 0: not said
  std::size_t hop = 0;         ///< 0: not said
  std::size_t decimation = 0;  ///< 0: not said
  std::optional<Detrend> detrend{};
};

/// Windows, and what was chosen by which figures, as a line for the user; empty where all was said.
struct ChosenWindows {
  Windows windows;
  std::string reason;
};

/// In this order:
///
/// - decimation, only where the length is not said: the greatest power of two up to 64 which leaves less than
///   15 % of the power of each channel's changes, from row to row, above the new Nyquist frequency.
/// - length: the main period, the first high peak of the autocorrelation behind its first crossing of 0, in
///   stretches of 256 readings whose trend is taken away, where it is 0.3 or more and from 8 to 128 readings.
///   Else the power of two from 16 to 64 that is nearest to 4 times that crossing, which is where a wave
///   crosses 0. Shorter where there would be fewer than 20 windows side by side.
/// - hop: a quarter of the length.
/// - detrending: see choose_detrend().
ChosenWindows choose_windows(const Dataset& recording, const AskedWindows& asked, const Workers& workers);

/// Whether rows of readings are moments of a recording rather than examples: there are at most 16 columns, it
/// is known how far rows are apart in time, and in most columns a reading tells much of the next one
/// (autocorrelation at least 0.5).
bool looks_like_recording(const Dataset& data);

}  // namespace tool
