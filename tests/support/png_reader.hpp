/// Reads the PNG files that we write, from the standards (PNG, RFC 1950 and 1951) and not from our writer:
/// one block of any kind but dynamic Huffman codes, rows without a filter. What is wrong ends the test.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fixture {

using Bytes = std::vector<unsigned char>;

inline std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4)) value = value * 256 + static_cast<unsigned char>(byte);
  return value;
}

/// What a zlib stream says, its checksum verified.
class Inflated {
 public:
  explicit Inflated(std::string_view stream) : stream_(stream) {
    REQUIRE(stream.size() > 6);
    const unsigned header =
        static_cast<unsigned char>(stream[0]) * 256u + static_cast<unsigned char>(stream[1]);
    REQUIRE(header % 31 == 0);
    REQUIRE((header >> 8 & 15) == 8);   // deflate
    REQUIRE((header >> 12 & 15) <= 7);  // a window of 32 KB at most
    REQUIRE((header & 32) == 0);        // no preset dictionary
    at_ = 16;
    bool last = false;
    while (!last) {
      last = bits(1) == 1;
      const unsigned kind = bits(2);
      REQUIRE(kind <= 1);
      kind == 0 ? stored() : fixed();
    }
    at_ = (at_ + 7) / 8 * 8;
    REQUIRE(at_ / 8 + 4 == stream.size());
    std::uint32_t a = 1, b = 0;
    for (const unsigned char byte : bytes) a = (a + byte) % 65521, b = (b + a) % 65521;
    REQUIRE(big_endian(stream.substr(at_ / 8)) == b * 65536 + a);
  }

  Bytes bytes;

 private:
  unsigned bit() {
    if (at_ / 8 >= stream_.size()) FAIL("the stream is cut short");
    const unsigned value = static_cast<unsigned char>(stream_[at_ / 8]) >> at_ % 8 & 1u;
    ++at_;
    return value;
  }

  // A number, lowest bit first.
  unsigned bits(unsigned count) {
    unsigned value = 0;
    for (unsigned n = 0; n < count; ++n) value |= bit() << n;
    return value;
  }

  // A Huffman code of `count` bits that goes on from `code`, highest bit first.
  unsigned more(unsigned code, unsigned count) {
    for (unsigned n = 0; n < count; ++n) code = code * 2 + bit();
    return code;
  }

  // RFC 1951, 3.2.6.
  unsigned symbol() {
    const unsigned seven = more(0, 7);
    if (seven < 0x18) return 256 + seven;
    const unsigned eight = more(seven, 1);
    if (eight < 0xc0) return eight - 0x30;
    if (eight < 0xc8) return 280 + eight - 0xc0;
    return 144 + more(eight, 1) - 0x190;
  }

  void stored() {
    at_ = (at_ + 7) / 8 * 8;
    const unsigned length = bits(16);
    REQUIRE((bits(16) ^ length) == 0xffff);
    for (unsigned n = 0; n < length; ++n) bytes.push_back(static_cast<unsigned char>(bits(8)));
  }

  void fixed() {
    // RFC 1951, 3.2.5: the tables as they are printed there.
    constexpr std::array<unsigned, 29> lengths{3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                               15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                               67, 83, 99, 115, 131, 163, 195, 227, 258};
    constexpr std::array<unsigned, 29> length_bits{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                   2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
    constexpr std::array<unsigned, 30> distances{
        1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    constexpr std::array<unsigned, 30> distance_bits{0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                                     6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
    for (unsigned code; (code = symbol()) != 256;) {
      if (code < 256) {
        bytes.push_back(static_cast<unsigned char>(code));
        continue;
      }
      if (code - 257 >= lengths.size()) FAIL("no length has this code");
      const unsigned length = lengths[code - 257] + bits(length_bits[code - 257]);
      const unsigned place = more(0, 5);
      if (place >= distances.size()) FAIL("no distance has this code");
      const unsigned distance = distances[place] + bits(distance_bits[place]);
      if (distance > bytes.size()) FAIL("a distance leads before the beginning");
      for (unsigned n = 0; n < length; ++n) bytes.push_back(bytes[bytes.size() - distance]);
    }
  }

  std::string_view stream_;
  std::size_t at_ = 0;  // in bits
};

/// A PNG file of 8-bit greys or RGB, checked.
struct Png {
  std::size_t width = 0, height = 0;
  std::size_t channels = 0;  ///< 1 or 3
  Bytes samples;             ///< [height][width][channels]

  explicit Png(std::string_view file) {
    REQUIRE(file.substr(0, 8) == "\x89PNG\r\n\x1a\n");
    file.remove_prefix(8);
    std::string types, data;
    while (!file.empty()) {
      REQUIRE(file.size() >= 12);
      const std::size_t length = big_endian(file);
      REQUIRE(file.size() >= 12 + length);
      REQUIRE(checksum(file.substr(4, 4 + length)) == big_endian(file.substr(8 + length)));
      const std::string_view type = file.substr(4, 4), content = file.substr(8, length);
      types += type;
      if (type == "IHDR") header(content);
      if (type == "IDAT") data += content;
      file.remove_prefix(12 + length);
    }
    REQUIRE(types == "IHDRIDATIEND");
    const Bytes lines = Inflated(data).bytes;
    const std::size_t line = width * channels;
    REQUIRE(lines.size() == height * (line + 1));
    for (std::size_t y = 0; y < height; ++y) {
      const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(y * (line + 1));
      if (*begin != 0) FAIL("a row has a filter");
      samples.insert(samples.end(), begin + 1, begin + 1 + static_cast<std::ptrdiff_t>(line));
    }
  }

  /// The colour at a place, whether or not the file holds greys.
  std::array<int, 3> at(std::size_t x, std::size_t y) const {
    if (x >= width || y >= height) FAIL("no such pixel");
    const unsigned char* const sample = &samples[(y * width + x) * channels];
    return {sample[0], sample[channels / 2], sample[channels - 1]};
  }

 private:
  void header(std::string_view content) {
    REQUIRE(content.size() == 13);
    width = big_endian(content);
    height = big_endian(content.substr(4));
    REQUIRE(width > 0);
    REQUIRE(height > 0);
    const std::string_view rest = content.substr(8);
    const bool grey = rest == std::string_view("\x08\0\0\0\0", 5);
    const bool colour = rest == std::string_view("\x08\x02\0\0\0", 5);
    REQUIRE((grey || colour));
    channels = grey ? 1 : 3;
  }

  // The remainder of a division of polynomials over two elements, as the standard defines it: the highest
  // bit first, of bytes whose bits are taken lowest first.
  static std::uint32_t checksum(std::string_view bytes) {
    std::uint32_t remainder = 0xffffffff;
    for (const char byte : bytes)
      for (int n = 0; n < 8; ++n) {
        const std::uint32_t bit = static_cast<unsigned char>(byte) >> n & 1u;
        remainder = (remainder << 1) ^ ((remainder >> 31 ^ bit) != 0 ? 0x04c11db7u : 0);
      }
    std::uint32_t mirrored = 0;
    for (int n = 0; n < 32; ++n) mirrored |= (~remainder >> n & 1u) << (31 - n);
    return mirrored;
  }
};

}  // namespace fixture
