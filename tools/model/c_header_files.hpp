#pragma once

#include <optional>
#include <string>

#include "platform/desktop/files.hpp"
#include "tools/model/c_header_writer.hpp"

namespace tool {

/// Where a generated header goes, and what the model in it is called.
struct HeaderTarget {
  std::string path;  ///< as the user gave it; NAME.c stands for a pair, NAME.c and NAME.h
  std::string name;

  bool pair() const;
  std::string header_path() const;
};

/// The target that `--out` and `--name` ask for. Where one is empty, it follows from the other. Throws
/// Misuse.
HeaderTarget header_target(const std::string& out, const std::string& name);

/// The files of a header or of a pair. They are opened before the work, so that a path that cannot be written
/// fails early. Either all files are written or none.
class HeaderFiles {
 public:
  explicit HeaderFiles(const HeaderTarget& target);
  void write(const QuantizedModel& model, Runtime runtime, LabelNames names = LabelNames::left_out);

 private:
  const HeaderTarget target_;
  platform::OutputFile header_;
  std::optional<platform::OutputFile> source_;
};

}  // namespace tool
