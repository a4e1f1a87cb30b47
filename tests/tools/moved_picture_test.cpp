#include "tools/training/moved_picture.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

TEST_CASE("a moved picture has each pixel where it went, and 0 where nothing came") {
  const tool::Shape shape{3, 4};
  for (std::int64_t down = -4; down <= 4; ++down)
    for (std::int64_t right = -5; right <= 5; ++right) {
      std::vector<float> picture(12);
      for (std::size_t n = 0; n < 12; ++n) picture[n] = static_cast<float>(n + 1);
      tool::move_picture(picture.data(), shape, {down, right});
      for (std::int64_t y = 0; y < 3; ++y)
        for (std::int64_t x = 0; x < 4; ++x) {
          const std::int64_t from_y = y - down, from_x = x - right;
          const bool inside = from_y >= 0 && from_y < 3 && from_x >= 0 && from_x < 4;
          const float expected = inside ? static_cast<float>(from_y * 4 + from_x + 1) : 0.0f;
          CHECK(picture[static_cast<std::size_t>(y * 4 + x)] == expected);
        }
    }
}

TEST_CASE("all moves up to the most are drawn, alike often, and each picture has its own") {
  std::vector<int> counts(25);
  for (std::uint64_t row = 0; row < 25000; ++row) {
    const tool::Move move = tool::draw_move(2, 7, 3, row);
    REQUIRE(move.down >= -2);
    REQUIRE(move.down <= 2);
    REQUIRE(move.right >= -2);
    REQUIRE(move.right <= 2);
    ++counts[static_cast<std::size_t>((move.down + 2) * 5 + move.right + 2)];
  }
  for (const int count : counts) {  // 1,000 expected, 31 is a deviation
    CHECK(count > 840);
    CHECK(count < 1160);
  }
  std::set<std::pair<std::int64_t, std::int64_t>> of_epochs;
  for (std::uint64_t epoch = 0; epoch < 100; ++epoch) {
    const tool::Move move = tool::draw_move(1, 7, epoch, 5);
    of_epochs.insert({move.down, move.right});
  }
  CHECK(of_epochs.size() == 9);
}
