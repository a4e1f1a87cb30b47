#pragma once

#include <stdexcept>

namespace platform {

/// A file that cannot be read or written, as one line: `PATH: cannot open: No such file or directory`.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Notes the path of a temporary file in the place of another; null stands for none.
void note_temporary(const char* before, const char* now);

/// Removes the temporary files of all OutputFiles that are not committed yet. A signal handler may call it
/// before it ends the program.
void remove_temporary_files() noexcept;

}  // namespace platform
