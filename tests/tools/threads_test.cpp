#include "platform/desktop/threads.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

namespace {

// Wide enough apart that workers now spin, now sleep.
void pause(unsigned microseconds) {
  if (microseconds > 0) std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
}

}  // namespace

TEST_CASE("a loop shared by threads visits every item once, in ranges that are never empty") {
  for (const unsigned count : {1u, 2u, 3u, 8u, 40u}) {
    CAPTURE(count);
    std::mt19937 random(count);
    platform::Threads threads(count);
    CHECK(threads.count() == count);
    std::vector<int> visits(1000);
    std::size_t wrong = 0;
    for (int round = 0; round < 300; ++round) {
      // Few items often: then there are more threads than work.
      const std::size_t items = round % 3 == 0 ? random() % 1000 : random() % 10;
      if (round % 50 == 0) pause(300);
      std::fill(visits.begin(), visits.end(), 0);
      std::atomic<unsigned> calls{0}, empty{0};
      threads(items, [&](std::size_t begin, std::size_t end) {
        ++calls;
        if (begin >= end) ++empty;
        for (std::size_t n = begin; n < end; ++n) ++visits[n];
      });
      wrong += calls > count || empty > 0 || (items == 0 && calls > 0);
      for (std::size_t n = 0; n < visits.size(); ++n) wrong += visits[n] != (n < items ? 1 : 0);
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("ranges are contiguous and as equal as can be") {
  platform::Threads threads(4);
  std::mutex mutex;
  std::set<std::pair<std::size_t, std::size_t>> ranges;
  threads(10, [&](std::size_t begin, std::size_t end) {
    const std::lock_guard<std::mutex> lock(mutex);
    ranges.emplace(begin, end);
  });
  CHECK(ranges == std::set<std::pair<std::size_t, std::size_t>>{{0, 3}, {3, 6}, {6, 8}, {8, 10}});
}

TEST_CASE("the threads work at the same time") {
  platform::Threads threads(3);
  std::atomic<int> arrived{0};
  std::atomic<bool> alone{false};
  threads(3, [&](std::size_t, std::size_t) {
    ++arrived;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (arrived < 3 && !alone) {
      if (std::chrono::steady_clock::now() > end) alone = true;
      std::this_thread::yield();
    }
  });
  CHECK_FALSE(alone);
}

TEST_CASE("what threads wrote is seen by the caller and by the next loop") {
  platform::Threads threads(3);
  std::vector<std::uint64_t> values(99, 1);
  for (int round = 0; round < 2000; ++round)
    threads(values.size(), [&](std::size_t begin, std::size_t end) {
      // Each item is another thread's in the next loop, or seems so.
      for (std::size_t n = begin; n < end; ++n) values[n] += 1;
    });
  for (const std::uint64_t value : values) CHECK(value == 2001);
}

TEST_CASE("pools come and go, also without work") {
  for (int n = 0; n < 50; ++n) {
    platform::Threads threads(4);
    if (n % 2 == 1) threads(10, [](std::size_t, std::size_t) {});
    if (n % 10 == 0) pause(500);
  }
}

TEST_CASE("0 threads mean one for each processor that is available") {
  CHECK(platform::available_threads() >= 1);
  CHECK(platform::Threads(0).count() == platform::available_threads());
}
