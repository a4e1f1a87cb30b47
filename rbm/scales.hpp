/// Learning of what real units have beside W and b: scales, which are their deviations given the hidden
/// units, and loadings of factors.
///
/// With g = Lambda m, where m = b + W'h are the inputs of the visible units, the gradient of the
/// log-likelihood with respect to Sigma, while means given h stay in the readings' units, is the difference
/// of the two phases in
///
///     <a a' - g a' - a g'> / 2     data: h is p(h | v0)
///     <Lambda - g g'> / 2          model: its mean over x given h
///
/// (Cho, Ilin and Raiko 2011, here with factors.) Twice its diagonal is the gradient of log scale, and its
/// product with 2 L_k that of the loadings L_k. W, b and L of a unit are in units of its scale, so that they
/// are divided by what the scale is multiplied by.
#pragma once

#include <stddef.h>

#include "gradient.hpp"
#include "memory.hpp"

namespace rbm {

/// What a trainer keeps to learn scales and loadings; of size 0 where it does not.
struct ScaleLearning {
  VectorView<float> least;        ///< scales do not fall below these [visible]
  MatrixView<float> data_inputs;  ///< g of the data's phase [batch][visible]
  MatrixView<float> on_factors;   ///< L_k a and L_k g of the data, L_k g of the model [batch][3 factors]
  MatrixView<float> change;       ///< of log scale, then of each row of loadings [1 + factors][visible]
  UnitList every_hidden;          ///< all hidden units

  constexpr ScaleLearning(Arena& arena, TrainerShape shape)
      : least(arena.vector(shape.learns_scales ? shape.visible : 0)),
        data_inputs(arena.matrix(shape.learns_scales ? shape.batch : 0, shape.visible)),
        on_factors(arena.matrix(shape.learns_scales ? shape.batch : 0, 3 * shape.factors)),
        change(arena.matrix(shape.learns_scales ? 1 + shape.factors : 0, shape.visible)),
        every_hidden(arena.list(shape.learns_scales ? shape.hidden : 0)) {}

  constexpr bool is_on() const { return least.size > 0; }
};

/// Starts with scales that may fall to the share `least` of what they are.
inline void start_scales(ScaleLearning& scales, ConstRbmView rbm, float least) {
  for (size_t j = 0; j < scales.least.size; ++j) scales.least[j] = least * rbm.layer.scale[j];
  for (size_t i = 0; scales.is_on() && i < rbm.hidden(); ++i) scales.every_hidden.add(i);
  // Units that are not real have no scales to learn: it stays 0 for them.
  for (size_t n = 0; n < scales.change.rows * scales.change.stride; ++n) scales.change.data[n] = 0.0f;
}

/// Turns the rows of L until they are orthogonal to each other (Jacobi's rotations), which changes no model.
/// `velocities` [factor][visible], of the optimizer, turn with them.
inline void orthogonalize(MatrixView<float> loadings, MatrixView<float> velocities) {
  const auto turn = [](VectorView<float> x, VectorView<float> y, float cosine, float sine) {
    for (size_t j = 0; j < x.size; ++j) {
      const float before = x[j];
      x[j] = cosine * before - sine * y[j];
      y[j] = sine * before + cosine * y[j];
    }
  };
  // A rotation of two rows undoes a part of those before it, less of it in each sweep.
  constexpr int most_sweeps = 16;
  bool turned = true;
  for (int sweep = 0; turned && sweep < most_sweeps; ++sweep) {
    turned = false;
    for (size_t k = 0; k < loadings.rows; ++k)
      for (size_t l = k + 1; l < loadings.rows; ++l) {
        const VectorView<float> x = loadings.row(k), y = loadings.row(l);
        const float of_x = dot(x, x), of_y = dot(y, y), product = dot(x, y), difference = of_y - of_x;
        if (!(product * product > 1e-12f * of_x * of_y)) continue;  // orthogonal to what floats resolve
        const float half = 0.5f * difference / product;
        // Of a row that learning has left near 0, the quotient's square may be infinite.
        const float size = absolute(half), root = size > 1e6f ? size : square_root(1.0f + half * half);
        const float tangent = (half < 0.0f ? -1.0f : 1.0f) / (size + root);
        const float cosine = 1.0f / square_root(1.0f + tangent * tangent);
        turn(x, y, cosine, tangent * cosine);
        if (velocities.rows > 0) turn(velocities.row(k), velocities.row(l), cosine, tangent * cosine);
        turned = true;
      }
  }
}

namespace detail {

/// g of both phases for the samples `begin` up to `end`, and the products with the loadings.
inline void set_precise_inputs(ScaleLearning& scales, const Phases& phases, const ConstRbmView& rbm,
                               size_t begin, size_t end) {
  const ConstVisibleLayer& layer = rbm.layer;
  for (size_t n = begin; n < end; ++n) {
    const VectorView<float> data = scales.data_inputs.row(n), model = phases.model_visible.row(n);
    states_from_values(data, layer);
    states_from_values(model, layer);
    for (size_t k = 0; k < layer.factors(); ++k) {
      float* const products = scales.on_factors.row(n).data + 3 * k;
      products[0] = dot(layer.loadings.row(k), phases.data.row(n));
      products[1] = dot(layer.loadings.row(k), data);
      products[2] = dot(layer.loadings.row(k), model);
    }
  }
}

/// The gradient of log scale and loadings of real unit j, which is on in the rows `on`, into column j.
inline void set_scale_gradient(ScaleLearning& scales, const Phases& phases, const ConstVisibleLayer& layer,
                               ActiveUnits on, size_t samples, size_t j) {
  const MatrixView<float>& change = scales.change;
  for (size_t r = 0; r < change.rows; ++r) change.row(r)[j] = 0.0f;
  const ActiveUnits data = on.part(0, units_below(on, phases.batch()));
  for (size_t m = 0; m < data.count; ++m) {
    const size_t n = data.units[m];
    const float a = data.factor(m), g = scales.data_inputs.row(n)[j];
    change.row(0)[j] += a * (a - 2.0f * g);
    for (size_t k = 0; k < layer.factors(); ++k) {
      const float* const products = scales.on_factors.row(n).data + 3 * k;
      change.row(1 + k)[j] += (a - g) * products[0] - a * products[1];
    }
  }
  for (size_t n = 0; n < samples; ++n) {
    const float g = phases.model_visible.row(n)[j];
    change.row(0)[j] += g * g;
    for (size_t k = 0; k < layer.factors(); ++k)
      change.row(1 + k)[j] += g * scales.on_factors.row(n)[3 * k + 2];
  }
  const float mean = 1.0f / static_cast<float>(samples);
  float precision = 1.0f;  // Lambda_jj
  for (size_t k = 0; k < layer.factors(); ++k) {
    const float loading = layer.loadings.row(k)[j], precise = loading / (1.0f + factor_variance(layer, k));
    precision -= loading * precise;
    change.row(1 + k)[j] = mean * change.row(1 + k)[j] - precise;
  }
  change.row(0)[j] = mean * change.row(0)[j] - precision;
}

}  // namespace detail

/// The gradient of log scale and of loadings from both phases of a batch of `samples`, into scales.change.
/// `samples_on` lists for each visible unit the rows in which its state is not 0. Leaves g in
/// phases.model_visible.
template <class Parallel>
void set_scale_gradient(ScaleLearning& scales, const Phases& phases, const TwoWayWeights& weights,
                        const UnitLists& samples_on, size_t samples, Parallel& parallel) {
  const ConstRbmView& rbm = weights.rbm;
  parallel(granules(rbm.visible()), [&](size_t first, size_t last) {
    const Share units = Share{first, last}.units(rbm.visible());
    for (size_t n = 0; n < samples; ++n)
      multiply_transposed(scales.data_inputs.row(n).part(units.begin, units.end),
                          rbm.visible_bias.part(units.begin, units.end), columns_of(rbm, weights, units),
                          {scales.every_hidden.units, phases.data_hidden().row(n).data, rbm.hidden()});
  });
  parallel.exchange(Parts::of(scales.data_inputs.part(0, samples)));
  parallel.in_each_memory(samples, [&](size_t begin, size_t end) {
    detail::set_precise_inputs(scales, phases, rbm, begin, end);
  });
  for (size_t g = 0; g != rbm.layer.group_count; ++g) {
    const VisibleGroup group = rbm.layer.groups[g];
    if (group.kind != VisibleKind::real) continue;
    parallel.in_each_memory(group.end - group.begin, [&](size_t begin, size_t end) {
      for (size_t j = group.begin + begin; j < group.begin + end; ++j)
        detail::set_scale_gradient(scales, phases, rbm.layer, samples_on.row(j), samples, j);
    });
  }
}

/// Moves scales and loadings by scales.change, once the optimizer has made steps of it, and divides W, as far
/// as it is in this memory, in both orders, b and L by the change of the scales. A step is at most 0.1. `rbm`
/// is the model of the weights.
inline void move_scales(ScaleLearning& scales, const RbmView& rbm, const TwoWayWeights& weights,
                        MatrixView<float> velocities) {
  constexpr float most_step = 0.1f;
  const VisibleLayer& layer = rbm.layer;
  for (size_t g = 0; g != layer.group_count; ++g)
    for (size_t j = layer.groups[g].begin; j < layer.groups[g].end; ++j) {
      if (layer.groups[g].kind != VisibleKind::real) continue;
      const auto bounded = [](float x) {
        return x < -most_step ? -most_step : x > most_step ? most_step : x;
      };
      const float moved = layer.scale[j] * exp(bounded(scales.change.row(0)[j]));
      const float scale = moved > scales.least[j] ? moved : scales.least[j], factor = layer.scale[j] / scale;
      layer.scale[j] = scale;
      weights.transposed.for_each_panel(0, rbm.hidden(), [&](const MatrixView<float>& part, size_t) {
        for (size_t i = 0; i < part.columns; ++i) part.row(j)[i] *= factor;
      });
      if (Share{j, j + 1}.within(weights.visible).size() > 0)
        for (size_t i = 0; i < rbm.hidden(); ++i) columns_of(rbm, weights, {j, j + 1}).row(i)[0] *= factor;
      rbm.visible_bias[j] *= factor;
      for (size_t k = 0; k < layer.factors(); ++k) {
        float& loading = layer.loadings.row(k)[j];
        loading = factor * (loading + bounded(scales.change.row(1 + k)[j]));
      }
    }
  orthogonalize(layer.loadings, velocities);
}

}  // namespace rbm
