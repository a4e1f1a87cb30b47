// The integer runtime at work on real digits, by a stand-alone header: prints all that it computes, which must be
// the same everywhere, also on an 8-bit AVR with 2 KB of RAM.

#include "digits_small.h"
#include "platform/console.h"

enum { visible = DIGITS_SMALL_VISIBLE, hidden = DIGITS_SMALL_HIDDEN };

// Digits that the model has not been trained on: greys of 0..16, then which digit it is.
static const uint8_t greys[][visible + 1] RBM_FLASH = {
#include "digits_few.inc"
};
enum { digits = sizeof greys / sizeof greys[0] };

static void write_bytes(const char* what, const uint8_t* bytes, size_t count) {
  console_write(what);
  for (size_t n = 0; n < count; ++n) {
    const char hexadecimal[] = {"0123456789abcdef"[bytes[n] >> 4], "0123456789abcdef"[bytes[n] & 15], 0};
    console_write(hexadecimal);
  }
  console_write("\n");
}

static void write_energy(int32_t steps) {
  console_write(steps < 0 ? "free energy -" : "free energy ");
  console_write_number((unsigned long)(steps < 0 ? -steps : steps));
  console_write("\n");
}

int main(void) {
  static uint32_t scratch[RBM_SCRATCH_WORDS(visible, hidden)];
  static uint8_t bytes[visible], out[visible], state[RBM_STATE_BYTES(visible)];
  // The upper half of a picture is known.
  static const uint8_t clamped[RBM_STATE_BYTES(visible)] = {0xff, 0xff, 0xff, 0xff};
  rbm_random random;
  rbm_random_seed(&random, 2024);
  console_write(rbm_checksum(&digits_small) == DIGITS_SMALL_CHECKSUM ? "whole\n" : "damaged\n");
  for (size_t digit = 0; digit < digits; ++digit) {
    for (size_t unit = 0; unit < visible; ++unit)
      bytes[unit] = (uint8_t)(RBM_READ_8(greys[digit] + unit) * 255 / 16);
    rbm_pack(bytes, visible, 128, state);
    for (unsigned mode = RBM_THRESHOLD; mode <= RBM_MEAN; ++mode) {
      rbm_reconstruct(&digits_small, rbm_from_bits(state), (rbm_hidden_mode)mode, &random, out, scratch);
      write_bytes("reconstruction ", out, visible);
    }
    rbm_reconstruct(&digits_small, rbm_from_bytes(bytes), RBM_MEAN, NULL, out, scratch);
    write_bytes("reconstruction of greys ", out, visible);
    rbm_features(&digits_small, rbm_from_bits(state), out, scratch);
    write_bytes("features ", out, hidden);
    write_energy(rbm_free_energy(&digits_small, rbm_from_bits(state), scratch));
    write_energy(rbm_free_energy(&digits_small, rbm_from_bytes(bytes), scratch));
    rbm_gibbs_step(&digits_small, &random, state, NULL, scratch);
    write_bytes("a step ", state, sizeof state);
    rbm_gibbs_step(&digits_small, &random, state, clamped, scratch);
    write_bytes("a step of the lower half ", state, sizeof state);
  }
  return 0;
}
