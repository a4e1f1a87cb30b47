#include "platform/desktop/mapped_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <utility>

#include "platform/desktop/temporary_files.hpp"

namespace platform {
namespace {

/// Size and time of the last change of an open file.
struct Version {
  off_t size = -1;
  timespec time{};

  bool operator==(const Version& other) const {
    return size == other.size && time.tv_sec == other.time.tv_sec && time.tv_nsec == other.time.tv_nsec;
  }
};

Version version_of(const struct stat& status) {
#ifdef __APPLE__
  return {status.st_size, status.st_mtimespec};
#else
  return {status.st_size, status.st_mtim};
#endif
}

/// A file as it is mapped. It stays open, so that changes are of this file, whatever its path leads to later.
struct Mapping {
  std::string name;
  int descriptor;
  Version version;
  void* begin;
  std::size_t size;

  Mapping(std::string path, int file, const struct stat& status, void* where);
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  bool holds(const void* address) const {
    const auto place = reinterpret_cast<std::uintptr_t>(address),
               first = reinterpret_cast<std::uintptr_t>(begin);
    return place >= first && place - first < size;
  }

  bool has_changed() const {
    struct stat status;
    return fstat(descriptor, &status) != 0 || !(version_of(status) == version);
  }
};

// What a signal handler looks through.
constexpr std::size_t most_mappings = 16;
std::atomic<const Mapping*> mappings[most_mappings];
static_assert(std::atomic<const Mapping*>::is_always_lock_free,
              "a signal handler may touch only such atomics");
std::atomic<bool> is_leaving{false};

// The first file that had changed by the time that it was mapped no more.
std::mutex changed_mutex;
std::string changed;

void say(const char* text) {
  if (write(STDERR_FILENO, text, std::strlen(text)) < 0) return;  // there is nobody left to tell
}

// A page that was mapped is no longer there. Only what a signal handler may call is called here.
extern "C" void on_missing_page(int number, siginfo_t* information, void*) {
  for (const std::atomic<const Mapping*>& place : mappings) {
    const Mapping* const mapping = place.load();
    if (mapping == nullptr || !mapping->holds(information->si_addr)) continue;
    if (is_leaving.exchange(true))
      for (;;) pause();  // another thread is there already
    remove_temporary_files();
    say("rbm: ");
    say(mapping->name.c_str());
    say(": the file became shorter while it was read, or its disk failed\n");
    _exit(1);
  }
  // Not ours: it happens again when this returns, and ends the program as it would have.
  signal(number, SIG_DFL);
}

void watch_missing_pages() {
  struct sigaction action {};
  action.sa_sigaction = on_missing_page;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, nullptr);
}

std::string line_about(const std::string& name) {
  return name + ": the file was changed while it was read: run again, and let it be meanwhile";
}

Mapping::Mapping(std::string path, int file, const struct stat& status, void* where)
    : name(std::move(path)),
      descriptor(file),
      version(version_of(status)),
      begin(where),
      size(static_cast<std::size_t>(status.st_size)) {
  // The handler writes it as it is.
  for (char& letter : name)
    if (static_cast<unsigned char>(letter) < ' ') letter = '?';
}

Mapping::~Mapping() {
  for (std::atomic<const Mapping*>& place : mappings) {
    const Mapping* self = this;
    if (place.compare_exchange_strong(self, nullptr)) break;
  }
  if (has_changed()) {
    const std::lock_guard<std::mutex> lock(changed_mutex);
    if (changed.empty()) changed = name;
  }
  munmap(begin, size);
  close(descriptor);
}

// Whether there was a place for it.
bool enter(const Mapping& mapping) {
  for (std::atomic<const Mapping*>& place : mappings) {
    const Mapping* none = nullptr;
    if (place.compare_exchange_strong(none, &mapping)) return true;
  }
  return false;
}

}  // namespace

FileBytes::FileBytes(std::vector<unsigned char>&& content) {
  const auto kept = std::make_shared<const std::vector<unsigned char>>(std::move(content));
  data_ = kept->data();
  size_ = kept->size();
  keeper_ = kept;
}

void FileBytes::release(std::size_t begin, std::size_t end) const {
  if (!mapped_) return;
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t first = (begin + page - 1) / page * page, last = end / page * page;
  // Advice: nothing depends on whether it is taken.
  if (first < last) madvise(const_cast<unsigned char*>(data_) + first, last - first, MADV_DONTNEED);
}

void FileBytes::expect_random_order() const {
  if (mapped_) madvise(const_cast<unsigned char*>(data_), size_, MADV_RANDOM);
}

FileBytes map_file(const std::string& path) {
  struct stat status;
  // What is no regular file may not even be opened twice.
  if (path == "-" || stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  void* where = MAP_FAILED;
  const bool known = fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
                     static_cast<std::uintmax_t>(status.st_size) <= SIZE_MAX;
  if (known) where = mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, file, 0);
  if (where == MAP_FAILED) {
    close(file);
    return {};
  }
  const auto mapping = std::make_shared<const Mapping>(path, file, status, where);
  if (!enter(*mapping)) return {};
  static const bool watched = (watch_missing_pages(), true);
  static_cast<void>(watched);
  FileBytes bytes;
  bytes.keeper_ = mapping;
  bytes.data_ = static_cast<const unsigned char*>(where);
  bytes.size_ = mapping->size;
  bytes.mapped_ = true;
  return bytes;
}

void check_mapped_files() {
  {
    const std::lock_guard<std::mutex> lock(changed_mutex);
    if (!changed.empty()) throw FileError(line_about(std::exchange(changed, {})));
  }
  for (const std::atomic<const Mapping*>& place : mappings) {
    const Mapping* const mapping = place.load();
    if (mapping != nullptr && mapping->has_changed()) throw FileError(line_about(mapping->name));
  }
}

}  // namespace platform
