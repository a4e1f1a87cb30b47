// The drawing of what is taken for what.
#include "tools/output/confusion_table.hpp"

#include <doctest/doctest.h>

#include "tests/support/strict_html.hpp"
#include "tools/output/page.hpp"

using namespace fixture;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

tool::ConfusionTable table_of(std::size_t labels, const std::string& name) {
  tool::ConfusionTable table;
  table.title = "Which";
  for (std::size_t n = 0; n < labels; ++n) table.names.push_back(name + std::to_string(n));
  table.counts.assign(labels * labels, 0);
  for (std::size_t n = 0; n < labels; ++n) table.counts[n * labels + n] = 10 + n;
  return table;
}

/// The drawing, which is well-formed.
std::string drawn(const tool::ConfusionTable& table) {
  tool::Page page;
  page.title = "Labels";
  tool::Section section{"Labels"};
  section.tables = {table};
  page.sections.push_back(section);
  const Html html(tool::to_html(page));
  CHECK(html.count("svg") == 1);
  return tool::drawing(table);
}

}  // namespace

TEST_CASE("confusions: counts, shares of rows and of columns, in cells of two colours") {
  tool::ConfusionTable table = table_of(3, "<l>");
  table.counts = {1200, 0, 300, 0, 5, 0, 0, 0, 0};
  CHECK(tool::has_data(table));
  const std::string svg = drawn(table);
  CHECK(count(svg, "area bars") == 2);
  CHECK(count(svg, "area odd") == 1);
  for (const char* text : {">1,200<", ">300<", ">5<", ">80.0 %<", ">100 %<", "&lt;l&gt;2"}) {
    CAPTURE(text);
    CHECK(svg.find(text) != std::string::npos);
  }
  CHECK(count(svg, ">\u2013<") == 1);           // the third label has no examples, and nothing to find
  CHECK(svg.find(">0<") != std::string::npos);  // what was said to be the third is never so
  table.counts.assign(9, 0);
  CHECK_FALSE(tool::has_data(table));
}

TEST_CASE("confusions: names that do not fit above columns give way to numbers; longer ones are cut short") {
  const std::string svg = drawn(table_of(12, "a kind of damp grey soil, stony "));
  CHECK(svg.find(">12 a kind of damp grey so\u2026<") != std::string::npos);
  CHECK(svg.find(">12<") != std::string::npos);
  const std::string small = tool::drawing(table_of(10, ""));
  CHECK(count(small, ">7<") == 2);  // a row and a column
  CHECK(small.find("10 9") == std::string::npos);
}

TEST_CASE("confusions: many labels are a picture without text, with lines beside or below it") {
  tool::ConfusionTable table = table_of(256, "label ");
  table.counts[3 * 256 + 4] = 7;
  table.lines_title = "Confused most often";
  table.lines = {"label 3 taken for label 4: 7 of 20, 35.0 %"};
  const std::string svg = drawn(table);
  CHECK(count(svg, "area bars") == 256);
  CHECK(count(svg, "area odd") == 1);
  CHECK(svg.find(">label 3<") == std::string::npos);
  CHECK(count(svg, ">250<") == 2);
  CHECK(svg.find(table.lines[0]) != std::string::npos);
  CHECK(count(drawn(table_of(60, "l")), ">60<") == 2);
}
