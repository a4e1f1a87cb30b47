#include "tools/output/chart_grid.hpp"

#include <doctest/doctest.h>

#include "tests/support/drawn.hpp"
#include "tests/support/strict_html.hpp"

using namespace fixture;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

tool::ChartGrid grid_of(std::size_t count, std::size_t in_a_row) {
  tool::ChartGrid grid{"A <grid>", {}, in_a_row};
  for (std::size_t n = 0; n < count; ++n)
    grid.charts.push_back(
        {"chart " + std::to_string(n + 1), "", "epoch", "nats", {{"one", {{0, 1}, {1, 3}}}}});
  return grid;
}

}  // namespace

TEST_CASE("grids: the SVG file is whole, with its style, and each chart in it once") {
  const std::string svg = tool::svg_of(grid_of(5, 1));
  const Html html("<!DOCTYPE html>\n" + svg);  // as strict as a page
  CHECK(html.count("svg") == 1);
  CHECK(html.count("style") == 1);
  CHECK(has(svg, "xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(has(svg, ">A &lt;grid&gt;</text>"));
  for (int n = 1; n <= 5; ++n) CHECK(has(svg, ">chart " + std::to_string(n) + "</text>"));
  // What all share is said once.
  CHECK(has(svg, ">across: epoch</text>"));
  CHECK(has(svg, ">up: nats</text>"));
  CHECK_FALSE(has(svg, ">nats</text>"));
  tool::ChartGrid mixed = grid_of(2, 1);
  mixed.charts[1].y_label = "volts";
  CHECK(has(tool::svg_of(mixed), ">volts</text>"));
  CHECK_FALSE(has(tool::drawing(grid_of(2, 1)), "A &lt;grid&gt;</text>"));
}

TEST_CASE("grids: pixels and SVG have one layout") {
  for (const std::size_t count : {1u, 2u, 4u, 7u, 60u}) {
    CAPTURE(count);
    const tool::ChartGrid grid = grid_of(count, 1);
    const Png png = drawn(tool::picture_of(grid));
    const std::string svg = tool::svg_of(grid);
    const std::size_t place = svg.find("viewBox=\"0 0 ") + 13;
    std::size_t used = 0;
    const double width = std::stod(svg.substr(place), &used), height = std::stod(svg.substr(place + used));
    CHECK(static_cast<double>(png.width) == doctest::Approx(1.5 * width).epsilon(0.002));
    CHECK(static_cast<double>(png.height) == doctest::Approx(1.5 * height).epsilon(0.002));
    CHECK(png.channels == 3);
    CHECK(png.at(0, 0) == std::array<int, 3>{255, 255, 255});
  }
}

TEST_CASE("grids: charts of a group stand in one row") {
  const auto rows = [](std::size_t count, std::size_t in_a_row) {
    const std::string svg = tool::svg_of(grid_of(count, in_a_row));
    std::vector<double> heights;
    for (std::size_t n = 1; n <= count; ++n) {
      const std::size_t end = svg.find(">chart " + std::to_string(n) + "<"), begin = svg.rfind(" y=\"", end);
      heights.push_back(std::stod(svg.substr(begin + 4)));
    }
    return heights;
  };
  for (const std::size_t group : {2u, 3u, 5u}) {
    const std::vector<double> heights = rows(4 * group, group);
    for (std::size_t n = 0; n < heights.size(); ++n) CHECK(heights[n] == heights[n / group * group]);
  }
}

TEST_CASE("grids: the name of the file says which") {
  const Folder folder;
  for (const char* name : {"a.svg", "a.png", "a"}) {
    platform::OutputFile file(folder.path(name));
    tool::write_grid(file, folder.path(name), grid_of(1, 1));
    file.commit();
  }
  CHECK(folder.read("a.svg").substr(0, 4) == "<svg");
  CHECK(folder.read("a.png").substr(1, 3) == "PNG");
  CHECK(folder.read("a") == folder.read("a.png"));
}
