#include "platform/mpi/connection.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace platform {

// The command may let its own be silent.
Connection::Connection() : standard_error_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)) {}

void Connection::connect(MPI_Comm all) {
  int rank = 0, size = 1;
  MPI_Comm_dup(all, &ranks_);
  MPI_Comm_set_errhandler(ranks_, MPI_ERRORS_RETURN);
  MPI_Comm_rank(ranks_, &rank);
  MPI_Comm_size(ranks_, &size);
  rank_ = static_cast<std::size_t>(rank);
  size_ = static_cast<std::size_t>(size);
}

// A message is shorter than 2^31 bytes.
template <class Byte, class Start>
void Connection::begin(Byte* data, std::size_t bytes, std::size_t other, const Start& start) {
  constexpr std::size_t most_bytes = std::size_t{1} << 30;
  for (std::size_t begun = 0; begun < bytes; begun += most_bytes) {
    under_way_.emplace_back();
    check(start(data + begun, static_cast<int>(std::min(most_bytes, bytes - begun)), MPI_BYTE,
                static_cast<int>(other), 0, ranks_, &under_way_.back()));
  }
}

void Connection::send(const unsigned char* data, std::size_t bytes, std::size_t to) {
  begin(data, bytes, to, MPI_Isend);
}

void Connection::hand_over(const unsigned char* data, std::size_t bytes, std::size_t to) {
  begin(data, bytes, to, MPI_Issend);
}

void Connection::receive(unsigned char* data, std::size_t bytes, std::size_t from) {
  begin(data, bytes, from, MPI_Irecv);
}

// Where ranks are more than processors, another one may need this one's.
void Connection::wait() {
  constexpr unsigned looks_before_yield = 64;
  int done = 0;
  for (unsigned look = 0; !done; ++look) {
    if (look >= looks_before_yield) std::this_thread::yield();
    check(MPI_Testall(static_cast<int>(under_way_.size()), under_way_.data(), &done, MPI_STATUSES_IGNORE));
  }
  under_way_.clear();
}

void Connection::check(int code) const {
  if (code == MPI_SUCCESS) return;
  char reason[MPI_MAX_ERROR_STRING];
  int length = 0, started_as = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &started_as);
  MPI_Error_string(code, reason, &length);
  std::replace(reason, reason + length, '\n', ' ');
  // In one piece, should another rank have the same to say.
  dprintf(standard_error_, "rbm: rank %d: the connection to other ranks failed: %.*s\n", started_as, length,
          reason);
  end_all(1);
}

void Connection::end_all(int status) {
  // MPICH's launcher would not pass on what it has not read by then: why they end.
  std::this_thread::sleep_for(std::chrono::milliseconds{250});
  MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

}  // namespace platform
