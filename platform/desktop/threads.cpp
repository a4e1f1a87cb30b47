#include "platform/desktop/threads.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

namespace platform {
namespace {

// Tells the processor that this thread only waits, so that its twin on the same core runs faster.
void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Longer than the serial code between two loops of a mini-batch, and than the time by which one share
// outlasts another. Waiters that sleep sooner are apt to be woken on the waker's own processor, to work in
// turns with it.
constexpr std::chrono::microseconds usual_spin{200};

constexpr std::size_t cache_line = 64;

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

}  // namespace

unsigned available_threads() {
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return static_cast<unsigned>(CPU_COUNT(&allowed));
#endif
  return std::max(1u, std::thread::hardware_concurrency());
}

// The one who waits announces itself before it looks at the condition a last time, the one who wakes looks
// for sleepers after it has made the condition true; both in the one order of sequentially consistent
// operations, so that one of them always sees the other. The lock keeps a notification from falling between
// look and sleep.
template <typename Condition>
void Meeting::wait(std::chrono::microseconds spin, Condition holds) {
  const auto end = std::chrono::steady_clock::now() + spin;
  do {
    for (int look = 0; look < 16; ++look) {
      if (holds()) return;
      pause_briefly();
    }
    std::this_thread::yield();  // where processors are few, to the very thread that this one waits for
  } while (std::chrono::steady_clock::now() < end);
  std::unique_lock<std::mutex> lock(mutex_);
  ++sleepers_;
  condition_.wait(lock, holds);
  --sleepers_;
}

void Meeting::wake() {
  if (sleepers_ == 0) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  condition_.notify_all();
}

class Threads::Pool {
 public:
  explicit Pool(unsigned count);
  ~Pool();

  unsigned count() const { return static_cast<unsigned>(workers_.size()) + 1; }
  void run(const Task& task);

 private:
  void run_share(unsigned index) const;
  rbm::Share share_of(std::size_t items, unsigned index) const;
  void work(unsigned index);

  Task task_{};
  std::chrono::microseconds spin_{0};
  alignas(cache_line) std::atomic<std::uint32_t> round_{0};  // counts the tasks handed out
  alignas(cache_line) std::atomic<std::size_t> busy_{0};     // workers that have not finished the present one
  alignas(cache_line) Meeting start_;
  Meeting finish_;
  std::atomic<bool> closing_{false};
  std::vector<std::thread> workers_;
};

Threads::Pool::Pool(unsigned count) {
  const unsigned available = available_threads();
  if (count == 0) count = available;
  // With more threads than processors, one that spins takes time from one that works.
  if (count <= available) spin_ = usual_spin;
  workers_.reserve(count - 1);
  try {
    for (unsigned index = 1; index < count; ++index) workers_.emplace_back(&Pool::work, this, index);
  } catch (const std::system_error&) {
  }
}

Threads::Pool::~Pool() {
  closing_ = true;
  ++round_;
  start_.wake();
  for (std::thread& worker : workers_) worker.join();
}

void Threads::Pool::run(const Task& task) {
  if (workers_.empty() || (task.items < 2 && task.other < 2)) {
    task.call(task.context, {0, task.items}, {0, task.other});
    return;
  }
  task_ = task;
  busy_ = workers_.size();
  ++round_;
  start_.wake();
  run_share(0);
  finish_.wait(spin_, [this] { return busy_ == 0; });
}

void Threads::Pool::run_share(unsigned index) const {
  task_.call(task_.context, share_of(task_.items, index), share_of(task_.other, index));
}

rbm::Share Threads::Pool::share_of(std::size_t items, unsigned index) const {
  return {rbm::share_begin(items, index, count()), rbm::share_begin(items, index + 1, count())};
}

void Threads::Pool::work(unsigned index) {
  for (std::uint32_t done = 0;; ++done) {
    start_.wait(spin_, [this, done] { return round_ != done; });
    if (closing_) return;
    run_share(index);
    if (--busy_ == 0) finish_.wake();
  }
}

Threads::Threads(unsigned count) : pool_(std::make_unique<Pool>(count)) {}

Threads::~Threads() = default;

unsigned Threads::count() const {
  return pool_->count();
}

void Threads::run(const Task& task) {
  pool_->run(task);
}

}  // namespace platform
