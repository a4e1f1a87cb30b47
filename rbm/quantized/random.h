// Random numbers: xoshiro128++, seeded by splitmix64.
#pragma once

#include "interface.h"

static inline void rbm_random_seed(rbm_random* random, uint64_t seed) {
  for (int pair = 0; pair < 4; pair += 2) {
    seed += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = seed;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    mixed ^= mixed >> 31;
    random->state[pair] = (uint32_t)mixed;
    random->state[pair + 1] = (uint32_t)(mixed >> 32);
  }
}

static inline uint32_t rbm_random_next(rbm_random* random) {
  uint32_t* s = random->state;
  const uint32_t sum = s[0] + s[3];
  const uint32_t result = ((sum << 7) | (sum >> 25)) + s[0];
  const uint32_t shifted = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = (s[3] << 11) | (s[3] >> 21);
  return result;
}
