#include "tools/data/digits.hpp"

namespace tool {
namespace {

// A line of tools/data/digits.csv for each digit: its greys, then its label.
constexpr std::size_t stride = digit_pixels + 1;
constexpr unsigned char digits[] = {
#include "digits.inc"
};
static_assert(sizeof digits == digit_count * stride, "digits.inc does not hold the digits");

}  // namespace

const unsigned char* digit_image(std::size_t index) {
  return digits + index * stride;
}

int digit_label(std::size_t index) {
  return digits[index * stride + digit_pixels];
}

}  // namespace tool
