// An example firmware: tells how unusual an input is. A model of handwritten digits scores what a sensor sees by its
// free energy; what lies above nearly all that the device saw while all was well is flagged.
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
  false_alarms = 7      // so many of these may lie above the threshold: 5 in 100
};

// Digits that the model has not been trained on: 64 greys, 0..16, then which digit it is.
static const uint8_t held_out[][pixels + 1] = {
#include "digits_held_out.inc"
};
enum { digits = sizeof held_out / sizeof held_out[0] };

// Where the pixel at a place comes from.
typedef enum Change { as_it_is, turned, scrambled, changes } Change;

static size_t source(Change change, size_t pixel) {
  if (change == turned) return (width - 1 - pixel % width) * width + pixel / width;  // by a quarter
  if (change == scrambled) return pixel * 29 % pixels;  // 29 and 64 have no factor in common
  return pixel;
}

// How unusual a digit is, in steps of 1 / DIGITS_RBM_NAT nat: the only thing that a device has to compute.
static int32_t score(const uint8_t* greys, Change change) {
  static uint32_t scratch[RBM_SCRATCH_WORDS(DIGITS_RBM_VISIBLE, DIGITS_RBM_HIDDEN)];
  uint8_t state[RBM_STATE_BYTES(pixels)] = {0};
  for (size_t pixel = 0; pixel < pixels; ++pixel)
    rbm_set_unit(state, pixel, greys[source(change, pixel)] >= 8);
  return rbm_free_energy(&digits_rbm, rbm_from_bits(state), scratch);
}

// The score that `false_alarms` of the normal digits exceed: the least of the largest few.
static int32_t find_threshold(void) {
  int32_t largest[false_alarms + 1];
  size_t count = 0;
  for (size_t digit = 0; digit < normal_digits; ++digit) {
    const int32_t next = score(held_out[digit], as_it_is);
    size_t place = count;
    if (count <= false_alarms) ++count;
    for (; place > 0 && largest[place - 1] < next; --place)
      if (place < count) largest[place] = largest[place - 1];
    if (place < count) largest[place] = next;
  }
  return largest[false_alarms];
}

static void write_nats(int32_t steps) {
  const uint32_t tenths = (uint32_t)((steps < 0 ? -steps : steps) * 10 + DIGITS_RBM_NAT / 2) / DIGITS_RBM_NAT;
  if (steps < 0) console_write("-");
  console_write_number(tenths / 10);
  console_write(".");
  console_write_number(tenths % 10);
}

int main(void) {
  static const char* const names[changes] = {"as they are           ", "turned by a quarter   ",
                                             "pixels scrambled      "};
  const int32_t threshold = find_threshold();
  console_write("threshold, from ");
  console_write_number(normal_digits);
  console_write(" normal digits: free energy ");
  write_nats(threshold);
  console_write(" nats\n\nother digits          flagged   of   mean free energy\n");
  for (int change = as_it_is; change < changes; ++change) {
    unsigned long flagged = 0;
    int32_t sum = 0;
    for (size_t digit = normal_digits; digit < digits; ++digit) {
      const int32_t next = score(held_out[digit], (Change)change);
      flagged += next > threshold;
      sum += next;
    }
    console_write(names[change]);
    console_write(flagged < 10 ? "     " : flagged < 100 ? "    " : "   ");
    console_write_number(flagged);
    console_write("  ");
    console_write_number(digits - normal_digits);
    console_write("   ");
    write_nats(sum / (int32_t)(digits - normal_digits));
    console_write("\n");
  }
  return 0;
}
