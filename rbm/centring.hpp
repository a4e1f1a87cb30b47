/// Centred gradients (Melchior, Fischer and Wiskott 2016). The gradient measures the state of each unit from
/// its mean; learning then works as well for units that are mostly on as for units that are mostly off.
///
/// The offsets mu and lambda lie near the means of v and h. With <.> for the mean over a batch in the data's
/// phase less the mean in the model's phase,
///
///     dW_ij = <(h_i - lambda_i)(v_j - mu_j)>     db = <v> - dW' lambda     dc = <h> - dW mu
///
/// The parameters W, b and c keep their meaning; offsets change only the direction of learning. Multiplied
/// out, the centred gradient is the plain one with a small correction:
///
///     dW_ij = <h_i v_j> - lambda_i <v_j> - mu_j <h_i>
#pragma once

#include <stddef.h>

#include "gradient.hpp"
#include "memory.hpp"

namespace rbm {

/// The offsets, and the terms of a batch's corrections.
struct Centring {
  VectorView<float> visible_offset;      ///< mu [visible]
  VectorView<float> hidden_offset;       ///< lambda [hidden, padded]
  VectorView<float> visible_difference;  ///< `<v>` [visible], times the share
  VectorView<float> hidden_difference;   ///< `<h>` [hidden, padded], times the share
  VectorView<float> visible_factors;     ///< factor of each row of the phases in db [2 batch]
  VectorView<float> hidden_factors;      ///< factor of each row in use in dc [2 batch]
  float visible_share = 0.0f;            ///< lambda' `<h>`; times mu, it is the rest of db
  float hidden_share = 0.0f;             ///< mu' `<v>`; times lambda, it is the rest of dc

  constexpr Centring(Arena& arena, TrainerShape shape)
      : visible_offset(arena.vector(shape.visible)),
        hidden_offset(arena.vector(padded(shape.hidden))),
        visible_difference(arena.vector(shape.visible)),
        hidden_difference(arena.vector(padded(shape.hidden))),
        visible_factors(arena.vector(2 * shape.batch)),
        hidden_factors(arena.vector(2 * shape.batch)) {}
};

/// Starts the offsets at sigma(b) and sigma(c), the means of binary units without weights, and at b for the
/// states of real units.
inline void start_centring(Centring& centring, ConstRbmView rbm) {
  for (size_t j = 0; j < rbm.visible(); ++j) centring.visible_offset[j] = rbm.visible_bias[j];
  visible_means(centring.visible_offset, rbm.layer);
  states_from_values(centring.visible_offset, rbm.layer);
  for (size_t i = 0; i < centring.hidden_offset.size; ++i)
    centring.hidden_offset[i] = i < rbm.hidden() ? sigmoid(rbm.hidden_bias[i]) : 0.0f;
}

namespace detail {

/// Moves the offsets of the visible units `begin` up to `end`, and writes their differences.
inline void centre_visible(Centring& centring, const Phases& phases, const UnitLists& samples_on, float mean,
                           float rate, float share, size_t begin, size_t end) {
  for (size_t j = begin; j < end; ++j) {
    const ActiveUnits on = samples_on.row(j);
    const size_t of_data = units_below(on, phases.batch());
    const float data = sum_values(on.part(0, of_data));
    const float model = sum_values(on.part(of_data, on.count));
    centring.visible_difference[j] = share * mean * (data - model);
    centring.visible_offset[j] += rate * (0.5f * mean * (data + model) - centring.visible_offset[j]);
  }
}

/// The same for the hidden units `left` up to `right`.
inline void centre_hidden(Centring& centring, const Phases& phases, ActiveUnits rows, float mean, float rate,
                          float share, size_t left, size_t right) {
  const MatrixView<float>& hidden = phases.hidden_probabilities;
  const size_t samples = rows.count / 2;
  for_each_block(right - left, [&](auto block, size_t from_left) {
    const size_t column = left + from_left;
    float* const offset = centring.hidden_offset.data + column;
    float* const difference = centring.hidden_difference.data + column;
    auto model = block, both = block;
    block.add_rows(hidden.data + column, hidden.stride, rows.part(0, samples));
    model.add_rows(hidden.data + column, hidden.stride, rows.part(samples, rows.count));
    both.load(offset);
    for (unsigned r = 0; r < block.registers; ++r) {
      both.sum[r] += rate * (0.5f * mean * (block.sum[r] - model.sum[r]) - both.sum[r]);
      block.sum[r] = share * mean * (block.sum[r] + model.sum[r]);
    }
    both.store(offset);
    block.store(difference);
  });
}

}  // namespace detail

/// Moves the offsets by the share `rate` towards the batch's means over both phases, and computes the
/// corrections. `samples_on` lists for each visible unit the rows of the phases in which it is on. `rows`
/// lists all rows in use, those of the data first. `share` is what the gradient is multiplied by.
template <class Parallel>
void centre(Centring& centring, const Phases& phases, const UnitLists& samples_on, ActiveUnits rows,
            float rate, float share, Parallel& parallel) {
  const size_t samples = rows.count / 2, batch = phases.batch();
  const float mean = 1.0f / static_cast<float>(samples);
  const VectorView<const float> mu = centring.visible_offset, lambda = centring.hidden_offset;
  parallel.in_each_memory(granules(lambda.size), [&](size_t first, size_t last) {
    const Share units = Share{first, last}.units(lambda.size);
    detail::centre_hidden(centring, phases, rows, mean, rate, share, units.begin, units.end);
  });
  parallel.in_each_memory(granules(mu.size), [&](size_t first, size_t last) {
    const Share units = Share{first, last}.units(mu.size);
    detail::centre_visible(centring, phases, samples_on, mean, rate, share, units.begin, units.end);
  });
  const float mu_square = dot(mu, mu), lambda_square = dot(lambda, lambda);
  centring.visible_share = dot(lambda, centring.hidden_difference);
  centring.hidden_share = dot(mu, centring.visible_difference);
  parallel.in_each_memory(samples, [&](size_t begin, size_t end) {
    for (size_t n = begin; n < end; ++n) {
      centring.visible_factors[n] = 1.0f + lambda_square - dot(lambda, phases.hidden_probabilities.row(n));
      centring.visible_factors[batch + n] =
          -1.0f - lambda_square - dot(lambda, phases.hidden_probabilities.row(batch + n));
      centring.hidden_factors[n] = 1.0f + mu_square - dot(mu, phases.data.row(n));
      centring.hidden_factors[samples + n] = 1.0f + mu_square - dot(mu, phases.model.row(n));
    }
  });
}

}  // namespace rbm
