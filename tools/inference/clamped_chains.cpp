#include "tools/inference/clamped_chains.hpp"

#include <algorithm>

namespace tool {

void ClampedChains::add(rbm::ActiveUnits state) {
  const auto first = by_value_.insert(by_value_.end(), units_.begin(), units_.end());
  const auto off = std::stable_partition(first, by_value_.end(), [&](rbm::Unit unit) {
    return std::binary_search(state.units, state.units + state.count, unit);
  });
  on_.push_back(static_cast<std::size_t>(off - first));
}

rbm::Clamped ClampedChains::operator[](std::size_t n) const {
  const rbm::Unit* const first = by_value_.data() + n * units_.size();
  return {{first, nullptr, on_[n]}, {first + on_[n], nullptr, units_.size() - on_[n]}};
}

}  // namespace tool
