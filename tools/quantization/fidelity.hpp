#pragma once

#include "tools/inference/inference.hpp"
#include "tools/model/quantized_model.hpp"
#include "tools/output/report.hpp"

namespace tool {

/// How near the integer runtime comes to the model of floats that its integers were made from, on the same
/// binary examples. All means are over the examples.
struct Fidelity {
  Mean float_error, integer_error;  ///< (v - p(v | h))^2 a visible unit, h drawn from p(h | v)
  Mean disagreement;        ///< share of the hidden units that only one of them finds likelier on than off
  double rank_correlation;  ///< of free energies: 1 if both put the examples in the same order
};

/// Measures it, drawing as `rbm evaluate` of the model and of its header does. The integers may have fewer
/// hidden units: `kept` are those, of the original. Takes option::threads and option::quiet from the command
/// line. Throws platform::Interrupted once the user asked to stop.
Fidelity measure_fidelity(const Arguments& arguments, const Examples& examples, const PackedModel& integers,
                          const std::vector<std::size_t>& kept);

/// Spearman's rank correlation; equal values share the mean of their ranks. NaN where one of the two does not
/// vary.
double rank_correlation(const std::vector<float>& x, const std::vector<float>& y);

}  // namespace tool
