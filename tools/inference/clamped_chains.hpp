#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "rbm/gibbs.hpp"

namespace tool {

/// Visible units that keep their values in many chains. The units are the same in every chain, their values
/// are not.
class ClampedChains {
 public:
  /// `units` in ascending order.
  explicit ClampedChains(std::vector<rbm::Unit> units) : units_(std::move(units)) {}

  /// Adds a chain, in which the units keep the values that they have in `state`.
  void add(rbm::ActiveUnits state);

  /// The clamped units of chain n.
  rbm::Clamped operator[](std::size_t n) const;

 private:
  std::vector<rbm::Unit> units_;
  std::vector<rbm::Unit> by_value_;  // [chains][units], those that are on first
  std::vector<std::size_t> on_;      // [chains]: how many are on
};

}  // namespace tool
