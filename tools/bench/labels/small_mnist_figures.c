// The figures of small_mnist.h on a computer, which computes what the device does:
//     figures GREYS LABELS MEANS PICTURE
// prints how many test pictures are told right, and how well the lower half is filled in where the upper half
// is known, beside the mean over the pictures MEANS; writes digits that it made up to PICTURE, as PGM.

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/bench/labels/small_mnist.h"

enum { filled = 200, draws = 100, columns = 16 };

static uint8_t* read_idx(const char* path, size_t header, size_t* bytes_out) {
  FILE* const file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
    fprintf(stderr, "figures: cannot read %s\n", path);
    exit(1);
  }
  *bytes_out = (size_t)ftell(file) - header;
  uint8_t* const bytes = malloc(*bytes_out);
  if (bytes == NULL || fseek(file, (long)header, SEEK_SET) != 0 ||
      fread(bytes, 1, *bytes_out, file) != *bytes_out) {
    fprintf(stderr, "figures: cannot read %s\n", path);
    exit(1);
  }
  fclose(file);
  return bytes;
}

// The surprise of a pixel, and the square of what a guess of its probability misses.
static void add_error(double error[2], double probability, int on) {
  error[0] -= log(on ? probability : 1 - probability);
  error[1] += (on - probability) * (on - probability);
}

static void fill_lower_halves(const uint8_t* greys, const double* mean) {
  double by_mean[2] = {0, 0}, by_machine[2] = {0, 0};
  for (size_t n = 0; n < filled; ++n) {
    uint8_t truth[RBM_STATE_BYTES(pixels)];
    int times_on[pixels] = {0};
    rbm_pack(greys + n * pixels, pixels, 128, truth);
    for (int draw = 0; draw < draws; ++draw) {
      for (size_t byte = 0; byte < sizeof truth; ++byte) {
        known[byte] = byte < sizeof truth / 2 ? 255 : 0;
        picture[byte] = truth[byte] & known[byte];
      }
      fill_in();
      for (size_t pixel = pixels / 2; pixel < pixels; ++pixel)
        times_on[pixel] += rbm_get_unit(picture, pixel);
    }
    for (size_t pixel = pixels / 2; pixel < pixels; ++pixel) {
      const int on = rbm_get_unit(truth, pixel);
      add_error(by_mean, mean[pixel], on);
      add_error(by_machine, (times_on[pixel] + 0.5) / (draws + 1), on);
    }
  }
  const double count = filled * pixels / 2;
  printf("lower half: by the mean picture %.3f nats a pixel, squared error %.4f\n", by_mean[0] / count,
         by_mean[1] / count);
  printf("lower half: filled in           %.3f nats a pixel, squared error %.4f\n", by_machine[0] / count,
         by_machine[1] / count);
}

// A row of pictures for each label. Returns in how many the machine tells the label that they were made for.
static size_t make_up_all(const char* path) {
  FILE* const file = fopen(path, "wb");
  static uint8_t canvas[labels * 16][columns * 16];
  size_t told = 0;
  for (size_t label = 0; label < labels; ++label)
    for (size_t column = 0; column < columns; ++column) {
      make_up(label);
      for (size_t pixel = 0; pixel < pixels; ++pixel)
        canvas[label * 16 + pixel / 16][column * 16 + pixel % 16] = rbm_get_unit(picture, pixel) ? 255 : 0;
      told += rbm_classify(&small, rbm_from_bits(picture), scores, scratch) == label;
    }
  if (file == NULL || fprintf(file, "P5 %d %d 255\n", columns * 16, labels * 16) < 0 ||
      fwrite(canvas, 1, sizeof canvas, file) != sizeof canvas || fclose(file) != 0) {
    fprintf(stderr, "figures: cannot write %s\n", path);
    exit(1);
  }
  return told;
}

int main(int count, char** arguments) {
  if (count != 5) {
    fprintf(stderr, "usage: figures GREYS LABELS MEANS PICTURE\n");
    return 2;
  }
  size_t tests, bytes, examples;
  const uint8_t* const greys = read_idx(arguments[1], 16, &bytes);
  const uint8_t* const truth = read_idx(arguments[2], 8, &tests);
  const uint8_t* const learned = read_idx(arguments[3], 16, &examples);
  examples /= pixels;
  size_t right = 0, right_at_once = 0;
  for (size_t n = 0; n < tests; ++n) {
    right += tell(greys + n * pixels) == truth[n];
    rbm_pack(greys + n * pixels, pixels, 128, picture);
    right_at_once += rbm_classify(&small, rbm_from_bits(picture), scores, scratch) == truth[n];
  }
  printf("right: %.2f %% of %zu by %d looks, %.2f %% by one\n", 100.0 * (double)right / (double)tests, tests,
         looks, 100.0 * (double)right_at_once / (double)tests);
  double mean[pixels];
  for (size_t pixel = 0; pixel < pixels; ++pixel) {
    mean[pixel] = 0.5;
    for (size_t n = 0; n < examples; ++n) mean[pixel] += learned[n * pixels + pixel] >= 128;
    mean[pixel] /= (double)examples + 1;
  }
  rbm_random_seed(&generator, 1);
  fill_lower_halves(greys, mean);
  printf("made up: %zu of %d are told to be what they were made for\n", make_up_all(arguments[4]),
         labels * columns);
  return 0;
}
