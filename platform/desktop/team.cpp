#include "platform/desktop/team.hpp"

#include <algorithm>

namespace platform {

rbm::Share Team::share_of(std::size_t count, std::size_t thread) const {
  const std::size_t worker = ranks_->rank() * threads_.count() + thread;
  return {first_of(count, worker), first_of(count, worker + 1)};
}

std::size_t Team::first_of(std::size_t count, std::size_t worker) const {
  return rbm::share_begin(count, worker, ranks_->size() * threads_.count());
}

rbm::Share Team::here(std::size_t count) const {
  if (ranks_ == nullptr) return {0, count};
  return {share_of(count, 0).begin, share_of(count, threads_.count() - 1).end};
}

void Team::exchange(const rbm::Parts& parts) {
  if (ranks_ == nullptr) return;
  starts_.resize(ranks_->size() + 1);
  for (std::size_t rank = 0; rank < starts_.size(); ++rank)
    starts_[rank] = std::min(parts.bytes, first_of(parts.count, rank * threads_.count()) * parts.each);
  ranks_->exchange(parts.data, parts.rows, parts.stride, starts_.data());
}

}  // namespace platform
