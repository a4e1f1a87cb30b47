/// Energy and free energy.
///
///     E(v,h) = Q - b'a - c'h - h'W a
///     F(v)   = Q - b'a - sum_i log(1 + exp(c_i + W_i a)),   p(v) = exp(-F(v)) / Z
///
/// with the state `a` and the term Q of visible.hpp; of binary units, a = v and Q = 0.
#pragma once

#include <stddef.h>

#include "math.hpp"
#include "model.hpp"

namespace rbm {

namespace detail {

/// As sum_softplus() below. ToSigmoid replaces x by sigma(x), from the exponentials that both need.
template <bool ToSigmoid, class T>
inline float sum_softplus(VectorView<T> x) {
  constexpr size_t partial_sums = 16, most_factors = 64;
  float sum[partial_sums] = {};
  for (size_t base = 0; base < x.size; base += partial_sums * most_factors) {
    const size_t end =
        x.size - base < partial_sums * most_factors ? x.size : base + partial_sums * most_factors;
    float product[partial_sums];
    for (size_t n = 0; n < partial_sums; ++n) product[n] = 1.0f;
    for (size_t row = base; row < end; row += partial_sums) {
      const size_t count = end - row < partial_sums ? end - row : partial_sums;
      for (size_t n = 0; n < count; ++n) {
        const float value = x[row + n], e = exp(-absolute(value));
        sum[n] += positive_part(value);
        product[n] *= 1.0f + e;
        if constexpr (ToSigmoid) x[row + n] = sigmoid_from(value, e);
      }
    }
    for (size_t n = 0; n < partial_sums; ++n) sum[n] += log(product[n]);
  }
  for (size_t width = partial_sums / 2; width > 0; width /= 2)
    for (size_t n = 0; n < width; ++n) sum[n] += sum[n + width];
  return sum[0];
}

}  // namespace detail

/// The sum of softplus over a vector, in the 16 partial sums of sum_terms(), from
///
///     softplus(x) = log(1 + e^x) = max(x, 0) + log(1 + e^-|x|)
///
/// Each factor 1 + e^-|x| is at most 2, so that one logarithm of a product of 64 factors will do, in half the
/// time of one softplus each. The absolute error is at most about 2^-22 for each term, plus a few units in
/// the last place of the sum. That is nothing beside a free energy, but a sum of tiny terms has few correct
/// digits.
inline float sum_softplus(VectorView<const float> x) {
  return detail::sum_softplus<false>(x);
}

namespace detail {

/// As sum_softplus_and_sigmoid() below; a fixed number of columns lets the loops vectorize.
template <bool Whole>
inline float sum_softplus_and_sigmoid(MatrixView<float> x) {
  constexpr size_t most_factors = 64;
  const size_t columns = Whole ? granule : x.columns;
  float sum[granule] = {};
  for (size_t base = 0; base < x.rows; base += most_factors) {
    const size_t end = x.rows - base < most_factors ? x.rows : base + most_factors;
    float product[granule];
    for (size_t i = 0; i < columns; ++i) product[i] = 1.0f;
    for (size_t n = base; n < end; ++n) {
      float* const row = x.row(n).data;
      for (size_t i = 0; i < columns; ++i) {
        const float value = row[i], e = exp(-absolute(value));
        sum[i] += positive_part(value);
        product[i] *= 1.0f + e;
        row[i] = sigmoid_from(value, e);
      }
    }
    for (size_t i = 0; i < columns; ++i) sum[i] += log(product[i]);
  }
  float total = 0.0f;
  for (size_t i = 0; i < columns; ++i) total += sum[i];
  return total;
}

}  // namespace detail

/// The sum of softplus over a granule of units in some samples [samples][units], as precise as
/// sum_softplus(). Replaces x by sigma(x), from the exponentials that both need.
inline float sum_softplus_and_sigmoid(MatrixView<float> x) {
  return x.columns == granule ? detail::sum_softplus_and_sigmoid<true>(x)
                              : detail::sum_softplus_and_sigmoid<false>(x);
}

namespace detail {

/// One term of softplus(y) - softplus(x) = max(y, 0) - max(x, 0) + log((1 + e^-|y|) / (1 + e^-|x|)).
struct SoftplusChange {
  float positive;       // max(y, 0) - max(x, 0)
  float before, after;  // |x|, |y|
};

/// The sum of term(n) for n from 0 to count - 1, with `factor` on the positive parts. It has the 16 partial
/// sums of sum_softplus(), added in order.
template <class Term>
RBM_INLINE float softplus_change(size_t count, float factor, const Term& term) {
  constexpr size_t partial_sums = 16, most_factors = 64;
  float positive[partial_sums] = {}, sum[partial_sums] = {};
  for (size_t base = 0; base < count; base += partial_sums * most_factors) {
    const size_t end =
        count - base < partial_sums * most_factors ? count : base + partial_sums * most_factors;
    float before[partial_sums], after[partial_sums];
    for (size_t n = 0; n < partial_sums; ++n) before[n] = after[n] = 1.0f;
    const auto add = [&](size_t n, const SoftplusChange& change) {
      positive[n] += change.positive;
      before[n] *= 1.0f + exp(-change.before);
      after[n] *= 1.0f + exp(-change.after);
    };
    size_t row = base;
    for (; row + partial_sums <= end; row += partial_sums)
      for (size_t n = 0; n < partial_sums; ++n) add(n, term(row + n));
    for (size_t n = 0; row + n < end; ++n) add(n, term(row + n));
    for (size_t n = 0; n < partial_sums; ++n) sum[n] += log(after[n] / before[n]);
  }
  float total = 0.0f;
  for (size_t n = 0; n < partial_sums; ++n) total += factor * positive[n] + sum[n];
  return total;
}

/// Linear interpolation from a (beta = 0) to b (beta = 1); exactly a where a = b.
RBM_INLINE float between(float a, float b, float beta) {
  return a + beta * (b - a);
}

}  // namespace detail

/// The change of sum_softplus() where x is scaled: sum_i softplus(to x_i) - softplus(from x_i), where `from`
/// and `to` are at least 0. The error is at most about 2^-22 for each term, plus a few units in the last
/// place of the change, not of the sums.
inline float softplus_change(VectorView<const float> x, float from, float to) {
  return detail::softplus_change(x.size, to - from, [&](size_t n) {
    return detail::SoftplusChange{positive_part(x[n]), from * absolute(x[n]), to * absolute(x[n])};
  });
}

/// The change of sum_softplus() between two points on the line from x to y, vectors of one size:
///
///     sum_i softplus(z_i(to)) - softplus(z_i(from)),   z(beta) = x + beta (y - x)
///
/// The error is as above, plus a unit in the last place of each z.
inline float softplus_change(VectorView<const float> x, VectorView<const float> y, float from, float to) {
  RBM_ASSERT(x.size == y.size);
  return detail::softplus_change(x.size, 1.0f, [&](size_t n) {
    const float before = detail::between(x[n], y[n], from), after = detail::between(x[n], y[n], to);
    return detail::SoftplusChange{positive_part(after) - positive_part(before), absolute(before),
                                  absolute(after)};
  });
}

/// The sum or integral of exp(m'a - Q) over the states of the visible layer, its logarithm, but for
/// log_volume(): sum softplus(m_j) over binary units, m' Sigma^-1 m / 2 over real units, and log sum exp(m_j)
/// over those of a choice, nats.
inline float visible_log_partition(const ConstVisibleLayer& layer, VectorView<const float> inputs) {
  float sum = 0.0f;
  for_each_group(layer, inputs.size, [&](const VisibleGroup& group) {
    const VectorView<const float> part = inputs.part(group.begin, group.end);
    sum += group.kind == VisibleKind::binary ? sum_softplus(part)
           : group.kind == VisibleKind::real ? 0.5f * dot(part, part)
                                             : log_sum_exp(part);
  });
  for (size_t k = 0; k < layer.factors(); ++k) {
    const float product = dot(layer.loadings.row(k), inputs);
    sum -= 0.5f * product * product / (1.0f + factor_variance(layer, k));
  }
  return sum;
}

/// E(v,h) of a joint state.
inline float energy(ConstRbmView rbm, ActiveUnits visible, ActiveUnits hidden) {
  float sum = dot(rbm.visible_bias, visible) - visible_quadratic(rbm.layer, visible);
  for (size_t n = 0; n < hidden.count; ++n) {
    const size_t i = hidden.units[n];
    sum += hidden.factor(n) * multiply_row(rbm.hidden_bias[i], rbm.weights.row(i).data, visible);
  }
  return -sum;
}

namespace detail {

/// Q - b'a of a state.
inline float visible_energy(const ConstRbmView& rbm, ActiveUnits visible) {
  const float linear = -dot(rbm.visible_bias, visible);
  return rbm.layer.has_real() ? linear + visible_quadratic(rbm.layer, visible) : linear;
}

}  // namespace detail

/// F(v), from known inputs c + W a of the hidden units [hidden].
inline float free_energy(ConstRbmView rbm, ActiveUnits visible, VectorView<const float> hidden_inputs) {
  return detail::visible_energy(rbm, visible) - sum_softplus(hidden_inputs);
}

/// F(v). `scratch` [hidden] is left holding the inputs c + W v of the hidden units.
inline float free_energy(VectorView<float> scratch, ConstRbmView rbm, ActiveUnits visible) {
  multiply(scratch, rbm.hidden_bias, rbm.weights, visible);
  return free_energy(rbm, visible, VectorView<const float>(scratch));
}

}  // namespace rbm
