#pragma once

#include <string>
#include <vector>

#include "rbm/memory.hpp"
#include "tools/model/model.hpp"

namespace tool {

/// Reads a mask: a data file of one example, or of a picture's height x width values, which marks the visible
/// units whose value is at least half of its largest. Returns them in ascending order. Throws Failure where
/// the file is no mask for this model.
std::vector<rbm::Unit> read_mask(const std::string& path, const Model& model);

}  // namespace tool
