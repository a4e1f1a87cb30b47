/// Weights in both orders, so that each of the two products adds rows. Training and annealing use them where
/// memory allows a second copy of W.
#pragma once

#include <stddef.h>

#include "memory.hpp"
#include "model.hpp"

namespace rbm {

/// A model with a transposed copy of its weights. Columns of the copies are padded to whole vector registers,
/// and the padding is 0.
struct TwoWayWeights {
  ConstRbmView rbm;               ///< W [hidden][visible], b, c
  MatrixView<float> transposed;   ///< W' [visible][hidden, padded]
  VectorView<float> hidden_bias;  ///< c [hidden, padded]

  /// Takes room for the copies from `arena`, and fills it where the arena has storage.
  constexpr TwoWayWeights(ConstRbmView model, Arena& arena, ModelShape shape)
      : rbm(model),
        transposed(arena.matrix(shape.visible, padded(shape.hidden))),
        hidden_bias(arena.vector(padded(shape.hidden))) {
    RBM_ASSERT(shape.is_valid());
    if (arena.base == nullptr) return;
    RBM_ASSERT(model.has_shape(shape));
    load();
  }

  /// Refreshes the copies after the model was changed from outside.
  void load() const {
    for (size_t n = 0; n < transposed.rows * transposed.stride; ++n) transposed.data[n] = 0.0f;
    for (size_t i = 0; i < hidden_bias.size; ++i) hidden_bias[i] = 0.0f;
    transpose(transposed, rbm.weights, 0, rbm.hidden());
    for (size_t i = 0; i < rbm.hidden(); ++i) hidden_bias[i] = rbm.hidden_bias[i];
  }
};

/// Writes c + W v of the states `begin` up to `end` into the rows of `out` [states][hidden, padded].
inline void hidden_inputs(MatrixView<float> out, const TwoWayWeights& weights, const UnitLists& visible,
                          size_t begin, size_t end) {
  multiply_transposed(out, weights.hidden_bias, weights.transposed, visible, begin, end);
}

}  // namespace rbm
