#pragma once

#include "tools/base/statistics.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// How near a quantized model, run as on a device, comes to the model of floats that it was made from, on the
/// same binary examples. All means are over the examples.
struct Fidelity {
  Mean float_error, device_error;  ///< (v - p(v | h))^2 a visible unit, h drawn from p(h | v)
  Mean disagreement;        ///< share of the hidden units that are likelier on in one model, off in the other
  double rank_correlation;  ///< of free energies: 1 if both models put the examples in the same order
};

/// Measures it on binary examples, drawn as `rbm evaluate` of the model and of its header draws them. The
/// quantized model may have fewer hidden units: `kept` are those of the original that it has, in its order.
Fidelity measure_fidelity(const Model& model, const Examples& examples, const PackedModel& quantized,
                          const std::vector<std::size_t>& kept, const Workers& workers);

/// Spearman's rank correlation; equal values share the mean of their ranks. NaN where x or y does not vary.
double rank_correlation(const std::vector<float>& x, const std::vector<float>& y);

}  // namespace tool
