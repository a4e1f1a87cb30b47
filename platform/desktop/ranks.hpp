#pragma once

#include <cstddef>
#include <memory>

namespace platform {

/// The processes that do one job together, each with a memory of its own; usually it is one. They are started
/// by mpirun where the build has MPI (platform/mpi). All make the same calls in the same order, one thread of
/// each at a time. This class is the team of one.
class Ranks {
 public:
  virtual ~Ranks() = default;

  virtual std::size_t rank() const { return 0; }
  virtual std::size_t size() const { return 1; }

  /// Gathers an array of which each rank has written a part: of every row, the bytes starts[r] up to
  /// starts[r + 1]. `starts` is [size() + 1]. On return, every rank has all parts.
  virtual void exchange(unsigned char* data, std::size_t rows, std::size_t stride, const std::size_t* starts);

  /// Whether any rank says so.
  bool any(bool here);

  /// Gathers a record from each rank into `all` [size()][bytes], on a way of its own: a rank may meet the
  /// others while they wait in exchange() for it. `patience` is in seconds, 0: without end. Returns false
  /// where some rank has not come by then; only end_all() may follow.
  virtual bool meet(const void* record, std::size_t bytes, void* all, double patience);

  /// Ends all ranks at once with this exit status, where they cannot meet any more.
  [[noreturn]] virtual void end_all(int status);
};

/// How many processes a launcher of MPI programs started this one among, by its environment; 0 where none
/// did, 1 where it does not tell.
std::size_t launched_ranks();

/// The ranks of this run. Called once, at the start of main(); the object lives as long as the program.
/// Throws std::runtime_error where processes that were started together cannot work together.
std::unique_ptr<Ranks> start_ranks(int* count, char*** words);

}  // namespace platform
