#pragma once

#include <vector>

namespace tool {

/// The bytes compressed as a zlib stream (RFC 1950 and 1951): repetitions within 32 KB become references,
/// coded with the fixed Huffman codes. The same bytes give the same stream everywhere.
std::vector<unsigned char> deflate(const std::vector<unsigned char>& bytes);

}  // namespace tool
