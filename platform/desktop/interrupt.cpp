#include "platform/desktop/interrupt.hpp"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <initializer_list>

namespace platform {
namespace {

std::atomic<std::uint32_t> asked_at{0};  // in milliseconds, never 0; 0: not yet
std::atomic<bool> ranks_in_step{false};
std::atomic<bool> has_launcher{false};  // of MPI programs
static_assert(std::atomic<std::uint32_t>::is_always_lock_free,
              "a signal handler may touch only lock-free atomics");

// A signal to all processes of a job (from Slurm, systemd, pkill) reaches a rank, and the launcher, which
// passes it on: MPICH's at once, Open MPI's as SIGTERM a second later. The user asked once.
constexpr std::int32_t launcher_delay = 1500;  // milliseconds

extern "C" void on_interrupt(int) {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  const auto now = static_cast<std::uint32_t>(time.tv_sec * 1000 + time.tv_nsec / 1000000) | 1u;
  std::uint32_t first = 0;
  if (asked_at.compare_exchange_strong(first, now)) return;
  // Negative where another thread has been told in between.
  if (!has_launcher || static_cast<std::int32_t>(now - first) > launcher_delay) _exit(interrupted_status);
}

bool asked() {
  return asked_at.load(std::memory_order_relaxed) != 0;
}

}  // namespace

void watch_interrupts(bool in_step) {
  ranks_in_step = in_step;
  has_launcher = launched_ranks() > 0;
  for (const int number : {SIGINT, SIGTERM}) {
    struct sigaction action {};
    sigaction(number, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;
    action = {};
    action.sa_handler = on_interrupt;
    action.sa_flags = SA_RESTART;  // reads and writes under way are not to fail
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
  }
}

bool interrupted() {
  return asked() && !ranks_in_step.load(std::memory_order_relaxed);
}

void stop_if_interrupted() {
  if (interrupted()) throw Interrupted{};
}

void stop_if_interrupted(Ranks& ranks) {
  if (ranks.any(asked())) throw Interrupted{};
}

}  // namespace platform
