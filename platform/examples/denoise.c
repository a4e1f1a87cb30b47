// An example firmware: repairs handwritten digits that have lost some pixels to noise.
//
// The model comes as a generated header; rbm/quantized.h is all that it needs to run. Nothing here uses a C
// library, floating point or a heap, so that the same file runs on a desktop and on any microcontroller.

#include <stddef.h>
#include <stdint.h>

#include "digits_rbm.h"
#include "platform/console.h"

enum {
  pixels = DIGITS_RBM_VISIBLE,
  width = 8,
  flipped_pixels = 6,  // the noise: so many of the 64 pixels change colour
  shown_digits = 8,
  // How sure of the opposite colour the model must be, out of 256, to overrule a pixel. With 1 pixel in 11
  // wrong, an uncertain model does best to believe what it sees.
  sure = 220
};

// Digits that the model has not been trained on: 64 greys, 0..16, then which digit it is.
static const uint8_t held_out[][pixels + 1] RBM_FLASH = {
#include "digits_held_out.inc"
};
enum { digits = sizeof held_out / sizeof held_out[0] };

typedef struct Picture {
  uint8_t state[RBM_STATE_BYTES(pixels)];
} Picture;

static Picture black_and_white(const uint8_t* greys) {
  Picture picture = {{0}};
  for (size_t pixel = 0; pixel < pixels; ++pixel)
    rbm_set_unit(picture.state, pixel, RBM_READ_8(greys + pixel) >= 8);
  return picture;
}

static Picture add_noise(Picture picture, rbm_random* random) {
  Picture touched = {{0}};
  for (int flipped = 0; flipped < flipped_pixels;) {
    const size_t pixel = (size_t)(((rbm_random_next(random) >> 16) * pixels) >> 16);
    if (rbm_get_unit(touched.state, pixel)) continue;
    rbm_set_unit(touched.state, pixel, 1);
    rbm_set_unit(picture.state, pixel, !rbm_get_unit(picture.state, pixel));
    ++flipped;
  }
  return picture;
}

// This is all that a device has to do: reconstruct, and believe the model where it is sure.
static Picture repair(Picture picture) {
  static uint32_t scratch[RBM_SCRATCH_WORDS(DIGITS_RBM_VISIBLE, DIGITS_RBM_HIDDEN)];
  uint8_t means[pixels];
  rbm_reconstruct(&digits_rbm, rbm_from_bits(picture.state), RBM_MEAN, NULL, means, scratch);
  for (size_t pixel = 0; pixel < pixels; ++pixel) {
    if (means[pixel] >= sure) rbm_set_unit(picture.state, pixel, 1);
    if (means[pixel] < 256 - sure) rbm_set_unit(picture.state, pixel, 0);
  }
  return picture;
}

static unsigned wrong_pixels(Picture picture, Picture original) {
  unsigned wrong = 0;
  for (size_t pixel = 0; pixel < pixels; ++pixel) {
    wrong += rbm_get_unit(picture.state, pixel) != rbm_get_unit(original.state, pixel);
  }
  return wrong;
}

// The mean of a sum over all digits, with two decimals, rounded.
static void write_mean(unsigned long sum) {
  const unsigned long hundredths = (100 * sum + digits / 2) / digits;
  console_write_number(hundredths / 100);
  console_write(hundredths % 100 < 10 ? ".0" : ".");
  console_write_number(hundredths % 100);
}

static void write_row(Picture picture, size_t row) {
  for (size_t pixel = row * width; pixel < (row + 1) * width; ++pixel) {
    console_write(rbm_get_unit(picture.state, pixel) ? "##" : " .");
  }
}

static void show(unsigned label, Picture noisy, Picture repaired, Picture original) {
  for (size_t row = 0; row < pixels / width; ++row) {
    write_row(noisy, row);
    console_write("    ");
    write_row(repaired, row);
    console_write("    ");
    write_row(original, row);
    if (row == 3) {
      console_write("    a ");
      console_write_number(label);
    }
    if (row == 4) {
      console_write("    wrong: ");
      console_write_number(wrong_pixels(noisy, original));
      console_write(", then ");
      console_write_number(wrong_pixels(repaired, original));
    }
    console_write("\n");
  }
  console_write("\n");
}

int main(void) {
  rbm_random random;
  rbm_random_seed(&random, 2024);
  unsigned long before = 0;
  unsigned long after = 0;
  console_write("noisy               repaired            original\n\n");
  for (size_t digit = 0; digit < digits; ++digit) {
    const Picture original = black_and_white(held_out[digit]);
    const Picture noisy = add_noise(original, &random);
    const Picture repaired = repair(noisy);
    before += wrong_pixels(noisy, original);
    after += wrong_pixels(repaired, original);
    if (digit < shown_digits) show(RBM_READ_8(held_out[digit] + pixels), noisy, repaired, original);
  }
  console_write_number(digits);
  console_write(" held-out digits\nwrong pixels a digit: ");
  write_mean(before);
  console_write(" before, ");
  write_mean(after);
  console_write(" after\n");
  return 0;
}
