#include "rbm/quantized_layer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

TEST_CASE("scales of 11 bits cover deviations from a part of a step to the whole range") {
  for (const unsigned fraction : {3u, 7u})
    for (int n = -39; n < 130; ++n) {  // 1/16 to some 8,000 steps
      const auto deviation = static_cast<float>(std::pow(1.072, n));
      const std::uint16_t scale = rbm::detail::round_scale(deviation, fraction);
      const float made = rbm::state_step(scale) * static_cast<float>(1u << fraction);
      CHECK((scale >> 5) >= 1024);
      CHECK(std::abs(made - deviation) < deviation / 2047);
    }
}

TEST_CASE("a deviation far beyond the range of a sensor is the largest one, and a part of a step the least") {
  CHECK(rbm::state_step(rbm::detail::round_scale(1e9f, 7)) == 1024);  // 2^20 / 2^10
  CHECK(rbm::state_step(rbm::detail::round_scale(1e-6f, 7)) == 1 / 2047.0f);
}

TEST_CASE("a factor has the finest levels that clip none, up to 2^-12") {
  for (const float largest :
       {0.0f, 1e-4f, 0.0155f, 0.0157f, 0.9f, 127.3f / 64, 1.0f, 20.0f, 127.4f, 4000.0f}) {
    CAPTURE(largest);
    const std::vector<float> loadings{largest, -largest, largest / 3, 0};
    std::uint8_t codes[4] = {};
    std::uint16_t gains[3] = {};
    rbm::QuantizedLayerView view;
    view.factors = 1;
    view.codes = codes;
    view.gains = gains;
    rbm::detail::round_factor(view, {loadings.data(), 4}, 0);
    const unsigned fraction = rbm::level_fraction(view, 0);
    CHECK(fraction <= 12);
    const double level = std::ldexp(1.0, -static_cast<int>(fraction));
    double squares = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const double made = (codes[j] - 128) * level;
      const double bounded = std::clamp(static_cast<double>(loadings[j]), -127 * level, 127 * level);
      CHECK(std::abs(made - bounded) <= level / 2);
      squares += made * made;
    }
    // The next finer levels would clip, or are none.
    CHECK((fraction == 12 || 2 * static_cast<double>(largest) >= 127.5 * level));
    CHECK((fraction == 0 || static_cast<double>(largest) < 127.5 * level));
    // The deviation of a factor given its readings, of 16 bits: 1 where it has no loadings.
    CHECK(std::abs(gains[2] - 65536 / std::sqrt(1 + squares)) <= 1);
  }
}

TEST_CASE("steps of states grow until states reach as far as readings may, and offsets end with the sensor") {
  // Of so many units a state has at most 65535 / 10 steps.
  constexpr std::size_t units = 100;
  const rbm::VisibleGroup group{rbm::VisibleKind::real, 0, units};
  // 12 sqrt(1 + L^2), and what hidden units add, of which 32 count.
  const struct {
    float loading, weight;
    unsigned fraction;
  } cases[] = {{0, 0, 7}, {0, 100, 7}, {4, 0, 7},  {5, 0, 6},
               {4, 3, 6}, {6, 100, 5}, {30, 0, 4}, {1000, 0, 3}};
  for (const auto& at : cases) {
    CAPTURE(at.loading);
    CAPTURE(at.weight);
    std::vector<float> weights(units, at.weight), bias(units), hidden_bias(1), scale(units, 2.0f),
        offset(units), loadings(units), steps(units, 0.5f), origin(units);
    loadings[7] = at.loading;
    offset[0] = 1e6f;
    offset[1] = -1e6f;
    offset[2] = 30.2f;
    bias[2] = 0.1f;
    std::vector<std::int16_t> offsets(units);
    std::vector<std::uint16_t> scales(units), gains(3);
    std::vector<std::uint8_t> codes(units);
    rbm::QuantizedLayerView view{
        0, 0, 1, steps.data(), offsets.data(), scales.data(), codes.data(), gains.data(), origin.data()};
    rbm::round_layer(
        view,
        rbm::RbmView{
            {weights.data(), 1, units, units},
            {bias.data(), units},
            {hidden_bias.data(), 1},
            {&group, 1, {offset.data(), units}, {scale.data(), units}, {loadings.data(), 1, units, units}}});
    CHECK(view.limit == 6553);
    CHECK(view.state_fraction == at.fraction);
    const double wanted = 12 * std::sqrt(1.0 + static_cast<double>(at.loading * at.loading)) +
                          std::fmin(static_cast<double>(at.weight), 32);
    CHECK((at.fraction == 3 || std::ldexp(6554.0, -static_cast<int>(at.fraction)) > wanted));
    CHECK((at.fraction == 7 || std::ldexp(6553.0, -static_cast<int>(at.fraction) - 1) < wanted + 1));
    CHECK(offsets[0] == 32767);
    CHECK(offsets[1] == -32767);
    CHECK(offsets[2] == 61);  // (30.2 + 0.1 * 2) / 0.5
  }
}

TEST_CASE("states are as large as 32 bits allow") {
  CHECK(rbm::most_state_for(1) == 16383);
  CHECK(rbm::most_state_for(64) == 8191);
  for (const std::size_t units : {std::size_t{17}, std::size_t{784}, std::size_t{65535}}) {
    const std::uint64_t most = rbm::most_state_for(units);
    CHECK(most * most * units <= 0xffffffffu - 65536);
    CHECK((most + 1) * (most + 1) * units > 65535ull * 65535);
    CHECK(most * units * 128 < (1ull << 31));
  }
}
