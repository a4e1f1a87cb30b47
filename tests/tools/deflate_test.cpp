#include "tools/base/deflate.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fixtures.hpp"
#include "tests/support/png_reader.hpp"

using namespace fixture;

namespace {

// Whether the stream says what it should; a vector compared by CHECK would print all of it.
bool inflates_to(const Bytes& stream, const Bytes& bytes) {
  return Inflated({reinterpret_cast<const char*>(stream.data()), stream.size()}).bytes == bytes;
}

}  // namespace

TEST_CASE("deflate: what was compressed is what is read, whatever repeats") {
  std::mt19937 random(1);
  // From 1 value (one long run) to 256 (nothing to find).
  for (const unsigned values : {1u, 2u, 4u, 256u})
    for (const std::size_t size : {0u, 1u, 2u, 3u, 4u, 257u, 258u, 259u, 260u, 5000u}) {
      CAPTURE(values);
      CAPTURE(size);
      Bytes bytes(size);
      for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(random() % values);
      CHECK(inflates_to(tool::deflate(bytes), bytes));
    }
}

TEST_CASE("deflate: every length and distance of a repetition") {
  std::mt19937 random(2);
  Bytes bytes;
  for (std::size_t length = 3; length <= 258; ++length) {
    for (std::size_t n = 0; n < 200; ++n) bytes.push_back(static_cast<unsigned char>(random()));
    const std::size_t distance = 1 + random() % std::min<std::size_t>(bytes.size(), 40000);
    for (std::size_t n = 0; n < length; ++n) bytes.push_back(bytes[bytes.size() - distance]);
  }
  CHECK(bytes.size() > 80000);
  CHECK(inflates_to(tool::deflate(bytes), bytes));
}

TEST_CASE("deflate: at and beyond the reach of 32 KB") {
  for (const std::size_t distance : {32766u, 32767u, 32768u, 32769u, 65536u}) {
    CAPTURE(distance);
    std::mt19937 random(3);
    Bytes bytes;
    while (bytes.size() < distance) bytes.push_back(static_cast<unsigned char>(random()));
    for (std::size_t n = 0; n < 100; ++n) bytes.push_back(bytes[n]);
    CHECK(inflates_to(tool::deflate(bytes), bytes));
  }
}

TEST_CASE("deflate: repetitions take next to no room, noise little more than itself") {
  CHECK(tool::deflate(Bytes(100000, 7)).size() < 1000);
  std::mt19937 random(4);
  Bytes noise(10000);
  for (unsigned char& byte : noise) byte = static_cast<unsigned char>(random());
  CHECK(tool::deflate(noise).size() < 11000);
}
