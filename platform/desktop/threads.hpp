#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace platform {

/// The number of processors this process may run on, at least 1.
unsigned available_threads();

/// A pool of threads that share loops. Made for many short calls: workers wait spinning for a moment before
/// they sleep, and a call allocates nothing.
class Threads {
 public:
  /// Works with `count` threads, the caller's own among them: 1 creates none, 0 means available_threads().
  /// Where the system grants fewer, it works with those.
  explicit Threads(unsigned count);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  /// The number of threads at work, the caller's own among them.
  unsigned count() const { return static_cast<unsigned>(workers_.size()) + 1; }

  /// Cuts [0, items) into at most count() contiguous ranges, calls `body(begin, end)` for each at the same
  /// time, never with an empty range, and returns when all are done. The body must not throw, nor call this
  /// pool. One thread at a time may call.
  template <typename Body>
  void operator()(std::size_t items, const Body& body) {
    run({[](const void* context, std::size_t begin, std::size_t end) {
           (*static_cast<const Body*>(context))(begin, end);
         },
         &body, items});
  }

 private:
  struct Task {
    void (*call)(const void* context, std::size_t begin, std::size_t end);
    const void* context;
    std::size_t items;
  };

  // Waits until a condition on atomics holds: spins, then sleeps. Whoever makes it true calls wake()
  // afterwards.
  class Meeting {
   public:
    template <typename Condition>
    void wait(std::chrono::microseconds spin, Condition holds);
    void wake();

   private:
    std::atomic<unsigned> sleepers_{0};
    std::mutex mutex_;
    std::condition_variable condition_;
  };

  void run(const Task& task);
  void run_share(unsigned index) const;
  void work(unsigned index);

  static constexpr std::size_t cache_line = 64;

  Task task_{};
  std::chrono::microseconds spin_{0};
  alignas(cache_line) std::atomic<std::uint32_t> round_{0};  // counts the tasks handed out
  alignas(cache_line) std::atomic<std::size_t> busy_{0};     // workers that have not finished the present one
  alignas(cache_line) Meeting start_;
  Meeting finish_;
  std::atomic<bool> closing_{false};
  std::vector<std::thread> workers_;
};

}  // namespace platform
