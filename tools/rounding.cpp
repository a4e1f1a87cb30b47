#include "rounding.hpp"

#include <algorithm>
#include <cmath>

namespace tool {
namespace {

float largest_of(const float* values, std::size_t count) {
  float largest = 0;
  for (std::size_t n = 0; n < count; ++n) largest = std::max(largest, std::fabs(values[n]));
  return largest;
}

std::int16_t bias_in_steps(float bias, float step) {
  return static_cast<std::int16_t>(std::clamp(std::nearbyint(bias / step), -32768.0f, 32767.0f));
}

}  // namespace

QuantizedModel rounded(const Model& model, unsigned bits) {
  QuantizedModel out;
  out.bits = bits;
  out.visible = model.visible;
  out.hidden = model.hidden;
  out.shape = model.shape;
  const float largest_bias = std::max(largest_of(model.visible_bias.data(), model.visible),
                                      largest_of(model.hidden_bias.data(), model.hidden));
  out.fraction = 11;
  while (out.fraction > 4 && std::ldexp(largest_bias, static_cast<int>(out.fraction)) > 32767) --out.fraction;
  const float step = std::ldexp(1.0f, -static_cast<int>(out.fraction));
  const float most = static_cast<float>(1u << (bits - 1));
  unsigned highest = 1;
  for (std::size_t i = 0; i < model.hidden; ++i) {
    const float largest = largest_of(model.weights.data() + i * model.visible, model.visible) / step;
    unsigned shift = 1;
    while (shift < 22 && std::ldexp(most, static_cast<int>(shift)) < largest) ++shift;
    out.shifts.push_back(static_cast<std::uint8_t>(shift));
    highest = std::max(highest, shift);
  }
  for (std::size_t i = 0; i < model.hidden; ++i) {
    unsigned shift = std::max<unsigned>(out.shifts[i], highest < 8 ? 1 : highest - 7);
    out.shifts[i] = static_cast<std::uint8_t>(shift);
    for (std::size_t j = 0; j < model.visible; ++j) {
      const float units =
          std::ldexp(model.weights[i * model.visible + j] / step, 1 - static_cast<int>(shift));
      const float code = std::nearbyint((units + static_cast<float>(bits == 1 ? 1u : 1u << bits)) / 2);
      out.codes.push_back(
          static_cast<std::uint8_t>(std::clamp(code, 0.0f, static_cast<float>((1u << bits) - 1))));
    }
  }
  for (const float bias : model.visible_bias) out.visible_bias.push_back(bias_in_steps(bias, step));
  for (const float bias : model.hidden_bias) out.hidden_bias.push_back(bias_in_steps(bias, step));
  return out;
}

}  // namespace tool
