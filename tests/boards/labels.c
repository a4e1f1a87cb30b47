// Models with labels at work on a hundred pictures, as bits and as readings, by generated headers: prints a
// hash of all that follows from each, which must be the same everywhere, on an 8-bit AVR with 2 KB of RAM
// too.

#define RBM_BITS 4  // both models: less code, for 32 KB of flash
#include "greys.h"
#include "pixels.h"
#include "platform/console.h"

enum { visible = PIXELS_VISIBLE, labels = PIXELS_LABELS };

// As in runtime.c.
#ifdef RBM_FAR
#define NEAR_FLASH __attribute__((section(".progmem.near")))
#else
#define NEAR_FLASH RBM_FLASH
#endif

static const uint8_t pictures[][visible] NEAR_FLASH = {
#include "pictures.inc"
};
enum { count = sizeof pictures / sizeof pictures[0] };

static union {
  uint32_t of_bits[RBM_LABEL_SCRATCH_WORDS(visible, PIXELS_HIDDEN)];
  uint32_t of_readings[RBM_REAL_LABEL_SCRATCH_WORDS(visible, GREYS_HIDDEN, GREYS_FACTORS)];
} scratch;
static int32_t scores[labels];
static uint8_t state[RBM_STATE_BYTES(visible)];
static int16_t values[visible];
static rbm_random generator;

// FNV-1a.
static void add(uint32_t* hash, uint32_t number) {
  for (unsigned byte = 0; byte < 4; ++byte, number >>= 8) *hash = (*hash ^ (number & 0xff)) * 16777619u;
}

// Adds what follows from the scores; returns a label that is drawn.
static size_t add_scores(const rbm_quantized* model, size_t label, uint32_t* hash) {
  const size_t drawn = rbm_draw_label(model, scores, labels, &generator);
  add(hash, (uint32_t)label);
  add(hash, (uint32_t)drawn);
  add(hash, (uint32_t)rbm_label_free_energy(model, scores, labels));
  for (size_t y = 0; y < labels; ++y) {
    add(hash, (uint32_t)scores[y]);
    add(hash, rbm_label_probability(model, scores, labels, y));
  }
  return drawn;
}

static void add_picture(size_t picture, uint32_t* of_bits, uint32_t* of_readings) {
  for (size_t unit = 0; unit < visible; ++unit) {
    const uint8_t grey = RBM_READ_8(&pictures[picture][unit]);
    values[unit] = grey;  // steps are those that the header says: what matters here is the same everywhere
    rbm_set_unit(state, unit, grey >= 128);
  }
  size_t label = rbm_classify(&pixels, rbm_from_bits(state), scores, scratch.of_bits);
  const rbm_quantized given = rbm_given_label(&pixels, add_scores(&pixels.base, label, of_bits));
  rbm_gibbs_step(&given, state, NULL, &generator, scratch.of_bits);
  for (size_t unit = 0; unit < visible; ++unit) add(of_bits, rbm_get_unit(state, unit));

  label = rbm_real_classify(&greys, rbm_from_int16(values), scores, scratch.of_readings);
  const rbm_real given_readings =
      rbm_real_given_label(&greys, add_scores(&greys.base.base, label, of_readings));
  rbm_real_gibbs_step(&given_readings, values, NULL, &generator, scratch.of_readings);
  for (size_t unit = 0; unit < visible; ++unit) add(of_readings, (uint32_t)(int32_t)values[unit]);
}

int main(void) {
  uint32_t of_bits = 2166136261u, of_readings = 2166136261u;
  rbm_random_seed(&generator, 2025);
  for (size_t picture = 0; picture < count; ++picture) add_picture(picture, &of_bits, &of_readings);
  console_write_number(count);
  console_write(rbm_classifier_checksum(&pixels) == PIXELS_CHECKSUM &&
                        rbm_real_classifier_checksum(&greys) == GREYS_CHECKSUM
                    ? " pictures, models whole\n"
                    : " pictures, a model damaged\n");
  console_write_hexadecimal(of_bits);
  console_write(" bits\n");
  console_write_hexadecimal(of_readings);
  console_write(" readings\n");
  return 0;
}
