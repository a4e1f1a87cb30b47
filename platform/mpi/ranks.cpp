#include "platform/desktop/ranks.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "platform/desktop/threads.hpp"
#include "platform/mpi/connection.hpp"
#include "platform/mpi/deal.hpp"
#include "platform/mpi/exchange.hpp"

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

  std::size_t rank() const override { return connection_.rank(); }
  std::size_t size() const override { return works_ ? connection_.size() : 1; }
  std::size_t started_as(std::size_t rank) const override { return started_as_[rank]; }
  std::optional<int> unite() override;
  void release(int status) override;
  void exchange(const RankArray* arrays, std::size_t count) override { exchange_(arrays, count); }
  void deal(const RankArray& whole, unsigned char* own, std::size_t own_stride) override;
  void collect(const unsigned char* own, std::size_t own_stride, const RankArray& whole) override;
  bool meet(const void* record, std::size_t bytes, void* all, double patience) override;
  [[noreturn]] void end_all(int status) override { Connection::end_all(status); }

 private:
  unsigned united_threads() const override { return threads_; }

  void work_with(MPI_Comm all);
  bool share_processors();
  int status_of_united(int status, std::chrono::milliseconds pause);
  void check(int code) const { connection_.check(code); }

  Connection connection_;
  Exchange exchange_{connection_};
  MPI_Comm meetings_ = MPI_COMM_NULL;
  MPI_Comm united_ = MPI_COMM_NULL;      // those for which this rank works; null: itself alone
  bool works_ = true;                    // false: another one has worked for it
  std::vector<std::size_t> started_as_;  // [size]
  unsigned threads_ = 0;
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
  int started_as = 0;
  connection_.connect(all);
  MPI_Comm_dup(all, &meetings_);
  MPI_Comm_set_errhandler(meetings_, MPI_ERRORS_RETURN);
  MPI_Comm_rank(MPI_COMM_WORLD, &started_as);
  std::vector<int> of_all(connection_.size());
  check(MPI_Allgather(&started_as, 1, MPI_INT, of_all.data(), 1, MPI_INT, connection_.ranks()));
  started_as_.assign(of_all.begin(), of_all.end());
}

std::optional<int> MpiRanks::unite() {
  MPI_Comm machine = MPI_COMM_NULL, workers = MPI_COMM_NULL;
  int place = 0, here = 1;
  check(MPI_Comm_split_type(connection_.ranks(), MPI_COMM_TYPE_SHARED, static_cast<int>(rank()),
                            MPI_INFO_NULL, &machine));
  MPI_Comm_rank(machine, &place);
  MPI_Comm_size(machine, &here);
  std::vector<int> of_machines(size());
  check(MPI_Allgather(&here, 1, MPI_INT, of_machines.data(), 1, MPI_INT, connection_.ranks()));
  const int each = std::accumulate(of_machines.begin(), of_machines.end(), 0, std::gcd<int, int>);
  const bool works = place % each == 0;
  check(MPI_Comm_split(machine, place / each, place, &united_));
  check(MPI_Comm_split(connection_.ranks(), works ? 0 : MPI_UNDEFINED, static_cast<int>(rank()), &workers));
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
  works_ = false;
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
  check(MPI_Allreduce(MPI_IN_PLACE, &obtained, 1, MPI_INT, MPI_MIN, connection_.ranks()));
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

// The first rank's own part does not travel.
void MpiRanks::deal(const RankArray& whole, unsigned char* own, std::size_t own_stride) {
  if (rank() == 0) Ranks::deal(whole, own, own_stride);
  platform::deal(connection_, whole, own, own_stride);
}

void MpiRanks::collect(const unsigned char* own, std::size_t own_stride, const RankArray& whole) {
  if (rank() == 0) Ranks::collect(own, own_stride, whole);
  platform::collect(connection_, own, own_stride, whole);
}

bool MpiRanks::meet(const void* record, std::size_t bytes, void* all, double patience) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds pause{1};  // others may work for long
  const auto start = Clock::now();
  const auto* const own = static_cast<const unsigned char*>(record);
  records_.assign(own, own + bytes);
  records_.resize((1 + size()) * bytes);
  MPI_Request request;
  check(MPI_Iallgather(records_.data(), static_cast<int>(bytes), MPI_BYTE, records_.data() + bytes,
                       static_cast<int>(bytes), MPI_BYTE, meetings_, &request));
  for (;;) {
    int done = 0;
    check(MPI_Test(&request, &done, MPI_STATUS_IGNORE));
    if (done) {
      std::memcpy(all, records_.data() + bytes, size() * bytes);
      return true;
    }
    if (patience > 0 && std::chrono::duration<double>(Clock::now() - start).count() > patience) return false;
    std::this_thread::sleep_for(pause);
  }
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
