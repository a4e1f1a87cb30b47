#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/model/model.hpp"

namespace tool {

/// What a model would lose, in nats, without each of its hidden units, if that unit alone were taken away and
/// its mean effect left to the visible biases: half the variance, over states v that the model makes up, of
///
///     g_i(v) = log(1 + exp(c_i + W_i v)) - p_i W_i v        p_i = <p(h_i = 1 | v)>
///
/// g_i is the change of -F(v), up to a constant, and half its variance the Kullback-Leibler divergence to
/// second order.
std::vector<double> costs_of_units(const Model& model, std::uint64_t seed);

/// A model with only those hidden units that cost most to lose, in their order.
struct PrunedModel {
  Model model;
  std::vector<std::size_t> kept;  ///< the units of the original
};
PrunedModel pruned(const Model& model, std::size_t hidden, std::uint64_t seed);

/// A pruned model in the original's shape: units without weights, which change no probability, stand for
/// those that were taken away.
Model unpruned(const Model& model, const std::vector<std::size_t>& kept, std::size_t hidden);

}  // namespace tool
