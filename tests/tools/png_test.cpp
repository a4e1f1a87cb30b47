#include "tools/output/png.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/support/drawn.hpp"

using namespace fixture;

TEST_CASE("PNG: colours and greys, pixel for pixel, the same bytes each time") {
  std::mt19937 random(5);
  for (const bool grey : {true, false}) {
    tool::Picture picture{7, 5, Bytes(7 * 5 * 3)};
    for (std::size_t n = 0; n < picture.pixels.size(); ++n)
      picture.pixels[n] = grey && n % 3 != 0 ? picture.pixels[n - 1] : static_cast<unsigned char>(random());
    const Png png = drawn(picture);
    CHECK(png.width == 7);
    CHECK(png.height == 5);
    CHECK(png.channels == (grey ? 1 : 3));
    std::size_t wrong = 0;
    for (std::size_t n = 0; n < 35; ++n)
      for (std::size_t c = 0; c < 3; ++c) wrong += png.at(n % 7, n / 7)[c] != picture.pixels[3 * n + c];
    CHECK(wrong == 0);
    CHECK(to_png(picture) == to_png(picture));
  }
}
