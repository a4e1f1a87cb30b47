#pragma once

#include <cstddef>
#include <memory>
#include <optional>

namespace platform {

/// An array of which each rank writes a part: of every row, the bytes starts[r] up to starts[r + 1].
struct RankArray {
  unsigned char* data;
  std::size_t rows, stride;   ///< bytes from one row to the next
  const std::size_t* starts;  ///< [ranks + 1]
};

/// The processes that do one job together, each with a memory of its own; usually it is one. They are started
/// by mpirun where the build has MPI (platform/mpi). All make the same calls in the same order, one thread of
/// each at a time. This class is the team of one.
class Ranks {
 public:
  virtual ~Ranks() = default;

  virtual std::size_t rank() const { return 0; }
  virtual std::size_t size() const { return 1; }

  /// The number that the launcher gave to the process of this rank.
  virtual std::size_t started_as(std::size_t rank) const { return rank; }

  /// Makes one rank of several that share a machine, so that they work as threads of one memory and send each
  /// other nothing. Groups are of equal size on all machines, as large as divides the ranks of each. All
  /// ranks call it, before they work. The first rank of a group works: it returns at once, with nothing. The
  /// others sleep until that one calls release(), and return the exit status that it gives.
  virtual std::optional<int> unite() { return std::nullopt; }
  virtual void release(int) {}

  /// The threads to work with where a user asked for `asked`. 0 asks for no number: then one for each rank of
  /// the group that unite() made, if there are processors for them; 0: as many as there are processors.
  unsigned threads(unsigned asked) const { return asked > 0 ? asked : united_threads(); }

  /// Gathers arrays of which each rank has written a part. On return, every rank has all parts.
  virtual void exchange(const RankArray* arrays, std::size_t count);

  /// Deals out the array `whole` of the first rank: each rank's part goes to its `own`, with a row
  /// every `own_stride` bytes. All give the same rows and starts; whole.data and its stride matter on the
  /// first rank alone.
  virtual void deal(const RankArray& whole, unsigned char* own, std::size_t own_stride);

  /// The other way: brings the parts of all ranks together in the first rank's `whole`.
  virtual void collect(const unsigned char* own, std::size_t own_stride, const RankArray& whole);

  /// Every rank gets a record from each into `all` [size()][bytes].
  void share(const void* record, std::size_t bytes, void* all);

  /// Whether any rank says so.
  bool any(bool here);

  /// Gathers a record from each rank into `all` [size()][bytes], on a way of its own: a rank may meet the
  /// others while they wait in exchange() for it. `patience` is in seconds, 0: without end. Returns false
  /// where some rank has not come by then; only end_all() may follow.
  virtual bool meet(const void* record, std::size_t bytes, void* all, double patience);

  /// Ends all ranks at once with this exit status, where they cannot meet any more.
  [[noreturn]] virtual void end_all(int status);

 private:
  virtual unsigned united_threads() const { return 0; }
};

/// How many processes a launcher of MPI programs started this one among, by its environment; 0 where none
/// did, 1 where it does not tell.
std::size_t launched_ranks();

/// The ranks of this run. Called once, at the start of main(); the object lives as long as the program.
/// Throws std::runtime_error where processes that were started together cannot work together.
std::unique_ptr<Ranks> start_ranks(int* count, char*** words);

}  // namespace platform
