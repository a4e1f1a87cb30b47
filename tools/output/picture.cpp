#include "tools/output/picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tool {
namespace {

using Colour = std::array<unsigned char, 3>;

constexpr Colour background = {72, 72, 72};
constexpr std::size_t thin_gap = 2;
constexpr std::size_t wide_gap = 12;

/// The pixels of one value in each direction: enough to see a small picture well, and a single row of values
/// at all.
struct Enlargement {
  explicit Enlargement(Shape shape) {
    constexpr std::size_t readable_side = 48;
    constexpr std::size_t least_side = 8;
    const std::size_t longer = std::max(shape.height, shape.width);
    const std::size_t factor = (readable_side + longer - 1) / longer;
    vertical = std::max(factor, least_side / shape.height);
    horizontal = std::max(factor, least_side / shape.width);
  }
  std::size_t vertical;
  std::size_t horizontal;
};

unsigned char channel(double value) {
  return static_cast<unsigned char>(std::lround(value));
}

Colour grey_colour(float value, GreyRange range) {
  if (!std::isfinite(value)) return background;  // missing
  const float part = (value - range.black) / (range.white - range.black);
  const unsigned char level = channel(255.0 * static_cast<double>(std::clamp(part, 0.0f, 1.0f)));
  return {level, level, level};
}

// Of magnitudes up to the white of a range.
Colour diverging_colour(float value, GreyRange range) {
  constexpr std::array<std::array<double, 3>, 5> stops = {
      {{16, 48, 112}, {82, 148, 202}, {250, 250, 250}, {226, 112, 80}, {124, 14, 38}}};
  const double position = 2.0 + 2.0 * static_cast<double>(std::clamp(value / range.white, -1.0f, 1.0f));
  const std::size_t below = std::min<std::size_t>(static_cast<std::size_t>(position), stops.size() - 2);
  const double part = position - static_cast<double>(below);
  Colour colour;
  for (std::size_t i = 0; i < colour.size(); ++i) {
    colour[i] = channel(stops[below][i] + part * (stops[below + 1][i] - stops[below][i]));
  }
  return colour;
}

/// The magnitude that 99.5 % of the values do not exceed; 1 if that is 0.
float typical_magnitude(const std::vector<float>& values) {
  std::vector<float> magnitudes(values.size());
  std::transform(values.begin(), values.end(), magnitudes.begin(),
                 [](float value) { return std::fabs(value); });
  const auto place = magnitudes.begin() + static_cast<std::ptrdiff_t>((magnitudes.size() - 1) * 199 / 200);
  std::nth_element(magnitudes.begin(), place, magnitudes.end());
  return *place > 0 ? *place : 1;
}

/// Draws one small picture with its top left corner at (left, top).
void draw(Picture& picture, std::size_t left, std::size_t top, const float* values, Shape shape,
          Colour (*colour_of)(float, GreyRange), GreyRange range) {
  const Enlargement enlargement(shape);
  for (std::size_t y = 0; y < shape.height * enlargement.vertical; ++y) {
    const float* const row = values + y / enlargement.vertical * shape.width;
    unsigned char* out = picture.pixels.data() + 3 * ((top + y) * picture.width + left);
    for (std::size_t x = 0; x < shape.width * enlargement.horizontal; ++x) {
      const Colour colour = colour_of(row[x / enlargement.horizontal], range);
      out = std::copy(colour.begin(), colour.end(), out);
    }
  }
}

Picture blank(std::size_t width, std::size_t height) {
  Picture picture{width, height, std::vector<unsigned char>(3 * width * height)};
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = background[i % 3];
  return picture;
}

/// The number of columns, between that of a square grid and twice as many, that leaves the fewest cells
/// empty.
std::size_t grid_columns(std::size_t count, std::size_t cell_width, std::size_t cell_height) {
  const double square = std::sqrt(static_cast<double>(count) * static_cast<double>(cell_height) /
                                  static_cast<double>(cell_width));
  const std::size_t fewest = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(square)));
  const auto empty_cells = [count](std::size_t columns) { return (columns - count % columns) % columns; };
  std::size_t best = std::min(fewest, count);
  for (std::size_t columns = best + 1; columns <= std::min(2 * fewest, count); ++columns) {
    if (empty_cells(columns) < empty_cells(best)) best = columns;
  }
  return best;
}

}  // namespace

GreyRange range_of(const std::vector<float>& values) {
  GreyRange range{std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest()};
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    range.black = std::min(range.black, value);
    range.white = std::max(range.white, value);
  }
  if (range.black < range.white) return range;
  return range.black == range.white ? GreyRange{range.black - 1, range.black + 1} : GreyRange{};
}

Picture tile(const std::vector<float>& values, Shape shape, Palette palette,
             std::optional<std::size_t> given_columns, GreyRange greys) {
  const std::size_t size = shape.height * shape.width;
  const std::size_t count = values.size() / size;
  const Enlargement enlargement(shape);
  const std::size_t cell_width = shape.width * enlargement.horizontal + thin_gap;
  const std::size_t cell_height = shape.height * enlargement.vertical + thin_gap;
  const std::size_t columns = given_columns ? *given_columns : grid_columns(count, cell_width, cell_height);
  const std::size_t rows = (count + columns - 1) / columns;
  const bool diverging = palette == Palette::diverging;
  const GreyRange range = diverging ? GreyRange{0, typical_magnitude(values)} : greys;

  Picture picture = blank(columns * cell_width + thin_gap, rows * cell_height + thin_gap);
  for (std::size_t i = 0; i < count; ++i) {
    draw(picture, thin_gap + i % columns * cell_width, thin_gap + i / columns * cell_height,
         values.data() + i * size, shape, diverging ? diverging_colour : grey_colour, range);
  }
  return picture;
}

Picture tile_pairs(const std::vector<float>& originals, const std::vector<float>& reconstructions,
                   Shape shape, GreyRange range) {
  constexpr std::size_t most_pairs = 8;
  constexpr std::size_t widest = 1200;
  const std::size_t size = shape.height * shape.width;
  const std::size_t count = originals.size() / size;
  const Enlargement enlargement(shape);
  const std::size_t width = shape.width * enlargement.horizontal;
  const std::size_t cell_width = 2 * width + thin_gap + wide_gap;
  const std::size_t cell_height = shape.height * enlargement.vertical + wide_gap;
  const std::size_t rows_if_full = std::clamp<std::size_t>(widest / cell_width, 1, most_pairs);
  const std::size_t rows = (count + rows_if_full - 1) / rows_if_full;
  const std::size_t columns = (count + rows - 1) / rows;

  Picture picture = blank(columns * cell_width + wide_gap, rows * cell_height + wide_gap);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t left = wide_gap + i % columns * cell_width;
    const std::size_t top = wide_gap + i / columns * cell_height;
    draw(picture, left, top, originals.data() + i * size, shape, grey_colour, range);
    draw(picture, left + width + thin_gap, top, reconstructions.data() + i * size, shape, grey_colour, range);
  }
  return picture;
}

}  // namespace tool
