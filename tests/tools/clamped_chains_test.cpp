#include "tools/inference/clamped_chains.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "tests/support/fixtures.hpp"

namespace {

std::vector<rbm::Unit> units(const rbm::ActiveUnits& list) {
  return {list.units, list.units + list.count};
}

}  // namespace

TEST_CASE("clamped units keep the values of each chain's own state") {
  tool::ClampedChains clamped({1, 2, 5, 6});
  clamped.add(fixture::Listed(std::vector<int>{1, 0, 1, 1, 0, 1, 0}));
  clamped.add(fixture::Listed(std::vector<int>{0, 0, 0, 0, 0, 0, 0}));
  clamped.add(fixture::Listed(std::vector<int>{1, 1, 1, 1, 1, 1, 1}));
  using Units = std::vector<rbm::Unit>;
  CHECK(units(clamped[0].on) == Units{2, 5});
  CHECK(units(clamped[0].off) == Units{1, 6});
  CHECK(units(clamped[1].on).empty());
  CHECK(units(clamped[1].off) == Units{1, 2, 5, 6});
  CHECK(units(clamped[2].on) == Units{1, 2, 5, 6});
  CHECK(units(clamped[2].off).empty());
}

TEST_CASE("no clamped units are none in every chain") {
  tool::ClampedChains clamped({});
  clamped.add(fixture::Listed(std::vector<int>{1, 0, 1}));
  CHECK(clamped[0].on.count == 0);
  CHECK(clamped[0].off.count == 0);
}
