/// Gradients and updates, one tile of parameters at a time. The gradient of a batch is summed in registers;
/// each parameter and its optimizer's arrays are read and written once.
#pragma once

#include <stddef.h>

#include "block.hpp"
#include "centring.hpp"
#include "gradient.hpp"
#include "matrix.hpp"

namespace rbm {

namespace detail {

/// Parameters with the optimizer's arrays for them; a bias is a matrix of one row.
template <class Optimizer>
struct Parameters {
  MatrixView<float> values;
  MatrixView<float> slot_views[Optimizer::slot_count];
};

/// Writes the gradient of the block's columns of W' for the visible units `top` up to `bottom`,
/// [tile][columns]: `mean` times the sum of the rows of hidden probabilities in which the unit is on, centred
/// unless `centring` is null. Labels have rows of their own of `label_samples` samples.
template <class Columns>
void write_gradient(float* RBM_RESTRICT gradient, MatrixView<const float> hidden, const UnitLists& samples_on,
                    const Centring* centring, const LabelGradient& labels, size_t label_samples,
                    size_t column, size_t top, size_t bottom, float mean) {
  using Lane = typename Columns::Register;
  for (size_t j = top; j < bottom; ++j, gradient += Columns::columns) {
    Columns block;
    block.add_rows(hidden.data + column, hidden.stride, samples_on.row(j));
    if (j >= labels.labels.begin && j < labels.labels.end)
      add_label_rows(block, labels, column, j - labels.labels.begin, label_samples);
    block.scale(mean);
    for (unsigned r = 0; centring != nullptr && r < Columns::registers; ++r) {
      const size_t at = column + r * Columns::lanes;
      block.sum[r] -= centring->visible_difference[j] * load_lanes<Lane>(centring->hidden_offset.data + at) +
                      centring->visible_offset[j] * load_lanes<Lane>(centring->hidden_difference.data + at);
    }
    block.store(gradient);
  }
}

/// Updates the block's columns of the rows `top` up to `bottom` by their gradient, [rows][stride]. The
/// update is apart from the sums of the gradient, because both are long chains of operations and delay each
/// other: Adam was a sixth slower with both in one loop over rows. The optimizer and its counters come by
/// value, so that they stay in registers.
template <class Columns, class Optimizer>
void update_tile(Optimizer optimizer, typename Optimizer::Counters counters, Parameters<Optimizer> parameters,
                 const float* RBM_RESTRICT gradient, size_t stride, size_t column, size_t top, size_t bottom,
                 float decay) {
  using Lane = typename Columns::Register;
  for (size_t j = top; j < bottom; ++j, gradient += stride)
    for (size_t at = 0; at < Columns::columns; at += Columns::lanes) {
      float* const value = parameters.values.row(j).data + column + at;
      float* array[Optimizer::slot_count];
      Lane slot[Optimizer::slot_count];
      for (size_t s = 0; s < Optimizer::slot_count; ++s) {
        array[s] = parameters.slot_views[s].row(j).data + column + at;
        slot[s] = load_lanes<Lane>(array[s]);
      }
      const Lane updated =
          optimizer.update(counters, load_lanes<Lane>(value), load_lanes<Lane>(gradient + at), slot, decay);
      __builtin_memcpy(value, &updated, sizeof updated);
      for (size_t s = 0; s < Optimizer::slot_count; ++s) __builtin_memcpy(array[s], &slot[s], sizeof slot[s]);
    }
}

/// The gradient of the bias of visible unit j, which is on in the rows `on`.
inline float visible_bias_gradient(const Phases& phases, const Centring* centring, ActiveUnits on, size_t j,
                                   float mean) {
  if (centring == nullptr) {
    const size_t of_data = units_below(on, phases.batch());
    return (sum_values(on.part(0, of_data)) - sum_values(on.part(of_data, on.count))) * mean;
  }
  return mean * dot(centring->visible_factors, on) + centring->visible_offset[j] * centring->visible_share;
}

}  // namespace detail

}  // namespace rbm
