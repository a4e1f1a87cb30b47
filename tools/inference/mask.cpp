#include "tools/inference/mask.hpp"

#include <algorithm>

#include "tools/base/failure.hpp"
#include "tools/data/data_file.hpp"
#include "tools/data/dataset.hpp"

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

}  // namespace tool
