/// Estimates log Z of a model of any size by annealing. Chains move from a base distribution without weights,
/// whose Z is known, to the model, or the other way.
///
///     log f_k(v) = ((1 - beta_k) b_0 + beta_k b)'a - Q + sum_i softplus(beta_k (c_i + W_i a)),
///     beta_0 = 0, ..., beta_K = 1,   with the state a and the term Q of visible.hpp (bits: a = v, Q = 0)
///
/// A chain makes one Gibbs step at each of K temperatures. It sums log f_k(v) - log f_k-1(v) over the states
/// v between the steps at k - 1 and at k.
///
/// Forward from the base (annealed importance sampling: Neal 2001; Salakhutdinov and Murray 2008), exp of
/// that sum is the importance weight of the chain, an unbiased estimate of Z / Z_0. Its logarithm is too
/// small on average, so that likelihoods are overstated.
///
/// In reverse from data (RAISE: Burda, Grosse and Salakhutdinov 2015), f(v) / (Z_0 exp(sum)) is an unbiased
/// estimate of the probability that forward annealing ends in v. Its logarithm is too small on average, so
/// that likelihoods are understated, as long as forward annealing ends near the model's distribution.
///
/// Both estimates see only what chains reach. A mode that is far from the base and from the data is missing
/// from both, however well they agree; only enumeration (partition.hpp) is proof.
///
///     rbm::Annealing annealing(model, memory, {784, 500, 100});
///     rbm::set_base(annealing, means_of_data, 60000);
///     rbm::start_forward(annealing, 0, 100);
///     rbm::anneal_forward(annealing, 0, annealing.options.temperatures, 0, 100);
///     rbm::Estimate log_z = rbm::forward_log_partition(annealing);
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "energy.hpp"
#include "gibbs.hpp"
#include "log_sum.hpp"
#include "memory.hpp"
#include "model.hpp"
#include "two_way_weights.hpp"

namespace rbm {

/// The sizes that the memory of annealing depends on.
struct AnnealingShape {
  size_t visible, hidden;  ///< those of the model
  size_t chains;           ///< at least 1, usually 100; the standard error falls with the square root

  constexpr ModelShape model() const { return {visible, hidden}; }
};

/// Options of annealing.
struct AnnealingOptions {
  uint64_t seed = 1;            ///< of the chains' random streams
  size_t temperatures = 10000;  ///< K, at least 1; more bring the forward and reverse estimates together
};

/// Chains on their way between the base distribution and the model. Every function works on the chains
/// `begin` up to `end`. Each chain has its own random stream, so that threads may divide the chains in any
/// way and never change a result.
struct Annealing {
  AnnealingOptions options;
  VectorView<float> base_bias;       ///< b_0 [visible]
  VectorView<float> bias_change;     ///< b - b_0 [visible]
  TwoWayWeights weights;             ///< those of the model
  UnitLists visible, hidden;         ///< states [chains]
  MatrixView<float> visible_values;  ///< means of v given h at the latest temperature [chains][visible]
  MatrixView<float> hidden_values;   ///< c + W a [chains][hidden], padded
  Sum* log_ratios;                   ///< sum of log f_k - log f_k-1 so far [chains]
  RandomStream* random;              ///< [chains]
  size_t bytes;                      ///< taken from the arena

  /// `real` makes room for a model with real units.
  constexpr Annealing(ConstRbmView model, Arena arena, AnnealingShape shape,
                      const AnnealingOptions& chosen_options = {}, bool real = false)
      : options(chosen_options),
        base_bias(arena.vector(shape.visible)),
        bias_change(arena.vector(shape.visible)),
        weights(model, arena, shape.model()),
        visible(arena.lists(shape.chains, shape.visible, real)),
        hidden(arena.lists(shape.chains, shape.hidden, false)),
        visible_values(arena.matrix(shape.chains, shape.visible)),
        hidden_values(arena.matrix(shape.chains, padded(shape.hidden))),
        log_ratios(arena.take<Sum>(shape.chains)),
        random(arena.take<RandomStream>(shape.chains)),
        bytes(arena.used) {
    RBM_ASSERT(shape.chains >= 1);
    RBM_ASSERT(arena.base == nullptr || model.layer.has_real() == real);
  }

  /// c + W a of chain n [hidden], without the padding.
  VectorView<float> hidden_row(size_t n) const { return {hidden_values.row(n).data, weights.rbm.hidden()}; }
};

/// Bytes that annealing takes from its arena.
constexpr size_t annealing_bytes(AnnealingShape shape, bool real = false) {
  return Annealing(ConstRbmView{}, Arena{}, shape, {}, real).bytes;
}

/// An estimate from annealed chains, nats.
struct Estimate {
  float value;
  float standard_error;    ///< NaN from a single chain
  float effective_chains;  ///< (sum w)^2 / sum w^2 of importance weights w; few make the value unsure
};

/// Sets the base distribution from `means` [visible] over that many examples of data:
///
///     b_0 = log(p / (1 - p)),   p = (sum of v + 1/2) / (examples + 1)
///
/// of binary units. Of real units the means are those of readings, and b_0 is what x is on average. Of
/// choices b_0 = log p.
inline void set_base(Annealing& annealing, VectorView<const float> means, size_t examples) {
  const ConstRbmView& rbm = annealing.weights.rbm;
  RBM_ASSERT(means.size == rbm.visible() && examples >= 1);
  const float count = static_cast<float>(examples);
  for_each_group(rbm.layer, means.size, [&](const VisibleGroup& group) {
    for (size_t j = group.begin; j < group.end; ++j) {
      annealing.base_bias[j] = group.kind == VisibleKind::binary
                                   ? log((count * means[j] + 0.5f) / (count * (1.0f - means[j]) + 0.5f))
                               : group.kind == VisibleKind::real
                                   ? value_of_reading(rbm.layer, j, means[j])
                                   : log((count * means[j] + 0.5f) / (count + 1.0f));
      annealing.bias_change[j] = rbm.visible_bias[j] - annealing.base_bias[j];
    }
  });
}

/// beta_k. Half of the temperatures lie evenly from 0 to 0.9, the other half from 0.9 to 1, where the modes
/// of a model separate and chains slow down. Measured on one 784x500 model of -94 nats with K = 10,000 and
/// 100 chains, the forward and reverse estimates were 0.5 to 1.1 nats apart (four seeds), against 2.3 to 3.5
/// with even spacing (three seeds).
inline float inverse_temperature(const Annealing& annealing, size_t k) {
  RBM_ASSERT(annealing.options.temperatures >= 1);
  const float way = static_cast<float>(k) / static_cast<float>(annealing.options.temperatures);
  return way < 0.5f ? 1.8f * way : 1.0f - 0.2f * (1.0f - way);
}

namespace detail {

// The last key of a random stream; the trainer's last keys are places in a batch, which are smaller.
inline constexpr uint64_t for_forward = uint64_t{1} << 40, for_reverse = uint64_t{2} << 40;

/// Adds log f_k(v) - log f_k-1(v) to the sum of each chain.
inline void add_log_weight(Annealing& annealing, size_t k, size_t begin, size_t end) {
  const float from = inverse_temperature(annealing, k - 1), to = inverse_temperature(annealing, k);
  for (size_t n = begin; n < end; ++n)
    annealing.log_ratios[n].add((to - from) * dot(annealing.bias_change, annealing.visible.row(n)) +
                                softplus_change(annealing.hidden_row(n), from, to));
}

/// Draws the visible state of chain n from inputs of its units, which it replaces by their means.
inline void draw_from_inputs(Annealing& annealing, size_t n, VectorView<float> inputs) {
  const ConstVisibleLayer& layer = annealing.weights.rbm.layer;
  visible_means(inputs, layer);
  annealing.visible.write_row(
      n, [&](UnitList& list) { draw_visible(list, inputs, layer, annealing.random[n]); });
}

/// Makes a Gibbs step from v to v at temperature k. The step is reversible and serves both directions.
inline void gibbs_transition(Annealing& annealing, size_t k, size_t begin, size_t end) {
  const float beta = inverse_temperature(annealing, k);
  for (size_t n = begin; n < end; ++n) {
    const VectorView<float> probability = annealing.hidden_row(n);
    for (size_t i = 0; i < probability.size; ++i) probability[i] = sigmoid(beta * probability[i]);
    draw_units(annealing.hidden, n, probability, annealing.random[n]);
  }
  multiply_transposed(annealing.visible_values, annealing.bias_change, annealing.weights.rbm.weights,
                      annealing.hidden, begin, end);
  for (size_t n = begin; n < end; ++n) {
    const VectorView<float> inputs = annealing.visible_values.row(n);
    for (size_t j = 0; j < inputs.size; ++j) inputs[j] = annealing.base_bias[j] + beta * inputs[j];
    draw_from_inputs(annealing, n, inputs);
  }
  hidden_inputs(annealing.hidden_values, annealing.weights, annealing.visible, begin, end);
}

}  // namespace detail

/// Starts the chains from states drawn from the base distribution.
inline void start_forward(Annealing& annealing, size_t begin, size_t end) {
  for (size_t n = begin; n < end; ++n) {
    annealing.log_ratios[n] = {};
    annealing.random[n] = RandomStream::keyed(annealing.options.seed, n, detail::for_forward);
    const VectorView<float> inputs = annealing.visible_values.row(n);
    for (size_t j = 0; j < inputs.size; ++j) inputs[j] = annealing.base_bias[j];
    detail::draw_from_inputs(annealing, n, inputs);
  }
  hidden_inputs(annealing.hidden_values, annealing.weights, annealing.visible, begin, end);
}

/// Starts chain n from a state of the data, with a unit on in each choice.
inline void start_reverse(Annealing& annealing, size_t n, ActiveUnits visible) {
  annealing.log_ratios[n] = {};
  annealing.random[n] = RandomStream::keyed(annealing.options.seed, n, detail::for_reverse);
  annealing.visible.assign(n, visible);
  hidden_inputs(annealing.hidden_values, annealing.weights, annealing.visible, n, n + 1);
}

/// Anneals from temperature `first` up to `last`; 0 is the base, and options.temperatures is the model. Calls
/// that cover the way in parts give the same result as one call.
inline void anneal_forward(Annealing& annealing, size_t first, size_t last, size_t begin, size_t end) {
  RBM_ASSERT(first <= last && last <= annealing.options.temperatures && end <= annealing.visible.rows);
  for (size_t k = first + 1; k <= last; ++k) {
    detail::add_log_weight(annealing, k, begin, end);
    detail::gibbs_transition(annealing, k, begin, end);
  }
}

/// Anneals from temperature `last` down to `first`.
inline void anneal_reverse(Annealing& annealing, size_t first, size_t last, size_t begin, size_t end) {
  RBM_ASSERT(first <= last && last <= annealing.options.temperatures && end <= annealing.visible.rows);
  for (size_t k = last; k > first; --k) {
    detail::gibbs_transition(annealing, k, begin, end);
    detail::add_log_weight(annealing, k, begin, end);
  }
}

/// log Z_0 of the base distribution, nats.
inline float base_log_partition(const Annealing& annealing) {
  const ConstVisibleLayer& layer = annealing.weights.rbm.layer;
  return visible_log_partition(layer, annealing.base_bias) + log_volume(layer) +
         static_cast<float>(annealing.weights.rbm.hidden()) * 0x1.62e430p-1f;
}

/// log Z, nats, from all chains after forward annealing to the last temperature: Z_0 times the mean
/// importance weight.
inline Estimate forward_log_partition(const Annealing& annealing) {
  const size_t chains = annealing.visible.rows;
  LogSum sum, squares;
  for (size_t n = 0; n < chains; ++n) {
    sum.add(annealing.log_ratios[n].value());
    squares.add(2.0f * annealing.log_ratios[n].value());
  }
  const float count = static_cast<float>(chains);
  // The largest terms cancel exactly; their rounded logarithms would not.
  const float ratio = sum.relative.value() * sum.relative.value() / squares.relative.value();
  const float effective = ratio < count ? ratio : count;
  // The variance of the weights over the square of their mean is count / effective - 1.
  return {base_log_partition(annealing) + (sum.value() - log(count)),
          square_root((count / effective - 1.0f) / (count - 1.0f)), effective};
}

/// log Z, nats, from all chains after reverse annealing to temperature 0: the mean of the chains' estimates.
/// The mean of -F(v) over the data, less this, estimates the mean log-likelihood from below.
inline Estimate reverse_log_partition(const Annealing& annealing) {
  const size_t chains = annealing.visible.rows;
  const float count = static_cast<float>(chains);
  Sum sum, squares;
  for (size_t n = 0; n < chains; ++n) sum.add(annealing.log_ratios[n].value());
  const float mean = sum.value() / count;
  for (size_t n = 0; n < chains; ++n) {
    const float deviation = annealing.log_ratios[n].value() - mean;
    squares.add(deviation * deviation);
  }
  return {base_log_partition(annealing) + mean, square_root(squares.value() / (count - 1.0f) / count), count};
}

}  // namespace rbm
