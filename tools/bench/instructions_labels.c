// What instructions.sh counts of a model with labels: a hundred examples classified. MODEL_HEADER names the
// header, EXAMPLES a file of examples as rows of a C array, of readings where MODEL_FACTORS is defined, else
// of packed bits.

#include MODEL_HEADER

int work(void);

enum { examples = 100, visible = MODEL_VISIBLE, hidden = MODEL_HIDDEN };

#ifdef MODEL_FACTORS
typedef int16_t example[visible];
static uint32_t scratch[RBM_REAL_LABEL_SCRATCH_WORDS(visible, hidden, MODEL_FACTORS)];
#define CLASSIFY(example) rbm_real_classify(&model, rbm_from_int16(example), scores, scratch)
#else
typedef uint8_t example[RBM_STATE_BYTES(visible)];
static uint32_t scratch[RBM_LABEL_SCRATCH_WORDS(visible, hidden)];
#define CLASSIFY(example) rbm_classify(&model, rbm_from_bits(example), scores, scratch)
#endif
static const example inputs[examples] = {
#include EXAMPLES
};
static int32_t scores[MODEL_LABELS];

__attribute__((noinline)) int work(void) {
  size_t sum = 0;
  for (unsigned n = 0; n < examples; ++n) sum += CLASSIFY(inputs[n]);
  return sum == 1;
}

int main(void) {
  return work();
}
