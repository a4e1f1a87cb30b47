// Random models of every width and of odd shapes, through every function of rbm/quantized.h: prints a line
// with a hash of the answers for each, which must be the same on every machine, and stops at the first answer
// that is not what the definition of a model says, taken weight by weight.

#include <stddef.h>
#include <stdint.h>

#include "platform/console.h"
#include "rbm/quantized.h"
#include "tests/support/runtime_outputs.h"

// The largest models do not fit a small board: -DMOST_WEIGHT_WORDS=N leaves out those with more words.
#ifndef MOST_WEIGHT_WORDS
#define MOST_WEIGHT_WORDS 60000
#endif
enum { most_units = 784, most_scratch_words = RBM_SCRATCH_WORDS(784, 600) };

static uint32_t weights[MOST_WEIGHT_WORDS];
static uint8_t shifts[most_units];
static int16_t visible_bias[most_units];
static int16_t hidden_bias[most_units];
static uint32_t scratch[most_scratch_words];
static uint8_t state[RBM_STATE_BYTES(most_units)];
static uint8_t clamped[RBM_STATE_BYTES(most_units)];
static uint8_t grey[most_units];
static uint8_t answer[most_units];
static uint8_t hidden_on[most_units];

static rbm_random generator;
static uint32_t hashes[runtime_output_kinds];

static uint32_t random_below(uint32_t limit) {
  return (uint32_t)(((uint64_t)rbm_random_next(&generator) * limit) >> 32);
}

// The weight between two units, in steps.
static int32_t weight(const rbm_quantized* model, size_t hidden, size_t visible) {
  const unsigned per_word = 32u / model->bits;
  const uint32_t word =
      model->weights[hidden * RBM_ROW_WORDS(model->visible, model->bits) + visible / per_word];
  const uint32_t code = word >> (visible % per_word * model->bits) & ((1u << model->bits) - 1);
  const int32_t zero = model->bits == 1 ? 0 : (int32_t)1 << (model->bits - 1);
  return ((int32_t)code - zero) * ((int32_t)1 << model->shifts[hidden]);
}

static int32_t hidden_input(const rbm_quantized* model, size_t hidden) {
  int32_t sum = 0;
  for (size_t visible = 0; visible < model->visible; ++visible)
    if (rbm_get_unit(state, visible)) sum += weight(model, hidden, visible);
  return model->hidden_bias[hidden] + sum;
}

static int32_t visible_input(const rbm_quantized* model, size_t visible) {
  int32_t sum = 0;
  for (size_t hidden = 0; hidden < model->hidden; ++hidden)
    if (hidden_on[hidden]) sum += weight(model, hidden, visible);
  return model->visible_bias[visible] + sum;
}

// Checks the features and the reconstruction of `state` unit by unit; the number of wrong units.
static unsigned check(const rbm_quantized* model) {
  unsigned wrong = 0;
  rbm_features(model, rbm_from_bits(state), answer, scratch);
  for (size_t unit = 0; unit < model->hidden; ++unit) {
    const int32_t input = hidden_input(model, unit);
    hidden_on[unit] = input > 0;
    wrong += answer[unit] != rbm_probability(model, input) >> 8;
  }
  rbm_reconstruct(model, rbm_from_bits(state), RBM_THRESHOLD, NULL, answer, scratch);
  for (size_t unit = 0; unit < model->visible; ++unit)
    wrong += answer[unit] != rbm_probability(model, visible_input(model, unit)) >> 8;
  return wrong;
}

// `largest` makes all codes the largest and all hidden units on, which fills sums to their ends.
static unsigned run(uint16_t visible, uint16_t hidden, uint8_t bits, unsigned span, int largest) {
  const uint8_t highest = (uint8_t)span;
  const rbm_quantized model = {visible, hidden, bits,         8,          0, highest, 0,
                               weights, shifts, visible_bias, hidden_bias};
  const size_t words = (size_t)hidden * RBM_ROW_WORDS((size_t)visible, bits);
  static const uint8_t on_of_8[] = {0, 1, 2, 4, 6, 8};
  const runtime_buffers buffers = {grey, state, clamped, answer, scratch};
  uint32_t hash = hash_of_nothing;
  unsigned wrong = 0;
  if (words > MOST_WEIGHT_WORDS) return 0;
  rbm_random_seed(&generator, (uint64_t)visible * 1000003 + hidden * 101u + bits * 7u + span);
  start_hashes(hashes);
  for (size_t n = 0; n < words; ++n) weights[n] = largest ? 0xffffffff : rbm_random_next(&generator);
  for (size_t n = 0; n < hidden; ++n) {
    shifts[n] = (uint8_t)(largest == 2 ? 0 : random_below(span + 1));
    hidden_bias[n] = (int16_t)(largest ? 32767 : (int32_t)random_below(4001) - 2000);
  }
  for (size_t n = 0; n < visible; ++n) visible_bias[n] = (int16_t)((int32_t)random_below(4001) - 2000);
  for (size_t n = 0; n < sizeof on_of_8; ++n) {
    for (size_t unit = 0; unit < visible; ++unit) grey[unit] = (uint8_t)random_below(256);
    // Spare bits of the last byte are on: they must not matter.
    for (size_t unit = 0; unit < RBM_STATE_BYTES((size_t)visible) * 8; ++unit) {
      rbm_set_unit(state, unit, unit >= visible || random_below(8) < on_of_8[n]);
      rbm_set_unit(clamped, unit, random_below(2) == 1);
    }
    wrong += check(&model);
    hash_outputs(&model, &buffers, &generator, hashes);
  }
  for (unsigned kind = 0; kind < runtime_output_kinds; ++kind) hash = hash_number(hash, hashes[kind]);
  console_write_number(visible);
  console_write("x");
  console_write_number(hidden);
  console_write(" of ");
  console_write_number(bits);
  console_write(" bits, ");
  console_write_number(span + 1);
  console_write(" shifts: ");
  console_write_number(hash);
  if (wrong > 0) {
    console_write(" wrong: ");
    console_write_number(wrong);
  }
  console_write("\n");
  return wrong;
}

int main(void) {
  static const struct {
    uint16_t visible, hidden;
    uint8_t span;
  } shapes[] = {{1, 1, 0},   {3, 2, 1},   {4, 3, 0},    {7, 4, 2},    {8, 5, 1},    {9, 8, 7},
                {12, 6, 0},  {13, 17, 3}, {31, 33, 2},  {35, 9, 1},   {37, 20, 0},  {55, 15, 4},
                {56, 16, 3}, {57, 21, 2}, {64, 32, 3},  {100, 40, 1}, {113, 60, 3}, {225, 30, 2},
                {256, 7, 1}, {784, 3, 2}, {20, 520, 0}, {61, 523, 7}, {784, 100, 3}};
  unsigned wrong = 0;
  for (uint8_t bits = 1; bits <= 8; bits = (uint8_t)(2 * bits)) {
    for (size_t n = 0; n < sizeof shapes / sizeof *shapes; ++n)
      wrong += run(shapes[n].visible, shapes[n].hidden, bits, shapes[n].span, 0);
    wrong += run(784, 2, bits, 0, 1);
    wrong += run(57, 70, bits, 7, 1);
    wrong += run(59, 600, bits, 0, 1);
    wrong += run(59, 258, bits, 1, 2);
  }
  return wrong > 0;
}
