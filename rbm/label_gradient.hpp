/// Learning labels: the exact gradient of log p(y | v) for a batch (Larochelle and Bengio 2008; Larochelle,
/// Mandel, Pascanu and Bengio 2012), beside contrastive divergence or in its place. With the share w of
/// TrainOptions::label_weight, training climbs the mean over the batch of
///
///     w r_y log p(y | v) + (1 - w) log p(v, y)
///
/// where r_y is the weight of the example's label, 1 unless TrainOptions::class_weights says another. Of an
/// example without a label, y is drawn from p(y | v), exactly, for the second part, and the first is left
/// out. With o = c + W a of the units without labels, s_iz = sigma(o_i + U_iz) and e_z = [z = y] - p(z | v),
/// the gradient of log p(y | v) is
///
///     U_iz: s_iz e_z     d_z: e_z     c_i: g_i = sum_z s_iz e_z     W_ij: g_i a_j
///
/// g is a third row beside p(h | v0) and -p(h | vk) of each sample, times r_y w / (1 - w), so that the sums
/// over rows that learn W take it along.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "labels.hpp"
#include "memory.hpp"

namespace rbm {

/// What a trainer keeps of the labels of a batch; of size 0 where it learns none. Labels are the last visible
/// units.
struct LabelGradient {
  Choice labels;
  Unit* label;                      ///< of each sample; labels.size() where there is none [batch]
  MatrixView<float> probabilities;  ///< p(y | v) [batch][labels]
  MatrixView<float> errors;         ///< e times r_y w / (1 - w), or r_y where w is 1 [batch][labels]
  MatrixView<float> errors_of;      ///< the same by labels [labels][batch]
  MatrixView<float> sigmoids;       ///< s of label z and sample n in row n labels + z [batch labels][hidden]
  VectorView<float> loss;           ///< -log p(y | v), 0 without a label [batch]
  VectorView<float> wrong;          ///< 1 where another label is likelier [batch]
  UnitList numbers;                 ///< 0, 1, ...: as many as there are samples or labels

  /// Hidden columns are padded.
  constexpr LabelGradient(Arena& arena, Choice choice, size_t hidden, size_t batch)
      : labels(choice),
        label(arena.take<Unit>(batch)),
        probabilities(arena.matrix(batch, choice.size())),
        errors(arena.matrix(batch, choice.size())),
        errors_of(arena.matrix(choice.size(), batch)),
        sigmoids(arena.matrix(choice.size() * batch, choice.size() > 0 ? padded(hidden) : 0)),
        loss(arena.vector(batch)),
        wrong(arena.vector(batch)),
        numbers(arena.list(most(choice.size(), batch))) {
    for (size_t n = 0; arena.base != nullptr && n < most(choice.size(), batch); ++n) numbers.add(n);
  }

  constexpr bool is_on() const { return labels.size() > 0; }

 private:
  static constexpr size_t most(size_t a, size_t b) { return a < b ? b : a; }
};

namespace detail {

/// Takes the label of sample n out of its state, where it is the last unit.
inline void take_label(const LabelGradient& gradient, size_t n, UnitList& state) {
  const bool known = state.count > 0 && state.units[state.count - 1] >= gradient.labels.begin;
  gradient.label[n] =
      static_cast<Unit>(known ? state.units[--state.count] - gradient.labels.begin : gradient.labels.size());
}

/// p(y | v), s, loss and whether it is wrong of sample n, from o [hidden].
inline void find_label(const LabelGradient& gradient, const TwoWayWeights& weights,
                       VectorView<const float> inputs, size_t n) {
  const VectorView<float> probability = gradient.probabilities.row(n);
  size_t likeliest = 0;
  for (size_t z = 0; z < probability.size; ++z) {
    const VectorView<float> row = gradient.sigmoids.row(n * probability.size + z);
    probability[z] = score_label<true>(row.part(0, inputs.size), weights, gradient.labels, inputs, z);
    for (size_t i = inputs.size; i < row.size; ++i) row[i] = 0.0f;
    if (probability[z] > probability[likeliest]) likeliest = z;
  }
  const size_t y = gradient.label[n];
  const bool known = y < probability.size;
  const float score = known ? probability[y] : 0.0f, log_sum = softmax(probability);
  gradient.loss[n] = known ? log_sum - score : 0.0f;
  gradient.wrong[n] = known && y != likeliest ? 1.0f : 0.0f;
}

/// The errors of sample n, times `factor`, and the row g [hidden, padded] of them.
inline void set_label_gradient(const LabelGradient& gradient, VectorView<float> g, size_t n, float factor) {
  const VectorView<float> errors = gradient.errors.row(n);
  const size_t y = gradient.label[n];
  if (!(y < errors.size)) factor = 0.0f;
  for (size_t z = 0; z < errors.size; ++z) {
    errors[z] = factor * ((z == y ? 1.0f : 0.0f) - gradient.probabilities.row(n)[z]);
    gradient.errors_of.row(z)[n] = errors[z];
  }
  const ActiveUnits rows{gradient.numbers.units, errors.data, errors.size};
  const float* const first = gradient.sigmoids.row(n * errors.size).data;
  for_each_block(g.size, [&](auto& block, size_t column) {
    block.add_rows(first + column, gradient.sigmoids.stride, rows);
    block.store(g.data + column);
  });
}

/// Adds to a block of columns of U' what `samples` samples give to label z.
template <class Columns>
RBM_INLINE void add_label_rows(Columns& block, const LabelGradient& gradient, size_t column, size_t z,
                               size_t samples) {
  const float* const first = gradient.sigmoids.row(z).data + column;
  block.add_rows(first, gradient.labels.size() * gradient.sigmoids.stride,
                 {gradient.numbers.units, gradient.errors_of.row(z).data, samples});
}

/// The gradient of the bias of label z, but for the mean over samples.
inline float label_bias_gradient(const LabelGradient& gradient, size_t z, size_t samples) {
  return sum_values({gradient.numbers.units, gradient.errors_of.row(z).data, samples});
}

}  // namespace detail

}  // namespace rbm
