#pragma once

#include <cstdint>
#include <string>

#include "tools/output/json_line.hpp"
#include "tools/training/epoch_figures.hpp"

namespace tool {

/// The line for people and the JSON object about an epoch that has ended; `epochs` are all that were asked
/// for. What was not measured is left out.
std::string to_line(const EpochFigures& figures, std::uint64_t epochs, double seconds);
JsonLine to_json(const EpochFigures& figures, double seconds);

}  // namespace tool
