#include "tools/output/chart_grid.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "tools/output/canvas.hpp"
#include "tools/output/svg.hpp"

namespace tool {
namespace {

constexpr double cell_width = 260, cell_height = 150, title_height = 16, cell_gap = 14, margin = 12;
constexpr double heading_height = 24, legend_height = 20;

// Whether all charts have the same text there, which is then said once.
bool is_shared(const std::vector<Chart>& charts, std::string Chart::*text) {
  return std::all_of(charts.begin(), charts.end(),
                     [&](const Chart& chart) { return chart.*text == charts.front().*text; });
}

// At least four, as screens are wide, and of many as many as make the grid about square.
std::size_t columns_for(std::size_t count) {
  constexpr double cell_shape = (cell_height + cell_gap) / (cell_width + cell_gap);
  return std::max<std::size_t>(
      4, static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(count) * cell_shape))));
}

// A grid, laid out.
struct Layout {
  explicit Layout(const ChartGrid& drawn) : grid(drawn) {
    const std::size_t count = grid.charts.size(), group = grid.in_a_row;
    columns = std::max(group, std::min(count, columns_for(count)) / group * group);
    rows = (count + columns - 1) / columns;
    shared_x = is_shared(grid.charts, &Chart::x_label);
    shared_y = is_shared(grid.charts, &Chart::y_label);
  }

  double width() const {
    return 2 * margin + static_cast<double>(columns) * (cell_width + cell_gap) - cell_gap;
  }
  double top() const { return margin + (grid.title.empty() ? 0 : heading_height) + legend_height; }
  double height() const {
    return top() + static_cast<double>(rows) * (cell_height + cell_gap) + margin - cell_gap;
  }

  Point corner(std::size_t n) const {
    const std::size_t column = n % columns, row = n / columns;
    return {margin + static_cast<double>(column) * (cell_width + cell_gap),
            top() + static_cast<double>(row) * (cell_height + cell_gap)};
  }

  const ChartGrid& grid;
  std::size_t columns, rows;
  bool shared_x, shared_y;
};

// What colours mean, then what the axes are, in a row of text.
class Legend {
 public:
  Legend(Surface& surface, Point place) : surface_(surface), place_(place) {}

  void line(Ink ink, const std::string& name) {
    if (name.empty()) return;
    const double y = place_.y - 4;
    surface_.stroke(ink, {{{place_.x, y}, {place_.x + sample, y}}});
    text(sample + 6, name);
  }

  void area(Ink ink, const std::string& name) {
    if (name.empty()) return;
    constexpr double opacity = 0.5;
    surface_.fill(ink, opacity, rectangle(place_.x, place_.y - 9, place_.x + sample, place_.y + 1));
    text(sample + 6, name);
  }

  void text(double indent, const std::string& name) {
    if (name.empty()) return;
    surface_.write(Ink::text, {place_.x + indent, place_.y}, Anchor::start, name);
    place_.x += indent + text_width(name) + 14;
  }

 private:
  static constexpr double sample = 16;
  Surface& surface_;
  Point place_;
};

void draw_legend(Surface& surface, const Layout& layout) {
  const Chart& chart = layout.grid.charts.front();
  Legend legend(surface, {margin, layout.top() - 9});
  for (std::size_t n = 0; n < chart.series.size(); ++n) legend.line(series_ink(n), chart.series[n].name);
  legend.area(Ink::odd, chart.spans_name);
  const std::string across = chart.x_label.empty() ? "" : x_axis(chart).label;
  if (layout.shared_x && !across.empty()) legend.text(0, "across: " + across);
  if (layout.shared_y && !chart.y_label.empty()) legend.text(0, "up: " + chart.y_label);
}

void draw_grid(Surface& surface, const Layout& layout) {
  const ChartGrid& grid = layout.grid;
  if (!grid.title.empty()) surface.write(Ink::title, {margin, margin + 11}, Anchor::start, grid.title);
  draw_legend(surface, layout);
  for (std::size_t n = 0; n < grid.charts.size(); ++n) {
    Chart chart = grid.charts[n];
    if (layout.shared_x) chart.x_label.clear();
    if (layout.shared_y) chart.y_label.clear();
    const Point corner = layout.corner(n);
    surface.write(Ink::title, {corner.x, corner.y + 10}, Anchor::start, chart.title);
    draw(surface, {corner.x, corner.y + title_height, cell_width, cell_height - title_height}, chart);
  }
}

bool ends_in(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

Picture picture_of(const ChartGrid& grid) {
  constexpr double pixels_a_unit = 1.5;
  const Layout layout(grid);
  Canvas canvas(layout.width(), layout.height(), pixels_a_unit);
  draw_grid(canvas, layout);
  return canvas.picture();
}

std::string svg_of(const ChartGrid& grid) {
  const Layout layout(grid);
  Svg svg;
  draw_grid(svg, layout);
  return svg.file(layout.width(), layout.height(), grid.title);
}

std::string drawing(const ChartGrid& grid) {
  ChartGrid untitled = grid;
  untitled.title.clear();
  const Layout layout(untitled);
  Svg svg;
  draw_grid(svg, layout);
  return svg.element_of(layout.width(), layout.height(), grid.title);
}

void write_grid(platform::OutputFile& file, const std::string& path, const ChartGrid& grid) {
  if (ends_in(path, ".svg"))
    file.write(svg_of(grid));
  else
    write_png(file, picture_of(grid));
}

}  // namespace tool
