// What the program of small_mnist.sh does with 16x16 pixels: it tells which digit they are, fills in pixels
// that are not known, and makes up digits. Hidden sums are additions; the machine with labels is `small`, in
// the generated header small.h.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "small.h"

enum { pixels = SMALL_VISIBLE, labels = SMALL_LABELS, side = 16, looks = 16, steps = 30 };

static uint8_t picture[RBM_STATE_BYTES(pixels)], known[RBM_STATE_BYTES(pixels)];
static int32_t scores[labels];
static uint32_t scratch[RBM_LABEL_SCRATCH_WORDS(SMALL_VISIBLE, SMALL_HIDDEN)];
static rbm_random generator;

// The picture in black and white at a threshold, moved by some pixels.
static void look(const uint8_t* greys, unsigned threshold, int down, int right) {
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const unsigned from_row = (unsigned)(row + down), from_column = (unsigned)(column + right);
      const int seen = from_row < side && from_column < side;
      rbm_set_unit(picture, (size_t)(row * side + column),
                   seen && greys[from_row * side + from_column] >= threshold);
    }
}

// Adds the scores of a look, log p(label, picture).
static void add_look(const uint8_t* greys, unsigned threshold, int down, int right, int32_t* sums) {
  look(greys, threshold, down, right);
  rbm_classify(&small, rbm_from_bits(picture), scores, scratch);
  for (size_t label = 0; label < labels; ++label) sums[label] += scores[label];
}

// The digit that greys of 0 to 255 show: it looks at three thresholds, where the picture is and moved by a
// pixel in four directions, and once more as usual. Leaves the mean of scores, which stands for the geometric
// mean of probabilities.
static size_t tell(const uint8_t* greys) {
  static const int8_t moves[] = {0, 0, 1, 0, -1, 0};  // each and the next: down, right
  int32_t sums[labels] = {0};
  for (unsigned threshold = 80; threshold <= 176; threshold += 48)
    for (size_t move = 0; move < 5; ++move) add_look(greys, threshold, moves[move], moves[move + 1], sums);
  add_look(greys, 128, 0, 0, sums);
  size_t likeliest = 0;
  for (size_t label = 0; label < labels; ++label) {
    scores[label] = sums[label] / looks;
    if (scores[label] > scores[likeliest]) likeliest = label;
  }
  return likeliest;
}

// One step of the chain of pictures of a label: draws the pixels that are not known.
static void draw_picture(size_t label) {
  const rbm_quantized given = rbm_given_label(&small, label);
  rbm_gibbs_step(&given, picture, known, &generator, scratch);
}

// Draws the pixels of `picture` that are not `known`, with a label that is not known either.
static size_t fill_in(void) {
  size_t label = 0;
  for (int step = 0; step < steps; ++step) {
    rbm_classify(&small, rbm_from_bits(picture), scores, scratch);
    label = rbm_draw_label(&small.base, scores, labels, &generator);
    draw_picture(label);
  }
  return label;
}

// Makes up a picture of a digit.
static void make_up(size_t label) {
  for (size_t byte = 0; byte < sizeof picture; ++byte) picture[byte] = known[byte] = 0;
  for (int step = 0; step < 4 * steps; ++step) draw_picture(label);
}
