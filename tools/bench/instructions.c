// What instructions.sh counts: one function of the device runtime, over a hundred digits. MODEL names the
// header of the model, WORK what to do; digits.inc holds packed digits as rows of a C array.

#include MODEL_HEADER

int work(void);

enum { digits = 100, visible = MODEL_VISIBLE, hidden = MODEL_HIDDEN };

static const uint8_t inputs[digits][RBM_STATE_BYTES(visible)] = {
#include DIGITS
};

static uint32_t scratch[RBM_SCRATCH_WORDS(visible, hidden)];
static uint8_t answer[visible > hidden ? visible : hidden];
static uint8_t state[RBM_STATE_BYTES(visible)];

__attribute__((noinline)) int work(void) {
  rbm_random random;
  int32_t energies = 0;
  rbm_random_seed(&random, 1);
  for (unsigned n = 0; n < digits; ++n) {
    const rbm_input input = rbm_from_bits(inputs[n]);
    if (WORK == 1) rbm_reconstruct(&model, input, RBM_THRESHOLD, NULL, answer, scratch);
    if (WORK == 2) rbm_gibbs_step(&model, state, NULL, &random, scratch);
    if (WORK == 3) rbm_features(&model, input, answer, scratch);
    if (WORK == 4) energies += rbm_free_energy(&model, input, scratch);
  }
  return energies == 1;
}

int main(void) {
  for (size_t byte = 0; byte < sizeof state; ++byte) state[byte] = inputs[0][byte];
  return work();
}
