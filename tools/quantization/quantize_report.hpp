#pragma once

#include <optional>

#include "tools/model/c_header_files.hpp"
#include "tools/quantization/budget.hpp"
#include "tools/quantization/fidelity.hpp"
#include "tools/quantization/quantization_loss.hpp"

namespace tool {

/// A way to fit a budget, and what it costs.
struct Trial {
  Plan plan;
  Mean lost;
};

/// What `rbm quantize` made and found out.
struct Quantization {
  QuantizedModel integers;
  std::vector<std::size_t> kept;  ///< the hidden units of the original that the integers have
  std::size_t original_hidden = 0;
  std::vector<Trial> tried;              ///< what a budget chose among; empty without a budget
  std::optional<Fidelity> fidelity;      ///< with data
  std::optional<QuantizationLoss> cost;  ///< with data, or with a budget
};

/// Prints a table for people.
void print_quantization(const Quantization& made, const HeaderTarget& target, std::FILE* stream);

/// Prints one JSON object.
void print_quantization_json(const Quantization& made, const HeaderTarget& target);

}  // namespace tool
