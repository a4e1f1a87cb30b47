#pragma once

#include <cstdint>
#include <string>

#include "tools/output/json_line.hpp"
#include "tools/training/epoch_figures.hpp"

namespace tool {

/// What is said of an epoch that has ended, one of so many. What was not measured is left out.
std::string to_line(const EpochFigures& figures, std::uint64_t epochs, double seconds);
JsonLine to_json(const EpochFigures& figures, double seconds);

}  // namespace tool
