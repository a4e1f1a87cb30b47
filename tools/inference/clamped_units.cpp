#include "tools/inference/clamped_units.hpp"

#include <algorithm>

#include "tools/base/failure.hpp"

namespace tool {

std::vector<rbm::Unit> read_mask(const std::string& path, const Model& model) {
  // Only the proportion to the largest value counts, so that 0 and 1, 0 and 255 mean the same.
  constexpr float any_maximum = 1e30f;
  const Dataset data = open_dataset(path, any_maximum);
  const bool example = data.rows == 1 && data.columns == model.visible;
  const bool picture = data.rows == model.shape.height && data.columns == model.shape.width;
  if (!example && !picture) {
    const std::string other = std::to_string(model.shape.height) + " x " + std::to_string(model.shape.width);
    throw Failure(data.name + ": is no mask for this model: it holds " + std::to_string(data.rows) + " x " +
                  std::to_string(data.columns) + " values, a mask 1 x " + std::to_string(model.visible) +
                  (model.shape.height == 1 ? "" : " or " + other));
  }
  std::vector<float> values(model.visible);
  for (std::size_t n = 0; n < data.rows; ++n) data.row(n, values.data() + n * data.columns);
  const float largest = *std::max_element(values.begin(), values.end());
  std::vector<rbm::Unit> units;
  for (std::size_t j = 0; j < values.size(); ++j)
    if (largest > 0 && values[j] >= largest / 2) units.push_back(static_cast<rbm::Unit>(j));
  return units;
}

ClampedChains::ClampedChains(const std::vector<rbm::Unit>& units, const Inference& inference,
                             std::size_t chains)
    : clamped_(units.size()), counts_(chains) {
  units_.reserve(chains * clamped_);
  for (std::size_t n = 0; n < chains; ++n) {
    const rbm::ActiveUnits on = inference.visible(n);
    const auto first = units_.insert(units_.end(), units.begin(), units.end());
    const auto middle = std::stable_partition(first, units_.end(), [&](rbm::Unit unit) {
      return std::binary_search(on.units, on.units + on.count, unit);
    });
    counts_[n] = static_cast<std::size_t>(middle - first);
  }
}

rbm::Clamped ClampedChains::operator[](std::size_t n) const {
  const rbm::Unit* const first = units_.data() + n * clamped_;
  return {{first, nullptr, counts_[n]}, {first + counts_[n], nullptr, clamped_ - counts_[n]}};
}

}  // namespace tool
