/// Sweeps over all floats: of every 1021st in `make test`, of each one in `make exhaustive`.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <thread>
#include <vector>

#include "rbm/math.hpp"

namespace sweep {

/// Whether nothing is left out.
inline bool is_whole() {
  return std::getenv("RBM_EXHAUSTIVE") != nullptr;
}

/// Calls body(part, x) for the floats with bit patterns `first` to `last`, in ascending order within each of
/// several parts, which threads work on; returns the parts from low patterns to high ones.
template <class Part, class Body>
std::vector<Part> over_floats(std::uint32_t first, std::uint32_t last, const Body& body) {
  const std::uint64_t stride = is_whole() ? 1 : 1021, count = (std::uint64_t{last} - first) / stride + 1;
  const std::uint64_t threads = is_whole() ? std::thread::hardware_concurrency() + 1 : 1;
  std::vector<Part> parts(threads);
  std::vector<std::thread> workers;
  for (std::uint64_t t = 0; t < threads; ++t)
    workers.emplace_back([&, t] {
      Part part{};
      for (std::uint64_t n = count * t / threads; n < count * (t + 1) / threads; ++n)
        body(part, rbm::from_bits(static_cast<std::uint32_t>(first + n * stride)));
      parts[t] = part;
    });
  for (std::thread& worker : workers) worker.join();
  return parts;
}

}  // namespace sweep
