#include "tools/output/canvas.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/drawn.hpp"

using namespace fixture;

namespace {

// How much of an ink covers a pixel, by the channel in which it differs most from white.
double covered(const Png& png, tool::Ink ink, std::size_t x, std::size_t y) {
  const tool::Pen pen = tool::pen_of(ink);
  const std::array<double, 3> full{255.0 - pen.red, 255.0 - pen.green, 255.0 - pen.blue};
  const std::size_t most = full[0] > full[1] ? (full[0] > full[2] ? 0 : 2) : (full[1] > full[2] ? 1 : 2);
  return (255 - png.at(x, y)[most]) / full[most];
}

double total(const Png& png, tool::Ink ink) {
  double sum = 0;
  for (std::size_t y = 0; y < png.height; ++y)
    for (std::size_t x = 0; x < png.width; ++x) sum += covered(png, ink, x, y);
  return sum;
}

}  // namespace

TEST_CASE("canvas: an area covers each pixel by the part that it has of it") {
  tool::Canvas canvas(20, 10, 2);
  canvas.fill(tool::Ink::series, 1, tool::rectangle(2.25, 1.5, 8.0, 4.25));  // pixels 4.5 to 16, 3 to 8.5
  const Png png = drawn(canvas.picture());
  CHECK(png.width == 40);
  CHECK(png.height == 20);
  const auto part = [&](std::size_t x, std::size_t y) { return covered(png, tool::Ink::series, x, y); };
  CHECK(part(10, 5) == 1);
  CHECK(part(4, 5) == doctest::Approx(0.5).epsilon(0.02));
  CHECK(part(10, 8) == doctest::Approx(0.5).epsilon(0.02));
  CHECK(part(4, 8) == doctest::Approx(0.25).epsilon(0.03));
  for (const auto& [x, y] : {std::pair{3, 5}, {16, 5}, {10, 2}, {10, 9}})
    CHECK(part(static_cast<std::size_t>(x), static_cast<std::size_t>(y)) == 0);
  CHECK(total(png, tool::Ink::series) == doctest::Approx(11.5 * 5.5).epsilon(0.005));
}

TEST_CASE("canvas: the area of a triangle, and of a band with a dent") {
  const auto area = [](const tool::Line& outline) {
    tool::Canvas canvas(60, 60, 1);
    canvas.fill(tool::Ink::title, 1, outline);
    return total(drawn(canvas.picture()), tool::Ink::title);
  };
  CHECK(area({{5, 5}, {50.5, 20}, {13, 47}}) ==
        doctest::Approx(std::abs(45.5 * 42 - 8 * 15) / 2).epsilon(0.005));
  CHECK(area({{0, 40}, {20, 30}, {40, 40}, {40, 50}, {20, 45}, {0, 50}}) ==
        doctest::Approx(40 * 47.5 - 40 * 35).epsilon(0.005));  // between two roofs
  // Seen through, and beyond the edges.
  tool::Canvas canvas(10, 10, 1);
  canvas.fill(tool::Ink::odd, 0.5, tool::rectangle(-50, -50, 5, 50));
  canvas.fill(tool::Ink::odd, 0.5, tool::rectangle(20, 20, 30, 30));
  const Png png = drawn(canvas.picture());
  CHECK(covered(png, tool::Ink::odd, 0, 0) == doctest::Approx(0.5).epsilon(0.02));
  CHECK(covered(png, tool::Ink::odd, 4, 9) == doctest::Approx(0.5).epsilon(0.02));
  CHECK(covered(png, tool::Ink::odd, 5, 5) == 0);
}

TEST_CASE("canvas: a stroke is as wide as its pen, whatever its direction, and covers itself once") {
  const double width = tool::pen_of(tool::Ink::series).width;
  for (const tool::Point& end :
       {tool::Point{90, 50}, tool::Point{50, 90}, tool::Point{78.3, 78.3}, tool::Point{85, 63}}) {
    CAPTURE(end.x);
    tool::Canvas canvas(100, 100, 1);
    canvas.stroke(tool::Ink::series, {{{50, 50}, end}});
    const double length = std::sqrt((end.x - 50) * (end.x - 50) + (end.y - 50) * (end.y - 50));
    const double round_ends = 3.1416 * width * width / 4;
    CHECK(total(drawn(canvas.picture()), tool::Ink::series) ==
          doctest::Approx(length * width + round_ends).epsilon(0.06));
  }
  // The way back over a line adds nothing.
  tool::Canvas once(50, 20, 1), twice(50, 20, 1);
  once.stroke(tool::Ink::axis, {{{5, 10}, {45, 10}}});
  twice.stroke(tool::Ink::axis, {{{5, 10}, {45, 10}, {5, 10}}, {{5, 10}, {45, 10}}});
  CHECK(once.picture().pixels == twice.picture().pixels);
}

TEST_CASE("canvas: lines of a grid are one pixel wide and not blurred") {
  tool::Canvas canvas(40, 30, 1.5);
  canvas.stroke(tool::Ink::rule, {{{4, 10.3}, {30, 10.3}}});
  const Png png = drawn(canvas.picture());
  std::size_t rows = 0;
  for (std::size_t y = 0; y < png.height; ++y) rows += covered(png, tool::Ink::rule, 20, y) > 0;
  CHECK(rows == 1);
}

TEST_CASE("canvas: a dot is round and text stands where it is anchored") {
  tool::Canvas canvas(60, 40, 2);
  canvas.dots(tool::Ink::alarm, {{30, 20}});
  const Png png = drawn(canvas.picture());
  CHECK(covered(png, tool::Ink::alarm, 60, 40) == 1);
  CHECK(total(png, tool::Ink::alarm) == doctest::Approx(3.1416 * 5 * 5).epsilon(0.03));

  const auto bounds = [](tool::Anchor anchor) {
    tool::Canvas text(200, 40, 2);
    text.write(tool::Ink::text, {100, 25}, anchor, "−12.5 mV");
    const Png drawing = drawn(text.picture());
    std::pair<std::size_t, std::size_t> found{drawing.width, 0};
    for (std::size_t y = 0; y < drawing.height; ++y)
      for (std::size_t x = 0; x < drawing.width; ++x)
        if (covered(drawing, tool::Ink::text, x, y) > 0) {
          CHECK(y < 54);  // nothing hangs below the baseline
          found = {std::min(found.first, x), std::max(found.second, x)};
        }
    return found;
  };
  CHECK(bounds(tool::Anchor::start).first >= 198);
  CHECK(bounds(tool::Anchor::end).second <= 202);
  const auto [left, right] = bounds(tool::Anchor::middle);
  CHECK(std::abs(static_cast<double>(left + right) / 2 - 200) <= 3);
  CHECK(static_cast<double>(right - left) / 2 <= tool::text_width("−12.5 mV"));
}
