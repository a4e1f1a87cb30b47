// What stream.sh plays: an ECG of 16 bits, READINGS as numbers of a C array, into a detector. Prints of each
// window the readings until then, its score in steps and its status; with QUIET nothing, for counting
// instructions.

#include "ecg.h"
#include "platform/console.h"

static const int16_t readings[] = {
#include "ecg.inc"
};
enum { count = sizeof readings / sizeof *readings };

static uint32_t memory[ECG_STREAM_WORDS];
static rbm_stream stream;

static void write_window(unsigned long moment, int32_t score) {
#ifndef QUIET
  console_write_number(moment);
  console_write(score < 0 ? " -" : " ");
  console_write_number(score < 0 ? 0ul - (unsigned long)score : (unsigned long)score);
  console_write(" ");
  console_write_number(rbm_stream_status(&stream));
  console_write("\n");
#else
  (void)moment;
  (void)score;
#endif
}

int main(void) {
  rbm_stream_start(&stream, &ecg_detector, memory);
  for (unsigned long moment = 0; moment < count; ++moment) {
    rbm_stream_push(&stream, readings + moment);
    if (rbm_stream_ready(&stream)) write_window(moment + 1, rbm_score(&stream));
  }
  return 0;
}
