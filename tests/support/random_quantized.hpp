/// Random models of integers, within what the runtime can do.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

#include "tools/base/shape.hpp"
#include "tools/model/quantized_faults.hpp"
#include "tools/model/quantized_model.hpp"

namespace fixture {

/// Weights of up to about half a nat, biases of up to 2, or what comes near it in 16 bits.
inline tool::QuantizedModel random_integers(std::size_t visible, std::size_t hidden, unsigned bits,
                                            std::uint32_t seed) {
  std::mt19937 random(seed);
  tool::QuantizedModel model;
  model.bits = bits;
  model.fraction = static_cast<unsigned>(4 + random() % 11);
  model.visible = visible;
  model.hidden = hidden;
  const int half_nat = static_cast<int>(model.fraction) - 1;
  for (std::size_t i = 0; i < hidden; ++i) {
    const int shift = half_nat - static_cast<int>(bits) + static_cast<int>(random() % 3);
    model.shifts.push_back(static_cast<std::uint8_t>(std::max(0, shift)));
  }
  for (std::size_t n = 0; n < hidden * visible; ++n)
    model.codes.push_back(static_cast<std::uint8_t>(random() % (1u << bits)));
  const auto bias = [&] {
    const int most = std::min(2 << model.fraction, 32767);
    return static_cast<std::int16_t>(static_cast<int>(random() % (2u * static_cast<unsigned>(most) + 1)) -
                                     most);
  };
  for (std::size_t j = 0; j < visible; ++j) model.visible_bias.push_back(bias());
  for (std::size_t i = 0; i < hidden; ++i) model.hidden_bias.push_back(bias());
  return model;
}

/// The same as files hold them, checked.
inline tool::QuantizedModel random_quantized(std::size_t visible, std::size_t hidden, unsigned bits,
                                             std::uint32_t seed) {
  tool::QuantizedModel model = random_integers(visible, hidden, bits, seed);
  model.shape = tool::default_shape(visible);
  REQUIRE(tool::find_fault(model) == "");
  return model;
}

inline bool same(const tool::QuantizedModel& a, const tool::QuantizedModel& b) {
  return a.bits == b.bits && a.fraction == b.fraction && a.visible == b.visible && a.hidden == b.hidden &&
         a.shape.height == b.shape.height && a.shape.width == b.shape.width && a.codes == b.codes &&
         a.shifts == b.shifts && a.visible_bias == b.visible_bias && a.hidden_bias == b.hidden_bias;
}

}  // namespace fixture
