#pragma once

namespace tool {

/// How many false alarms are allowed: a share of normal examples, or so many in a time.
struct FalseAlarms {
  double number = 0.01;
  double seconds = 0;  ///< that the number is for; 0: it is a share, below 1
};

/// Which of the last scores must be above the limit.
struct Votes {
  unsigned votes = 1, of = 1;  ///< 1 <= votes <= of
};

/// The most scores that may have votes.
inline constexpr unsigned most_votes = 255;

}  // namespace tool
