#include "platform/desktop/ranks.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace platform {

void Ranks::exchange(const RankArray*, std::size_t) {}

void Ranks::deal(const RankArray& whole, unsigned char* own, std::size_t own_stride) {
  const unsigned char* const part = whole.data + whole.starts[0];
  for (std::size_t row = 0; row < whole.rows; ++row)
    std::copy_n(part + row * whole.stride, whole.starts[1] - whole.starts[0], own + row * own_stride);
}

void Ranks::collect(const unsigned char* own, std::size_t own_stride, const RankArray& whole) {
  unsigned char* const part = whole.data + whole.starts[0];
  for (std::size_t row = 0; row < whole.rows; ++row)
    std::copy_n(own + row * own_stride, whole.starts[1] - whole.starts[0], part + row * whole.stride);
}

void Ranks::share(const void* record, std::size_t bytes, void* all) {
  auto* const records = static_cast<unsigned char*>(all);
  std::vector<std::size_t> starts(size() + 1);
  for (std::size_t r = 0; r < starts.size(); ++r) starts[r] = r * bytes;
  std::memcpy(records + starts[rank()], record, bytes);
  const RankArray array{records, 1, size() * bytes, starts.data()};
  exchange(&array, 1);
}

bool Ranks::any(bool here) {
  if (size() == 1) return here;
  const unsigned char own = here;
  std::vector<unsigned char> said(size());
  share(&own, 1, said.data());
  return std::find(said.begin(), said.end(), 1) != said.end();
}

bool Ranks::meet(const void* record, std::size_t bytes, void* all, double) {
  std::memcpy(all, record, bytes);
  return true;
}

void Ranks::end_all(int status) {
  std::_Exit(status);
}

std::size_t launched_ranks() {
  // Of Open MPI, and of MPICH, Intel MPI and Slurm.
  for (const char* const name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (const char* const text = std::getenv(name)) return std::max(1ul, std::strtoul(text, nullptr, 10));
  for (const char* const name : {"PMI_RANK", "PMIX_RANK"})
    if (std::getenv(name) != nullptr) return 1;
  return 0;
}

}  // namespace platform
