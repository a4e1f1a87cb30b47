// Random models of readings of odd shapes, with 8 and 4 bits, through every function of theirs in
// rbm/quantized.h: prints a line with a hash of the answers for each, which must be the same on every
// machine, and stops at the first answer that is not what the definition of a model says, taken number by
// number in 64 bits. Half of the readings are as far out as 16 bits allow.

#include <stddef.h>
#include <stdint.h>

#include "platform/console.h"
#include "tests/support/runtime_outputs.h"

enum { most_visible = 128, most_hidden = 40, most_words = 1280, most_factors = 5 };

static uint32_t weights[most_words], loadings[most_factors * most_visible / 4];
static uint8_t shifts[most_hidden];
static int16_t visible_bias[most_visible], hidden_bias[most_hidden], offsets[most_visible];
static uint16_t scales[most_visible], gains[3 * most_factors];
static uint32_t scratch[RBM_REAL_SCRATCH_WORDS(most_visible, most_hidden, most_factors) + most_visible];
static int16_t readings[most_visible], out[most_visible];
static int8_t bytes[most_visible];
static uint8_t known[RBM_STATE_BYTES(most_visible)], features[most_hidden];
static int64_t states[most_visible], factors[most_factors];

static rbm_random generator;

static uint32_t random_below(uint32_t limit) {
  return (uint32_t)(((uint64_t)rbm_random_next(&generator) * limit) >> 32);
}

// x / 2^shift, rounded down.
static int64_t floor_shift(int64_t x, unsigned shift) {
  const int64_t whole = (int64_t)1 << shift;
  return x >= 0 ? x / whole : -((whole - 1 - x) / whole);
}
static int64_t round_shift(int64_t x, unsigned shift) {
  return floor_shift(x + (((int64_t)1 << shift) / 2), shift);
}
static int64_t bounded(int64_t x, int64_t limit) {
  return x > limit ? limit : x < -limit ? -limit : x;
}

static int64_t level(const uint32_t* words, size_t row, size_t column, size_t visible, unsigned width) {
  const unsigned units = 32 / width;
  const uint32_t word = words[row * RBM_ROW_WORDS(visible, width) + column / units];
  return (int64_t)(word >> (column % units * width) & ((1u << width) - 1)) - ((int64_t)1 << (width - 1));
}

// The states that the readings have, and their factors.
static void find_states(const rbm_real* model) {
  const size_t visible = model->base.visible;
  for (size_t j = 0; j < visible; ++j) {
    const int64_t steps = floor_shift(((int64_t)readings[j] - offsets[j]) * (scales[j] >> 5), scales[j] & 31);
    states[j] =
        scales[j] != 0 ? bounded(steps, model->limit) : (int64_t)(readings[j] != 0) << model->state_fraction;
  }
  for (size_t k = 0; k < model->factors; ++k) {
    int64_t sum = 0;
    for (size_t j = 0; j < visible; ++j) sum += level(loadings, k, j, visible, 8) * states[j];
    factors[k] = round_shift(floor_shift(sum * gains[3 * k], 16), gains[3 * k + 1] >> 8);
  }
  for (size_t j = 0; j < visible; ++j) {
    int64_t sum = 0;
    for (size_t k = 0; k < model->factors; ++k) sum += factors[k] * level(loadings, k, j, visible, 8);
    states[j] = bounded(states[j] - round_shift(sum, 7), model->limit);
  }
}

// Checks features and the energy of the readings; the number of wrong answers.
static unsigned check(const rbm_real* model) {
  const rbm_quantized* const base = &model->base;
  const unsigned fraction = model->state_fraction, shift = 2 * fraction + 1 - base->fraction;
  unsigned wrong = 0;
  int64_t squares = 0, products = 0, on = 0, energy = 0;
  uint32_t curved = 0;
  find_states(model);
  rbm_real_features(model, rbm_from_int16(readings), features, scratch);
  for (size_t i = 0; i < base->hidden; ++i) {
    int64_t sum = 0;
    int32_t linear = 0;
    for (size_t j = 0; j < base->visible; ++j)
      sum += level(weights, i, j, base->visible, base->bits) * states[j];
    sum = hidden_bias[i] + round_shift(sum * ((int64_t)1 << shifts[i]), fraction);
    wrong += features[i] != rbm_probability(base, (int32_t)sum) >> 8;
    rbm_add_softplus(base, (int32_t)sum, &linear, &curved);
    energy -= linear;
  }
  for (size_t j = 0; j < base->visible; ++j) {
    squares += states[j] * states[j];
    products += states[j] * visible_bias[j];
    on += scales[j] == 0 && states[j] != 0;
  }
  energy +=
      round_shift(squares, shift) - floor_shift(on << base->fraction, 1) - round_shift(products, fraction);
  for (size_t k = 0; k < model->factors; ++k) {
    const unsigned finer = gains[3 * k + 1] & 255;
    const int64_t factor =
        finer > 7 ? factors[k] * ((int64_t)1 << (finer - 7)) : round_shift(factors[k], 7 - finer);
    const int64_t magnitude = factor < 0 ? -factor : factor;
    energy += round_shift(magnitude * magnitude, shift);
  }
  energy -= round_shift(curved, 16 - base->fraction);
  return wrong + (rbm_real_free_energy(model, rbm_from_int16(readings), scratch) != energy);
}

static uint32_t hash_readings(uint32_t hash, const int16_t* values, size_t count) {
  for (size_t n = 0; n < count; ++n) hash = hash_number(hash, (uint16_t)values[n]);
  return hash;
}

// All else that the runtime computes of the readings.
static uint32_t hash_answers(const rbm_real* model, uint32_t hash) {
  const size_t visible = model->base.visible;
  static const rbm_hidden_mode modes[] = {RBM_THRESHOLD, RBM_SAMPLE, RBM_MEAN};
  hash = hash_number(hash, (uint32_t)rbm_real_free_energy(model, rbm_from_int16(readings), scratch));
  hash = hash_number(hash, (uint32_t)rbm_real_free_energy(model, rbm_from_int8(bytes), scratch));
  hash = hash_bytes(hash, features, model->base.hidden);
  for (size_t n = 0; n < 3; ++n) {
    rbm_real_reconstruct(model, rbm_from_int16(readings), modes[n], &generator, out, scratch);
    hash = hash_readings(hash, out, visible);
  }
  rbm_real_gibbs_step(model, readings, NULL, &generator, scratch);
  rbm_real_gibbs_step(model, readings, known, &generator, scratch);
  hash = hash_readings(hash, readings, visible);
  rbm_real_fill(model, readings, known, 6, &generator, scratch);
  return hash_number(hash_readings(hash, readings, visible), rbm_real_checksum(model));
}

// `extreme` makes all codes the largest or the smallest.
static unsigned run(uint16_t visible, uint16_t hidden, uint8_t count, uint8_t bits, int extreme) {
  const uint8_t fraction = 10, state_fraction = (uint8_t)(visible > 100 ? 6 : 7);
  uint32_t limit = 16383, hash = hash_of_nothing;
  unsigned wrong = 0;
  rbm_random_seed(&generator, (uint64_t)visible * 1000003 + hidden * 101u + bits * 7u + count);
  while ((uint64_t)limit * limit * visible > (uint64_t)65535 * 65535) --limit;
  for (size_t n = 0; n < (size_t)hidden * RBM_ROW_WORDS((size_t)visible, bits); ++n)
    weights[n] = extreme == 0 ? rbm_random_next(&generator) : extreme > 0 ? 0xffffffff : 0;
  for (size_t i = 0; i < hidden; ++i) {
    shifts[i] = (uint8_t)(bits == 4 ? 5 + random_below(4) : 1 + random_below(4));
    hidden_bias[i] = (int16_t)((int32_t)random_below(4001) - 2000);
  }
  for (size_t j = 0; j < visible; ++j) {
    scales[j] = (uint16_t)(j % 7 == 6 ? 0 : (1024 + random_below(1024)) * 32 + 4 + random_below(4));
    offsets[j] = (int16_t)(j % 7 == 6 ? 0 : (int32_t)random_below(2001) - 1000);
    visible_bias[j] = (int16_t)((int32_t)random_below(1001) - 500);
  }
  for (size_t k = 0; k < count; ++k) {
    uint64_t squares = 0;
    for (size_t word = 0; word < RBM_ROW_WORDS((size_t)visible, 8); ++word) {
      uint32_t codes = 0;
      for (size_t n = 0; n < 4; ++n) {
        const size_t j = 4 * word + n;
        const uint32_t code = j >= visible || j % 7 == 6 ? 128 : extreme ? 255 : 1 + random_below(255);
        codes |= code << 8 * n;
        squares += (uint64_t)(((int64_t)code - 128) * ((int64_t)code - 128));
      }
      loadings[k * RBM_ROW_WORDS((size_t)visible, 8) + word] = codes;
    }
    const unsigned finer = 4 + (unsigned)k;
    const uint64_t all = squares + ((uint64_t)1 << 2 * finer);
    unsigned rounding = 0;
    while (((uint64_t)1 << (24 + rounding)) / all < 65535) ++rounding;
    gains[3 * k] = (uint16_t)((((uint64_t)1 << (23 + rounding)) + all / 2) / all);
    gains[3 * k + 1] = (uint16_t)(256 * rounding + finer);
    gains[3 * k + 2] = (uint16_t)(20000 + random_below(20000));
  }
  uint8_t lowest = shifts[0], highest = shifts[0];
  for (size_t i = 0; i < hidden; ++i) {
    if (shifts[i] < lowest) lowest = shifts[i];
    if (shifts[i] > highest) highest = shifts[i];
  }
  const rbm_real model = {
      {visible, hidden, bits, fraction, lowest, highest, 0, weights, shifts, visible_bias, hidden_bias},
      count,
      state_fraction,
      (uint16_t)limit,
      offsets,
      scales,
      loadings,
      gains};
  for (size_t n = 0; n < 6; ++n) {
    for (size_t j = 0; j < visible; ++j) {
      const int32_t near = offsets[j] + (int32_t)random_below(401) - 200;
      const int32_t far = random_below(2) == 0 ? -32768 : 32767;
      readings[j] = (int16_t)(scales[j] == 0 ? (int32_t)random_below(2) : n % 2 == 0 ? near : far);
      bytes[j] = (int8_t)((int32_t)random_below(256) - 128);
      rbm_set_unit(known, j, random_below(2) == 1);
    }
    wrong += check(&model);
    hash = hash_answers(&model, hash);
  }
  console_write_number(visible);
  console_write("x");
  console_write_number(hidden);
  console_write(" readings, ");
  console_write_number(count);
  console_write(" factors, ");
  console_write_number(bits);
  console_write(" bits: ");
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
    uint8_t factors;
  } shapes[] = {{1, 1, 0},  {2, 3, 1},   {4, 4, 0},   {7, 5, 2},    {8, 8, 1},
                {9, 2, 3},  {16, 6, 0},  {31, 16, 4}, {33, 7, 1},   {36, 16, 2},
                {61, 9, 5}, {64, 16, 2}, {65, 40, 0}, {127, 19, 3}, {128, 33, 5}};
  unsigned wrong = 0;
  for (uint8_t bits = 4; bits <= 8; bits = (uint8_t)(2 * bits))
    for (size_t n = 0; n < sizeof shapes / sizeof *shapes; ++n)
      for (int extreme = -1; extreme <= 1; ++extreme)
        wrong += run(shapes[n].visible, shapes[n].hidden, shapes[n].factors, bits, extreme);
  return wrong > 0;
}
