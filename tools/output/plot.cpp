#include "tools/output/plot.hpp"

#include <algorithm>

#include "tools/base/text.hpp"
#include "tools/output/markup.hpp"

namespace tool {
namespace {

// The drawing's own units: about a pixel on a phone, a little more on a desktop.
constexpr double width = 400, height = 240;
constexpr double top_margin = 22, right_margin = 14, bottom_margin = 36;
constexpr double letter_width = 6.2, label_gap = 7, tick_length = 4;

double text_width(const std::string& text) {
  // Of UTF-8, the bytes that begin a letter.
  return letter_width * static_cast<double>(std::count_if(text.begin(), text.end(), [](char byte) {
           return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
         }));
}

std::string label(double x, double y, const char* anchor, const std::string& text) {
  return element("text", at("x", x, "y", y) + " text-anchor=\"" + anchor + "\"", escaped(text));
}

std::string line(const char* kind, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + std::string(kind) + "\" " + at("x1", x1, "y1", y1) + " " +
         at("x2", x2, "y2", y2) + "/>";
}

}  // namespace

std::string coordinate(double place) {
  std::string text = fixed(place, 1);
  if (text.size() > 2 && text.substr(text.size() - 2) == ".0") text.resize(text.size() - 2);
  return text;
}

std::string at(const char* x_name, double x, const char* y_name, double y) {
  return std::string(x_name) + "=\"" + coordinate(x) + "\" " + y_name + "=\"" + coordinate(y) + "\"";
}

Plot::Plot(double low, double high, const Ticks& x_ticks, const Ticks& y_ticks, const std::string& x_label,
           const std::string& y_label)
    : low_(low), high_(high), bottom_(y_ticks.values.front()), top_(y_ticks.values.back()) {
  double widest = 0;
  for (const std::string& text : tick_labels(y_ticks)) widest = std::max(widest, text_width(text));
  left_ = widest + label_gap + 2;
  draw_axes(x_ticks, y_ticks, x_label, y_label);
}

double Plot::across(double x) const {
  return left_ + (x - low_) / (high_ - low_) * (width - right_margin - left_);
}

double Plot::down(double y) const {
  const double floor = height - bottom_margin;
  return floor - (y - bottom_) / (top_ - bottom_) * (floor - top_margin);
}

void Plot::draw_axes(const Ticks& x_ticks, const Ticks& y_ticks, const std::string& x_label,
                     const std::string& y_label) {
  constexpr double right = width - right_margin, floor = height - bottom_margin, half_letter = 4;
  const std::vector<std::string> y_texts = tick_labels(y_ticks), x_texts = tick_labels(x_ticks);
  for (std::size_t n = 0; n < y_texts.size(); ++n) {
    const double value = y_ticks.values[n], y = down(value);
    const bool emphasized = n == 0 || value == 0;
    axes_ += line(emphasized ? "axis" : "rule", left_, y, right, y);
    axes_ += label(left_ - label_gap, y + half_letter, "end", y_texts[n]);
  }
  for (std::size_t n = 0; n < x_texts.size(); ++n) {
    const double value = x_ticks.values[n], slack = x_ticks.step * 1e-6;
    if (value < low_ - slack || value > high_ + slack) continue;
    const double x = across(value), half = text_width(x_texts[n]) / 2;
    axes_ += line("axis", x, floor, x, floor + tick_length);
    axes_ += label(std::min(x, width - half), floor + tick_length + 12, "middle", x_texts[n]);
  }
  axes_ += label((left_ + right) / 2, height - 3, "middle", x_label);
  axes_ += label(0, 10, "start", y_label);
}

std::string Plot::svg(const std::string& description) const {
  return element("svg",
                 "viewBox=\"0 0 " + coordinate(width) + " " + coordinate(height) +
                     "\" role=\"img\" aria-label=\"" + escaped(description) + "\"",
                 axes_ + content_);
}

}  // namespace tool
