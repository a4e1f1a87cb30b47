#include "tools/data/text_encoding.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "tools/base/bytes.hpp"
#include "tools/base/failure.hpp"
#include "tools/base/json.hpp"

namespace tool {
namespace {

enum class ByteOrder { none, little, big };

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
  if (begins_with(file, "\xff\xfe")) return ByteOrder::little;
  if (begins_with(file, "\xfe\xff")) return ByteOrder::big;
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

/// Nearly all tables are: eight bytes at a time cost next to nothing.
bool is_ascii(std::string_view text) {
  std::uint64_t bits = 0, word = 0;
  for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    bits |= word;
  }
  for (const char character : text) bits |= static_cast<unsigned char>(character);
  return (bits & 0x8080808080808080) == 0;
}

/// Also takes Latin-1, of which it has all the letters. What the code page leaves open is a control
/// character.
void convert_windows_1252(std::string_view text, std::string& converted) {
  constexpr std::uint32_t marks[] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                     0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                     0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                     0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
  converted.reserve(text.size() + text.size() / 8);
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    append_utf8(byte >= 0x80 && byte < 0xa0 ? marks[byte - 0x80] : byte, converted);
  }
}

}  // namespace

bool is_utf16(const std::vector<unsigned char>& file) {
  return utf16_order(file) != ByteOrder::none;
}

bool looks_like_text(const std::vector<unsigned char>& file) {
  constexpr std::size_t longest = 4096;
  const auto end = file.begin() + static_cast<std::ptrdiff_t>(std::min(file.size(), longest));
  return std::all_of(file.begin(), end, is_printed);
}

std::string_view decode_text(const std::vector<unsigned char>& file, const std::string& name,
                             std::string& storage) {
  if (begins_with(file, std::string_view("\xff\xfe\0\0", 4)))
    throw Failure(name + ": is text in UTF-32: save it in UTF-8");
  const ByteOrder order = utf16_order(file);
  if (order != ByteOrder::none) {
    convert_utf16(file, order == ByteOrder::big, name, storage);
    return storage;
  }
  std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (text.substr(0, mark.size()) == mark) text.remove_prefix(mark.size());
  if (is_ascii(text) || is_utf8(text)) return text;
  convert_windows_1252(text, storage);
  return storage;
}

}  // namespace tool
