#include "tools/training/moved_picture.hpp"

#include <algorithm>
#include <cstddef>

#include "rbm/random.hpp"

namespace tool {
namespace {

// Moves `count` blocks of `size` floats by `steps` blocks, towards the end where these are positive.
void move_blocks(float* blocks, std::size_t count, std::size_t size, std::int64_t steps) {
  const std::size_t distance = std::min(count, static_cast<std::size_t>(steps < 0 ? -steps : steps)) * size;
  float* const end = blocks + count * size;
  if (steps < 0) {
    std::fill(std::copy(blocks + distance, end, blocks), end, 0.0f);
  } else {
    std::copy_backward(blocks, end - distance, end);
    std::fill(blocks, blocks + distance, 0.0f);
  }
}

}  // namespace

Move draw_move(std::uint64_t most, std::uint64_t seed, std::uint64_t epoch, std::uint64_t row) {
  rbm::SplitMix64 key{rbm::SplitMix64{rbm::SplitMix64{seed}.next() ^ epoch}.next() ^ ~row};
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(key.next());
  const auto draw = [&] {
    const auto places = static_cast<std::uint32_t>(2 * most + 1);
    return static_cast<std::int64_t>(rbm::draw_below(places, random)) - static_cast<std::int64_t>(most);
  };
  const std::int64_t down = draw();
  return {down, draw()};
}

void move_picture(float* picture, Shape shape, Move move) {
  move_blocks(picture, shape.height, shape.width, move.down);
  for (std::size_t row = 0; row < shape.height; ++row)
    move_blocks(picture + row * shape.width, shape.width, 1, move.right);
}

}  // namespace tool
