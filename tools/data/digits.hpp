#pragma once

#include <cstddef>

namespace tool {

/// The handwritten digits that ship with the project: 1,797 pictures of 8 x 8 greys from 0 to 16.
constexpr std::size_t digit_count = 1797;
constexpr std::size_t digit_height = 8;
constexpr std::size_t digit_width = 8;
constexpr std::size_t digit_pixels = digit_height * digit_width;

/// The digit_pixels greys of a picture, row by row; index below digit_count.
const unsigned char* digit_image(std::size_t index);

/// Which digit it shows, 0 to 9; index below digit_count.
int digit_label(std::size_t index);

}  // namespace tool
