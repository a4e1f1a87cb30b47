#include "platform/desktop/files.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/support/folder.hpp"

using namespace fixture;
using platform::FileError;
using platform::OutputFile;

namespace {

void write_whole(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.write(text);
  file.commit();
}

mode_t permissions(const std::string& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

ino_t inode(const std::string& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_ino;
}

std::string big_text() {
  std::string text;
  for (int n = 0; n < 100000; ++n) text += std::to_string(n) + '\n';
  return text;
}

// Works in a process of its own as a user who is not root; whether it returned true.
template <class Work>
bool as_ordinary_user(const Work& work) {
  const pid_t process = fork();
  REQUIRE(process >= 0);
  if (process == 0) {
    constexpr uid_t nobody = 65534;
    const bool ordinary = geteuid() != 0 || setuid(nobody) == 0;
    _exit(ordinary && work() ? 0 : 1);
  }
  int status = -1;
  waitpid(process, &status, 0);
  return status == 0;
}

}  // namespace

TEST_CASE("an output file appears when it is committed, whole") {
  const Folder folder;
  const std::string text = big_text();
  {
    OutputFile file(folder.path("out"));
    for (std::size_t at = 0; at < text.size(); at += 1000) file.write(text.substr(at, 1000));
    CHECK_FALSE(folder.has("out"));
    CHECK(folder.names().size() == 1);  // the temporary one, in the same folder
    CHECK(folder.names()[0][0] == '.');
    file.commit();
    CHECK(folder.names() == Words{"out"});
  }
  CHECK(folder.names() == Words{"out"});
  CHECK((folder.read("out") == text));
  write_whole(folder.path("large"), text);  // one write beyond the buffer
  CHECK((folder.read("large") == text));
  write_whole(folder.path("empty"), "");
  CHECK(folder.read("empty").empty());
}

TEST_CASE("an output file that is not committed leaves no trace and the old file as it was") {
  const Folder folder;
  folder.write("out", "old");
  {
    OutputFile file(folder.path("out")), other(folder.path("other"));
    file.write("new");
    other.write(big_text());
    CHECK(folder.read("out") == "old");
  }
  CHECK(folder.names() == Words{"out"});
  CHECK(folder.read("out") == "old");
}

TEST_CASE("several output files in a folder do not meet") {
  const Folder folder;
  OutputFile first(folder.path("a")), second(folder.path("a")), third(folder.path("b"));
  first.write("1");
  second.write("2");
  third.write("3");
  third.commit();
  second.commit();
  first.commit();
  CHECK(folder.read("a") == "1");
  CHECK(folder.read("b") == "3");
  CHECK(folder.names() == Words{"a", "b"});
}

TEST_CASE("a temporary file that another process left is not taken") {
  const Folder folder;
  const std::string left = ".rbm-" + std::to_string(getpid()) + "-0.tmp";
  folder.write(left, "precious");
  write_whole(folder.path("out"), "new");
  CHECK(folder.read(left) == "precious");
  CHECK(folder.read("out") == "new");
}

TEST_CASE("a new file gets the usual permissions, an old one keeps its own") {
  const Folder folder;
  const mode_t old_mask = umask(027);
  write_whole(folder.path("new"), "x");
  folder.write("old", "x");
  chmod(folder.path("old").c_str(), 0604);
  write_whole(folder.path("old"), "y");
  umask(old_mask);
  CHECK(permissions(folder.path("new")) == 0640);
  CHECK(permissions(folder.path("old")) == 0604);
  CHECK(folder.read("old") == "y");
}

TEST_CASE("a link stays one, and what it points to is replaced") {
  const Folder folder;
  std::filesystem::create_directory(folder.path("sub"));
  folder.write("sub/target", "old");
  std::filesystem::create_symlink("sub/target", folder.path("link"));
  std::filesystem::create_symlink("link", folder.path("second"));
  write_whole(folder.path("second"), "new");
  CHECK(std::filesystem::is_symlink(folder.path("link")));
  CHECK(std::filesystem::is_symlink(folder.path("second")));
  CHECK(folder.read("sub/target") == "new");

  std::filesystem::create_symlink("sub/made", folder.path("dangling"));
  write_whole(folder.path("dangling"), "new");
  CHECK(std::filesystem::is_symlink(folder.path("dangling")));
  CHECK(folder.read("sub/made") == "new");

  std::filesystem::create_symlink("circle", folder.path("circle"));
  CHECK_THROWS_AS(write_whole(folder.path("circle"), "new"), FileError);
}

TEST_CASE("one file is known by whatever paths lead to it, existing or not") {
  const Folder folder;
  std::filesystem::create_directory(folder.path("sub"));
  folder.write("file", "same");
  folder.write("other", "same");
  std::filesystem::create_symlink("../file", folder.path("sub/link"));
  std::filesystem::create_hard_link(folder.path("file"), folder.path("name"));
  std::filesystem::create_symlink("sub/new", folder.path("dangling"));
  std::filesystem::create_symlink("sub", folder.path("sub2"));
  std::filesystem::create_symlink("circle", folder.path("circle"));
  const auto same = [&](const std::string& path, const std::string& other) {
    const bool found = platform::same_file(folder.path(path), folder.path(other));
    CHECK(platform::same_file(folder.path(other), folder.path(path)) == found);
    return found;
  };
  for (const char* path : {"file", "./file", "sub/../file", "sub/link", "name"}) CHECK(same("file", path));
  for (const char* path : {"other", "new", "sub", "dangling", "circle"}) CHECK_FALSE(same("file", path));
  for (const char* path : {"sub/new", "sub/./new", "sub2/new", "dangling"}) CHECK(same("sub/new", path));
  for (const char* path : {"new", "sub/newer", "sub", "circle"}) CHECK_FALSE(same("sub/new", path));
  CHECK_FALSE(same("sub", "sub2"));
  CHECK_FALSE(platform::same_file("/dev/null", "/dev/null"));
  CHECK_FALSE(platform::same_file("", ""));
  CHECK(platform::same_file("no such file", std::filesystem::current_path() / "no such file"));
}

TEST_CASE("a full disk is a failure that names the file") {
  const FullDisk disk;
  if (!disk.exists()) return;
  const std::string message = disk.path() + ": cannot write: No space left on device";
  CHECK_THROWS_WITH_AS(write_whole(disk.path(), "x"), message.c_str(), FileError);
  CHECK_THROWS_WITH_AS(write_whole(disk.path(), big_text()), message.c_str(), FileError);
  CHECK(disk.exists());
}

TEST_CASE("a disk that fills up on the way leaves no trace and the old file as it was") {
  const Folder folder;
  folder.write("out", "old");
  const std::string text = big_text();
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{100000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &limit);
  CHECK_THROWS_WITH_AS(write_whole(folder.path("out"), text),
                       (folder.path("out") + ": cannot write: File too large").c_str(), FileError);
  setrlimit(RLIMIT_FSIZE, &old);
  CHECK(folder.names() == Words{"out"});
  CHECK(folder.read("out") == "old");
}

TEST_CASE("paths that cannot be written are failures that name them") {
  const Folder folder;
  const std::string missing = folder.path("missing/out"), itself = folder.path();
  CHECK_THROWS_WITH_AS(OutputFile{missing}, (missing + ": cannot write: No such file or directory").c_str(),
                       FileError);
  CHECK_THROWS_WITH_AS(OutputFile{itself}, (itself + ": cannot write: Is a directory").c_str(), FileError);
  folder.write("file", "");
  CHECK_THROWS_WITH_AS(OutputFile{folder.path("file/out")},
                       (folder.path("file/out") + ": cannot write: Not a directory").c_str(), FileError);
}

TEST_CASE("a write-protected file is not replaced, nor is a folder's content") {
  const Folder folder;
  chmod(folder.path().c_str(), 0777);
  folder.write("protected", "old");
  chmod(folder.path("protected").c_str(), 0444);
  const auto refused = [](const std::string& path) {
    return as_ordinary_user([&path] {
      try {
        OutputFile file(path);
      } catch (const FileError& error) {
        return error.what() == path + ": cannot write: Permission denied";
      }
      return false;
    });
  };
  CHECK(refused(folder.path("protected")));
  chmod(folder.path().c_str(), 0555);
  CHECK(refused(folder.path("new")));
  chmod(folder.path().c_str(), 0700);
  CHECK(folder.names() == Words{"protected"});
  CHECK(folder.read("protected") == "old");
}

TEST_CASE("a file that may be written but not replaced is overwritten, and nothing is left beside it") {
  if (geteuid() != 0) {
    MESSAGE("skipped: only root can make a file that another user may write but not replace");
    return;
  }
  const Folder folder;
  const std::string path = folder.path("shared/out");
  const mode_t sticky = 01777, closed = 0755;
  chmod(folder.path().c_str(), 0755);
  std::filesystem::create_directory(folder.path("shared"));
  // The temporary file lies in the sticky folder, which does not let it take the place of root's file, or in
  // the system's folder for such files.
  for (const mode_t mode : {sticky, closed}) {
    CAPTURE(mode);
    folder.write("shared/out", big_text() + "and more of the old");
    chmod(path.c_str(), 0666);
    chmod(folder.path("shared").c_str(), mode);
    const ino_t before = inode(path);
    CHECK(as_ordinary_user([&] {
      write_whole(path, big_text());
      return true;
    }));
    CHECK(inode(path) == before);
    CHECK((folder.read("shared/out") == big_text()));
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path("shared")), {}) == 1);
  }
  // Half-way there is no more room: the whole content stays in the temporary file.
  chmod(folder.path("shared").c_str(), sticky);
  CHECK(as_ordinary_user([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    try {
      OutputFile file(path);
      file.write(big_text());
      file.finish();
      const rlimit limit{100000, 100000};
      setrlimit(RLIMIT_FSIZE, &limit);
      file.commit();
    } catch (const FileError& error) {
      const std::string message = error.what(),
                        start = path + ": cannot write: File too large; all of it is in ";
      if (message.substr(0, start.size()) != start) return false;
      const std::vector<unsigned char> kept = platform::read_file(message.substr(start.size()));
      return std::string(kept.begin(), kept.end()) == big_text();
    }
    return false;
  }));
}

TEST_CASE("a file is read whole, whatever its size") {
  const Folder folder;
  for (const std::size_t size : {0u, 1u, 65535u, 65536u, 65537u, 300000u}) {
    CAPTURE(size);
    std::string text(size, 'x');
    if (size > 0) text.back() = 'y';
    folder.write("in", text);
    const std::vector<unsigned char> bytes = platform::read_file(folder.path("in"));
    CHECK((std::string(bytes.begin(), bytes.end()) == text));
  }
}

TEST_CASE("a pipe is read to its end and written directly") {
  const Folder folder;
  REQUIRE(mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  const std::string text = big_text();
  std::vector<unsigned char> bytes;
  std::thread reader([&] { bytes = platform::read_file(folder.path("pipe")); });
  write_whole(folder.path("pipe"), text);
  reader.join();
  CHECK((std::string(bytes.begin(), bytes.end()) == text));
  CHECK(folder.names() == Words{"pipe"});
  CHECK(std::filesystem::is_fifo(folder.path("pipe")));
}
