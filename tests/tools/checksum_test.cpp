#include "tools/base/checksum.hpp"

#include <doctest/doctest.h>

#include <string_view>

TEST_CASE("CRC-32: the published check value") {
  const auto check = [](std::string_view text) {
    return tool::cyclic_redundancy_check(reinterpret_cast<const unsigned char*>(text.data()), text.size());
  };
  CHECK(check("123456789") == 0xcbf43926);
  CHECK(check("") == 0);
}

TEST_CASE("FNV-1a of words: computed by hand, and the order counts") {
  tool::WordHash hash, swapped;
  CHECK(hash.value() == 0xcbf29ce484222325u);
  for (const std::uint32_t word : {0x3f800000u, 0u, 0xffffffffu}) hash.add(word);
  CHECK(hash.value() == 0x837d842e8170ce96u);
  for (const std::uint32_t word : {0u, 0x3f800000u, 0xffffffffu}) swapped.add(word);
  CHECK(swapped.value() != hash.value());
}
