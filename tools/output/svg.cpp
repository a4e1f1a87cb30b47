#include "tools/output/svg.hpp"

#include "tools/base/text.hpp"
#include "tools/output/markup.hpp"

namespace tool {
namespace {

// A coordinate to a tenth: 12.5.
std::string coordinate(double place) {
  std::string text = fixed(place, 1);
  if (text.size() > 2 && text.substr(text.size() - 2) == ".0") text.resize(text.size() - 2);
  return text;
}

// A path through points: M1,2L3,4 5,6.
std::string path_of(const Line& line) {
  std::string text;
  for (std::size_t n = 0; n < line.size(); ++n)
    text += (n == 0 ? "M" : n == 1 ? "L" : " ") + coordinate(line[n].x) + "," + coordinate(line[n].y);
  return text;
}

std::string path(const std::string& kind, const std::string& attributes, const std::string& data) {
  return "<path class=\"" + kind + "\"" + attributes + " d=\"" + data + "\"/>";
}

std::string hexadecimal_byte(unsigned char byte) {
  constexpr char digits[] = "0123456789abcdef";
  return {digits[byte >> 4], digits[byte & 15]};
}

std::string view_box(double width, double height, const std::string& description) {
  return "viewBox=\"0 0 " + coordinate(width) + " " + coordinate(height) + "\" role=\"img\" aria-label=\"" +
         escaped(description) + "\"";
}

}  // namespace

const char* ink_class(Ink ink) {
  constexpr const char* names[] = {"text",  "title", "rule", "axis", "bars", "odd",
                                   "limit", "alarm", "s0",   "s1",   "s2",   "s3"};
  return names[static_cast<std::size_t>(ink)];
}

std::string drawing_style() {
  std::string style =
      "svg text { font: 11px system-ui, \"Segoe UI\", Roboto, Arial, sans-serif; fill: currentColor; }\n"
      "svg .title { font-size: 12px; font-weight: 600; }\n"
      ".line, .dot { fill: none; stroke: currentColor; stroke-linejoin: round; stroke-linecap: round; }\n"
      ".area { fill: currentColor; }\n";
  for (std::size_t n = 0; n < ink_count; ++n) {
    const auto ink = static_cast<Ink>(n);
    const Pen pen = pen_of(ink);
    const std::string name = "." + std::string(ink_class(ink));
    style += name + " { color: #" + hexadecimal_byte(pen.red) + hexadecimal_byte(pen.green) +
             hexadecimal_byte(pen.blue) + "; }\n";
    if (ink == Ink::text || ink == Ink::title) continue;
    style += name + ".line { stroke-width: " + shortest(pen.width) +
             (pen.opacity < 1 ? "; stroke-opacity: " + shortest(pen.opacity) : "") + "; }\n";
  }
  return style + ".dot { stroke-width: 5; }\n";
}

void Svg::stroke(Ink ink, const std::vector<Line>& lines) {
  std::string data;
  for (const Line& line : lines) data += path_of(line);
  if (!data.empty()) content_ += path("line " + std::string(ink_class(ink)), "", data);
}

void Svg::dots(Ink ink, const std::vector<Point>& places) {
  std::string data;
  for (const Point& place : places) data += path_of({place}) + "h0";
  if (!data.empty()) content_ += path("dot " + std::string(ink_class(ink)), "", data);
}

void Svg::fill(Ink ink, double opacity, const Line& outline) {
  const std::string faint = opacity < 1 ? " fill-opacity=\"" + fixed(opacity, 2) + "\"" : "";
  content_ += path("area " + std::string(ink_class(ink)), faint, path_of(outline) + "Z");
}

void Svg::write(Ink ink, Point place, Anchor anchor, const std::string& text) {
  constexpr const char* anchors[] = {"start", "middle", "end"};
  const std::string kind = " class=\"" + std::string(ink_class(ink)) + "\"";
  content_ += element("text",
                      "x=\"" + coordinate(place.x) + "\" y=\"" + coordinate(place.y) + "\"" + kind +
                          " text-anchor=\"" + anchors[static_cast<std::size_t>(anchor)] + "\"",
                      escaped(text));
}

std::string Svg::element_of(double width, double height, const std::string& description) const {
  return element("svg", view_box(width, height, description), content_);
}

std::string Svg::file(double width, double height, const std::string& description) const {
  const std::string size = " width=\"" + coordinate(width) + "\" height=\"" + coordinate(height) + "\"";
  return element("svg", "xmlns=\"http://www.w3.org/2000/svg\" " + view_box(width, height, description) + size,
                 "\n" + element("style", "", "\n" + drawing_style() + ".paper { fill: #fff; }\n") +
                     "\n<path class=\"paper\" d=\"M0,0H" + coordinate(width) + "V" + coordinate(height) +
                     "H0Z\"/>" + content_ + "\n") +
         "\n";
}

}  // namespace tool
