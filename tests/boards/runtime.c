// The device runtime at work on a hundred pictures, by a generated header: prints a hash of each kind of
// output, over every byte, which must be the same everywhere. A small model also runs on an 8-bit AVR with 2
// KB of RAM.

#include "model.h"
#include "platform/console.h"
#include "tests/support/runtime_outputs.h"

enum { visible = MODEL_VISIBLE, hidden = MODEL_HIDDEN };

// Tables of a program's own are in reach of its pointers; those of the model may lie anywhere.
#ifdef RBM_FAR
#define NEAR_FLASH __attribute__((section(".progmem.near")))
#else
#define NEAR_FLASH RBM_FLASH
#endif

static const uint8_t pictures[][visible] NEAR_FLASH = {
#include "pictures.inc"
};
enum { count = sizeof pictures / sizeof pictures[0] };

static uint32_t scratch[RBM_SCRATCH_WORDS(visible, hidden)];
static uint8_t bytes[visible], out[visible > hidden ? visible : hidden];
static uint8_t state[RBM_STATE_BYTES(visible)], clamped[RBM_STATE_BYTES(visible)];
static uint32_t hashes[runtime_output_kinds];

int main(void) {
  static const char* const names[output_checksum] = {"thresholded",
                                                     "sampled",
                                                     "mean",
                                                     "thresholded of bytes",
                                                     "sampled of bytes",
                                                     "mean of bytes",
                                                     "features",
                                                     "features of bytes",
                                                     "free energy",
                                                     "free energy of bytes",
                                                     "Gibbs step",
                                                     "clamped step"};
  const runtime_buffers buffers = {bytes, state, clamped, out, scratch};
  rbm_random random;
  rbm_random_seed(&random, 2024);
  for (size_t unit = 0; unit < visible / 2; ++unit) rbm_set_unit(clamped, unit, 1);
  start_hashes(hashes);
  for (size_t picture = 0; picture < count; ++picture) {
    for (size_t unit = 0; unit < visible; ++unit) bytes[unit] = RBM_READ_8(&pictures[picture][unit]);
    rbm_pack(bytes, visible, 128, state);
    hash_outputs(&model, &buffers, &random, hashes);
  }
  console_write_number(count);
  console_write(rbm_checksum(&model) == MODEL_CHECKSUM && rbm_shared_checksum() == RBM_SHARED_CHECKSUM
                    ? " pictures, model whole\n"
                    : " pictures, model damaged\n");
  for (int kind = 0; kind < output_checksum; ++kind) {
    console_write_hexadecimal(hashes[kind]);
    console_write(" ");
    console_write(names[kind]);
    console_write("\n");
  }
  return 0;
}
