#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "platform/desktop/interrupt.hpp"
#include "platform/desktop/ranks.hpp"
#include "platform/desktop/terminal.hpp"
#include "platform/desktop/threads.hpp"
#include "rbm/parallel.hpp"
#include "tools/base/text.hpp"

namespace tool {

/// What long work needs: threads that share it, a line that shows its progress, and processes that share it
/// too, where there are several.
struct Workers {
  platform::Threads& threads;
  platform::Progress& progress;
  platform::Ranks* ranks = nullptr;  ///< null: this process works alone
};

/// What is shared out among ranks: things in a row, of which each rank takes a part, in their order.
class RankShares {
 public:
  /// `begins` [ranks + 1] says where the parts begin. `ranks` may be null.
  RankShares(platform::Ranks* ranks, std::vector<std::size_t> begins)
      : ranks_(ranks), begins_(std::move(begins)) {}

  /// Parts of `count` things that are as equal as whole blocks of `block` things allow.
  static RankShares equal(platform::Ranks* ranks, std::size_t count, std::size_t block = 1) {
    const std::size_t size = ranks == nullptr ? 1 : ranks->size(), blocks = (count + block - 1) / block;
    std::vector<std::size_t> begins;
    for (std::size_t r = 0; r <= size; ++r)
      begins.push_back(std::min(count, rbm::share_begin(blocks, r, size) * block));
    return {ranks, std::move(begins)};
  }

  /// The things of this rank.
  std::size_t begin() const { return begins_[own()]; }
  std::size_t end() const { return begins_[own() + 1]; }
  std::size_t count() const { return end() - begin(); }

  /// Where the parts of all ranks begin [ranks + 1].
  const std::vector<std::size_t>& begins() const { return begins_; }

  /// Makes whole an array of which each rank has filled its part; a thing has `each` elements.
  template <class Element>
  void exchange(Element* array, std::size_t each = 1) const {
    if (ranks_ == nullptr || ranks_->size() == 1) return;
    std::vector<std::size_t> starts;
    for (const std::size_t begin : begins_) starts.push_back(begin * each * sizeof(Element));
    const platform::RankArray all{reinterpret_cast<unsigned char*>(array), 1, starts.back(), starts.data()};
    ranks_->exchange(&all, 1);
  }

 private:
  std::size_t own() const { return ranks_ == nullptr ? 0 : ranks_->rank(); }

  platform::Ranks* ranks_;
  std::vector<std::size_t> begins_;
};

/// Calls step(first, last) for ranges that cover [0, count), each at most `size` long. The line of progress
/// calls the work `what`. Throws platform::Interrupted between two steps once the user asked to stop, as do
/// all functions that work in steps.
template <class Step>
void in_steps(const std::string& what, std::size_t count, std::size_t size, platform::Progress& progress,
              const Step& step) {
  for (std::size_t first = 0; first < count; first += size) {
    platform::stop_if_interrupted();
    const std::size_t last = std::min(count, first + size);
    step(first, last);
    if (progress.due())
      progress.update(static_cast<double>(last) / static_cast<double>(count),
                      what + " " + grouped(last) + "/" + grouped(count), "");
  }
}

}  // namespace tool
