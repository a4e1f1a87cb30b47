#include "platform/desktop/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <initializer_list>

namespace platform {
namespace {

std::atomic<bool> flag{false};
std::atomic<bool> ranks_in_step{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may touch only lock-free atomics");

extern "C" void on_interrupt(int) {
  if (flag.exchange(true)) _exit(interrupted_status);
}

}  // namespace

void watch_interrupts(bool in_step) {
  ranks_in_step = in_step;
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
  return flag.load(std::memory_order_relaxed) && !ranks_in_step.load(std::memory_order_relaxed);
}

void stop_if_interrupted() {
  if (interrupted()) throw Interrupted{};
}

void stop_if_interrupted(Ranks& ranks) {
  if (ranks.any(flag.load(std::memory_order_relaxed))) throw Interrupted{};
}

}  // namespace platform
