#include "tools/output/picture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/drawn.hpp"

using namespace fixture;

namespace {

constexpr std::array<int, 3> black{0, 0, 0}, white{255, 255, 255};

}  // namespace

TEST_CASE("a tile shows each picture, enlarged, in its cell") {
  // Three pictures of 2 x 3, which 48 pixels of the longer side enlarge by 16; gaps of 2.
  std::vector<float> values(18, 0.0f);
  values[0] = 1;          // the first: top left
  values[6 + 5] = 1;      // the second: bottom right
  values[12 + 2] = 0.5f;  // the third: top right, grey
  const Png png = drawn(tool::tile(values, {2, 3}, tool::Palette::grey));
  REQUIRE(png.width >= 2 + 48 + 2);
  const std::size_t across = (png.width - 2) / 50, down = (png.height - 2) / 34;
  CHECK(png.width == 2 + across * 50);
  CHECK(png.height == 2 + down * 34);
  CHECK(across * down >= 3);
  const auto pixel = [&](std::size_t picture, std::size_t x, std::size_t y) {
    return png.at(2 + picture % across * 50 + x, 2 + picture / across * 34 + y);
  };
  CHECK(pixel(0, 0, 0) == white);
  CHECK(pixel(0, 15, 15) == white);
  CHECK(pixel(0, 16, 15) == black);
  CHECK(pixel(0, 15, 16) == black);
  CHECK(pixel(1, 47, 31) == white);
  CHECK(pixel(1, 32, 16) == white);
  CHECK(pixel(1, 31, 16) == black);
  CHECK(pixel(2, 47, 0) == std::array<int, 3>{128, 128, 128});
  // The gap is neither black nor white.
  CHECK(png.at(0, 0) != black);
  CHECK(png.at(0, 0) != white);
  CHECK(png.at(50, 2) == png.at(0, 0));
}

TEST_CASE("readings of any sign are drawn from their least to their largest value") {
  const std::vector<float> originals{-30, -10, 10, std::numeric_limits<float>::quiet_NaN()};
  const tool::GreyRange range = tool::range_of(originals);
  CHECK(range.black == -30);
  CHECK(range.white == 10);
  const Png png = drawn(tool::tile_pairs(originals, {-50, 50, -10, 0}, {1, 4}, range));
  // Cells of 12 x 12 in gaps of 12, the reconstruction 2 to the right.
  const auto level = [&](std::size_t cell) { return png.at(12 + 12 * cell + (cell < 4 ? 0 : 2), 12)[0]; };
  CHECK(level(0) == 0);
  CHECK(level(1) == 128);
  CHECK(level(2) == 255);
  CHECK(level(3) == png.at(0, 0)[0]);  // missing: as the gaps
  CHECK(level(4) == 0);
  CHECK(level(5) == 255);
  CHECK(level(6) == 128);
  const tool::GreyRange constant = tool::range_of({5, 5});
  CHECK(constant.black == 4);
  CHECK(constant.white == 6);
}

TEST_CASE("weights: negative is blue, 0 white, positive red, on one scale") {
  std::vector<float> values(400, 0.0f);
  values[0] = -2, values[1] = -1, values[3] = 1, values[4] = 2, values[5] = 1000;
  const Png png = drawn(tool::tile(values, {20, 20}, tool::Palette::diverging));
  REQUIRE(png.channels == 3);
  const std::size_t factor = (png.width - 4) / 20;
  const auto colour = [&](std::size_t n) { return png.at(2 + n * factor, 2); };
  const auto brightness = [&](std::size_t n) { return colour(n)[0] + colour(n)[1] + colour(n)[2]; };
  CHECK(colour(2)[0] == colour(2)[2]);
  CHECK(brightness(2) > 3 * 240);
  CHECK(colour(1)[2] > colour(1)[0] + 50);
  CHECK(colour(3)[0] > colour(3)[2] + 50);
  CHECK(brightness(0) < brightness(1));
  CHECK(brightness(1) < brightness(2));
  CHECK(brightness(4) < brightness(3));
  CHECK(colour(5) == colour(4));  // 99.5 % of the values do not exceed 2: 1000 does not bleach the rest
}

TEST_CASE("weights that are all 0 are white") {
  const Png png = drawn(tool::tile(std::vector<float>(16, 0.0f), {4, 4}, tool::Palette::diverging));
  CHECK(png.at(10, 10)[0] > 240);
}

TEST_CASE("pairs: the original on the left, its reconstruction on the right") {
  for (const std::size_t count : {1u, 2u, 7u, 9u, 32u}) {
    CAPTURE(count);
    std::vector<float> originals(count * 64, 1.0f), reconstructions(count * 64, 0.0f);
    const Png png = drawn(tool::tile_pairs(originals, reconstructions, {8, 8}));
    CHECK(png.channels == 1);
    CHECK(png.width <= 1200);
    // Along the first row of pairs white and black take turns, each 48 pixels wide, between gaps.
    std::vector<std::pair<int, std::size_t>> runs;
    for (std::size_t x = 0; x < png.width; ++x) {
      const int level = png.at(x, 20)[0];
      if (runs.empty() || runs.back().first != level) runs.emplace_back(level, 0);
      ++runs.back().second;
    }
    REQUIRE(runs.size() >= 5);
    CHECK(runs.size() <= 4 * std::min<std::size_t>(count, 8) + 1);
    for (std::size_t n = 1; n < runs.size(); n += 2)
      CHECK(runs[n] == std::make_pair(n % 4 == 1 ? 255 : 0, std::size_t{48}));
    CHECK(runs.front() == runs.back());
    CHECK(runs[2].second < runs[0].second);  // a pair stands closer together than two of them
    std::size_t whites = 0, blacks = 0;
    for (std::size_t n = 0; n < png.width * png.height; ++n) {
      const int level = png.at(n % png.width, n / png.width)[0];
      whites += level == 255, blacks += level == 0;
    }
    CHECK(whites == count * 48 * 48);
    CHECK(blacks == count * 48 * 48);
  }
}
