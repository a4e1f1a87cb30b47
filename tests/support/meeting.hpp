/// Threads that wait for each other.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace fixture {

/// Where `count` threads meet, again and again.
class Meeting {
 public:
  explicit Meeting(std::size_t count) : count_(count) {}

  /// Returns when all have come.
  void come() {
    std::unique_lock<std::mutex> lock(mutex_);
    const std::size_t round = round_;
    if (++waiting_ == count_) {
      waiting_ = 0;
      ++round_;
      met_.notify_all();
    }
    met_.wait(lock, [&] { return round != round_; });
  }

 private:
  std::size_t count_, waiting_ = 0, round_ = 0;
  std::mutex mutex_;
  std::condition_variable met_;
};

}  // namespace fixture
