// An example firmware: tells how unusual an input of bits is. A model of handwritten digits scores what a
// sensor sees by its free energy, which is -log p but for a constant; what lies above nearly all that the
// device saw while all was well is flagged. Sensors whose readings are numbers need a model of readings, with
// the functions of rbm/quantized/real.h.
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
  normal_digits = 150,  // what the device sees while all is well
  above = 3,            // so many of these may lie above the threshold: 2 in 100
  shown_digits = 3
};

// Digits that the model has not been trained on: 64 greys, 0..16, then which digit it is.
static const uint8_t held_out[][pixels + 1] RBM_FLASH = {
#include "digits_held_out.inc"
};
enum { digits = sizeof held_out / sizeof held_out[0] };

// What has become of a digit before the device sees it. (Turned upside down, most would look like digits
// again.)
typedef enum Change { none, turned, scrambled, changes } Change;

// Which of the digit's pixels has come to this place?
static size_t source(Change change, size_t pixel) {
  if (change == turned) return (width - 1 - pixel % width) * width + pixel / width;
  if (change == scrambled) return pixel * 29 % pixels;  // 29 and 64 have no factor in common
  return pixel;
}

static int is_white(size_t digit, Change change, size_t pixel) {
  return RBM_READ_8(held_out[digit] + source(change, pixel)) >= 8;
}

// In steps of 1 / DIGITS_RBM_NAT nat, the larger, the more unusual: all that a device has to compute.
static int32_t score(size_t digit, Change change) {
  static uint32_t scratch[RBM_SCRATCH_WORDS(DIGITS_RBM_VISIBLE, DIGITS_RBM_HIDDEN)];
  uint8_t state[RBM_STATE_BYTES(pixels)];
  for (size_t pixel = 0; pixel < pixels; ++pixel) rbm_set_unit(state, pixel, is_white(digit, change, pixel));
  return rbm_free_energy(&digits_rbm, rbm_from_bits(state), scratch);
}

// The score that `above` of the normal digits exceed.
static int32_t find_threshold(void) {
  int32_t largest[above + 1];  // of those seen so far, falling
  for (size_t n = 0; n <= above; ++n) largest[n] = INT32_MIN;
  for (size_t digit = 0; digit < normal_digits; ++digit) {
    int32_t next = score(digit, none);
    for (size_t n = 0; n <= above; ++n) {
      if (next <= largest[n]) continue;
      const int32_t smaller = largest[n];
      largest[n] = next;
      next = smaller;
    }
  }
  return largest[above];
}

// Right-aligned in 6 columns.
static void write_tenths(int32_t tenths) {
  const uint32_t magnitude = tenths < 0 ? 0 - (uint32_t)tenths : (uint32_t)tenths;
  console_write(&"   "[(tenths < 0) + (magnitude >= 100) + (magnitude >= 1000)]);
  if (tenths < 0) console_write("-");
  console_write_number(magnitude / 10);
  console_write(".");
  console_write_number(magnitude % 10);
}

static void write_nats(int32_t steps) {
  const int32_t half = DIGITS_RBM_NAT / 2;
  write_tenths((10 * steps + (steps < 0 ? -half : half)) / DIGITS_RBM_NAT);
}

static void show(size_t digit, int32_t threshold) {
  for (size_t row = 0; row < pixels; row += width) {
    for (int change = none; change < changes; ++change) {
      for (size_t pixel = row; pixel < row + width; ++pixel)
        console_write(is_white(digit, (Change)change, pixel) ? "##" : " .");
      console_write(change + 1 < changes ? "    " : "\n");
    }
  }
  for (int change = none; change < changes; ++change) {
    const int32_t found = score(digit, (Change)change);
    write_nats(found);
    console_write(found > threshold ? "  flagged" : "  normal");
    console_write(change + 1 == changes ? "\n\n" : found > threshold ? "     " : "      ");
  }
}

static void write_row(const char* name, Change change, int32_t threshold) {
  const int32_t others = digits - normal_digits;
  int32_t flagged = 0, sum = 0;
  for (size_t digit = normal_digits; digit < digits; ++digit) {
    const int32_t found = score(digit, change);
    flagged += found > threshold;
    sum += found;
  }
  console_write(name);
  write_tenths((2000 * flagged + others) / (2 * others));
  console_write(" %             ");
  write_nats(sum / others);
  console_write("\n");
}

int main(void) {
  const int32_t threshold = find_threshold();
  console_write("normal              turned              scrambled\n\n");
  for (size_t digit = normal_digits; digit < normal_digits + shown_digits; ++digit) show(digit, threshold);
  console_write("A device saw ");
  console_write_number(normal_digits);
  console_write(" digits; ");
  console_write_number(above);
  console_write(" of them had a free energy above");
  write_nats(threshold);
  console_write(" nats.\nIt flags what has more. Of ");
  console_write_number(digits - normal_digits);
  console_write(" other digits:\n\n                 flagged    mean free energy\n");
  write_row("normal           ", none, threshold);
  write_row("turned           ", turned, threshold);
  write_row("scrambled        ", scrambled, threshold);
  return 0;
}
