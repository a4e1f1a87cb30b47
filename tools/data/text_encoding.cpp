#include "tools/data/text_encoding.hpp"

#include <algorithm>
#include <cstdint>

#include "tools/base/failure.hpp"

namespace tool {
namespace {

enum class ByteOrder { none, little, big };

bool starts_with(const std::vector<unsigned char>& file, std::string_view mark) {
  return file.size() >= mark.size() &&
         std::equal(mark.begin(), mark.end(), file.begin(),
                    [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

bool is_printed(unsigned char byte) {
  return byte >= ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/// Of digits and marks, all that a table needs, UTF-16 makes the byte and a 0.
ByteOrder order_without_mark(const std::vector<unsigned char>& file) {
  constexpr std::size_t shortest = 4, longest = 4096;
  const std::size_t size = std::min(file.size(), longest) / 2 * 2;
  if (size < shortest) return ByteOrder::none;
  bool little = true, big = true;
  for (std::size_t i = 0; i < size; i += 2) {
    little = little && is_printed(file[i]) && file[i + 1] == 0;
    big = big && file[i] == 0 && is_printed(file[i + 1]);
  }
  return little ? ByteOrder::little : big ? ByteOrder::big : ByteOrder::none;
}

ByteOrder utf16_order(const std::vector<unsigned char>& file) {
  if (starts_with(file, "\xff\xfe")) return ByteOrder::little;
  if (starts_with(file, "\xfe\xff")) return ByteOrder::big;
  return order_without_mark(file);
}

void append_utf8(std::uint32_t character, std::string& text) {
  const auto append = [&](std::uint32_t byte) {
    text += static_cast<char>(static_cast<unsigned char>(byte));
  };
  if (character < 0x80) {
    append(character);
  } else if (character < 0x800) {
    append(0xc0 | character >> 6);
    append(0x80 | (character & 0x3f));
  } else if (character < 0x10000) {
    append(0xe0 | character >> 12);
    append(0x80 | (character >> 6 & 0x3f));
    append(0x80 | (character & 0x3f));
  } else {
    append(0xf0 | character >> 18);
    append(0x80 | (character >> 12 & 0x3f));
    append(0x80 | (character >> 6 & 0x3f));
    append(0x80 | (character & 0x3f));
  }
}

void convert_utf16(const std::vector<unsigned char>& file, bool big, const std::string& name,
                   std::string& text) {
  if (file.size() % 2 != 0) throw Failure(name + ": is cut short within a character of UTF-16");
  const auto unit = [&](std::size_t at) {
    return static_cast<std::uint32_t>(file[at + (big ? 0 : 1)] << 8 | file[at + (big ? 1 : 0)]);
  };
  const bool marked = unit(0) == 0xfeff;
  text.reserve(file.size() / 2);
  for (std::size_t at = marked ? 2 : 0; at < file.size(); at += 2) {
    std::uint32_t character = unit(at);
    if (character >= 0xd800 && character < 0xe000) {
      const std::uint32_t next = at + 2 < file.size() ? unit(at + 2) : 0;
      if (character >= 0xdc00 || next < 0xdc00 || next >= 0xe000) {
        throw Failure(name + ": byte " + std::to_string(at + 1) + ": half a character of UTF-16 is missing");
      }
      character = 0x10000 + ((character - 0xd800) << 10) + (next - 0xdc00);
      at += 2;
    }
    append_utf8(character, text);
  }
}

}  // namespace

bool is_utf16(const std::vector<unsigned char>& file) {
  return utf16_order(file) != ByteOrder::none;
}

std::string_view decode_text(const std::vector<unsigned char>& file, const std::string& name,
                             std::string& storage) {
  if (starts_with(file, std::string_view("\xff\xfe\0\0", 4)))
    throw Failure(name + ": is text in UTF-32: save it in UTF-8");
  const ByteOrder order = utf16_order(file);
  if (order != ByteOrder::none) {
    convert_utf16(file, order == ByteOrder::big, name, storage);
    return storage;
  }
  std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (text.substr(0, mark.size()) == mark) text.remove_prefix(mark.size());
  return text;
}

}  // namespace tool
