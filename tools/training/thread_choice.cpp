#include "tools/training/thread_choice.hpp"

#include <algorithm>
#include <limits>

namespace tool {
namespace {

// Batches in a turn of one candidate. The first fills the caches, and does not count.
constexpr std::size_t turn = 5, turns = 2;

}  // namespace

ThreadChoice::ThreadChoice(unsigned asked, unsigned most) {
  constexpr double unknown = std::numeric_limits<double>::infinity();
  if (asked > 0 || most == 1) {
    candidates_ = {{asked > 0 ? asked : 1, unknown}};
  } else {
    for (unsigned threads = 1; threads < most; threads *= 2) candidates_.push_back({threads, unknown});
    candidates_.push_back({most, unknown});
  }
  threads_ = std::make_unique<platform::Threads>(turn_of(0).threads);
}

// The most come first: they are the first to write what they own.
ThreadChoice::Candidate& ThreadChoice::turn_of(std::size_t batch) {
  return candidates_[candidates_.size() - 1 - batch / turn % candidates_.size()];
}

void ThreadChoice::take(double seconds_an_example) {
  Candidate& measured = turn_of(batches_);
  if (batches_ % turn > 0) measured.seconds = std::min(measured.seconds, seconds_an_example);
  if (++batches_ % turn > 0) return;
  if (batches_ == turn * turns * candidates_.size()) {
    // More threads have to be worth it: what is measured of so few batches wavers.
    constexpr double gain = 0.95;
    Candidate best = candidates_.front();
    for (const Candidate& candidate : candidates_)
      if (candidate.seconds < gain * best.seconds) best = candidate;
    candidates_ = {best};
  }
  threads_ = std::make_unique<platform::Threads>(turn_of(batches_).threads);
}

}  // namespace tool
