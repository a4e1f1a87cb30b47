#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tool {

/// A way to fit a model into flash: weights of so many bits, of so many hidden units.
struct Plan {
  unsigned bits;
  std::size_t hidden;
};

/// Bytes of flash that a model of these sizes takes, with the tables of the runtime.
std::uint64_t planned_flash(std::size_t visible, const Plan& plan);

/// The ways worth trying: for each of these widths, the widest first, with as many units as fit, up to the
/// first with all of them; a narrower one only loses more. Empty if not even one unit fits.
std::vector<Plan> plans_within(std::uint64_t bytes, std::size_t visible, std::size_t hidden,
                               const std::vector<unsigned>& widths);

}  // namespace tool
