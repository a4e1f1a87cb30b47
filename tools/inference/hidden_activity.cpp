#include "tools/inference/hidden_activity.hpp"

#include <algorithm>

#include "tools/base/text.hpp"

namespace tool {
namespace {

constexpr float little = 0.01f;

}  // namespace

HiddenActivity::HiddenActivity(std::size_t hidden, std::size_t examples)
    : examples_(examples), means_(hidden), least_(hidden, 1.0f), most_(hidden) {}

void HiddenActivity::add(const float* probabilities) {
  for (std::size_t i = 0; i < means_.size(); ++i) {
    means_[i] += probabilities[i] / static_cast<float>(examples_);
    least_[i] = std::min(least_[i], probabilities[i]);
    most_[i] = std::max(most_[i], probabilities[i]);
  }
}

bool HiddenActivity::is_constant(std::size_t i) const {
  return examples_ > 1 && most_[i] - least_[i] < little;
}

std::size_t HiddenActivity::constant() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < means_.size(); ++i) count += is_constant(i);
  return count;
}

std::string HiddenActivity::note(const std::string& what, std::size_t factors) const {
  const std::size_t count = constant();
  if (count == 0) return {};
  const std::string differs =
      ": p(h = 1 | v) differs by less than 0.01 between " + counted(examples_, "example");
  if (count == means_.size() && factors > 0)
    return "one Gaussian with " + counted(factors, "factor") + " explains the data, and " +
           counted(count, "hidden unit") + (count == 1 ? " adds" : " add") + " nothing to it" + differs;
  std::size_t never_on = 0;
  for (std::size_t i = 0; i < means_.size(); ++i) never_on += is_constant(i) && most_[i] < little;
  return grouped(count) + " of " + counted(means_.size(), what) + (count == 1 ? " tells" : " tell") +
         " nothing" + differs +
         (never_on == 0 ? "" : "; " + grouped(never_on) + (never_on == 1 ? " is" : " are") + " never on");
}

}  // namespace tool
