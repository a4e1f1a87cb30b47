#pragma once

#include <string>
#include <vector>

#include "rbm/gibbs.hpp"
#include "tools/inference/inference.hpp"

namespace tool {

/// The visible units that a mask marks, in ascending order. A mask is a data file of one example, or of a
/// picture's height x width values; it marks where a value is at least half of its largest. Throws Failure
/// where the file is no mask for this model.
std::vector<rbm::Unit> read_mask(const std::string& path, const Model& model);

/// Visible units of many chains that keep the values they have when this is made.
class ClampedChains {
 public:
  /// `units` in ascending order.
  ClampedChains(const std::vector<rbm::Unit>& units, const Inference& inference, std::size_t chains);

  /// The clamped units of chain n.
  rbm::Clamped operator[](std::size_t n) const;

 private:
  std::size_t clamped_;              // units of each chain
  std::vector<rbm::Unit> units_;     // [chains][clamped], those that are on first
  std::vector<std::size_t> counts_;  // [chains]: how many are on
};

}  // namespace tool
