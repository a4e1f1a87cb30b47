/// Pictures as they come out of their files.
#pragma once

#include <string>

#include "tests/support/folder.hpp"
#include "tests/support/png_reader.hpp"
#include "tools/output/png.hpp"

namespace fixture {

inline std::string to_png(const tool::Picture& picture) {
  const Folder folder;
  platform::OutputFile file(folder.path("picture.png"));
  tool::write_png(file, picture);
  file.commit();
  return folder.read("picture.png");
}

inline Png drawn(const tool::Picture& picture) {
  return Png(to_png(picture));
}

}  // namespace fixture
