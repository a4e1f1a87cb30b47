#include <stdexcept>
#include <string>

#include "platform/desktop/ranks.hpp"

namespace platform {

// Without MPI. Processes that know nothing of each other would do the same work, and write the same files.
std::unique_ptr<Ranks> start_ranks(int*, char***) {
  if (const std::size_t ranks = launched_ranks(); ranks > 1)
    throw std::runtime_error("was started as one of " + std::to_string(ranks) +
                             " processes, but is built without MPI: see make mpi");
  return std::make_unique<Ranks>();
}

}  // namespace platform
