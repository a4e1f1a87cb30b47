#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/desktop/terminal.hpp"
#include "rbm/gibbs.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/model.hpp"
#include "tools/model/quantized_model.hpp"

namespace tool {

/// How a model is tuned.
struct TuningOptions {
  std::uint64_t epochs;
  rbm::VisibleUnits visible = rbm::VisibleUnits::sampled;  ///< how intensities become states
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< 0: one for each core; changes no result
};

/// The number of epochs that serves well over this many examples.
std::uint64_t tuning_epochs(std::size_t examples);

/// Quantizes a model to `bits` bits a weight by training it further: persistent contrastive divergence in
/// which the rounded weights act and float weights learn.
///
/// Both phases run with the rounded weights. Their gradient moves the float weights behind them (the
/// straight-through estimator: Bengio, Leonard and Courville 2013), which are rounded anew after each batch,
/// to shifts chosen at the start. Biases take back the mean of what rounding changes (rbm::round_parameters),
/// with the offsets of the centred gradient as means, so that a weight that jumps to the next level changes
/// no input on average. Without that, four epochs at 2 bits left 20 nats lost instead of 8.
///
/// The data's columns are the model's visible units. Throws Failure where training diverges,
/// platform::Interrupted once the user asked to stop.
QuantizedModel tuned(const Model& model, unsigned bits, const Dataset& data, const TuningOptions& options,
                     platform::Progress& progress);

}  // namespace tool
