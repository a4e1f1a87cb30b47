#pragma once

#include <cstddef>
#include <vector>

#include "platform/desktop/ranks.hpp"
#include "platform/desktop/threads.hpp"
#include "rbm/parallel.hpp"

namespace platform {

/// The workers that learn one model together, as rbm/parallel.hpp asks for them: the threads of all ranks.
/// Each rank has the same number of threads.
class Team {
 public:
  explicit Team(Threads& threads, Ranks* ranks = nullptr)
      : threads_(threads), ranks_(ranks != nullptr && ranks->size() > 1 ? ranks : nullptr) {}

  template <typename Body>
  void operator()(std::size_t count, const Body& body) {
    if (ranks_ == nullptr) return threads_(count, body);
    threads_(threads_.count(), [&](std::size_t begin, std::size_t) {
      const rbm::Share share = share_of(count, begin);
      if (share.begin != share.end) body(share.begin, share.end);
    });
  }
  template <typename Body>
  void in_each_memory(std::size_t count, const Body& body) {
    threads_(count, body);
  }
  template <typename Body>
  void in_each_memory(std::size_t count, std::size_t other, const Body& body) {
    threads_(count, other, body);
  }
  rbm::Share here(std::size_t count) const;
  template <typename... More>
  void exchange(const More&... more) {
    const rbm::Parts parts[] = {more...};
    if (ranks_ != nullptr) exchange_all(parts, sizeof...(more));
  }

  Threads& threads() { return threads_; }

 private:
  // Of the worker with this number in this rank.
  rbm::Share share_of(std::size_t count, std::size_t thread) const;
  // The first of `count` things of a worker of all ranks.
  std::size_t first_of(std::size_t count, std::size_t worker) const;
  void exchange_all(const rbm::Parts* parts, std::size_t count);

  Threads& threads_;
  Ranks* ranks_;                     // null: one
  std::vector<std::size_t> starts_;  // of each array, [ranks + 1]
  std::vector<RankArray> arrays_;
};

}  // namespace platform
