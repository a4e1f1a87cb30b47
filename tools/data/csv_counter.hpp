#pragma once

#include <cmath>
#include <cstddef>

namespace tool {

/// Whether numbers count rows, of several recordings one behind the other: each is one more than the one
/// before, but for a few that leave rows out or begin anew where the first began.
class Counter {
 public:
  void add(double value) {
    if (count_ == 0) first_ = value;
    possible_ = possible_ && value == std::floor(value);
    if (count_ > 0 && possible_ && value != previous_ + 1) note_jump(value);
    previous_ = value;
    ++run_;
    ++count_;
  }

  bool is_possible() const { return possible_; }

  /// Whether they do so where a name tells of row numbers.
  bool counts_by_name() const { return possible_ && (restarts_ + left_out_) * of_many <= count_; }

  /// Whether they do so whatever the name: from 0 or 1, in long runs that are no period, as hours of a day,
  /// days of a year and degrees of an angle are.
  bool counts_alone() const {
    constexpr std::size_t shortest = 50, longest_period = 400, few = 10;
    const bool is_period = periodic_ && run_ <= length_ && (restarts_ >= few || length_ <= longest_period);
    return possible_ && restarts_ > 0 && left_out_ == 0 && (first_ == 0 || first_ == 1) &&
           count_ >= shortest * (restarts_ + 1) && !is_period;
  }

 private:
  static constexpr std::size_t of_many = 10;

  void note_jump(double value) {
    if (value == first_ && value < previous_) {
      ++restarts_;
      periodic_ = periodic_ && (restarts_ == 1 || run_ == length_);
      length_ = run_;
      run_ = 0;
    } else if (value > previous_) {
      ++left_out_;
    } else {
      possible_ = false;
    }
  }

  std::size_t count_ = 0, restarts_ = 0, left_out_ = 0, run_ = 0, length_ = 0;
  double first_ = 0, previous_ = 0;
  bool possible_ = true, periodic_ = true;
};

}  // namespace tool
