#include "tools/base/deflate.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace tool {
namespace {

constexpr std::size_t window = 32768;
constexpr std::size_t shortest_match = 3;
constexpr std::size_t longest_match = 258;
constexpr std::size_t none = SIZE_MAX;

/// Appends codes to a stream whose bytes fill from their lowest bit.
class BitWriter {
 public:
  explicit BitWriter(std::vector<unsigned char>& out) : bytes(out) {}

  void bits(std::size_t value, unsigned count) {
    pending |= static_cast<std::uint64_t>(value) << filled;
    for (filled += count; filled >= 8; filled -= 8) {
      bytes.push_back(static_cast<unsigned char>(pending));
      pending >>= 8;
    }
  }

  /// Huffman codes go in from their highest bit.
  void code(std::size_t value, unsigned count) {
    for (unsigned i = count; i > 0; --i) bits(value >> (i - 1) & 1, 1);
  }

  void finish() { bits(0, (8 - filled) % 8); }

 private:
  std::vector<unsigned char>& bytes;
  std::uint64_t pending = 0;
  unsigned filled = 0;
};

/// The symbols 0 to 287 of literals, the end (256) and lengths (from 257), in the fixed code.
void write_symbol(BitWriter& out, std::size_t symbol) {
  if (symbol < 144) {
    out.code(0x30 + symbol, 8);
  } else if (symbol < 256) {
    out.code(0x190 + symbol - 144, 9);
  } else if (symbol < 280) {
    out.code(symbol - 256, 7);
  } else {
    out.code(0xc0 + symbol - 280, 8);
  }
}

/// Lengths and distances are coded alike: a symbol for a range of values, whose sizes double every
/// 2^group_bits symbols, and extra bits for the place within the range.
struct Ranged {
  Ranged(std::size_t value, unsigned group_bits) {
    while (value >> extra_bits >= std::size_t{2} << group_bits) ++extra_bits;
    symbol = (static_cast<std::size_t>(extra_bits) << group_bits) + (value >> extra_bits);
    extra = value & ((std::size_t{1} << extra_bits) - 1);
  }
  std::size_t symbol = 0;
  std::size_t extra = 0;
  unsigned extra_bits = 0;
};

void write_match(BitWriter& out, std::size_t length, std::size_t distance) {
  if (length == longest_match) {
    write_symbol(out, 285);
  } else {
    const Ranged ranged(length - shortest_match, 2);
    write_symbol(out, 257 + ranged.symbol);
    out.bits(ranged.extra, ranged.extra_bits);
  }
  const Ranged ranged(distance - 1, 1);
  out.code(ranged.symbol, 5);
  out.bits(ranged.extra, ranged.extra_bits);
}

/// Finds earlier occurrences of the next three bytes, the latest first.
class Matcher {
 public:
  explicit Matcher(const std::vector<unsigned char>& data)
      : bytes(data), newest(table_size, none), older(window) {}

  struct Match {
    std::size_t length = 0;
    std::size_t distance = 0;
  };

  Match find(std::size_t at) const {
    constexpr int most_tries = 64;
    Match best;
    if (at + shortest_match > bytes.size()) return best;
    const std::size_t limit = std::min(longest_match, bytes.size() - at);
    std::size_t candidate = newest[hash(at)];
    for (int i = 0; i < most_tries && candidate != none && at - candidate <= window; ++i) {
      std::size_t length = 0;
      while (length < limit && bytes[candidate + length] == bytes[at + length]) ++length;
      if (length > best.length) best = {length, at - candidate};
      if (length == limit) break;
      const std::size_t next = older[candidate % window];
      if (next >= candidate) break;  // also where there is none
      candidate = next;
    }
    return best;
  }

  void insert(std::size_t at) {
    if (at + shortest_match > bytes.size()) return;
    std::size_t& head = newest[hash(at)];
    older[at % window] = head;
    head = at;
  }

 private:
  static constexpr std::size_t table_size = 1 << 15;

  std::size_t hash(std::size_t at) const {
    const std::uint32_t three = bytes[at] | static_cast<std::uint32_t>(bytes[at + 1]) << 8 |
                                static_cast<std::uint32_t>(bytes[at + 2]) << 16;
    return three * 2654435761u >> 17;
  }

  const std::vector<unsigned char>& bytes;
  std::vector<std::size_t> newest;  // the last position of each hash
  std::vector<std::size_t> older;   // for a position modulo the window, the one before with its hash
};

void write_checksum(std::vector<unsigned char>& stream, const std::vector<unsigned char>& bytes) {
  constexpr std::uint32_t modulus = 65521;
  std::uint32_t low = 1, high = 0;
  for (const unsigned char byte : bytes) {
    low = (low + byte) % modulus;
    high = (high + low) % modulus;
  }
  const std::uint32_t sum = high << 16 | low;
  for (int shift = 24; shift >= 0; shift -= 8) stream.push_back(static_cast<unsigned char>(sum >> shift));
}

}  // namespace

std::vector<unsigned char> deflate(const std::vector<unsigned char>& bytes) {
  std::vector<unsigned char> stream = {0x78, 0x01};  // deflate with a window of 32 KB, no preset dictionary
  BitWriter out(stream);
  Matcher matcher(bytes);
  out.bits(1, 1);  // the last block,
  out.bits(1, 2);  // with the fixed codes
  for (std::size_t at = 0; at < bytes.size();) {
    const Matcher::Match match = matcher.find(at);
    const bool found = match.length >= shortest_match;
    const std::size_t step = found ? match.length : 1;
    if (found) {
      write_match(out, match.length, match.distance);
    } else {
      write_symbol(out, bytes[at]);
    }
    for (const std::size_t end = at + step; at < end; ++at) matcher.insert(at);
  }
  write_symbol(out, 256);
  out.finish();
  write_checksum(stream, bytes);
  return stream;
}

}  // namespace tool
