#include "tools/quantization/budget.hpp"

#include <algorithm>

#include "tools/model/quantized_model.hpp"

namespace tool {

std::uint64_t planned_flash(std::size_t visible, const Plan& plan) {
  QuantizedModel sizes;
  sizes.bits = plan.bits;
  sizes.visible = visible;
  sizes.hidden = plan.hidden;
  return flash_bytes(sizes) + shared_flash_bytes;
}

std::vector<Plan> plans_within(std::uint64_t bytes, std::size_t visible, std::size_t hidden,
                               const std::vector<unsigned>& widths) {
  std::vector<Plan> plans;
  for (const unsigned bits : widths) {
    const std::uint64_t one = planned_flash(visible, {bits, 1}),
                        each = planned_flash(visible, {bits, 2}) - one;
    if (bytes < one) continue;
    const std::uint64_t units = 1 + (bytes - one) / each;
    plans.push_back({bits, static_cast<std::size_t>(std::min<std::uint64_t>(units, hidden))});
    if (units >= hidden) break;
  }
  return plans;
}

}  // namespace tool
