/// Estimates log Z_b - log Z_a of two models of one shape, a and b, to measure the cost of a change of a
/// model. Chains that annealing has brought to a (annealing.hpp) go on to b.
///
///     theta_k = (1 - beta_k) theta_a + beta_k theta_b,   theta = (W, b, c),   beta_k = k / K
///
/// Each theta_k is a model of the same shape. With real units, a and b must agree in the offsets, scales and
/// loadings, so that a state is the same in both. A chain sums u = F_k-1(v) - F_k(v) over the states v
/// between its Gibbs steps in theta_k-1 and in theta_k. With the importance weight w of the chain in a,
///
///     Z_b / Z_a = E[w exp(u)] / E[w].
///
/// Where the two models are close, exp(u) is nearly the same for all chains. The weights w then nearly
/// cancel, and the standard error is far below that of either log Z.
///
///     rbm::PartitionRatio ratio(annealing, changed, memory, {784, 500, 100});
///     rbm::start(ratio, 0, 100);
///     rbm::anneal(ratio, 0, ratio.options.temperatures, 0, 100);
///     rbm::Estimate change = rbm::log_partition_change(ratio);
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "annealing.hpp"

namespace rbm {

/// Whether two layers have the same kinds of units, offsets, scales and loadings.
#if RBM_REAL_UNITS
inline bool same_units(const ConstVisibleLayer& a, const ConstVisibleLayer& b) {
  const auto same = [](VectorView<const float> x, VectorView<const float> y) {
    bool equal = x.size == y.size;
    for (size_t n = 0; equal && n < x.size; ++n) equal = to_bits(x[n]) == to_bits(y[n]);
    return equal;
  };
  bool equal = a.group_count == b.group_count && same(a.offset, b.offset) && same(a.scale, b.scale) &&
               a.factors() == b.factors();
  for (size_t n = 0; equal && n != a.group_count; ++n)
    equal = a.groups[n].kind == b.groups[n].kind && a.groups[n].end == b.groups[n].end;
  for (size_t k = 0; equal && k < a.factors(); ++k) equal = same(a.loadings.row(k), b.loadings.row(k));
  return equal;
}
#else
inline bool same_units(const ConstVisibleLayer&, const ConstVisibleLayer&) {
  return true;
}
#endif

/// Chains on their way from the model a to the model b. Threads may divide the chains as in Annealing.
struct PartitionRatio {
  const Annealing& origin;              ///< forward at its last temperature: chains in the model a
  AnnealingOptions options;             ///< 100 temperatures are usual, because a and b are close
  TwoWayWeights target;                 ///< b
  UnitLists visible, hidden;            ///< states [chains]
  MatrixView<float> visible_values[2];  ///< b + W'h in a and in b [chains][visible]
  MatrixView<float> hidden_values[2];   ///< c + W v in a and in b [chains][hidden], padded
  float* changes;                       ///< mean F_b - F_a over the states in a [chains]
  Sum* log_ratios;                      ///< u so far [chains]
  RandomStream* random;                 ///< [chains]
  size_t bytes;                         ///< taken from the arena

  /// `from` must outlive the object, and must not change. `real` makes room for models with real units.
  constexpr PartitionRatio(const Annealing& from, ConstRbmView to, Arena arena, AnnealingShape shape,
                           const AnnealingOptions& chosen_options = {1, 100}, bool real = false)
      : origin(from),
        options(chosen_options),
        target(to, arena, shape.model()),
        visible(arena.lists(shape.chains, shape.visible, real)),
        hidden(arena.lists(shape.chains, shape.hidden, false)),
        visible_values{arena.matrix(shape.chains, shape.visible), arena.matrix(shape.chains, shape.visible)},
        hidden_values{arena.matrix(shape.chains, padded(shape.hidden)),
                      arena.matrix(shape.chains, padded(shape.hidden))},
        changes(arena.take<float>(shape.chains)),
        log_ratios(arena.take<Sum>(shape.chains)),
        random(arena.take<RandomStream>(shape.chains)),
        bytes(arena.used) {
    if (arena.base == nullptr) return;
    RBM_ASSERT(from.weights.rbm.has_shape(shape.model()) && shape.chains == from.visible.rows);
    RBM_ASSERT(to.layer.has_real() == real && same_units(from.weights.rbm.layer, to.layer));
  }

  /// [hidden] of chain n in a (model 0) or b (model 1), without the padding.
  VectorView<float> hidden_row(size_t model, size_t n) const {
    return {hidden_values[model].row(n).data, target.rbm.hidden()};
  }
};

/// Bytes that a PartitionRatio takes from its arena.
constexpr size_t partition_ratio_bytes(AnnealingShape shape, bool real = false) {
  return PartitionRatio(Annealing(ConstRbmView{}, Arena{}, shape, {}, real), ConstRbmView{}, Arena{}, shape,
                        {}, real)
      .bytes;
}

namespace detail {

inline constexpr uint64_t for_ratio = uint64_t{3} << 40;  // the last key of a random stream

inline void set_both_hidden_inputs(PartitionRatio& ratio, size_t begin, size_t end) {
  hidden_inputs(ratio.hidden_values[0], ratio.origin.weights, ratio.visible, begin, end);
  hidden_inputs(ratio.hidden_values[1], ratio.target, ratio.visible, begin, end);
}

/// F(v) at beta = `from` less F(v) at beta = `to`, for the state v of chain n.
inline float free_energy_fall(const PartitionRatio& ratio, size_t n, float from, float to) {
  const ActiveUnits state = ratio.visible.row(n);
  float bias_change = 0.0f;
  for (size_t m = 0; m < state.count; ++m)
    bias_change += state.factor(m) * (ratio.target.rbm.visible_bias[state.units[m]] -
                                      ratio.origin.weights.rbm.visible_bias[state.units[m]]);
  return (to - from) * bias_change +
         softplus_change(ratio.hidden_row(0, n), ratio.hidden_row(1, n), from, to);
}

/// Draws the units of chain n, of a layer like this, from inputs interpolated between those in a, `from`, and
/// in b, `to`. Leaves the means in `from`.
inline void draw_between(const UnitLists& lists, size_t n, const ConstVisibleLayer& layer,
                         VectorView<float> from, VectorView<const float> to, float beta,
                         RandomStream& random) {
  for (size_t i = 0; i < from.size; ++i) from[i] = between(from[i], to[i], beta);
  visible_means(from, layer);
  lists.write_row(n, [&](UnitList& list) { draw_visible(list, from, layer, random); });
}

/// Makes a Gibbs step in the model at beta. Its inputs are linear interpolations of those in a and in b, as
/// its parameters are, so that no third model is needed.
inline void gibbs_transition_between(PartitionRatio& ratio, float beta, size_t begin, size_t end) {
  for (size_t n = begin; n < end; ++n)
    draw_between(ratio.hidden, n, ConstVisibleLayer{}, ratio.hidden_row(0, n), ratio.hidden_row(1, n), beta,
                 ratio.random[n]);
  const ConstRbmView &a = ratio.origin.weights.rbm, &b = ratio.target.rbm;
  multiply_transposed(ratio.visible_values[0], a.visible_bias, a.weights, ratio.hidden, begin, end);
  multiply_transposed(ratio.visible_values[1], b.visible_bias, b.weights, ratio.hidden, begin, end);
  for (size_t n = begin; n < end; ++n)
    draw_between(ratio.visible, n, a.layer, ratio.visible_values[0].row(n), ratio.visible_values[1].row(n),
                 beta, ratio.random[n]);
  set_both_hidden_inputs(ratio, begin, end);
}

}  // namespace detail

/// Takes the chains over where annealing left them in a. It makes `steps` Gibbs steps in a, and takes the
/// mean of F_b - F_a over their states. Steps improve divergence() only; without it, 0 will do.
inline void start(PartitionRatio& ratio, size_t steps, size_t begin, size_t end) {
  for (size_t n = begin; n < end; ++n) {
    ratio.log_ratios[n] = {};
    ratio.random[n] = RandomStream::keyed(ratio.options.seed, n, detail::for_ratio);
    ratio.visible.assign(n, ratio.origin.visible.row(n));
    ratio.changes[n] = 0.0f;
  }
  detail::set_both_hidden_inputs(ratio, begin, end);
  for (size_t step = 0; step <= steps; ++step) {
    if (step > 0) detail::gibbs_transition_between(ratio, 0.0f, begin, end);
    for (size_t n = begin; n < end; ++n) {
      const float change = -detail::free_energy_fall(ratio, n, 0.0f, 1.0f);
      ratio.changes[n] += (change - ratio.changes[n]) / static_cast<float>(step + 1);
    }
  }
}

/// Anneals from temperature `first` up to `last`; 0 is the model a, and options.temperatures is the model b.
/// Calls that cover the way in parts give the same result as one call.
inline void anneal(PartitionRatio& ratio, size_t first, size_t last, size_t begin, size_t end) {
  RBM_ASSERT(first <= last && last <= ratio.options.temperatures && end <= ratio.visible.rows);
  const float all = static_cast<float>(ratio.options.temperatures);
  for (size_t k = first + 1; k <= last; ++k) {
    const float from = static_cast<float>(k - 1) / all, to = static_cast<float>(k) / all;
    for (size_t n = begin; n < end; ++n)
      ratio.log_ratios[n].add(detail::free_energy_fall(ratio, n, from, to));
    if (k < ratio.options.temperatures) detail::gibbs_transition_between(ratio, to, begin, end);
  }
}

namespace detail {

/// Each chain's share of the importance weights: w / sum w in a, and w exp(u) / sum w exp(u) in b.
struct ChainShares {
  const PartitionRatio& ratio;
  float largest;  // log w
  LogSum in_a, in_b;

  explicit ChainShares(const PartitionRatio& of) : ratio(of), largest(of.origin.log_ratios[0].value()) {
    for (size_t n = 1; n < chains(); ++n) {
      const float weight = ratio.origin.log_ratios[n].value();
      largest = weight > largest ? weight : largest;
    }
    for (size_t n = 0; n < chains(); ++n) {
      in_a.add(log_weight_in_a(n));
      in_b.add(log_weight_in_b(n));
    }
  }
  size_t chains() const { return ratio.visible.rows; }
  float log_weight_in_a(size_t n) const { return ratio.origin.log_ratios[n].value() - largest; }
  float log_weight_in_b(size_t n) const { return log_weight_in_a(n) + ratio.log_ratios[n].value(); }
  float share_in_a(size_t n) const { return share(in_a, log_weight_in_a(n)); }
  float share_in_b(size_t n) const { return share(in_b, log_weight_in_b(n)); }
  /// log Z_b - log Z_a from all chains, and how much it grows when chain n is left out.
  float change() const { return in_b.value() - in_a.value(); }
  float change_without(size_t n) const { return log(1.0f - share_in_b(n)) - log(1.0f - share_in_a(n)); }

 private:
  static float share(const LogSum& sum, float log_weight) {
    return exp(log_weight - sum.largest) / sum.relative.value();
  }
};

/// A value with its standard error by the jackknife: change(n) is how much the value grows when chain n is
/// left out. The delta method would give too small an error where few chains carry most of the importance
/// weight.
template <class Change>
Estimate jackknife(const ChainShares& shares, float value, const Change& change) {
  const float count = static_cast<float>(shares.chains());
  Sum changes, deviations, squares;
  for (size_t n = 0; n < shares.chains(); ++n) {
    changes.add(change(n));
    squares.add(shares.share_in_b(n) * shares.share_in_b(n));
  }
  const float mean = changes.value() / count;
  for (size_t n = 0; n < shares.chains(); ++n) deviations.add((change(n) - mean) * (change(n) - mean));
  return {value, square_root(deviations.value() * ((count - 1.0f) / count)), 1.0f / squares.value()};
}

}  // namespace detail

/// log Z_b - log Z_a, nats, from all chains after annealing to the last temperature. `effective_chains` are
/// those in b.
inline Estimate log_partition_change(const PartitionRatio& ratio) {
  const detail::ChainShares shares(ratio);
  return detail::jackknife(shares, shares.change(), [&](size_t n) { return shares.change_without(n); });
}

/// The Kullback-Leibler divergence of b from a, nats: E_a[F_b - F_a] + log Z_b - log Z_a, the log-likelihood
/// that b loses on states drawn from a. Both parts come from the same chains, so that their errors partly
/// cancel.
inline Estimate divergence(const PartitionRatio& ratio) {
  const detail::ChainShares shares(ratio);
  Sum mean;
  for (size_t n = 0; n < shares.chains(); ++n) mean.add(shares.share_in_a(n) * ratio.changes[n]);
  return detail::jackknife(shares, mean.value() + shares.change(), [&](size_t n) {
    const float share = shares.share_in_a(n);
    return share / (1.0f - share) * (mean.value() - ratio.changes[n]) + shares.change_without(n);
  });
}

}  // namespace rbm
