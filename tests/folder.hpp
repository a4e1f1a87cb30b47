/// Folders for tests to work in.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

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

}  // namespace fixture
