#pragma once

// The bindings for C++, which left the standard in 2012, come with warnings.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <cstddef>
#include <vector>

namespace platform {

/// What the ranks of a communicator send each other. A failure ends all ranks at once, with a line.
class Connection {
 public:
  Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// From now on the ranks are those of `all`.
  void connect(MPI_Comm all);

  std::size_t rank() const { return rank_; }
  std::size_t size() const { return size_; }
  MPI_Comm ranks() const { return ranks_; }

  /// Begins to send bytes to a rank; wait() may return before that one receives them, which then keeps them.
  void send(const unsigned char* data, std::size_t bytes, std::size_t to);

  /// Like send(), but wait() returns only when the other one receives: a rank that is ahead does not fill
  /// the memory of one that is behind.
  void hand_over(const unsigned char* data, std::size_t bytes, std::size_t to);

  /// Begins to receive what a rank sends by one call with as many bytes.
  void receive(unsigned char* data, std::size_t bytes, std::size_t from);

  /// Waits for all that has begun.
  void wait();

  /// Ends all ranks where the result of a call of MPI is a failure.
  void check(int code) const;

  /// Ends all ranks at once with this exit status.
  [[noreturn]] static void end_all(int status);

 private:
  template <class Byte, class Start>
  void begin(Byte* data, std::size_t bytes, std::size_t other, const Start& start);

  MPI_Comm ranks_ = MPI_COMM_NULL;
  std::size_t rank_ = 0, size_ = 1;
  std::vector<MPI_Request> under_way_;
  int standard_error_;
};

}  // namespace platform
