// What instructions.sh counts of a stream: for each of a hundred windows, eight new readings pushed, the
// window taken, scored and voted on. MODEL_HEADER names the header of a model of 64 readings, DETREND what is
// taken away from a window; READINGS holds examples as rows of a C array.

#include MODEL_HEADER

int work(void);

enum { windows = 100, length = MODEL_VISIBLE, hop = 8 };

static const int16_t inputs[][length] = {
#include READINGS
};
static const int16_t ranges[] = {0, 16};
static const rbm_detector detector = {&model, ranges, 0, length, hop, 1, length, 1, DETREND, 2, 3};
static uint32_t memory[RBM_STREAM_WORDS(1, length, hop, DETREND, 1, MODEL_HIDDEN, MODEL_FACTORS)];
static rbm_stream stream;

__attribute__((noinline)) int work(void) {
  const int16_t* reading = inputs[0];
  int odd = 0;
  for (unsigned n = 0; n < windows; ++n) {
    for (unsigned pushed = 0; pushed < hop; ++pushed) rbm_stream_push(&stream, reading++);
    if (rbm_stream_ready(&stream)) odd += rbm_is_odd(&stream);
  }
  return odd;
}

int main(void) {
  rbm_stream_start(&stream, &detector, memory);
  for (unsigned n = 0; n < length; ++n) rbm_stream_push(&stream, inputs[windows - 1] + n);
  return work() > windows;
}
