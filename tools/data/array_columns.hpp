#pragma once

#include <cstddef>

#include "tools/data/dataset.hpp"
#include "tools/data/elements.hpp"

namespace tool {

/// Takes the columns that the reading asks for from an array, before its elements are looked at: the others
/// are left out, and the shape is made to fit. Columns of labels and of times fill shape.labels and
/// shape.time. Of pictures, which are not of rank 2, it takes all. Throws as choose_columns() does, and
/// Failure where columns are asked for of pictures.
void keep_columns(Dataset& shape, const Reading& reading, std::size_t rank, Elements& elements);

}  // namespace tool
