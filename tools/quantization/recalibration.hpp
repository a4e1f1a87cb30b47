#pragma once

#include <cstdint>

#include "tools/base/workers.hpp"
#include "tools/inference/inference.hpp"
#include "tools/model/calibration.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// The limit of a quantized model for the same share of false alarms and the same votes, found anew on the
/// device's scores of normal examples. Throws Failure where they are too few.
Calibration recalibrate(const Calibration& known, const Model& quantized, const Examples& normal,
                        const Workers& workers);

/// The calibration of a model of floats, moved by what integers add to the scores of examples that the model
/// makes up: the median difference of free energies, which rounding shifts alike for all that is normal.
Calibration shifted(const Calibration& known, const Model& model, const Model& quantized, std::uint64_t seed,
                    const Workers& workers);

}  // namespace tool
