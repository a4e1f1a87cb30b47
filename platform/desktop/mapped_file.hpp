#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace platform {

/// The bytes of a file: in memory, or mapped, so that the system reads the pages that are looked at and takes
/// them away again where memory is short. Copies are of the same bytes.
class FileBytes {
 public:
  FileBytes() = default;
  FileBytes(std::vector<unsigned char>&& content);

  const unsigned char* data() const { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool is_mapped() const { return mapped_; }
  const unsigned char& operator[](std::size_t index) const { return data_[index]; }

  /// Lets go of the memory of mapped bytes from `begin` to before `end`, as far as whole pages lie between
  /// them: they are read again when they are looked at again.
  void release(std::size_t begin, std::size_t end) const;

  /// Says that mapped bytes are looked at here and there from now on: the system then reads no pages around
  /// those that are not in memory.
  void expect_random_order() const;

 private:
  friend FileBytes map_file(const std::string& path);

  std::shared_ptr<const void> keeper_;
  const unsigned char* data_ = nullptr;
  std::size_t size_ = 0;
  bool mapped_ = false;
};

/// The bytes of a regular file, mapped. None where the path is no such file, it is empty, or cannot be
/// mapped: what read_file() is for.
///
/// While it is mapped, the file must stay as it is. Where it becomes shorter, or its disk fails, and the
/// missing part is looked at, the program removes its temporary files, says so in one line and exits with
/// status 1. All else that changes it is found by check_mapped_files().
FileBytes map_file(const std::string& path);

/// Throws FileError if a file was written to since it was mapped, be it mapped still or not. Every OutputFile
/// asks before it takes its place.
void check_mapped_files();

}  // namespace platform
