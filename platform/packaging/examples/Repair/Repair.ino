// Repairs a window of 32 readings in which a sensor sees one pulse, 8 readings long, somewhere. The model in
// pulse_rbm.h has learned such windows on a desktop; to learn your own, see the README of the library.
#include <rbm.h>

#include "pulse_rbm.h"

// Three readings of the pulse are lost, two outside of it are false.
static const char damaged[] = "..........#..##.###....#........";

static uint8_t seen[RBM_STATE_BYTES(PULSE_RBM_VISIBLE)], means[PULSE_RBM_VISIBLE];
static uint32_t scratch[RBM_SCRATCH_WORDS(PULSE_RBM_VISIBLE, PULSE_RBM_HIDDEN)];

void setup() {
  Serial.begin(9600);
  // Your sensor goes here: rbm_set_unit(seen, unit, analogRead(A0) >= 512).
  for (size_t unit = 0; unit < PULSE_RBM_VISIBLE; ++unit) rbm_set_unit(seen, unit, damaged[unit] == '#');
  rbm_reconstruct(&pulse_rbm, rbm_from_bits(seen), RBM_MEAN, NULL, means, scratch);
  Serial.print("seen     ");
  Serial.println(damaged);
  Serial.print("repaired ");
  for (size_t unit = 0; unit < PULSE_RBM_VISIBLE; ++unit) Serial.print(means[unit] >= 128 ? '#' : '.');
  Serial.println();
}

void loop() {}
