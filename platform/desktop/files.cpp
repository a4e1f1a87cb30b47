#include "platform/desktop/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "platform/desktop/mapped_file.hpp"
#include "platform/desktop/temporary_files.hpp"

namespace platform {
namespace {

constexpr std::size_t buffer_size = 1 << 16;

bool discarding = false;

[[noreturn]] void fail(const std::string& name, const char* action, int error) {
  throw FileError(name + ": cannot " + action + ": " + std::generic_category().message(error));
}

// Whether this is why one file cannot take another's place: a mounted one, a sticky folder of others, an
// immutable folder, a temporary file that had to lie elsewhere.
bool tells_of_place(int error) {
  return error == EBUSY || error == EPERM || error == EACCES || error == EROFS || error == EXDEV;
}

void note_overwriting(std::string name, int error) {
  for (char& letter : name)
    if (static_cast<unsigned char>(letter) < ' ') letter = '?';
  std::fprintf(stderr, "rbm: %s: cannot be replaced (%s): written in place\n", name.c_str(),
               std::generic_category().message(error).c_str());
}

struct InputDescriptor {
  explicit InputDescriptor(int descriptor) : value(descriptor) {}
  InputDescriptor(const InputDescriptor&) = delete;
  InputDescriptor& operator=(const InputDescriptor&) = delete;
  ~InputDescriptor() {
    if (value >= 0) close(value);
  }
  const int value;
};

/// The path at the end of a chain of links, existing or not. A circle of links is left to the system calls,
/// which refuse it.
std::string follow_links(const std::string& path) {
  constexpr int most_links = 40;
  std::filesystem::path target = path;
  std::error_code error;
  for (int link = 0; link < most_links && std::filesystem::is_symlink(target, error); ++link) {
    target = target.parent_path() / std::filesystem::read_symlink(target, error);
  }
  return target.string();
}

}  // namespace

std::vector<unsigned char> read_file(const std::string& path) {
  const bool standard = path == "-";
  const std::string name = standard ? "standard input" : path;
  const InputDescriptor input(standard ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (input.value < 0) fail(name, "open", errno);
  struct stat status;
  if (fstat(input.value, &status) != 0) fail(name, "read", errno);

  // One byte more than a regular file has, so that its end is seen without growing the buffer.
  const bool sized = S_ISREG(status.st_mode) && status.st_size > 0;
  const std::size_t first_size = sized ? static_cast<std::size_t>(status.st_size) + 1 : buffer_size;
  std::vector<unsigned char> content;
  std::size_t length = 0;
  for (;;) {
    if (length == content.size()) content.resize(std::max(first_size, 2 * length));
    const ssize_t count = read(input.value, content.data() + length, content.size() - length);
    if (count == 0) break;
    if (count > 0) {
      length += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      fail(name, "read", errno);
    }
  }
  content.resize(length);
  return content;
}

bool same_file(const std::string& path, const std::string& other) {
  struct stat status, other_status;
  const bool exists = stat(path.c_str(), &status) == 0;
  if (exists != (stat(other.c_str(), &other_status) == 0)) return false;
  if (exists)
    return S_ISREG(status.st_mode) && status.st_dev == other_status.st_dev &&
           status.st_ino == other_status.st_ino;
  std::error_code error;
  const auto place = [&](const std::string& name) {
    return std::filesystem::weakly_canonical(std::filesystem::absolute(follow_links(name), error), error);
  };
  const std::filesystem::path first = place(path);
  return !first.empty() && first == place(other);
}

void discard_outputs() {
  discarding = true;
}

OutputFile::OutputFile(const std::string& path) : name(path), target(path) {
  buffer.reserve(buffer_size);
  struct stat status;
  if (discarding) {
    descriptor = open("/dev/null", O_WRONLY | O_CLOEXEC);
  } else if (path == "-" || path == "/dev/stdout") {
    if (path == "-") name = "standard output";
    descriptor = dup(STDOUT_FILENO);
  } else if (stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) fail(name, "write", errno);
    create_temporary();
  } else if (!S_ISREG(status.st_mode)) {
    descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    // Renaming would replace a write-protected file without asking.
    if (access(path.c_str(), W_OK) != 0) fail(name, "write", errno);
    create_temporary_anywhere();
    if (fchmod(descriptor, status.st_mode & 0777) != 0) {
      const int error = errno;
      discard();
      fail(name, "write", error);
    }
  }
  if (descriptor < 0) fail(name, "write", errno);
}

OutputFile::~OutputFile() {
  discard();
}

void OutputFile::create_temporary() {
  target = follow_links(name);
  if (!create_in(std::filesystem::path(target).parent_path().string())) fail(name, "write", errno);
}

void OutputFile::create_temporary_anywhere() {
  target = follow_links(name);
  if (create_in(std::filesystem::path(target).parent_path().string())) return;
  const int reason = errno;
  std::error_code error;
  const std::string elsewhere = std::filesystem::temp_directory_path(error).string();
  if (!tells_of_place(reason) || error || !create_in(elsewhere)) fail(name, "write", reason);
}

bool OutputFile::create_in(const std::string& folder) {
  const std::string prefix =
      (std::filesystem::path(folder) / (".rbm-" + std::to_string(getpid()) + "-")).string();
  constexpr int most_attempts = 1000;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    std::string candidate = prefix + std::to_string(attempt) + ".tmp";
    descriptor = open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) {
      set_temporary(std::move(candidate));
      return true;
    }
    if (errno != EEXIST) return false;
  }
  return false;
}

void OutputFile::write(const void* data, std::size_t size) {
  if (buffer.size() + size > buffer_size) flush();
  const char* const bytes = static_cast<const char*>(data);
  if (size > buffer_size) {
    send(bytes, size);
  } else {
    buffer.append(bytes, size);
  }
}

void OutputFile::flush() {
  send(buffer.data(), buffer.size());
  buffer.clear();
}

void OutputFile::send(const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t count = ::write(descriptor, data, size);
    if (count >= 0) {
      data += count;
      size -= static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      fail(name, "write", errno);
    }
  }
}

void OutputFile::finish() {
  if (descriptor < 0) return;
  flush();
  // A temporary file is always a regular one; pipes and devices have nothing to bring to a disk.
  if (!temporary.empty() && fsync(descriptor) != 0) fail(name, "write", errno);
  const int closing = descriptor;
  descriptor = -1;
  if (close(closing) != 0) fail(name, "write", errno);
}

void OutputFile::commit() {
  check_mapped_files();
  finish();
  if (temporary.empty()) return;
  if (rename(temporary.c_str(), target.c_str()) != 0) {
    if (!tells_of_place(errno)) fail(name, "write", errno);
    note_overwriting(name, errno);
    overwrite();
    unlink(temporary.c_str());
  }
  set_temporary({});
}

void OutputFile::set_temporary(std::string path) {
  if (!temporary.empty()) note_temporary(temporary.c_str(), nullptr);
  temporary = std::move(path);
  if (!temporary.empty()) note_temporary(nullptr, temporary.c_str());
}

void OutputFile::overwrite() {
  const std::string whole = temporary;
  set_temporary({});  // so that it stays if this fails
  try {
    const InputDescriptor input(open(whole.c_str(), O_RDONLY | O_CLOEXEC));
    descriptor = open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (input.value < 0 || descriptor < 0) fail(name, "write", errno);
    buffer.resize(buffer_size);
    for (;;) {
      const ssize_t count = read(input.value, buffer.data(), buffer.size());
      if (count == 0) break;
      if (count > 0)
        send(buffer.data(), static_cast<std::size_t>(count));
      else if (errno != EINTR)
        fail(name, "write", errno);
    }
    buffer.clear();
    set_temporary(whole);
    finish();
  } catch (const FileError& error) {
    set_temporary({});
    throw FileError(std::string(error.what()) + "; all of it is in " + whole);
  }
}

void OutputFile::discard() noexcept {
  if (descriptor >= 0) close(descriptor);
  if (!temporary.empty()) unlink(temporary.c_str());
  descriptor = -1;
  set_temporary({});
}

}  // namespace platform
