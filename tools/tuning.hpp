#pragma once

#include <cstdint>
#include <string_view>

#include "../platform/desktop/terminal.hpp"
#include "../rbm/quantize.hpp"
#include "commands.hpp"
#include "dataset.hpp"
#include "model.hpp"

namespace tool {

/// How a model is tuned.
struct TuningOptions {
  std::uint64_t epochs = 0;
  std::string_view visible = "sampled";  ///< how intensities become states, as a recipe says it
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< 0: one for each core; changes no result
  double rate = 0.01, decay = 1, average = 0.3;
  std::uint64_t k0 = 1, k1 = 1, batch = 64;
  bool clip = false;
};

/// Quantizes to out.bits by training: a few epochs of persistent contrastive divergence in which the model
/// that acts is the rounded one, and the model that learns is the one that is rounded.
///
/// Both phases run with the integers' weights; their gradient moves the float weights behind (the
/// straight-through estimator: Bengio, Leonard and Courville 2013), which are rounded anew after each batch,
/// to shifts chosen at the start. Biases take back the mean of what rounding does (rbm::round_parameters),
/// with the offsets of the centred gradient as means, so that a weight that jumps to the next level changes
/// no input on average. Without that, four epochs at 2 bits lose 20 nats instead of 8.
///
/// The data's columns are the model's visible units. Status::interrupted if the user stopped it.
Status tune(rbm::QuantizedModel& out, const Model& model, const Dataset& data, const TuningOptions& options,
            platform::Progress& progress);

}  // namespace tool
