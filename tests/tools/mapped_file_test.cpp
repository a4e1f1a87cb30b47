#include "platform/desktop/mapped_file.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tests/support/folder.hpp"

using namespace fixture;
using platform::FileBytes;
using platform::map_file;

namespace {

std::string text_of(const FileBytes& bytes) {
  return std::string(bytes.data(), bytes.data() + bytes.size());
}

std::string numbers(std::size_t count) {
  std::string text;
  for (std::size_t n = 0; n < count; ++n) text += std::to_string(n) + '\n';
  return text;
}

void write_into(const std::string& path, std::size_t place, char letter) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(place)).put(letter);
}

}  // namespace

TEST_CASE("mapped bytes are those of the file, before and after they are released") {
  const Folder folder;
  const std::string text = numbers(30000);
  folder.write("in", text);
  const FileBytes bytes = map_file(folder.path("in"));
  REQUIRE(bytes.is_mapped());
  CHECK((text_of(bytes) == text));
  bytes.release(0, bytes.size());
  bytes.release(5, 7);
  bytes.release(7, 5);
  bytes.expect_random_order();
  const FileBytes copy = bytes;
  CHECK((text_of(copy) == text));
}

TEST_CASE("bytes in memory are what they were given, and stay when they are released") {
  FileBytes bytes(std::vector<unsigned char>{1, 2, 3});
  CHECK(!bytes.is_mapped());
  bytes.release(0, 3);
  bytes.expect_random_order();
  const FileBytes copy = bytes;
  bytes = {};
  CHECK(bytes.empty());
  CHECK(copy.size() == 3);
  CHECK(copy[2] == 3);
}

TEST_CASE("what cannot be mapped is not") {
  const Folder folder;
  folder.write("empty", "");
  REQUIRE(mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  for (const std::string& path : {folder.path("empty"), folder.path("pipe"), folder.path("missing"),
                                  folder.path(), std::string("-"), std::string("/dev/null")}) {
    CAPTURE(path);
    CHECK(map_file(path).empty());
  }
}

TEST_CASE("as many files as have room are mapped, and room is made again") {
  const Folder folder;
  folder.write("in", "text");
  std::vector<FileBytes> all;
  for (int n = 0; n < 100; ++n) all.push_back(map_file(folder.path("in")));
  CHECK(all.front().is_mapped());
  CHECK(all.back().empty());
  all.clear();
  CHECK(map_file(folder.path("in")).is_mapped());
}

TEST_CASE(
    "a file that was written to since it was mapped is told once, mapped or not, and keeps outputs back") {
  const Folder folder;
  const std::string path = folder.path("in"),
                    line =
                        path + ": the file was changed while it was read: run again, and let it be meanwhile";
  folder.write("in", numbers(3000));
  {
    const FileBytes bytes = map_file(path);
    CHECK_NOTHROW(platform::check_mapped_files());
    platform::OutputFile output(folder.path("out"));
    output.write("result");
    write_into(path, 100, 'x');
    CHECK_THROWS_WITH_AS(platform::check_mapped_files(), line.c_str(), platform::FileError);
    CHECK_THROWS_WITH_AS(output.commit(), line.c_str(), platform::FileError);
  }
  CHECK(folder.names() == Words{"in"});
  CHECK_THROWS_WITH_AS(platform::check_mapped_files(), line.c_str(), platform::FileError);
  CHECK_NOTHROW(platform::check_mapped_files());
}

TEST_CASE("a file that another took the place of has not changed") {
  const Folder folder;
  folder.write("in", numbers(3000));
  const FileBytes bytes = map_file(folder.path("in"));
  platform::OutputFile output(folder.path("in"));
  output.write("another");
  output.commit();
  CHECK(folder.read("in") == "another");
  CHECK((text_of(bytes) == numbers(3000)));
  CHECK_NOTHROW(platform::check_mapped_files());
}

TEST_CASE("temporary files are removed at once, but not what is in its place") {
  const Folder folder;
  platform::OutputFile done(folder.path("done"));
  done.commit();
  platform::OutputFile first(folder.path("first")), second(folder.path("second"));
  CHECK(folder.names().size() == 3);
  platform::remove_temporary_files();
  CHECK(folder.names() == Words{"done"});
}
