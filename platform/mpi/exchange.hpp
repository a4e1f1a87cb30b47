#pragma once

#include <cstddef>
#include <vector>

#include "platform/desktop/ranks.hpp"
#include "platform/mpi/connection.hpp"

namespace platform {

/// Ranks::exchange() over a connection.
class Exchange {
 public:
  explicit Exchange(Connection& connection) : connection_(connection) {}

  void operator()(const RankArray* arrays, std::size_t count);

 private:
  // The rank that stands `step` places behind this one, in a ring.
  std::size_t after(std::size_t step) const { return (connection_.rank() + step) % connection_.size(); }

  void exchange_blocks();

  Connection& connection_;
  std::vector<unsigned char> blocks_;  // the parts: of this rank, of the one after it, ...
  std::vector<std::size_t> begins_;    // [size + 1], where they begin
};

}  // namespace platform
