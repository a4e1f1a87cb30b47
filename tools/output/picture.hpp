#pragma once

#include <optional>
#include <vector>

#include "tools/base/shape.hpp"
#include "tools/output/png.hpp"

namespace tool {

enum class Palette {
  /// Intensities: 0 is black, 1 is white, or as a GreyRange says.
  grey,
  /// Weights: negative is blue, 0 white, positive red. One scale for the whole picture: full colour stands
  /// for the magnitude that 99.5 % of the values do not exceed.
  diverging,
};

/// Which values are black and white; what is beyond counts as these.
struct GreyRange {
  float black = 0, white = 1;
};

/// From the least to the largest of values, of those that are finite: for readings, whose gaps are drawn as
/// the gaps between pictures.
GreyRange range_of(const std::vector<float>& values);

/// A grid of small pictures with thin gaps between them. `values` holds one or more pictures of
/// shape.height * shape.width values, one after the other; the grid shows them row by row, in
/// `columns` columns, or as many as make the grid about square. Small pictures are enlarged by a whole
/// factor. `greys` says what is black and white in a grey picture.
Picture tile(const std::vector<float>& values, Shape shape, Palette palette,
             std::optional<std::size_t> columns = {}, GreyRange greys = {});

/// Grey pictures in pairs, an original on the left and its reconstruction on the right, at most 8 pairs a
/// row. Both hold the same number of pictures, one or more, as for tile().
Picture tile_pairs(const std::vector<float>& originals, const std::vector<float>& reconstructions,
                   Shape shape, GreyRange range = {});

}  // namespace tool
