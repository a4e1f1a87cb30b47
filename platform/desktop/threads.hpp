#pragma once

#include <cstddef>
#include <memory>

#include "rbm/parallel.hpp"

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
  unsigned count() const;

  /// Cuts [0, items) into at most count() contiguous ranges, calls `body(begin, end)` for each at the same
  /// time, never with an empty range, and returns when all are done. The body must not throw, nor call this
  /// pool. One thread at a time may call.
  template <typename Body>
  void operator()(std::size_t items, const Body& body) {
    run({[](const void* context, rbm::Share share, rbm::Share) {
           if (share.begin != share.end) (*static_cast<const Body*>(context))(share.begin, share.end);
         },
         &body, items, 0});
  }

  /// The same for two numbers of items at once: `body(begin, end, other_begin, other_end)` for each thread's
  /// ranges of both, of which one may be empty.
  template <typename Body>
  void operator()(std::size_t items, std::size_t other, const Body& body) {
    run({[](const void* context, rbm::Share share, rbm::Share of_other) {
           (*static_cast<const Body*>(context))(share.begin, share.end, of_other.begin, of_other.end);
         },
         &body, items, other});
  }

 private:
  struct Task {
    void (*call)(const void* context, rbm::Share share, rbm::Share of_other);
    const void* context;
    std::size_t items, other;
  };
  class Pool;  // its standard headers are slow to compile, and many files include this one

  void run(const Task& task);

  std::unique_ptr<Pool> pool_;
};

}  // namespace platform
