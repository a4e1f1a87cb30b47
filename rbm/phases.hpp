/// What training keeps of a batch: both phases of contrastive divergence, and the options and sizes that they
/// depend on.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gibbs.hpp"
#include "label_gradient.hpp"
#include "memory.hpp"
#include "model.hpp"
#include "parallel.hpp"

namespace rbm {

/// Options of the gradient's estimate. The defaults are plain CD-1.
struct TrainOptions {
  uint64_t seed = 1;                                   ///< of all draws
  VisibleUnits visible_units = VisibleUnits::sampled;  ///< what intensities mean
  unsigned gibbs_steps = 1;           ///< k of CD-k or PCD-k, at least 1; usually 1, up to 5 for PCD
  bool persistent = false;            ///< chains go on from batch to batch (PCD) instead of starting at data
  bool mean_reconstructions = false;  ///< vk is p(v | h), not a draw from it; needs room for real states
  float centring = 0.0f;         ///< share of a batch in the offsets, usually 0.01; 0: gradients not centred
  float sparsity_cost = 0.0f;    ///< weight of the pull to sparsity_target; raise it until means come near it
  float least_scale = 0.1f;      ///< scales of real units stay above this share of those at the start
  float sparsity_target = 0.1f;  ///< mean p(h_i = 1) wanted of each hidden unit, usually 0.01 to 0.1
  float label_weight = 0.0f;     ///< w of label_gradient.hpp, 0 to 1. What concerns the chain, sparsity and
                              ///< centring count 1 - w: at 1 all is exact, no chain runs, and they do nothing
  VectorView<const float> class_weights{nullptr, 0};  ///< r of each label, at least 0; of size 0: all are 1
};

/// The sizes that the memory of training depends on.
struct TrainerShape {
  size_t visible, hidden;  ///< those of the model
  size_t batch;            ///< the most samples in one batch, 1 to most_samples, with labels to
                           ///< most_labelled_samples; usually 10 to 100
  bool real =
      false;  ///< room for states with factors: of VisibleUnits::means, mean_reconstructions, real units
  size_t factors = 0;          ///< of the model
  bool learns_scales = false;  ///< room to learn scale and loadings of real units; wants `real`
  Choice labels{};  ///< room to learn these labels, the last visible units; by default none. Takes labels *
                    ///< batch * hidden floats
  OwnUnits own{};   ///< of one of several memories (parallel.hpp); takes room to exchange with the others

  constexpr ModelShape model() const { return {visible, hidden}; }
  /// Rows of each sample in Phases::hidden_probabilities.
  constexpr size_t row_blocks() const { return labels.size() > 0 ? 3 : 2; }
};

/// The two phases of a batch: states of each sample, and probabilities given them.
struct Phases {
  UnitLists data, model;  ///< v0 and vk, [batch] lists of visible units
  UnitLists hidden;       ///< the latest draw of h, [batch] lists: what persistent chains keep
  MatrixView<float> hidden_probabilities;     ///< [2 batch][hidden]: p(h | v0), then -p(h | vk); with labels
                                              ///< [3 batch]: then g of label_gradient.hpp
  MatrixView<float> model_visible;            ///< means given h, p(v | h) of binary units [batch][visible]
  PackedStates drawn_visible, drawn_hidden;   ///< the latest draws of chains, of which lists are made
  MatrixView<uint16_t> packed_probabilities;  ///< p(h | v) as it travels [2 batch][hidden], of a sample one
                                              ///< after the other; of size 0 in one memory
  VectorView<float> visible_loss;    ///< F(v0) - F(vk) but for what hidden units give, of each sample [batch]
  VectorView<float> hidden_loss;     ///< what the hidden units of each granule give to it in all samples
  VectorView<float> reconstruction;  ///< squared errors of the first step's means: of binary units
                                     ///< [granules], of layers of groups [batch]
  UnitLists samples_on;  ///< for each visible unit, the rows of hidden_probabilities in which it is on
  RandomStream* random;  ///< [batch]
  LabelGradient labels;

  /// Hidden columns are padded, so that kernels see whole registers.
  constexpr Phases(Arena& arena, TrainerShape shape)
      : data(arena.lists(shape.batch, shape.visible, shape.real)),
        model(arena.lists(shape.batch, shape.visible, shape.real)),
        hidden(arena.lists(shape.batch, shape.hidden, false)),
        hidden_probabilities(arena.matrix(shape.row_blocks() * shape.batch, padded(shape.hidden))),
        model_visible(arena.matrix(shape.batch, shape.visible)),
        drawn_visible(arena.packed_states(shape.batch, shape.visible)),
        drawn_hidden(arena.packed_states(shape.batch, shape.hidden)),
        packed_probabilities{arena.take<uint16_t>(shape.own.several ? 2 * shape.batch * shape.hidden : 0),
                             shape.own.several ? 2 * shape.batch : 0, shape.hidden, shape.hidden},
        visible_loss(arena.vector(shape.batch)),
        hidden_loss(arena.vector(granules(shape.hidden))),
        reconstruction(arena.vector(most(shape.batch, granules(shape.visible)))),
        samples_on(arena.lists(shape.visible, shape.row_blocks() * shape.batch, shape.real)),
        random(arena.take<RandomStream>(shape.batch)),
        labels(arena, shape.labels, shape.hidden, shape.labels.size() > 0 ? shape.batch : 0) {}

  constexpr size_t batch() const { return visible_loss.size; }
  /// p(h | v0) [batch][hidden].
  constexpr MatrixView<float> data_hidden() const { return hidden_probabilities.part(0, batch()); }
  /// -p(h | vk) [batch][hidden]: negative, so that a gradient adds up rows of both phases.
  constexpr MatrixView<float> model_hidden() const { return hidden_probabilities.part(batch(), 2 * batch()); }
  /// g [batch][hidden], with labels.
  constexpr MatrixView<float> label_hidden() const {
    return hidden_probabilities.part(2 * batch(), 3 * batch());
  }

 private:
  static constexpr size_t most(size_t a, size_t b) { return a < b ? b : a; }
};

/// The share 1 - w of log p(v, y) in what is climbed.
inline float generative_share(const LabelGradient& labels, const TrainOptions& options) {
  return labels.is_on() ? 1.0f - options.label_weight : 1.0f;
}

/// Starts persistent chains: every hidden unit off, so that the first states come from the visible biases.
inline void start_chains(Phases& phases) {
  for (size_t n = 0; n < phases.batch(); ++n)
    phases.hidden.counts[n] = 0;  // NOLINT: an Arena that only counts starts nothing
}

}  // namespace rbm
