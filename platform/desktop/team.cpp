#include "platform/desktop/team.hpp"

#include <algorithm>

namespace platform {
namespace {

void copy(const rbm::MatrixView<float>& from, const rbm::MatrixView<float>& to) {
  for (std::size_t row = 0; row < from.rows; ++row)
    std::copy_n(from.row(row).data, from.columns, to.row(row).data);
}

}  // namespace

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
    find_starts(parts[n], starts);
    arrays_.push_back({parts[n].data, parts[n].rows, parts[n].stride, starts});
  }
  ranks_->exchange(arrays_.data(), count);
}

void Team::find_starts(const rbm::Parts& parts, std::size_t* starts) const {
  for (std::size_t rank = 0; rank <= ranks_->size(); ++rank)
    starts[rank] = std::min(parts.bytes, first_of(parts.count, rank * threads_.count()) * parts.each);
}

RankArray Team::by_rank(const rbm::MatrixView<float>& all) {
  const rbm::Parts parts = rbm::Parts::of(all);
  starts_.resize(ranks_->size() + 1);
  find_starts(parts, starts_.data());
  return {parts.data, parts.rows, parts.stride, starts_.data()};
}

void Team::deal(const rbm::MatrixView<float>& all, const rbm::MatrixView<float>& own) {
  if (is_alone()) return copy(all, own);
  auto* const to = reinterpret_cast<unsigned char*>(own.data);
  ranks_->deal(by_rank(all), to, own.stride * sizeof(float));
}

void Team::collect(const rbm::MatrixView<float>& own, const rbm::MatrixView<float>& all) {
  if (is_alone()) return copy(own, all);
  const auto* const from = reinterpret_cast<const unsigned char*>(own.data);
  ranks_->collect(from, own.stride * sizeof(float), by_rank(all));
}

void Team::broadcast(const rbm::VectorView<float>& values) {
  const std::size_t bytes = values.size * sizeof(float);
  starts_.assign(ranks_->size() + 1, bytes);
  starts_[0] = 0;
  const RankArray array{reinterpret_cast<unsigned char*>(values.data), 1, bytes, starts_.data()};
  ranks_->exchange(&array, 1);
}

}  // namespace platform
