#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tool {

/// A way to fit a model into flash: the bits of a weight, and the number of hidden units.
struct Plan {
  unsigned bits;
  std::size_t hidden;
};

/// Bytes of flash that such a model takes, with the tables of the runtime.
std::uint64_t planned_flash(std::size_t visible, const Plan& plan);

/// The plans worth trying: for each of these widths, the widest first, as many hidden units as fit. The first
/// plan that keeps all units is the last, since a narrower one only loses more. Empty if not even one unit
/// fits.
std::vector<Plan> plans_within(std::uint64_t bytes, std::size_t visible, std::size_t hidden,
                               const std::vector<unsigned>& widths);

}  // namespace tool
