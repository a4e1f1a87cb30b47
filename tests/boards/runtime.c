// The integer runtime at work on a hundred pictures, by a generated header: prints a hash of each kind of
// answer, over every byte, which must be the same everywhere. A small model also runs on an 8-bit AVR with 2
// KB of RAM.

#include "model.h"
#include "platform/console.h"

enum { visible = MODEL_VISIBLE, hidden = MODEL_HIDDEN };

static const uint8_t pictures[][visible] RBM_FLASH = {
#include "pictures.inc"
};
enum { count = sizeof pictures / sizeof pictures[0] };

static uint32_t scratch[RBM_SCRATCH_WORDS(visible, hidden)];
static uint8_t bytes[visible], out[visible > hidden ? visible : hidden];
static uint8_t state[RBM_STATE_BYTES(visible)], clamped[RBM_STATE_BYTES(visible)];

typedef enum Answer {
  thresholded,
  sampled,
  mean,
  mean_of_bytes,
  features,
  free_energy,
  free_energy_of_bytes,
  gibbs_step,
  clamped_step,
  answers
} Answer;
static uint32_t hashes[answers];

// FNV-1a.
static void add(Answer answer, const uint8_t* values, size_t size) {
  for (size_t n = 0; n < size; ++n) hashes[answer] = (hashes[answer] ^ values[n]) * 16777619u;
}

static void add_energy(Answer answer, rbm_input input) {
  const uint32_t energy = (uint32_t)rbm_free_energy(&model, input, scratch);
  for (unsigned at = 0; at < 32; at += 8) {
    const uint8_t byte = (uint8_t)(energy >> at);
    add(answer, &byte, 1);
  }
}

static void add_reconstruction(Answer answer, rbm_input input, rbm_hidden_mode mode, rbm_random* random) {
  rbm_reconstruct(&model, input, mode, random, out, scratch);
  add(answer, out, visible);
}

static void answer_all(const uint8_t* picture, rbm_random* random) {
  for (size_t unit = 0; unit < visible; ++unit) bytes[unit] = RBM_READ_8(picture + unit);
  rbm_pack(bytes, visible, 128, state);
  const rbm_input bits = rbm_from_bits(state), greys = rbm_from_bytes(bytes);
  add_reconstruction(thresholded, bits, RBM_THRESHOLD, NULL);
  add_reconstruction(sampled, bits, RBM_SAMPLE, random);
  add_reconstruction(mean, bits, RBM_MEAN, NULL);
  add_reconstruction(mean_of_bytes, greys, RBM_MEAN, NULL);
  rbm_features(&model, bits, out, scratch);
  add(features, out, hidden);
  add_energy(free_energy, bits);
  add_energy(free_energy_of_bytes, greys);
  rbm_gibbs_step(&model, state, NULL, random, scratch);
  add(gibbs_step, state, sizeof state);
  rbm_gibbs_step(&model, state, clamped, random, scratch);
  add(clamped_step, state, sizeof state);
}

int main(void) {
  static const char* const names[answers] = {"thresholded",          "sampled",    "mean",
                                             "mean of bytes",        "features",   "free energy",
                                             "free energy of bytes", "Gibbs step", "clamped step"};
  rbm_random random;
  rbm_random_seed(&random, 2024);
  for (size_t unit = 0; unit < visible / 2; ++unit) rbm_set_unit(clamped, unit, 1);
  for (int answer = 0; answer < answers; ++answer) hashes[answer] = 2166136261u;
  for (size_t picture = 0; picture < count; ++picture) answer_all(pictures[picture], &random);
  console_write_number(count);
  console_write(rbm_checksum(&model) == MODEL_CHECKSUM ? " pictures, model whole\n"
                                                       : " pictures, model damaged\n");
  for (int answer = 0; answer < answers; ++answer) {
    console_write_hexadecimal(hashes[answer]);
    console_write(" ");
    console_write(names[answer]);
    console_write("\n");
  }
  return 0;
}
