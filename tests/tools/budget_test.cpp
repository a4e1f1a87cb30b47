// What fits into so much flash.
#include "tools/quantization/budget.hpp"

#include <doctest/doctest.h>

#include "tests/support/random_quantized.hpp"

namespace {

const std::vector<unsigned> all{8, 4, 2, 1};

}  // namespace

TEST_CASE("planned flash is what a model's tables take") {
  for (const unsigned bits : {8u, 4u, 2u, 1u})
    for (const std::size_t visible : {1u, 7u, 8u, 33u, 64u, 101u})
      for (const std::size_t hidden : {1u, 2u, 31u}) {
        const tool::QuantizedModel model = fixture::random_quantized(visible, hidden, bits, 1);
        const tool::PackedModel packed(model);
        // Rows of whole words, a shift a row, biases of 2 bytes, the runtime's two tables of 190.
        const std::size_t words = (visible * bits + 31) / 32;
        const std::size_t bytes = hidden * (4 * words + 1) + 2 * (visible + hidden) + 2 * 2 * 190;
        CHECK(tool::planned_flash(visible, {bits, hidden}) == bytes);
        CHECK(tool::flash_bytes(model) + tool::shared_flash_bytes == bytes);
      }
}

TEST_CASE("plans have as many units as fit, and one byte less holds one less") {
  constexpr std::size_t visible = 50, hidden = 40;
  for (const unsigned bits : {8u, 4u, 2u, 1u})
    for (const std::size_t units : {1u, 2u, 17u, 39u, 40u}) {
      const auto units_within = [&](std::uint64_t bytes) -> std::size_t {
        for (const tool::Plan& plan : tool::plans_within(bytes, visible, hidden, all))
          if (plan.bits == bits) return plan.hidden;
        return 0;
      };
      const std::uint64_t bytes = tool::planned_flash(visible, {bits, units});
      CAPTURE(bits);
      CAPTURE(units);
      // A narrow width is not tried where a wider one holds all.
      CHECK(units_within(bytes) == units);
      CHECK(units_within(bytes - 1) == units - 1);
    }
}

TEST_CASE("every plan fits; widths that only lose are left out; nothing may fit") {
  constexpr std::size_t visible = 64, hidden = 32;
  for (std::uint64_t bytes = 0; bytes < 4000; bytes += 7) {
    const std::vector<tool::Plan> plans = tool::plans_within(bytes, visible, hidden, all);
    for (std::size_t n = 0; n < plans.size(); ++n) {
      CHECK(tool::planned_flash(visible, plans[n]) <= bytes);
      CHECK(plans[n].hidden >= 1);
      CHECK(plans[n].hidden <= hidden);
      if (n > 0) CHECK(plans[n].bits < plans[n - 1].bits);
      if (n > 0) CHECK(plans[n - 1].hidden < hidden);
    }
    CHECK(plans.empty() == (bytes < tool::planned_flash(visible, {1, 1})));
  }
  CHECK(tool::plans_within(~std::uint64_t{0}, visible, hidden, all).size() == 1);
  CHECK(tool::plans_within(~std::uint64_t{0}, 65535, 65535, all).front().hidden == 65535);
  // One width alone is tried however much fits.
  const std::vector<tool::Plan> narrow = tool::plans_within(1000000, visible, hidden, {2});
  REQUIRE(narrow.size() == 1);
  CHECK(narrow[0].bits == 2);
  CHECK(narrow[0].hidden == hidden);
}
