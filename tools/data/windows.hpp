#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/data/window_shape.hpp"

namespace tool {

struct Columns;
struct Dataset;

/// How a recording is cut beside what its windows are.
struct Cutting {
  bool missing = false;        ///< windows may hold missing readings, NaN; else none spans one
  std::vector<float> steps{};  ///< [channels]: what one step of the sensor is. Then readings are rounded to
                               ///< steps, and a window is bit for bit what a device makes of them. Empty:
                               ///< windows are computed in doubles
};

/// A reading as the sensor gives it, in its steps: the nearest, -32,767 to 32,767. RBM_MISSING of NaN.
std::int16_t in_steps(float reading, float step);

/// The windows of a recording, as a table of readings with an example for each: [channel][time]. Windows
/// begin at the first row and behind each gap in time, and then every `hop` decimated readings. None spans a
/// gap; those with a missing reading are left out unless it may be in windows. windows.channels is the number
/// of columns then, and recording, ends, labels (1 where any row that a window spans is labelled odd),
/// classes (where all its rows have one label) and notes are filled. Throws Failure where no window fits,
/// where one has too many readings or all together do, and where data are pictures.
Dataset cut_windows(Dataset recording, Windows windows, const Cutting& cutting = {});

/// Adds to readings [channels][length] of window n what was taken away from it, in place: pictures and
/// filled-in gaps are in the readings' own units then. Where differences were taken, each reading is the
/// recorded one before it, or if that is missing the one just found, and its difference. `windows` is a table
/// that cut_windows() made.
void add_level(const Dataset& windows, std::size_t n, float* readings);

/// What the readings of a recording are like, decimated, but for rows that are labelled odd.
struct Recorded {
  std::vector<float> ranges;      ///< [channels][2]: least and most
  std::size_t longest_equal = 0;  ///< so many of a channel in turn are equal at most
};

Recorded recorded_readings(const Dataset& windows);

/// The names of the readings in windows of a recording with these columns: humidity_1, humidity_2. Columns
/// without names are called `reading` if there is one, else channel1, channel2.
std::vector<std::string> window_names(const Columns& columns, const Windows& windows);

/// What one step of each channel is: humidity 0.01, temperature 0.002.
std::string steps_text(const Columns& columns, const std::vector<float>& steps);

/// Some rows of a table, in this order, with what is known of each. They may be windows.
Dataset take_rows(const Dataset& data, const std::vector<std::size_t>& rows);

/// Keeps what is normal, with a note of what is left out as labelled odd. Throws Failure where all is odd.
void leave_out_odd(Dataset& data);

/// Keeps windows whose rows all have one label, or all none, with a note of what is left out. Throws Failure
/// where none is left. Rows of a file all stay.
void leave_out_changes(Dataset& data);

}  // namespace tool
