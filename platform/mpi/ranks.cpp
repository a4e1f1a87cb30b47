#include "platform/desktop/ranks.hpp"
#include "platform/desktop/threads.hpp"

// The bindings for C++, which left the standard in 2012, come with warnings.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <fcntl.h>
#include <mpi.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sched.h>
#endif

namespace platform {
namespace {

class MpiRanks : public Ranks {
 public:
  MpiRanks(int* count, char*** words);
  ~MpiRanks() override;
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;

  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return size_; }
  std::size_t started_as(std::size_t rank) const override { return started_as_[rank]; }
  std::optional<int> unite() override;
  void release(int status) override;
  void exchange(const RankArray* arrays, std::size_t count) override;
  bool meet(const void* record, std::size_t bytes, void* all, double patience) override;
  [[noreturn]] void end_all(int status) override;

 private:
  unsigned united_threads() const override { return threads_; }

  // The rank that stands `step` places behind this one, in a ring.
  std::size_t after(std::size_t step) const { return (rank_ + step) % size_; }

  void work_with(MPI_Comm all);
  bool share_processors();
  int status_of_united(int status, std::chrono::milliseconds pause);
  void exchange_blocks();
  void send(const unsigned char* data, std::size_t bytes, std::size_t to);
  void receive(unsigned char* data, std::size_t bytes, std::size_t from);
  void wait();
  void check(int code);

  MPI_Comm work_ = MPI_COMM_NULL, meetings_ = MPI_COMM_NULL;
  MPI_Comm united_ = MPI_COMM_NULL;  // those for which this rank works; null: itself alone
  // The command may let its own be silent.
  const int standard_error_ = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  std::size_t rank_ = 0, size_ = 1;
  std::vector<std::size_t> started_as_;  // [size]
  unsigned threads_ = 0;
  std::vector<unsigned char> blocks_;  // the parts of an exchange: of this rank, of the one after it, ...
  std::vector<std::size_t> begins_;    // [size + 1], where they begin
  std::vector<MPI_Request> under_way_;
  std::vector<unsigned char> records_;  // of a meeting, which may be under way until the end
};

MpiRanks::MpiRanks(int* count, char*** words) {
  int threads = 0;
  MPI_Init_thread(count, words, MPI_THREAD_FUNNELED, &threads);
  work_with(MPI_COMM_WORLD);
}

MpiRanks::~MpiRanks() {
  release(1);  // where nobody has
  MPI_Finalize();
}

void MpiRanks::work_with(MPI_Comm all) {
  int rank = 0, size = 1, started_as = 0;
  MPI_Comm_dup(all, &work_);
  MPI_Comm_dup(all, &meetings_);
  for (const MPI_Comm& way : {work_, meetings_}) MPI_Comm_set_errhandler(way, MPI_ERRORS_RETURN);
  MPI_Comm_rank(work_, &rank);
  MPI_Comm_size(work_, &size);
  MPI_Comm_rank(MPI_COMM_WORLD, &started_as);
  rank_ = static_cast<std::size_t>(rank);
  size_ = static_cast<std::size_t>(size);
  std::vector<int> of_all(size_);
  check(MPI_Allgather(&started_as, 1, MPI_INT, of_all.data(), 1, MPI_INT, work_));
  started_as_.assign(of_all.begin(), of_all.end());
  begins_.resize(size_ + 1);
}

std::optional<int> MpiRanks::unite() {
  MPI_Comm machine = MPI_COMM_NULL, workers = MPI_COMM_NULL;
  int place = 0, here = 1;
  check(MPI_Comm_split_type(work_, MPI_COMM_TYPE_SHARED, static_cast<int>(rank_), MPI_INFO_NULL, &machine));
  MPI_Comm_rank(machine, &place);
  MPI_Comm_size(machine, &here);
  std::vector<int> of_machines(size_);
  check(MPI_Allgather(&here, 1, MPI_INT, of_machines.data(), 1, MPI_INT, work_));
  const int each = std::accumulate(of_machines.begin(), of_machines.end(), 0, std::gcd<int, int>);
  const bool works = place % each == 0;
  check(MPI_Comm_split(machine, place / each, place, &united_));
  check(MPI_Comm_split(work_, works ? 0 : MPI_UNDEFINED, static_cast<int>(rank_), &workers));
  if (!share_processors()) {
    united_ = MPI_COMM_NULL;
    threads_ = 1;
    return std::nullopt;
  }
  if (works) {
    int threads = std::min(each, static_cast<int>(available_threads()));
    check(MPI_Allreduce(MPI_IN_PLACE, &threads, 1, MPI_INT, MPI_MIN, workers));
    threads_ = static_cast<unsigned>(threads);
    work_with(workers);
    return std::nullopt;
  }
  // The one that works decides what to do about an interruption.
  for (const int number : {SIGINT, SIGTERM}) std::signal(number, SIG_IGN);
  const int status = status_of_united(0, std::chrono::milliseconds{5});
  size_ = 1;
  return status;
}

void MpiRanks::release(int status) {
  if (united_ != MPI_COMM_NULL) status_of_united(status, std::chrono::milliseconds{0});
}

// A launcher may have bound each process to a processor of its own: each takes those of its group. False on
// all ranks where the system does not let one of them, as where each process is confined to its own.
bool MpiRanks::share_processors() {
  int obtained = 1;
#ifdef __linux__
  cpu_set_t own, all, now;
  CPU_ZERO(&own);
  sched_getaffinity(0, sizeof own, &own);
  all = own;
  check(MPI_Allreduce(MPI_IN_PLACE, &all, sizeof all, MPI_BYTE, MPI_BOR, united_));
  obtained = sched_setaffinity(0, sizeof all, &all) == 0 && sched_getaffinity(0, sizeof now, &now) == 0 &&
             CPU_EQUAL(&now, &all);
  check(MPI_Allreduce(MPI_IN_PLACE, &obtained, 1, MPI_INT, MPI_MIN, work_));
  if (!obtained) sched_setaffinity(0, sizeof own, &own);
#endif
  return obtained;
}

// What the one that works says. With pauses, because MPI waits for others at full speed.
int MpiRanks::status_of_united(int status, std::chrono::milliseconds pause) {
  MPI_Request request;
  check(MPI_Ibcast(&status, 1, MPI_INT, 0, united_, &request));
  for (int done = 0; !done; std::this_thread::sleep_for(pause))
    check(MPI_Test(&request, &done, MPI_STATUS_IGNORE));
  united_ = MPI_COMM_NULL;
  return status;
}

// Packs the parts of this rank, gathers those of the others behind them in the order of the ring, unpacks
// them.
void MpiRanks::exchange(const RankArray* arrays, std::size_t count) {
  const auto copy = [&](std::size_t rank, std::size_t place, const auto& copy_row) {
    unsigned char* block = blocks_.data() + begins_[place];
    for (std::size_t a = 0; a < count; ++a) {
      const std::size_t start = arrays[a].starts[rank], width = arrays[a].starts[rank + 1] - start;
      for (std::size_t row = 0; row < arrays[a].rows; ++row, block += width)
        copy_row(block, arrays[a].data + row * arrays[a].stride + start, width);
    }
  };
  begins_[0] = 0;
  for (std::size_t n = 0; n < size_; ++n) {
    std::size_t bytes = 0;
    for (std::size_t a = 0; a < count; ++a)
      bytes += arrays[a].rows * (arrays[a].starts[after(n) + 1] - arrays[a].starts[after(n)]);
    begins_[n + 1] = begins_[n] + bytes;
  }
  if (blocks_.size() < begins_[size_]) blocks_.resize(begins_[size_]);
  copy(rank_, 0, [](unsigned char* block, const unsigned char* data, std::size_t width) {
    std::copy_n(data, width, block);
  });
  exchange_blocks();
  for (std::size_t n = 1; n < size_; ++n)
    copy(after(n), n, [](const unsigned char* block, unsigned char* data, std::size_t width) {
      std::copy_n(block, width, data);
    });
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
  const auto* const own = static_cast<const unsigned char*>(record);
  records_.assign(own, own + bytes);
  records_.resize((1 + size_) * bytes);
  MPI_Request request;
  check(MPI_Iallgather(records_.data(), static_cast<int>(bytes), MPI_BYTE, records_.data() + bytes,
                       static_cast<int>(bytes), MPI_BYTE, meetings_, &request));
  for (;;) {
    int done = 0;
    check(MPI_Test(&request, &done, MPI_STATUS_IGNORE));
    if (done) {
      std::memcpy(all, records_.data() + bytes, size_ * bytes);
      return true;
    }
    if (patience > 0 && std::chrono::duration<double>(Clock::now() - start).count() > patience) return false;
    std::this_thread::sleep_for(pause);
  }
}

void MpiRanks::end_all(int status) {
  // MPICH's launcher would not pass on what it has not read by then: why they end.
  std::this_thread::sleep_for(std::chrono::milliseconds{250});
  MPI_Abort(MPI_COMM_WORLD, status);
  std::_Exit(status);
}

void MpiRanks::check(int code) {
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
