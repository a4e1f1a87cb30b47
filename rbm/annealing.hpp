/// log Z of a model of any size, estimated by annealing: from a distribution without weights, whose Z is
/// known, to the model, or back.
///
///     log f_k(v) = ((1 - beta_k) b_0 + beta_k b)'v + sum_i softplus(beta_k (c_i + W_i v)),
///     beta_0 = 0, ..., beta_K = 1
///
/// A chain moves by one Gibbs step at each of K temperatures, and sums log f_k(v) - log f_k-1(v) over the
/// states v between the moves at k - 1 and at k.
///
/// Forward from the base (annealed importance sampling: Neal 2001; Salakhutdinov and Murray 2008), exp of
/// that sum is an unbiased estimate of Z / Z_0. Its logarithm is too small on average, so that likelihoods
/// are overstated.
///
/// In reverse from data (RAISE: Burda, Grosse and Salakhutdinov 2015), f(v) / (Z_0 exp(sum)) is an unbiased
/// estimate of the probability that forward annealing ends in v. Its logarithm is too small on average, so
/// that likelihoods are understated, as far as annealing ends in what the model's distribution is.
///
/// Both tell of what chains reach. A mode that is far from the base and from the data is in neither, however
/// well they agree; only enumeration (partition.hpp) is proof.
///
///     rbm::Annealing annealing(model, memory, {784, 500, 100});
///     rbm::set_base(annealing, means_of_data, 60000);
///     rbm::start_forward(annealing, 0, 100);
///     rbm::anneal_forward(annealing, 0, annealing.temperatures, 0, 100);
///     rbm::LogPartition log_z = rbm::forward_log_partition(annealing);
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "energy.hpp"
#include "gibbs.hpp"
#include "log_sum.hpp"
#include "memory.hpp"
#include "model.hpp"

namespace rbm {

/// What the memory of annealing depends on.
struct AnnealingShape {
  size_t visible, hidden;  ///< those of the model
  size_t chains;           ///< at least 1
};

namespace detail {

/// Makes `transposed` W' and `hidden_bias` c of a model, with zeros as padding.
inline void set_padded(MatrixView<float> transposed, VectorView<float> hidden_bias, ConstRbmView rbm) {
  for (size_t n = 0; n < transposed.rows * transposed.stride; ++n) transposed.data[n] = 0.0f;
  for (size_t i = 0; i < hidden_bias.size; ++i) hidden_bias[i] = 0.0f;
  transpose(transposed, rbm.weights, 0, rbm.hidden());
  for (size_t i = 0; i < rbm.hidden(); ++i) hidden_bias[i] = rbm.hidden_bias[i];
}

}  // namespace detail

/// Chains on their way between the base distribution and the model. Every function works on the chains
/// `begin` up to `end`, each with its own random stream, so that threads can share the chains at will and
/// never change a result.
struct Annealing {
  ConstRbmView rbm;
  uint64_t seed = 1;
  size_t temperatures = 10000;  ///< K, at least 1

  VectorView<float> base_bias;       ///< b_0 [visible]
  VectorView<float> bias_change;     ///< b - b_0 [visible]
  MatrixView<float> transposed;      ///< W' [visible][hidden], padded to whole registers
  VectorView<float> hidden_bias;     ///< c, padded alike
  UnitLists visible, hidden;         ///< states [chains]
  MatrixView<float> visible_values;  ///< p(v | h) at the latest temperature [chains][visible]
  MatrixView<float> hidden_values;   ///< c + W v [chains][hidden], padded
  Sum* log_ratios;                   ///< sum of log f_k - log f_k-1 so far [chains]
  RandomStream* random;              ///< [chains]
  size_t bytes;                      ///< taken from the arena

  constexpr Annealing(ConstRbmView target, Arena arena, AnnealingShape shape)
      : rbm(target),
        base_bias(arena.vector(shape.visible)),
        bias_change(arena.vector(shape.visible)),
        transposed(arena.matrix(shape.visible, padded(shape.hidden))),
        hidden_bias(arena.vector(padded(shape.hidden))),
        visible(arena.lists(shape.chains, shape.visible, false)),
        hidden(arena.lists(shape.chains, shape.hidden, false)),
        visible_values(arena.matrix(shape.chains, shape.visible)),
        hidden_values(arena.matrix(shape.chains, padded(shape.hidden))),
        log_ratios(arena.take<Sum>(shape.chains)),
        random(arena.take<RandomStream>(shape.chains)),
        bytes(arena.used) {
    RBM_ASSERT(shape.chains >= 1);
    if (arena.base == nullptr) return;
    RBM_ASSERT(shape.visible == target.visible() && shape.hidden == target.hidden());
    detail::set_padded(transposed, hidden_bias, target);
  }

  /// [hidden] of chain n, without the padding.
  VectorView<float> hidden_row(size_t n) const { return {hidden_values.row(n).data, rbm.hidden()}; }
};

/// Bytes that annealing takes from its arena.
constexpr size_t annealing_bytes(AnnealingShape shape) {
  return Annealing(ConstRbmView{}, Arena{}, shape).bytes;
}

/// log Z, nats.
struct LogPartition {
  float value;
  float standard_error;    ///< as an estimate; NaN where one chain alone does not tell
  float effective_chains;  ///< forward (sum w)^2 / sum w^2: where few carry the sum, trust it little
};

/// Makes data's base rates the base distribution: b_0 = log(p / (1 - p)) with p = (sum of v + 1/2) /
/// (examples + 1). `means` [visible] are of this many examples.
inline void set_base(Annealing& annealing, VectorView<const float> means, size_t examples) {
  RBM_ASSERT(means.size == annealing.rbm.visible() && examples >= 1);
  const float count = static_cast<float>(examples);
  for (size_t j = 0; j < means.size; ++j) {
    annealing.base_bias[j] = log((count * means[j] + 0.5f) / (count * (1.0f - means[j]) + 0.5f));
    annealing.bias_change[j] = annealing.rbm.visible_bias[j] - annealing.base_bias[j];
  }
}

/// beta_k. Half of the temperatures lie evenly up to 0.9, the other half from there to 1, where a model's
/// modes part and chains slow down. Measured on one 784x500 model of -94 nats, K = 10,000, 100 chains:
/// forward and reverse were 0.5 to 1.1 nats apart (four seeds), with even spacing throughout 2.3 to 3.5
/// (three seeds).
inline float inverse_temperature(const Annealing& annealing, size_t k) {
  RBM_ASSERT(annealing.temperatures >= 1);
  const float way = static_cast<float>(k) / static_cast<float>(annealing.temperatures);
  return way < 0.5f ? 1.8f * way : 1.0f - 0.2f * (1.0f - way);
}

namespace detail {

// Last keys of streams: the trainer's are places in a batch, below these.
inline constexpr uint64_t for_forward = uint64_t{1} << 40, for_reverse = uint64_t{2} << 40;

inline void set_hidden_inputs(Annealing& annealing, size_t begin, size_t end) {
  multiply_transposed(annealing.hidden_values, annealing.hidden_bias, annealing.transposed, annealing.visible,
                      begin, end);
}

/// Adds log f_k(v) - log f_k-1(v).
inline void weigh(Annealing& annealing, size_t k, size_t begin, size_t end) {
  const float from = inverse_temperature(annealing, k - 1), to = inverse_temperature(annealing, k);
  for (size_t n = begin; n < end; ++n)
    annealing.log_ratios[n].add((to - from) * dot(annealing.bias_change, annealing.visible.row(n)) +
                                softplus_change(annealing.hidden_row(n), from, to));
}

inline void draw(const UnitLists& lists, size_t n, VectorView<const float> probability,
                 RandomStream& random) {
  UnitList list{lists.units + n * lists.capacity, nullptr, 0};
  draw_units(list, probability, random);
  lists.counts[n] = static_cast<Unit>(list.count);
}

/// A Gibbs step at the temperature k. From v to v it is reversible, so that it serves both directions.
inline void move(Annealing& annealing, size_t k, size_t begin, size_t end) {
  const float beta = inverse_temperature(annealing, k);
  for (size_t n = begin; n < end; ++n) {
    const VectorView<float> probability = annealing.hidden_row(n);
    for (size_t i = 0; i < probability.size; ++i) probability[i] = sigmoid(beta * probability[i]);
    draw(annealing.hidden, n, probability, annealing.random[n]);
  }
  multiply_transposed(annealing.visible_values, annealing.bias_change, annealing.rbm.weights,
                      annealing.hidden, begin, end);
  for (size_t n = begin; n < end; ++n) {
    const VectorView<float> probability = annealing.visible_values.row(n);
    for (size_t j = 0; j < probability.size; ++j)
      probability[j] = sigmoid(annealing.base_bias[j] + beta * probability[j]);
    draw(annealing.visible, n, probability, annealing.random[n]);
  }
  set_hidden_inputs(annealing, begin, end);
}

}  // namespace detail

/// Draws the chains' states from the base distribution.
inline void start_forward(Annealing& annealing, size_t begin, size_t end) {
  for (size_t n = begin; n < end; ++n) {
    annealing.log_ratios[n] = {};
    annealing.random[n] = RandomStream::keyed(annealing.seed, n, detail::for_forward);
    const VectorView<float> probability = annealing.visible_values.row(n);
    for (size_t j = 0; j < probability.size; ++j) probability[j] = sigmoid(annealing.base_bias[j]);
    detail::draw(annealing.visible, n, probability, annealing.random[n]);
  }
  detail::set_hidden_inputs(annealing, begin, end);
}

/// Makes a state of data that of chain n.
inline void start_reverse(Annealing& annealing, size_t n, ActiveUnits visible) {
  RBM_ASSERT(n < annealing.visible.rows && visible.count <= annealing.visible.capacity &&
             visible.factors == nullptr);
  annealing.log_ratios[n] = {};
  annealing.random[n] = RandomStream::keyed(annealing.seed, n, detail::for_reverse);
  for (size_t m = 0; m < visible.count; ++m)
    annealing.visible.units[n * annealing.visible.capacity + m] = visible.units[m];
  annealing.visible.counts[n] = static_cast<Unit>(visible.count);
  detail::set_hidden_inputs(annealing, n, n + 1);
}

/// From temperature `first` up to `last`, where 0 is the base and `temperatures` the model. In steps or at
/// once, the result is the same.
inline void anneal_forward(Annealing& annealing, size_t first, size_t last, size_t begin, size_t end) {
  RBM_ASSERT(first <= last && last <= annealing.temperatures && end <= annealing.visible.rows);
  for (size_t k = first + 1; k <= last; ++k) {
    detail::weigh(annealing, k, begin, end);
    detail::move(annealing, k, begin, end);
  }
}

/// From temperature `last` down to `first`.
inline void anneal_reverse(Annealing& annealing, size_t first, size_t last, size_t begin, size_t end) {
  RBM_ASSERT(first <= last && last <= annealing.temperatures && end <= annealing.visible.rows);
  for (size_t k = last; k > first; --k) {
    detail::move(annealing, k, begin, end);
    detail::weigh(annealing, k, begin, end);
  }
}

/// log Z_0.
inline float base_log_partition(const Annealing& annealing) {
  return sum_softplus(annealing.base_bias) + static_cast<float>(annealing.rbm.hidden()) * 0x1.62e430p-1f;
}

/// log Z from all chains, which went forward to the last temperature: Z_0 times the mean weight.
inline LogPartition forward_log_partition(const Annealing& annealing) {
  const size_t chains = annealing.visible.rows;
  LogSum sum, squares;
  for (size_t n = 0; n < chains; ++n) {
    sum.add(annealing.log_ratios[n].value());
    squares.add(2.0f * annealing.log_ratios[n].value());
  }
  const float count = static_cast<float>(chains);
  // The largest terms cancel exactly, which their rounded logarithms would not.
  const float ratio = sum.relative.value() * sum.relative.value() / squares.relative.value();
  const float effective = ratio < count ? ratio : count;
  // The variance of the weights over the square of their mean is count / effective - 1.
  return {base_log_partition(annealing) + (sum.value() - log(count)),
          square_root((count / effective - 1.0f) / (count - 1.0f)), effective};
}

/// log Z from all chains, which went in reverse down to temperature 0: the mean of what each tells. Data's
/// mean of -F(v), less this, is a mean of log-likelihoods estimated from below.
inline LogPartition reverse_log_partition(const Annealing& annealing) {
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
