#pragma once

#include <string>

#include "header.hpp"

namespace tool {

/// Where a generated header goes, and what the model in it is called.
struct HeaderTarget {
  std::string path;  ///< as the user gave it; NAME.c stands for a pair, NAME.c and NAME.h
  std::string name;

  bool pair() const;
  std::string header_path() const;
};

/// What `--out` and `--name` ask for, each empty if not given: one follows from the other. Throws Misuse.
HeaderTarget header_target(const std::string& out, const std::string& name);

/// Writes the header or the pair; if one cannot be written, none is.
void write_header(const QuantizedModel& model, const HeaderTarget& target, Runtime runtime);

}  // namespace tool
