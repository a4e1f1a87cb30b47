#pragma once

#include <cstdint>

#include "tools/base/shape.hpp"

namespace tool {

/// How far a picture is moved, pixels.
struct Move {
  std::int64_t down, right;
};

/// A move by up to `most` pixels each way, drawn from the seed, the epoch and the picture's row alone.
Move draw_move(std::uint64_t most, std::uint64_t seed, std::uint64_t epoch, std::uint64_t row);

/// Moves a picture [height][width] in place. What comes in from outside is 0.
void move_picture(float* picture, Shape shape, Move move);

}  // namespace tool
