#include "platform/desktop/ranks.hpp"

// The bindings for C++, which left the standard in 2012, come with warnings.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace platform {
namespace {

class MpiRanks : public Ranks {
 public:
  MpiRanks(int* count, char*** words);
  ~MpiRanks() override { MPI_Finalize(); }
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;

  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return size_; }
  void exchange(unsigned char* data, std::size_t rows, std::size_t stride,
                const std::size_t* starts) override;
  bool meet(const void* record, std::size_t bytes, void* all, double patience) override;
  [[noreturn]] void end_all(int status) override;

 private:
  // The rank that stands `step` places behind this one, in a ring.
  std::size_t after(std::size_t step) const { return (rank_ + step) % size_; }

  void exchange_blocks();
  void send(const unsigned char* data, std::size_t bytes, std::size_t to);
  void receive(unsigned char* data, std::size_t bytes, std::size_t from);
  void wait();
  void check(int code);

  MPI_Comm work_ = MPI_COMM_NULL, meetings_ = MPI_COMM_NULL;
  std::size_t rank_ = 0, size_ = 1;
  std::vector<unsigned char> blocks_;  // the parts of an exchange: of this rank, of the one after it, ...
  std::vector<std::size_t> begins_;    // [size + 1], where they begin
  std::vector<MPI_Request> under_way_;
};

MpiRanks::MpiRanks(int* count, char*** words) {
  int threads = 0, rank = 0, size = 1;
  MPI_Init_thread(count, words, MPI_THREAD_FUNNELED, &threads);
  MPI_Comm_dup(MPI_COMM_WORLD, &work_);
  MPI_Comm_dup(MPI_COMM_WORLD, &meetings_);
  for (const MPI_Comm& way : {work_, meetings_}) MPI_Comm_set_errhandler(way, MPI_ERRORS_RETURN);
  MPI_Comm_rank(work_, &rank);
  MPI_Comm_size(work_, &size);
  rank_ = static_cast<std::size_t>(rank);
  size_ = static_cast<std::size_t>(size);
  begins_.resize(size_ + 1);
}

// Packs the part of this rank, gathers those of the others behind it in the order of the ring, unpacks them.
void MpiRanks::exchange(unsigned char* data, std::size_t rows, std::size_t stride,
                        const std::size_t* starts) {
  const auto width = [&](std::size_t rank) { return starts[rank + 1] - starts[rank]; };
  begins_[0] = 0;
  for (std::size_t n = 0; n < size_; ++n) begins_[n + 1] = begins_[n] + rows * width(after(n));
  if (blocks_.size() < begins_[size_]) blocks_.resize(begins_[size_]);
  for (std::size_t row = 0; row < rows; ++row)
    std::copy_n(data + row * stride + starts[rank_], width(rank_), blocks_.data() + row * width(rank_));
  exchange_blocks();
  for (std::size_t n = 1; n < size_; ++n) {
    const std::size_t from = after(n);
    for (std::size_t row = 0; row < rows; ++row)
      std::copy_n(blocks_.data() + begins_[n] + row * width(from), width(from),
                  data + row * stride + starts[from]);
  }
}

// Each round doubles the blocks that a rank has (Bruck and others 1997): log2(ranks) rounds, rounded up, in
// which each block travels to each rank once.
void MpiRanks::exchange_blocks() {
  for (std::size_t have = 1; have < size_; have *= 2) {
    const std::size_t wanted = std::min(have, size_ - have), to = after(size_ - have), from = after(have);
    // What the other sends begins with its own block, which is `have` places behind this rank's.
    receive(blocks_.data() + begins_[have], begins_[have + wanted] - begins_[have], from);
    send(blocks_.data(), begins_[wanted], to);
    wait();
  }
}

// A message is shorter than 2^31 bytes.
constexpr std::size_t most_bytes = std::size_t{1} << 30;

void MpiRanks::send(const unsigned char* data, std::size_t bytes, std::size_t to) {
  for (std::size_t sent = 0; sent < bytes; sent += most_bytes) {
    under_way_.emplace_back();
    check(MPI_Isend(data + sent, static_cast<int>(std::min(most_bytes, bytes - sent)), MPI_BYTE,
                    static_cast<int>(to), 0, work_, &under_way_.back()));
  }
}

void MpiRanks::receive(unsigned char* data, std::size_t bytes, std::size_t from) {
  for (std::size_t received = 0; received < bytes; received += most_bytes) {
    under_way_.emplace_back();
    check(MPI_Irecv(data + received, static_cast<int>(std::min(most_bytes, bytes - received)), MPI_BYTE,
                    static_cast<int>(from), 0, work_, &under_way_.back()));
  }
}

// Where ranks are more than processors, another one may need this one's.
void MpiRanks::wait() {
  constexpr unsigned looks_before_yield = 64;
  int done = 0;
  for (unsigned look = 0; !done; ++look) {
    if (look >= looks_before_yield) std::this_thread::yield();
    check(MPI_Testall(static_cast<int>(under_way_.size()), under_way_.data(), &done, MPI_STATUSES_IGNORE));
  }
  under_way_.clear();
}

bool MpiRanks::meet(const void* record, std::size_t bytes, void* all, double patience) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds pause{1};  // others may work for long
  const auto start = Clock::now();
  MPI_Request request;
  check(MPI_Iallgather(record, static_cast<int>(bytes), MPI_BYTE, all, static_cast<int>(bytes), MPI_BYTE,
                       meetings_, &request));
  for (;;) {
    int done = 0;
    check(MPI_Test(&request, &done, MPI_STATUS_IGNORE));
    if (done) return true;
    if (patience > 0 && std::chrono::duration<double>(Clock::now() - start).count() > patience) return false;
    std::this_thread::sleep_for(pause);
  }
}

void MpiRanks::end_all(int status) {
  MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

void MpiRanks::check(int code) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  std::fprintf(stderr, "rbm: rank %zu: the connection to other ranks failed: %.*s\n", rank_, length, text);
  end_all(1);
}

}  // namespace

std::unique_ptr<Ranks> start_ranks(int* count, char*** words) {
  const std::size_t launched = launched_ranks();
  if (launched == 0) return std::make_unique<Ranks>();
  auto ranks = std::make_unique<MpiRanks>(count, words);
  if (launched > 1 && ranks->size() == 1)
    throw std::runtime_error("was started as one of " + std::to_string(launched) +
                             " processes by the launcher of another MPI than it is built with");
  return ranks;
}

}  // namespace platform
