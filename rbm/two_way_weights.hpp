/// Weights in both orders, so that each of the two products adds rows. Training and annealing use them where
/// memory allows a second copy of W.
#pragma once

#include <stddef.h>

#include "memory.hpp"
#include "model.hpp"
#include "parallel.hpp"

namespace rbm {

/// A model with a transposed copy of its weights. Columns of the copy are padded to whole vector registers,
/// and the padding is 0.
///
/// Of several memories (parallel.hpp) each keeps what its products need: W' of its own hidden units, W of its
/// own visible units, and all weights of labels, whose exact probabilities it computes by itself.
struct TwoWayWeights {
  ConstRbmView rbm;                  ///< W [hidden][visible], b, c; of several memories W may be null
  Share hidden, visible;             ///< the own units
  PanelView<float> transposed;       ///< W' [visible][own hidden, padded]
  PanelView<float> label_panels[2];  ///< W' [labels] of the hidden units before and behind the own ones
  MatrixView<float> own_columns;     ///< W [hidden][own visible] of one of several memories, else of size 0
  VectorView<float> hidden_bias;     ///< c [hidden, padded]

  /// Takes room for the copies from `arena`, and fills it where the arena has storage; with `loads` false,
  /// load() is still to be called. Labels are the last visible units.
  constexpr TwoWayWeights(ConstRbmView model, Arena& arena, ModelShape shape, const OwnUnits& own = {},
                          size_t label_count = 0, bool loads = true)
      : rbm(model),
        hidden(own.own_hidden(shape.hidden)),
        visible(own.own_visible(shape.visible)),
        transposed(arena.panels(shape.visible, hidden.begin, end_of(hidden, shape.hidden))),
        label_panels{arena.panels(label_count, 0, hidden.begin),
                     arena.panels(label_count, transposed.end, padded(shape.hidden))},
        own_columns(arena.matrix(own.several ? shape.hidden : 0, visible.end - visible.begin)),
        hidden_bias(arena.vector(padded(shape.hidden))) {
    RBM_ASSERT(shape.is_valid());
    if (arena.base == nullptr) return;
    RBM_ASSERT(model.has_shape(shape));
    if (loads) load();
  }

  /// Refreshes the copies after the model was changed from outside; makes them 0 where W is null. Workers
  /// write first what they own: a system of several memories gives them pages that are near.
  template <class Parallel = Serial>
  void load(Parallel&& parallel = {}) const {
    parallel(granules(rbm.hidden()), [&](size_t first, size_t last) {
      const Share units = Share{first, last}.units(rbm.hidden());
      transposed.clear(units.begin, padded(units.end));
      if (rbm.weights.data != nullptr) load(transposed, 0, units);
    });
    for (const PanelView<float>& panels : label_panels) {
      panels.clear(panels.begin, panels.end);
      if (rbm.weights.data != nullptr) load(panels, first_label(), {0, rbm.hidden()});
    }
    for (size_t i = 0; i < hidden_bias.size; ++i) hidden_bias[i] = 0.0f;
    for (size_t i = 0; i < rbm.hidden(); ++i) hidden_bias[i] = rbm.hidden_bias[i];
    parallel(own_columns.rows == 0 ? 0 : granules(rbm.visible()), [&](size_t first, size_t last) {
      const Share units = Share{first, last}.units(rbm.visible()).within(visible);
      for (size_t i = 0; i < own_columns.rows; ++i)
        for (size_t j = units.begin; j < units.end; ++j)
          own_columns.row(i)[j - visible.begin] = rbm.weights.data != nullptr ? rbm.weights.row(i)[j] : 0.0f;
    });
  }

  /// The first visible unit that is a label.
  size_t first_label() const { return rbm.visible() - label_panels[0].rows; }

 private:
  // Who owns the last unit owns the padding behind it.
  static constexpr size_t end_of(Share own, size_t units) {
    return own.size() > 0 && own.end == units ? padded(units) : own.end;
  }
  // Of the visible units from `first` on.
  void load(const PanelView<float>& panels, size_t first, Share hidden_units) const {
    panels.for_each_panel(
        hidden_units.begin, hidden_units.end, [&](const MatrixView<float>& part, size_t unit) {
          transpose(part, rbm.weights.part(unit, unit + part.columns).columns_from(first, rbm.visible()), 0,
                    part.columns);
        });
  }
};

/// W of these visible units, which are own ones [hidden][units]. `rbm` is the model of the weights.
template <class T>
MatrixView<T> columns_of(const BasicRbmView<T>& rbm, const TwoWayWeights& weights, Share units) {
  if (weights.own_columns.rows == 0) return rbm.weights.columns_from(units.begin, units.end);
  return weights.own_columns.columns_from(units.begin - weights.visible.begin,
                                          units.end - weights.visible.begin);
}

/// Adds the weights between a visible unit and all hidden units to `inputs` [hidden]. In one of several
/// memories the unit is a label.
inline void add_unit(VectorView<float> inputs, const TwoWayWeights& weights, size_t unit) {
  const auto add = [&](const PanelView<float>& panels, size_t row) {
    panels.for_each_panel(0, inputs.size, [&](const MatrixView<float>& part, size_t column) {
      const VectorView<float> to = inputs.part(column, column + part.columns), from = part.row(row);
      for (size_t i = 0; i < to.size; ++i) to[i] += from[i];
    });
  };
  add(weights.transposed, unit);
  for (const PanelView<float>& panels : weights.label_panels) add(panels, unit - weights.first_label());
}

/// Writes c + W v of the states `begin` up to `end` into the rows of `out` [states][hidden, padded].
inline void hidden_inputs(MatrixView<float> out, const TwoWayWeights& weights, const UnitLists& visible,
                          size_t begin, size_t end) {
  multiply_transposed(out, weights.hidden_bias, weights.transposed, visible, begin, end, 0, out.columns);
}

}  // namespace rbm
