#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "platform/desktop/files.hpp"
#include "tools/output/chart.hpp"
#include "tools/output/png.hpp"

namespace tool {

/// Small charts in rows, under one title and one legend.
struct ChartGrid {
  std::string title;
  std::vector<Chart> charts{};  ///< one or more, each with data; their titles stand above each
  std::size_t in_a_row = 1;     ///< charts that stay together in a row, as channels of an example
  std::string caption{};        ///< how to read it, of a page; may be empty
};

/// The grid as pixels, and as an SVG file of its own: the same drawing.
Picture picture_of(const ChartGrid& grid);
std::string svg_of(const ChartGrid& grid);

/// As an <svg> element of a page, which has the title itself.
std::string drawing(const ChartGrid& grid);

/// Writes the grid: SVG where the name of the file ends in .svg, else PNG.
void write_grid(platform::OutputFile& file, const std::string& path, const ChartGrid& grid);

}  // namespace tool
