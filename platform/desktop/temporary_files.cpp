#include "platform/desktop/temporary_files.hpp"

#include <unistd.h>

#include <atomic>
#include <cstddef>

namespace platform {
namespace {

// Paths of temporary files, for remove_temporary_files(). One beyond them would stay behind.
constexpr std::size_t most_temporaries = 16;
std::atomic<const char*> temporaries[most_temporaries];
static_assert(std::atomic<const char*>::is_always_lock_free, "a signal handler may touch only such atomics");

}  // namespace

void note_temporary(const char* before, const char* now) {
  for (std::atomic<const char*>& place : temporaries) {
    const char* found = before;
    if (place.compare_exchange_strong(found, now)) return;
  }
}

void remove_temporary_files() noexcept {
  for (const std::atomic<const char*>& place : temporaries)
    if (const char* const path = place.load()) unlink(path);
}

}  // namespace platform
