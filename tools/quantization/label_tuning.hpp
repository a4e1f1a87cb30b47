#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/desktop/terminal.hpp"
#include "tools/data/dataset.hpp"
#include "tools/model/model.hpp"
#include "tools/model/quantized_model.hpp"
#include "tools/quantization/tuning.hpp"

namespace tool {

/// The label weight w of a model's training, 0 to 1. Models of other programs are taken to be for
/// classification: 1.
float label_weight_of(const Model& model);

/// The number of epochs that serves well over this many examples: more learn few ones by heart.
std::uint64_t label_tuning_epochs(std::size_t examples);

/// Tunes a model with labels, so that the rounded weights classify well: the gradient of log p(label | v)
/// with them (rbm/label_gradient.hpp) moves the float weights behind them, which are rounded anew after each
/// batch; in a model that was trained with a lower label weight w, that of w log p(label | v) + (1 - w) log
/// p(v, label), by chains that go on from batch to batch where units are bits; with the weight decay of its
/// training. `rounded` is the model as rounded() leaves it, and its scales stay.
///
/// Data have labels, and columns that are the model's units. Throws Failure where training diverges,
/// platform::Interrupted once the user asked to stop.
QuantizedModel tuned_for_labels(const Model& model, QuantizedModel rounded, const Dataset& data,
                                const TuningOptions& options, platform::Progress& progress);

}  // namespace tool
