#include "tools/inference/hidden_activity.hpp"

#include <doctest/doctest.h>

namespace {

tool::HiddenActivity activity(const std::vector<std::vector<float>>& examples) {
  tool::HiddenActivity activity(examples[0].size(), examples.size());
  for (const std::vector<float>& probabilities : examples) activity.add(probabilities.data());
  return activity;
}

}  // namespace

TEST_CASE("hidden units that tell nothing are counted: they hardly differ between examples") {
  const auto some = activity({{0.25f, 0, 0.9921875f, 0.5f}, {0.75f, 0.0078125f, 1, 0.5f}});
  CHECK(some.means() == std::vector<float>{0.5f, 0.00390625f, 0.99609375f, 0.5f});
  CHECK(some.constant() == 3);
  CHECK(some.note("feature", 0) ==
        "3 of 4 features tell nothing: p(h = 1 | v) differs by less than 0.01 between 2 examples; 1 is never "
        "on");
  CHECK(activity({{0.25f, 0.6f}, {0.75f, 0.6f}}).note("hidden unit", 3) ==
        "1 of 2 hidden units tells nothing: p(h = 1 | v) differs by less than 0.01 between 2 examples");
  CHECK(activity({{0.2f}, {0.22f}}).note("feature", 1).empty());
  CHECK(activity({{0.2f}}).constant() == 0);
}

TEST_CASE("where all hidden units are constant beside factors, that is no fault") {
  const auto all = activity({{0.5f, 0.001f}, {0.5f, 0.002f}});
  CHECK(all.note("hidden unit", 4) ==
        "one Gaussian with 4 factors explains the data, and 2 hidden units add nothing to it: p(h = 1 | v) "
        "differs by less than 0.01 between 2 examples");
  CHECK(all.note("feature", 0) ==
        "2 of 2 features tell nothing: p(h = 1 | v) differs by less than 0.01 between 2 examples; 1 is never "
        "on");
}
