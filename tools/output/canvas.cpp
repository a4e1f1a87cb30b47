#include "tools/output/canvas.hpp"

#include <algorithm>
#include <cmath>

#include "tools/output/font.hpp"

namespace tool {
namespace {

std::size_t pixels(double length) {
  return static_cast<std::size_t>(std::max(1.0, std::ceil(length)));
}

double squared(double x) {
  return x * x;
}

// How far a place is from the stretch between two points.
double distance(Point place, Point begin, Point end) {
  const double dx = end.x - begin.x, dy = end.y - begin.y, length = dx * dx + dy * dy;
  const double along =
      length > 0 ? std::clamp(((place.x - begin.x) * dx + (place.y - begin.y) * dy) / length, 0.0, 1.0) : 0.0;
  return std::sqrt(squared(place.x - begin.x - along * dx) + squared(place.y - begin.y - along * dy));
}

// Where the edges of an outline cross a level, in ascending order.
std::vector<double> crossings(const Line& outline, double level) {
  std::vector<double> found;
  for (std::size_t n = 0; n < outline.size(); ++n) {
    const Point a = outline[n], b = outline[(n + 1) % outline.size()];
    if ((a.y <= level) != (b.y <= level)) found.push_back(a.x + (level - a.y) / (b.y - a.y) * (b.x - a.x));
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Canvas::Canvas(double width, double height, double scale)
    : scale_(scale), picture_{pixels(width * scale), pixels(height * scale), {}} {
  picture_.pixels.assign(3 * picture_.width * picture_.height, 255);
}

Line Canvas::to_pixels(const Line& line) const {
  Line result = line;
  for (Point& point : result) point = {point.x * scale_, point.y * scale_};
  return result;
}

Canvas::Coverage Canvas::around(const std::vector<Line>& lines, double margin) const {
  const auto width = static_cast<double>(picture_.width), height = static_cast<double>(picture_.height);
  double left = width, top = height, right = 0, bottom = 0;
  for (const Line& line : lines)
    for (const Point& point : line) {
      left = std::min(left, point.x - margin), right = std::max(right, point.x + margin);
      top = std::min(top, point.y - margin), bottom = std::max(bottom, point.y + margin);
    }
  left = std::floor(std::max(left, 0.0)), top = std::floor(std::max(top, 0.0));
  right = std::ceil(std::min(right, width)), bottom = std::ceil(std::min(bottom, height));
  Coverage coverage;
  if (right <= left || bottom <= top) return coverage;
  coverage.left = static_cast<std::size_t>(left), coverage.top = static_cast<std::size_t>(top);
  coverage.width = static_cast<std::size_t>(right - left);
  coverage.height = static_cast<std::size_t>(bottom - top);
  coverage.parts.resize(coverage.width * coverage.height);
  return coverage;
}

void Canvas::cover_stroke(Coverage& coverage, const Line& line, double radius) {
  const auto first = [](double low, std::size_t origin) {
    return static_cast<std::size_t>(std::max(0.0, std::floor(low) - static_cast<double>(origin)));
  };
  const auto end = [](double high, std::size_t origin, std::size_t size) {
    return static_cast<std::size_t>(
        std::clamp(std::ceil(high) - static_cast<double>(origin), 0.0, static_cast<double>(size)));
  };
  const double reach = radius + 1;
  for (std::size_t n = 0; n + 1 < std::max<std::size_t>(line.size(), 2); ++n) {
    const Point a = line[n], b = line[std::min(n + 1, line.size() - 1)];
    const std::size_t right = end(std::max(a.x, b.x) + reach, coverage.left, coverage.width),
                      bottom = end(std::max(a.y, b.y) + reach, coverage.top, coverage.height);
    for (std::size_t y = first(std::min(a.y, b.y) - reach, coverage.top); y < bottom; ++y)
      for (std::size_t x = first(std::min(a.x, b.x) - reach, coverage.left); x < right; ++x) {
        const Point centre{static_cast<double>(coverage.left + x) + 0.5,
                           static_cast<double>(coverage.top + y) + 0.5};
        const double part = std::clamp(radius + 0.5 - distance(centre, a, b), 0.0, 1.0);
        float& covered = coverage.parts[y * coverage.width + x];
        covered = std::max(covered, static_cast<float>(part));
      }
  }
}

void Canvas::cover_area(Coverage& coverage, const Line& outline) {
  constexpr int levels = 8;  // of a row of pixels; across, parts are exact
  for (std::size_t y = 0; y < coverage.height; ++y)
    for (int level = 0; level < levels; ++level) {
      const std::vector<double> bounds =
          crossings(outline, static_cast<double>(coverage.top + y) + (level + 0.5) / levels);
      for (std::size_t n = 0; n + 1 < bounds.size(); n += 2) {
        const double begin = std::max(bounds[n] - static_cast<double>(coverage.left), 0.0),
                     end = std::min(bounds[n + 1] - static_cast<double>(coverage.left),
                                    static_cast<double>(coverage.width));
        for (auto x = static_cast<std::size_t>(begin); static_cast<double>(x) < end; ++x) {
          const double part =
              std::min(end, static_cast<double>(x + 1)) - std::max(begin, static_cast<double>(x));
          coverage.parts[y * coverage.width + x] += static_cast<float>(part / levels);
        }
      }
    }
}

void Canvas::paint(const Coverage& coverage, Ink ink, double opacity) {
  const Pen pen = pen_of(ink);
  for (std::size_t y = 0; y < coverage.height; ++y) {
    unsigned char* pixel = picture_.pixels.data() + 3 * ((coverage.top + y) * picture_.width + coverage.left);
    for (std::size_t x = 0; x < coverage.width; ++x)
      for (const unsigned char colour : {pen.red, pen.green, pen.blue}) {
        const double part = opacity * static_cast<double>(coverage.parts[y * coverage.width + x]);
        const double below = *pixel;
        *pixel++ = static_cast<unsigned char>(std::lround(below + std::min(part, 1.0) * (colour - below)));
      }
  }
}

void Canvas::stroke_pixels(Ink ink, const std::vector<Line>& lines, double radius, double opacity) {
  Coverage coverage = around(lines, radius + 1);
  if (coverage.parts.empty()) return;
  for (const Line& line : lines) cover_stroke(coverage, line, radius);
  paint(coverage, ink, opacity);
}

void Canvas::stroke(Ink ink, const std::vector<Line>& lines) {
  const Pen pen = pen_of(ink);
  std::vector<Line> drawn;
  drawn.reserve(lines.size());
  for (const Line& line : lines) drawn.push_back(to_pixels(line));
  // Straight lines of a grid lie on whole pixels, so that none is blurred.
  if (ink == Ink::rule || ink == Ink::axis)
    for (Line& line : drawn)
      for (Point& point : line) point = {std::floor(point.x) + 0.5, std::floor(point.y) + 0.5};
  const bool fine = ink == Ink::rule || ink == Ink::axis;
  stroke_pixels(ink, drawn, fine ? 0.5 : pen.width * scale_ / 2, pen.opacity);
}

void Canvas::dots(Ink ink, const std::vector<Point>& places) {
  constexpr double radius = 2.5;
  std::vector<Line> drawn;
  drawn.reserve(places.size());
  for (const Point& place : places) drawn.push_back(to_pixels({place}));
  stroke_pixels(ink, drawn, radius * scale_, 1);
}

void Canvas::fill(Ink ink, double opacity, const Line& outline) {
  const Line drawn = to_pixels(outline);
  Coverage coverage = around({drawn}, 0);
  if (coverage.parts.empty()) return;
  cover_area(coverage, drawn);
  paint(coverage, ink, opacity);
}

void Canvas::write(Ink ink, Point place, Anchor anchor, const std::string& text) {
  const double height = ink == Ink::title ? 8.6 : 7.6;  // of a capital letter, units
  const double width = written_width(text) * height;
  const double left = place.x - (anchor == Anchor::middle ? width / 2 : anchor == Anchor::end ? width : 0);
  std::vector<Line> drawn;
  for (const Line& line : written(text)) {
    Line placed;
    for (const Point& point : line) placed.push_back({left + point.x * height, place.y - point.y * height});
    drawn.push_back(to_pixels(placed));
  }
  stroke_pixels(ink, drawn, pen_of(ink).width * scale_ / 2, 1);
}

}  // namespace tool
