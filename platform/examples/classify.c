// An example firmware: tells which digit it sees. The model comes as a generated header, whose labels are the
// digits from 0 on; rbm/quantized.h is all that it needs to run: no C library, no floating point, no heap.
// Greys take a multiplication for each weight; of pixels that are on or off, weights are only added.

#include <stddef.h>
#include <stdint.h>

#include "classes_rbm.h"
#include "platform/console.h"

enum { pixels = CLASSES_RBM_VISIBLE, labels = CLASSES_RBM_LABELS, shown = 5 };

// Digits that the model has not been trained on: 64 greys, 0..16, then which digit it is.
static const uint8_t held_out[][pixels + 1] RBM_FLASH = {
#include "digits_held_out.inc"
};
enum { digits = sizeof held_out / sizeof held_out[0] };

static int32_t scores[labels];
static uint32_t scratch[RBM_LABEL_SCRATCH_WORDS(CLASSES_RBM_VISIBLE, CLASSES_RBM_HIDDEN)];

static void print(const char* before, size_t number, const char* after) {
  console_write(before);
  console_write_number((unsigned long)number);
  console_write(after);
}

int main(void) {
  size_t right = 0, right_of_bits = 0;
  for (size_t digit = 0; digit < digits; ++digit) {
    uint8_t greys[pixels], bits[RBM_STATE_BYTES(pixels)];
    for (size_t pixel = 0; pixel < pixels; ++pixel)  // from 0 to 255
      greys[pixel] = (uint8_t)(RBM_READ_8(held_out[digit] + pixel) * 255 / 16);
    rbm_pack(greys, pixels, 128, bits);
    const size_t truth = RBM_READ_8(held_out[digit] + pixels);
    right_of_bits += rbm_classify(&classes_rbm, rbm_from_bits(bits), scores, scratch) == truth;
    const size_t label = rbm_classify(&classes_rbm, rbm_from_bytes(greys), scores, scratch);
    right += label == truth;
    if (digit >= shown) continue;
    const uint32_t sure = rbm_label_probability(&classes_rbm.base, scores, labels, label);
    print("a ", truth, " is taken for a ");
    print("", label, ", sure to ");
    print("", (size_t)((100 * sure + 32768) >> 16), " %\n");
  }
  print("right: ", right, " of ");
  print("", digits, "\n");
  print("right, of pixels on or off: ", right_of_bits, "\n");
  return 0;
}
