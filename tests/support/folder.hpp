/// Folders for tests to work in.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#endif

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace fixture {

using Words = std::vector<std::string>;

/// These words, and more after them.
inline Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// An empty folder, removed with all that is in it at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rbm-test-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name = {}) const { return (path_ / name).string(); }

  bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }

  void write(const std::string& name, std::string_view bytes) const {
    std::ofstream file(path_ / name, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    REQUIRE(file.good());
  }

  std::string read(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    INFO(name);
    REQUIRE(file.good());
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  /// Every name in it, hidden ones too, in order.
  Words names() const {
    Words names;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  /// Every file in it with its bytes, for comparing before and after.
  std::map<std::string, std::string> content() const {
    std::map<std::string, std::string> files;
    for (const std::string& name : names()) files[name] = read(name);
    return files;
  }

 private:
  std::filesystem::path path_;
};

/// A device that is as full as /dev/full, in a folder of its own where that can be made: only root can, and
/// only root would, by a defect, replace the system's own.
class FullDisk {
 public:
  FullDisk() {
#ifdef __linux__
    constexpr unsigned memory_devices = 1, full = 7;
    const std::string own = folder_.path("full");
    const bool made =
        geteuid() == 0 && mknod(own.c_str(), S_IFCHR | 0666, makedev(memory_devices, full)) == 0;
    if (made && access(own.c_str(), W_OK) == 0 && std::ofstream(own).is_open()) path_ = own;
#endif
  }

  /// Whether there is one.
  bool exists() const {
    return std::filesystem::is_character_file(path_);
  }
  const std::string& path() const {
    return path_;
  }

 private:
  Folder folder_;
  std::string path_ = "/dev/full";
};

}  // namespace fixture
