#include "tools/output/font.hpp"

#include <doctest/doctest.h>

#include <set>
#include <utility>

namespace {

// A text's points, to tell letters apart.
std::vector<std::pair<double, double>> points(const std::string& text) {
  std::vector<std::pair<double, double>> all;
  for (const tool::Line& line : tool::written(text))
    for (const tool::Point& point : line) all.emplace_back(point.x, point.y);
  return all;
}

}  // namespace

TEST_CASE("font: every letter of ASCII is drawn, no two alike, within its width and its line") {
  std::set<std::vector<std::pair<double, double>>> seen;
  for (char letter = '!'; letter <= '~'; ++letter) {
    CAPTURE(letter);
    const std::string text(1, letter);
    const auto drawn = points(text);
    CHECK_FALSE(drawn.empty());
    CHECK(seen.insert(drawn).second);
    for (const auto& [x, y] : drawn) {
      CHECK(x >= 0);
      CHECK(x <= tool::written_width(text));
      CHECK(y >= -0.31);
      CHECK(y <= 1.11);
    }
  }
  CHECK(points(" ").empty());
  CHECK(tool::written_width(" ") > 0);
}

TEST_CASE("font: digits are equally wide and a capital high") {
  for (char digit = '0'; digit <= '9'; ++digit) {
    CHECK(tool::written_width(std::string(1, digit)) == tool::written_width("0"));
    double highest = 0;
    for (const auto& [x, y] : points(std::string(1, digit))) highest = std::max(highest, y);
    CHECK(highest == doctest::Approx(1).epsilon(0.03));
  }
}

TEST_CASE("font: what numbers and units need beside ASCII; any other letter is one box") {
  const auto box = points("字");
  CHECK_FALSE(box.empty());
  for (const char* known : {"−", "×", "±", "°", "µ", "∞", "…", "·", "–", "⁻", "⁰", "¹", "²", "³", "⁴", "⁹"}) {
    CAPTURE(known);
    CHECK_FALSE(points(known).empty());
    CHECK(points(known) != box);
  }
  CHECK(points("é") == box);
  CHECK(tool::written_width("字字") == doctest::Approx(2 * tool::written_width("字")));
  CHECK(tool::written_width("10⁻¹²") < tool::written_width("10-12"));
  // What is no UTF-8 does no harm.
  CHECK_FALSE(points("\xff\xc3").empty());
}
