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
  static constexpr bool is_one_memory = false;

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

  /// Whether there are no other ranks, and whether this is the first one.
  bool is_alone() const { return ranks_ == nullptr; }
  bool is_first() const { return ranks_ == nullptr || ranks_->rank() == 0; }

  /// Deals out rows of floats, one for each unit of a layer, that the first rank has: each rank gets the
  /// columns of its own units into `own`. Of `all`, the data matter on the first rank alone.
  void deal(const rbm::MatrixView<float>& all, const rbm::MatrixView<float>& own);

  /// The other way: the first rank gets them all.
  void collect(const rbm::MatrixView<float>& own, const rbm::MatrixView<float>& all);

  /// All ranks get what the first one has.
  void broadcast(const rbm::VectorView<float>& values);

  Threads& threads() { return threads_; }

 private:
  // Of the worker with this number in this rank.
  rbm::Share share_of(std::size_t count, std::size_t thread) const;
  // The first of `count` things of a worker of all ranks.
  std::size_t first_of(std::size_t count, std::size_t worker) const;
  void exchange_all(const rbm::Parts* parts, std::size_t count);
  // Where parts of ranks begin in a row, into `starts` [ranks + 1]; in bytes.
  void find_starts(const rbm::Parts& parts, std::size_t* starts) const;
  RankArray by_rank(const rbm::MatrixView<float>& all);

  Threads& threads_;
  Ranks* ranks_;                     // null: one
  std::vector<std::size_t> starts_;  // of each array, [ranks + 1]
  std::vector<RankArray> arrays_;
};

}  // namespace platform
