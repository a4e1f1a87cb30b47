/// One of the two online learners, chosen by FLOATS, on the digits that ship with the project.
#pragma once

#include "rbm/fixed_point_online.hpp"
#include "rbm/online.hpp"
#include "rbm/partition.hpp"

namespace bench {

constexpr size_t visible = 64, hidden = 24, trained = 1500, columns = visible + 1, white = 16;
/// Greys 0 to 16 of a picture, then the digit it shows.
inline constexpr unsigned char digits[] = {
#include "digits.inc"
};
constexpr size_t pictures = sizeof digits / columns;

#ifdef FLOATS
using Model = rbm::Rbm<visible, hidden>;
using Online = rbm::Online;
using Intensity = float;
using Loss = float;
constexpr size_t bytes = rbm::online_bytes({visible, hidden});
constexpr Intensity intensity(unsigned grey) {
  return static_cast<float>(grey) / white;
}
using Options = rbm::OnlineOptions;
constexpr Options with(float rate, uint64_t seed) {
  return {rate, rbm::VisibleUnits::sampled, 1, seed};
}
#else
using Model = rbm::FixedPointRbm<visible, hidden>;
using Online = rbm::FixedPointOnline;
using Intensity = uint8_t;
using Loss = int32_t;
constexpr size_t bytes = rbm::fixed_point_online_bytes({visible, hidden});
constexpr Intensity intensity(unsigned grey) {
  return static_cast<uint8_t>((255 * grey + white / 2) / white);
}
using Options = rbm::FixedPointOnlineOptions;
constexpr Options with(float rate, uint64_t seed) {
  return {static_cast<uint16_t>(rate * 65536 + 0.5f), rbm::VisibleUnits::sampled, 1, seed};
}
#endif

/// A picture as its learner takes it.
struct Picture {
  Intensity values[visible] = {};

  constexpr Picture() = default;
  constexpr explicit Picture(size_t number) {
    for (size_t j = 0; j < visible; ++j) values[j] = intensity(digits[number * columns + j]);
  }
  operator rbm::VectorView<const Intensity>() const { return {values, visible}; }
};

}  // namespace bench
