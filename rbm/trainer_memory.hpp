/// A model in training, and the memory that it takes: what a trainer keeps from batch to batch, and what the
/// work on one batch needs.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "centring.hpp"
#include "memory.hpp"
#include "model.hpp"
#include "optimizer.hpp"
#include "phases.hpp"
#include "scales.hpp"
#include "two_way_weights.hpp"

namespace rbm {

/// A model in training. Learning works on the transposed copy of W: a visible unit that is on adds one row of
/// it, and the gradient touches each row once a batch. The model's own W is refreshed from the copy at the
/// end of each batch; in one of several memories it is not used, and its data may be null.
template <class Optimizer>
struct Trainer {
  RbmView rbm;
  TrainOptions options;  ///< may change between batches; sparsity starts at the constructor's target
  Optimizer optimizer;   ///< its rates may change too
  typename Optimizer::Counters counters;
  uint64_t step;  ///< batches trained

  TwoWayWeights weights;
  PanelView<float> weight_slots[Optimizer::slot_count];    ///< the optimizer's arrays, as weights.transposed
  PanelView<float> label_slots[Optimizer::slot_count][2];  ///< as weights.label_panels
  MatrixView<float> column_slots[Optimizer::slot_count];  ///< of one of several memories, as W of own visible
                                                          ///< units, without rows of own hidden units
  VectorView<float> visible_slots[Optimizer::slot_count];  ///< as b
  VectorView<float> hidden_slots[Optimizer::slot_count];   ///< as c, padded
  Phases phases;
  UnitList all_rows;    ///< as phases.samples_on, for a unit that is always on; without the rows of labels
  UnitList label_rows;  ///< the rows of labels
  Centring centring;
  ScaleLearning scales;
  MatrixView<float> scale_slots[Optimizer::slot_count];  ///< [1 + factors][visible] where scales are learned
  VectorView<float> activity;  ///< moving means of p(h | v0), for the sparsity target, padded
  size_t bytes;                ///< taken from the arena

  /// Begins training `target` from its present parameters, with the optimizer's arrays at 0; with `begins`
  /// false, begin() is still to be called. Call weights.load() after you change the parameters from outside.
  constexpr Trainer(RbmView target, Arena arena, TrainerShape shape, const TrainOptions& chosen_options = {},
                    const Optimizer& chosen_optimizer = {}, bool begins = true)
      : rbm(target),
        options(chosen_options),
        optimizer(chosen_optimizer),
        counters{},
        step(0),
        weights(target, arena, shape.model(), shape.own, shape.labels.size(), false),
        weight_slots{},
        label_slots{},
        column_slots{},
        visible_slots{},
        hidden_slots{},
        phases(arena, shape),
        all_rows(arena.list(2 * shape.batch)),
        label_rows(arena.list((shape.row_blocks() - 2) * shape.batch)),
        centring(arena, shape),
        scales(arena, shape),
        scale_slots{},
        activity(arena.vector(padded(shape.hidden))),
        bytes(0) {
    for (size_t s = 0; s < Optimizer::slot_count; ++s) {
      const auto like = [&](const PanelView<float>& panels) {
        return arena.panels(panels.rows, panels.begin, panels.end);
      };
      weight_slots[s] = like(weights.transposed);
      for (size_t n = 0; n < 2; ++n) label_slots[s][n] = like(weights.label_panels[n]);
      column_slots[s] =
          arena.matrix(shape.own.several ? shape.hidden - weights.hidden.size() : 0, weights.visible.size());
      visible_slots[s] = arena.vector(shape.visible);
      hidden_slots[s] = arena.vector(padded(shape.hidden));
      scale_slots[s] = arena.matrix(scales.change.rows, shape.visible);
    }
    RBM_ASSERT(shape.batch >= 1 && shape.batch <= most_samples &&
               shape.row_blocks() * shape.batch <= most_units);
    RBM_ASSERT(RBM_REAL_UNITS || shape.labels.size() == 0);
    bytes = arena.used;
    if (arena.base == nullptr) return;
    RBM_ASSERT(shape.labels.size() == 0 || ends_with(rbm.layer, shape.labels));
    if (begins) begin();
  }

  /// Loads the weights, and makes 0 what learning begins with at 0. Workers write first what they own
  /// (TwoWayWeights::load).
  template <class Parallel = Serial>
  void begin(Parallel&& parallel = {}) {
    weights.load(parallel);
    const size_t visible = rbm.visible(), hidden = rbm.hidden();
    for (size_t s = 0; s < Optimizer::slot_count; ++s) {
      parallel(granules(hidden), [&](size_t first, size_t last) {
        const Share units = Share{first, last}.units(hidden);
        weight_slots[s].clear(units.begin, padded(units.end));
      });
      for (const PanelView<float>& panels : label_slots[s]) panels.clear(panels.begin, panels.end);
      parallel(column_slots[s].rows == 0 ? 0 : granules(visible), [&](size_t first, size_t last) {
        const Share units = Share{first, last}.units(visible).within(weights.visible);
        for (size_t row = 0; row < column_slots[s].rows; ++row)
          fill(column_slots[s].row(row).data + (units.begin - weights.visible.begin), units.size(), 0.0f);
      });
      fill(visible_slots[s].data, visible_slots[s].size, 0.0f);
      fill(hidden_slots[s].data, hidden_slots[s].size, 0.0f);
      fill(scale_slots[s].data, scale_slots[s].rows * scale_slots[s].stride, 0.0f);
    }
    start_chains(phases);
    start_centring(centring, rbm);
    RBM_ASSERT(rbm.layer.has_real() || !scales.is_on());
    start_scales(scales, rbm, options.least_scale);
    // Mean activities start at their target, because no data has been seen yet.
    fill(activity.data, activity.size, options.sparsity_target);
  }

 private:
  static void fill(float* values, size_t count, float value) {
    for (size_t n = 0; n < count; ++n) values[n] = value;
  }
};

/// Bytes that a trainer takes from its arena.
template <class Optimizer>
constexpr size_t trainer_bytes(TrainerShape shape) {
  return Trainer<Optimizer>(RbmView{}, Arena{}, shape).bytes;
}

}  // namespace rbm
