// The program whose flash and RAM small_mnist.sh measures: all that small_mnist.h does, on a board.

#include "tools/bench/labels/small_mnist.h"

uint8_t greys[pixels];  // a picture, written by what sees it
volatile uint32_t
    answer[4];  // which digit, its probability in 65536ths, -log p(picture) in steps; the digit filled in

int main(void) {
  rbm_random_seed(&generator, 1);
  const size_t label = tell(greys);
  answer[0] = (uint32_t)label;
  answer[1] = rbm_label_probability(&small.base, scores, labels, label);
  answer[2] = (uint32_t)rbm_label_free_energy(&small.base, scores, labels);
  for (size_t byte = 0; byte < sizeof known; ++byte) known[byte] = byte < sizeof known / 2 ? 255 : 0;
  answer[3] = (uint32_t)fill_in();
  make_up(label);
  return 0;
}
