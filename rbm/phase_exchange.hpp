/// What memories exchange of both phases of a batch: p(h | v) as numbers of 16 bits, and losses.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "matrix.hpp"
#include "parallel.hpp"
#include "phases.hpp"

namespace rbm {

namespace detail {

/// p(h | v) as the gradient has it: in steps of 2^-15, which fit 16 bits, times `sign`. Between processes
/// numbers of 16 bits travel; that it costs nothing is measured in tools/bench/README.md. The sum of a float
/// and 256 has no smaller step.
inline void round_probabilities(MatrixView<float> p, float sign) {
  for (size_t n = 0; n < p.rows; ++n) {
    float* const row = p.row(n).data;
    for (size_t i = 0; i < p.columns; ++i) row[i] = sign * ((row[i] + 256.0f) - 256.0f);
  }
}

/// Exchanges what the gradient and the report need of others: p(h | v) of both phases as the numbers of 16
/// bits that round_probabilities() made them, and the losses of granules.
template <class Parallel>
void exchange_results(const Phases& phases, size_t samples, VectorView<float> reconstruction,
                      Parallel& parallel) {
  const size_t hidden = phases.hidden.capacity;
  if (phases.packed_probabilities.rows == 0) return;
  const Share own = parallel.here(granules(hidden)).units(hidden);
  // body(row of 16 bits, row of floats, sign) of all samples' rows in both phases.
  const auto for_each_row = [&](const auto& body) {
    parallel.in_each_memory(samples, [&](size_t begin, size_t end) {
      for (size_t n = begin; n < end; ++n)
        for (size_t phase = 0; phase < 2; ++phase)
          body(phases.packed_probabilities.row(2 * n + phase),
               phases.hidden_probabilities.row(n + phase * phases.batch()), phase == 0 ? 1.0f : -1.0f);
    });
  };
  for_each_row([&](VectorView<uint16_t> packed, VectorView<float> p, float sign) {
    for (size_t i = own.begin; i < own.end; ++i) packed[i] = static_cast<uint16_t>(sign * p[i] * 0x1p15f);
  });
  parallel.exchange(Parts::of(phases.packed_probabilities.part(0, 2 * samples)),
                    Parts::of(phases.hidden_loss), Parts::of(reconstruction));
  for_each_row([&](VectorView<uint16_t> packed, VectorView<float> p, float sign) {
    const auto unpack = [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) p[i] = sign * 0x1p-15f * static_cast<float>(packed[i]);
    };
    unpack(0, own.begin);
    unpack(own.end, hidden);
    for (size_t i = hidden; i < p.size; ++i) p[i] = 0.0f;  // padding, which others computed
  });
}

}  // namespace detail

}  // namespace rbm
