/// log Z of a small model, exactly.
///
///     Z = sum_h exp(c'h) prod_j (1 + exp(b_j + W_j' h)),   or the same over v, whichever layer is smaller
///
/// Of real visible units m = b + W'h, the sum is over h alone, and they give the factor V exp(m' Lambda m /
/// 2) (visible.hpp) with V of log_volume(); a choice gives sum_j exp(m_j).
///
///     static rbm::Memory<rbm::enumeration_bytes({64, 16})> memory;
///     rbm::Enumeration enumeration(model, memory, {64, 16});
///     rbm::enumerate(enumeration, 0, enumeration.parts);
///     float log_z = rbm::log_partition(enumeration);
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "energy.hpp"
#include "log_sum.hpp"
#include "memory.hpp"
#include "model.hpp"

namespace rbm {

/// The most units that the smaller layer may have: 2^24 states, which take some seconds on a desktop.
inline constexpr size_t most_enumerated_units = 24;

/// The enumeration of the smaller layer's states, in parts that threads can share. The parts depend on the
/// shape alone and are summed in their order, so that threads never change a result.
struct Enumeration {
  size_t units;                         ///< of the smaller layer: 2^units states
  size_t parts;                         ///< into which the states are divided
  MatrixView<float> transposed;         ///< W' [visible][hidden] where the visible layer is the smaller
  MatrixView<float> inputs;             ///< of the larger layer's units [parts][larger]
  LogSum* sums;                         ///< [parts]
  MatrixView<const float> rows;         ///< weights of the smaller layer's units [smaller][larger]
  VectorView<const float> bias;         ///< of the smaller layer
  VectorView<const float> larger_bias;  ///< of the larger layer
  ConstVisibleLayer larger_layer;       ///< kinds of its units; hidden units are binary
  size_t bytes;                         ///< taken from the arena

  /// `groups` makes room for a model with groups (visible.hpp); its hidden layer then counts as the smaller.
  constexpr Enumeration(ConstRbmView rbm, Arena arena, ModelShape shape, bool groups = false)
      : Enumeration(rbm, arena, shape, by_visible(shape, groups), groups) {}

 private:
  static constexpr bool by_visible(ModelShape shape, bool groups) {
    return !groups && shape.visible < shape.hidden;
  }

  constexpr Enumeration(ConstRbmView rbm, Arena arena, ModelShape shape, bool over_visible, bool groups)
      : units(over_visible ? shape.visible : shape.hidden),
        parts(units <= 10   ? 1
              : units <= 16 ? size_t{1} << (units - 10)
                            : 64),
        transposed(over_visible ? arena.matrix(shape.visible, shape.hidden) : MatrixView<float>{}),
        inputs(arena.matrix(parts, over_visible ? shape.hidden : shape.visible)),
        sums(arena.take<LogSum>(parts)),
        rows(over_visible ? transposed : rbm.weights),
        bias(over_visible ? rbm.visible_bias : rbm.hidden_bias),
        larger_bias(over_visible ? rbm.hidden_bias : rbm.visible_bias),
        larger_layer(over_visible ? ConstVisibleLayer{} : rbm.layer),
        bytes(arena.used) {
    RBM_ASSERT(units >= 1 && units <= most_enumerated_units);
    if (arena.base == nullptr) return;
    RBM_ASSERT(rbm.has_shape(shape) && (rbm.layer.group_count > 0) == groups);
    if (over_visible) transpose(transposed, rbm.weights, 0, shape.hidden);
  }
};

/// Bytes that an enumeration takes from its arena.
constexpr size_t enumeration_bytes(ModelShape shape, bool groups = false) {
  return Enumeration(ConstRbmView{}, Arena{}, shape, groups).bytes;
}

/// Sums the parts `begin` up to `end`. States follow a Gray code, so that each state adds or subtracts one
/// row. Every 16 states the inputs are summed afresh, which keeps rounding errors small.
inline void enumerate(Enumeration& all, size_t begin, size_t end) {
  RBM_ASSERT(end <= all.parts);
  constexpr uint32_t afresh = 16;
  const uint32_t states = (uint32_t{1} << all.units) / static_cast<uint32_t>(all.parts);
  for (size_t part = begin; part < end; ++part) {
    const VectorView<float> inputs = all.inputs.row(part);
    LogSum sum;
    float bias = 0.0f;
    const uint32_t first = static_cast<uint32_t>(part) * states;
    for (uint32_t n = first; n < first + states; ++n) {
      const uint32_t state = n ^ (n >> 1);
      if (n % afresh == 0) {
        Unit units[32];
        const ActiveUnits on{units, nullptr, list_units_on(units, &state, all.units)};
        multiply_transposed(inputs, all.larger_bias, all.rows, on);
        bias = dot(all.bias, on);
      } else {
        const size_t flipped = static_cast<size_t>(__builtin_ctz(n));
        const float sign = state >> flipped & 1 ? 1.0f : -1.0f;
        const float* const row = all.rows.row(flipped).data;
        for (size_t j = 0; j < inputs.size; ++j) inputs[j] += sign * row[j];
        bias += sign * all.bias[flipped];
      }
      sum.add(bias + visible_log_partition(all.larger_layer, inputs));
    }
    all.sums[part] = sum;
  }
}

/// log Z, nats, once all parts are summed; of real units with log_volume(). The error does not grow with the
/// number of states: it is within 2^-20 of log Z for all models of tests/library/partition_test.cpp, up to
/// 784x12 units and weights near 8.
inline float log_partition(const Enumeration& all) {
  LogSum sum;
  for (size_t part = 0; part < all.parts; ++part) sum.add(all.sums[part]);
  return sum.value() + log_volume(all.larger_layer);
}

}  // namespace rbm
