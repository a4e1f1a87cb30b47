#pragma once

#include <cstddef>

#include "platform/desktop/ranks.hpp"
#include "platform/mpi/connection.hpp"

namespace platform {

/// What Ranks::deal() and Ranks::collect() move over a connection: the parts of all ranks but the first.
/// Beside the arrays they take 8 MB on each rank, or two rows of what travels where that is more.
void deal(Connection& connection, const RankArray& whole, unsigned char* own, std::size_t own_stride);
void collect(Connection& connection, const unsigned char* own, std::size_t own_stride,
             const RankArray& whole);

}  // namespace platform
