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

void Team::exchange_all(const rbm::Parts* parts, std::size_t count) {
  const std::size_t ends = ranks_->size() + 1;
  starts_.resize(count * ends);
  arrays_.clear();
  for (std::size_t n = 0; n < count; ++n) {
    std::size_t* const starts = starts_.data() + n * ends;
    for (std::size_t rank = 0; rank < ends; ++rank)
      starts[rank] =
          std::min(parts[n].bytes, first_of(parts[n].count, rank * threads_.count()) * parts[n].each);
    arrays_.push_back({parts[n].data, parts[n].rows, parts[n].stride, starts});
  }
  ranks_->exchange(arrays_.data(), count);
}

}  // namespace platform
