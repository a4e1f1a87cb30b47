#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/base/statistics.hpp"

namespace tool {

/// Examples of which it is known whether they are odd, in the order of time.
struct Truth {
  std::vector<std::uint8_t> odd;    ///< [examples], 1 where odd
  std::vector<std::size_t> blocks;  ///< [examples]: those of one block depend on each other
};

/// The area under the receiver operating characteristic: the chance that a score of an odd example is above
/// that of a normal one, where equal ones count half. Of scores of the same examples, so many as are
/// compared. Both kinds must be there. Each is one vector [examples].
///
/// `differences` are those of the first AUC less each of the others, with standard errors by DeLong, DeLong
/// and Clarke-Pearson (1988), in which an example's place among those of the other kind is summed over its
/// block first, as overlapping windows tell the same (Obuchowski 1997).
struct Areas {
  std::vector<double> areas;
  std::vector<Mean> differences;  ///< from the second on
};
Areas areas_under_curves(const Truth& truth, const std::vector<std::vector<double>>& scores);

/// Whether a difference is more than chance would bring once in twenty times, on either side.
bool is_significant(const Mean& difference);

/// Odd rows of a recording in turn.
struct Event {
  std::size_t begin, end;  ///< rows, one past the last
};

/// The events that labels of rows tell, ascending. Those on both sides of a gap are two.
std::vector<Event> events_of(const std::vector<std::uint8_t>& labels, const std::vector<std::size_t>& gaps);

/// The row of a recording that completed a window, and how many rows it spans.
struct WindowPlace {
  std::size_t end, span;
};

/// Of each event, the rows from its first one to the end of the first flagged window that has a row of it;
/// `missed` where there is none. Windows are in the order of time.
inline constexpr std::size_t missed = static_cast<std::size_t>(-1);
std::vector<std::size_t> delays(const std::vector<Event>& events, const std::vector<WindowPlace>& windows,
                                const std::vector<std::uint8_t>& flagged);

}  // namespace tool
