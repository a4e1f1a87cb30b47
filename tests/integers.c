// The integer runtime on a model so small that it fits the RAM of an 8-bit AVR: prints its states, which must
// be the same everywhere.

#include <stddef.h>
#include <stdint.h>

#include "platform/console.h"
#include "rbm/quantized.h"

enum { visible = 29, hidden = 13, entries = 8 };

static int8_t weights[hidden * visible];
static int32_t visible_bias[visible], hidden_bias[hidden];
static const uint16_t sigmoid[entries] = {32768, 47911, 57724, 62428, 64357, 65097, 65373, 65475};
static const rbm_quantized model = {visible, hidden, weights, visible_bias, hidden_bias, sigmoid, entries, 4};

static void write_bytes(const char* what, const uint8_t* bytes, size_t count) {
  uint32_t hash = 0x811c9dc5u;  // FNV-1a
  for (size_t n = 0; n < count; ++n) hash = (hash ^ bytes[n]) * 0x01000193u;
  console_write(what);
  console_write_hexadecimal(hash);
  console_write("\n");
}

int main(void) {
  static int32_t scratch[RBM_SCRATCH_WORDS(visible, hidden)];
  uint8_t state[RBM_STATE_BYTES(visible)] = {0x5a, 0xa5, 0x3c, 0x02};
  uint8_t means[visible], features[hidden];
  rbm_random random;
  rbm_random_seed(&random, 2024);
  for (size_t n = 0; n < sizeof weights; ++n)
    weights[n] = (int8_t)((int)(rbm_random_next(&random) >> 28) - 8);
  for (size_t j = 0; j < visible; ++j) visible_bias[j] = (int32_t)(rbm_random_next(&random) >> 28) - 8;
  for (size_t i = 0; i < hidden; ++i) hidden_bias[i] = (int32_t)(rbm_random_next(&random) >> 28) - 8;

  for (int step = 0; step < 20; ++step) rbm_gibbs_step(&model, &random, state, scratch);
  write_bytes("state of a chain ", state, sizeof state);
  rbm_features(&model, state, features, scratch);
  write_bytes("features ", features, sizeof features);
  for (int mode = RBM_THRESHOLD; mode <= RBM_MEAN; ++mode) {
    rbm_reconstruct(&model, (rbm_hidden_mode)mode, &random, state, means, scratch);
    write_bytes("reconstruction ", means, sizeof means);
  }
  return 0;
}
