#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tool {

/// What the hidden units do over some examples: the mean and the range of p(h = 1 | v) of each.
class HiddenActivity {
 public:
  HiddenActivity(std::size_t hidden, std::size_t examples);

  /// Takes in an example: p(h = 1 | v), [hidden].
  void add(const float* probabilities);

  /// [hidden]
  const std::vector<float>& means() const { return means_; }

  /// Units whose probability differs by less than 0.01 between the examples: they tell nothing of them. None
  /// if there is one example only.
  std::size_t constant() const;

  /// A line about constant units, and those of them that are never on (`what` is "hidden unit" or "feature");
  /// empty where there are none. Where all are constant beside factors the model is one Gaussian, which is
  /// all that some data need.
  std::string note(const std::string& what, std::size_t factors) const;

 private:
  bool is_constant(std::size_t i) const;

  std::size_t examples_;
  std::vector<float> means_, least_, most_;
};

}  // namespace tool
