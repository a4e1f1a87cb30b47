#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "platform/desktop/temporary_files.hpp"

namespace platform {

/// The whole content of a file; the path `-` is standard input. Throws FileError.
std::vector<unsigned char> read_file(const std::string& path);

/// Whether both paths lead to one regular file, which need not exist yet: spelled differently, through links,
/// or by two names of it.
bool same_file(const std::string& path, const std::string& other);

/// From now on no OutputFile writes anything: this process repeats what another one does, and writes.
void discard_outputs();

/// A file that appears whole or not at all: what is written goes to a temporary file in the same folder,
/// which commit() renames over the path and the destructor removes if commit() was not reached.
///
/// A file that is there and may be written, but not replaced (it is mounted by itself, its folder is another
/// user's or read-only), is overwritten in the end, with a line on standard error. Should that fail half-way,
/// the message says where the whole content is.
///
/// A path that is `-` (standard output) or exists but is no regular file (a pipe, a device) is written
/// directly. A link is followed: the file that it points to is replaced. An existing file's permissions
/// are kept. Every failure throws FileError, naming the path that the user gave.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// Appends bytes. They are buffered, so a full disk may show only at a later call.
  void write(const void* data, std::size_t size);
  void write(std::string_view text) { write(text.data(), text.size()); }

  /// Brings everything to the disk, all that can fail before the file takes its place. Nothing may be written
  /// afterwards.
  void finish();

  /// Finishes, and puts the file in its place; but not where an input changed while it was read: see
  /// check_mapped_files().
  void commit();

 private:
  void create_temporary();           // in the same folder
  void create_temporary_anywhere();  // or in the system's folder for such files
  bool create_in(const std::string& folder);
  void overwrite();
  void flush();
  void send(const char* data, std::size_t size);
  void discard() noexcept;
  void set_temporary(std::string path);

  std::string name;       // as messages show it
  std::string target;     // the path that commit() replaces
  std::string temporary;  // empty if written directly, or once renamed
  int descriptor = -1;
  std::string buffer;
};

}  // namespace platform
