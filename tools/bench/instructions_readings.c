// What instructions.sh counts of a model of readings: one function of the device runtime, over a hundred
// examples. MODEL_HEADER names the header, WORK what to do; READINGS holds examples as rows of a C array.

#include MODEL_HEADER

int work(void);

enum { examples = 100, visible = MODEL_VISIBLE, hidden = MODEL_HIDDEN };

static const int16_t inputs[examples][visible] = {
#include READINGS
};

static uint32_t scratch[RBM_REAL_SCRATCH_WORDS(visible, hidden, MODEL_FACTORS)];
static int16_t readings[visible];
static uint8_t features[hidden];

__attribute__((noinline)) int work(void) {
  rbm_random random;
  int32_t energies = 0;
  rbm_random_seed(&random, 1);
  for (unsigned n = 0; n < examples; ++n) {
    const rbm_readings input = rbm_from_int16(inputs[n]);
    if (WORK == 1) energies += rbm_real_free_energy(&model, input, scratch);
    if (WORK == 2) rbm_real_features(&model, input, features, scratch);
    if (WORK == 3) rbm_real_reconstruct(&model, input, RBM_THRESHOLD, NULL, readings, scratch);
    if (WORK == 4) rbm_real_gibbs_step(&model, readings, NULL, &random, scratch);
  }
  return energies == 1;
}

int main(void) {
  return work();
}
