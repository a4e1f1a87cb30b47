#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "rbm/visible.hpp"
#include "tools/data/dataset.hpp"

namespace tool {

// The kinds of a model's visible units in its metadata, under `visible_groups`: `real 64`, or
// `real 5, binary 2, real 3` in the order of the units. Labels are one group more, the last: `binary 64,
// choice 10`.

std::string to_text(const std::vector<rbm::VisibleGroup>& groups);

/// Whether some unit is real, and whether the last units are labels.
bool has_real(const std::vector<rbm::VisibleGroup>& groups);
bool has_choice(const std::vector<rbm::VisibleGroup>& groups);

/// Whether metadata tell of groups, and so of real units or labels.
bool tells_groups(const std::map<std::string, std::string>& metadata);

/// Writes them into metadata.
void describe(const std::vector<rbm::VisibleGroup>& groups, std::map<std::string, std::string>& metadata);

/// Reads them back for a layer of `visible` units; where metadata do not tell, all are real. `name` is what
/// messages call the file. Throws Failure where the entry makes no sense.
std::vector<rbm::VisibleGroup> groups_in(const std::map<std::string, std::string>& metadata,
                                         std::size_t visible, const std::string& name);

/// Throws Failure unless scales are above 0, binary units and labels have offset 0, scale 1 and loadings 0,
/// and the rows of loadings are orthogonal to each other. A layer without real units has none of these.
void check_layer(const rbm::ConstVisibleLayer& layer, const std::string& name);

}  // namespace tool
