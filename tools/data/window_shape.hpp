#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tool {

/// What is taken away from each channel of a window before the model sees it. The numbers are those of
/// rbm_detrend in rbm/quantized/windows.h.
enum class Detrend : std::uint8_t {
  none,        ///< nothing
  start,       ///< the mean of the first quarter: what follows counts as a change from there
  level,       ///< the mean
  trend,       ///< the line of least squares
  differences  ///< each reading has the one before it taken away; a window spans one reading more
};

/// How examples are cut from a recording, which has a reading of each channel a row. An example holds
/// channels * length readings, all of the first channel first.
struct Windows {
  std::size_t length = 0;      ///< readings of each channel; 0: rows are examples, and the rest means nothing
  std::size_t hop = 0;         ///< readings from one window to the next, 1 or more
  std::size_t decimation = 1;  ///< so many rows in turn become one reading, their mean
  std::size_t channels = 0;
  Detrend detrend = Detrend::none;

  /// Readings of a channel, decimated, that a window spans.
  std::size_t span() const { return length + (detrend == Detrend::differences); }

  /// Rows of the recording that a window spans.
  std::size_t rows() const { return span() * decimation; }

  /// Readings of all channels in a window: the visible units.
  std::size_t units() const { return channels * length; }
};

/// The words of --detrend, in the order of Detrend.
inline constexpr std::string_view detrend_words = "none|start|level|trend|differences";

/// The word for one, as --detrend and models have it, and the way back.
std::string word_of(Detrend detrend);
std::optional<Detrend> detrend_from(std::string_view word);

/// The most that a command takes; a device takes no longer window.
inline constexpr std::size_t longest_window = 4096, most_hop = 1000000000, most_decimation = 1000000;

/// How many readings of a window, at its start, are the level that Detrend::start takes away.
constexpr std::size_t start_readings(std::size_t length) {
  return length < 4 ? 1 : length / 4;
}

/// As messages show them: windows of 16 readings of 2 channels, hop 4, mean of the first 4 taken away.
std::string to_text(const Windows& windows);

}  // namespace tool
