#pragma once

#include <cstddef>
#include <vector>

#include "tools/model/model.hpp"

namespace tool {

/// Which readings make an example odd: its free energy, less that of another example, shared among the
/// visible units. The share of unit j is the part of the difference that comes about along j on the straight
/// way from the other example to this one,
///
///     share_j = (v_j - o_j) integral over t from 0 to 1 of dF/dv_j at o + t (v - o)
///
/// (integrated gradients: Sundararajan, Taly and Yan 2017; the Aumann-Shapley price), so that
///
///     sum_j share_j = F(v) - F(o)
///
/// A reading that is the same in both has the share 0. A share below 0 makes the example more usual. With
/// x = (v - offset) / scale, a = Lambda x and inputs u = c + W a of the hidden units, the integral is exact:
///
///     share_j = (x_j - y_j) [Lambda ((x + y) / 2 - b - W'm)]_j
///     m_i     = (softplus(u_i(x)) - softplus(u_i(y))) / (u_i(x) - u_i(y)),   y: the other example's x
///
/// Of a model with labels, which F sums out, m is the integral over the way of sum_y p(y | v) p(h_i = 1 | v,
/// y), found by the midpoint rule.
///
/// Of a Gaussian (no hidden unit that counts) with precision P and mean o it is (v - o)_j [P (v - o)]_j / 2.
class Shares {
 public:
  /// The model must outlive it. The other example is the mean of the training data, readings at their
  /// offsets, bits off.
  explicit Shares(const Model& model);

  /// The shares of an example [visible but labels] of readings and of bits, 0 to 1, in nats.
  std::vector<double> of(const float* example) const;

 private:
  // Lambda x of values x [visible but labels].
  std::vector<double> states(std::vector<double> values) const;

  // m of all hidden units, on the way from inputs c to the ends.
  std::vector<double> mean_activities(const std::vector<double>& ends) const;

  const Model& model_;
};

}  // namespace tool
