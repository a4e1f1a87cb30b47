#pragma once

#include <cstddef>
#include <functional>

#include "platform/desktop/team.hpp"
#include "rbm/trainer_memory.hpp"

// Several ranks keep the weights of their own units alone (rbm/two_way_weights.hpp), and the optimizer's
// arrays for these. The first rank has them whole where a model or a checkpoint is read or written.

namespace tool {

/// Weights whole, or an optimizer's array for them.
struct WholeWeights {
  std::size_t visible, hidden;
  const float* values;  ///< on all ranks but the first it is not looked at
  bool by_visible;  ///< [visible][hidden], as a checkpoint has the optimizer's arrays; else [hidden][visible]
};

/// What a rank keeps of them.
struct KeptWeights {
  rbm::PanelView<float> panels;              ///< [visible][own hidden, padded]
  const rbm::PanelView<float> (&labels)[2];  ///< [labels] of other hidden units
  rbm::MatrixView<float> columns;  ///< [hidden][own visible], or without the rows of own hidden units
};

/// What a trainer keeps of weights, and of the optimizer's array `slot` for them.
template <class Optimizer>
KeptWeights kept_weights(const rbm::Trainer<Optimizer>& trainer) {
  return {trainer.weights.transposed, trainer.weights.label_panels, trainer.weights.own_columns};
}
template <class Optimizer>
KeptWeights kept_slot(const rbm::Trainer<Optimizer>& trainer, std::size_t slot) {
  return {trainer.weight_slots[slot], trainer.label_slots[slot], trainer.column_slots[slot]};
}

/// Each rank gets of the first one's weights what it keeps. All ranks of the team call it, as they call
/// collect().
void deal(platform::Team& team, const WholeWeights& from, const KeptWeights& to);

/// Takes some rows [visible][hidden] of weights, from row `top` on.
using RowSink = std::function<void(std::size_t top, const rbm::MatrixView<const float>& rows)>;

/// The first rank gets all of them, in order; on the others, `take` is not called.
void collect(platform::Team& team, const KeptWeights& from, std::size_t hidden, const RowSink& take);

}  // namespace tool
