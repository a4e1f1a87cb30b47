/* All that the device runtime computes of an input, as a hash of each kind of output, for comparing machines
 * and builds: C99 and C++. */
#ifndef RUNTIME_OUTPUTS_H
#define RUNTIME_OUTPUTS_H

/* A stand-alone header has brought it. */
#ifndef RBM_QUANTIZED_FORMAT
#include "rbm/quantized.h"
#endif

enum {
  output_thresholded, /* rbm_reconstruct of packed bits, in its three modes; then of bytes */
  output_sampled,
  output_mean,
  output_thresholded_of_bytes,
  output_sampled_of_bytes,
  output_mean_of_bytes,
  output_features,
  output_features_of_bytes,
  output_free_energy,
  output_free_energy_of_bytes,
  output_gibbs_step,
  output_clamped_step,
  output_checksum, /* of the model; by hash_random_inputs() alone */
  runtime_output_kinds
};

typedef struct runtime_buffers {
  uint8_t* bytes;   /* [visible]: an input between off and on */
  uint8_t* state;   /* packed: an input that is on or off; Gibbs steps change it */
  uint8_t* clamped; /* packed: the units clamped in the second Gibbs step */
  uint8_t* out;     /* [the larger layer] */
  uint32_t* scratch;
} runtime_buffers;

/* FNV-1a. */
static const uint32_t hash_of_nothing = 2166136261u;

static inline uint32_t hash_bytes(uint32_t hash, const uint8_t* bytes, size_t count) {
  for (size_t n = 0; n < count; ++n) hash = (hash ^ bytes[n]) * 16777619u;
  return hash;
}

static inline uint32_t hash_number(uint32_t hash, uint32_t number) {
  for (unsigned byte = 0; byte < 4; ++byte, number >>= 8) hash = (hash ^ (number & 0xff)) * 16777619u;
  return hash;
}

static inline uint32_t hash_units(uint32_t hash, const uint8_t* state, size_t units) {
  for (size_t unit = 0; unit < units; ++unit) {
    const uint8_t on = rbm_get_unit(state, unit);
    hash = hash_bytes(hash, &on, 1);
  }
  return hash;
}

static inline void start_hashes(uint32_t* hashes) {
  for (unsigned kind = 0; kind < runtime_output_kinds; ++kind) hashes[kind] = hash_of_nothing;
}

/* Adds what the runtime computes of the input in `with` to the hash of each kind. */
static inline void hash_outputs(const rbm_quantized* quantized, const runtime_buffers* with,
                                rbm_random* random, uint32_t* hashes) {
  static const rbm_hidden_mode modes[] = {RBM_THRESHOLD, RBM_SAMPLE, RBM_MEAN};
  for (unsigned form = 0; form < 2; ++form) {
    const rbm_input input = form == 0 ? rbm_from_bits(with->state) : rbm_from_bytes(with->bytes);
    for (unsigned mode = 0; mode < 3; ++mode) {
      uint32_t* const hash = hashes + output_thresholded + 3 * form + mode;
      rbm_reconstruct(quantized, input, modes[mode], random, with->out, with->scratch);
      *hash = hash_bytes(*hash, with->out, quantized->visible);
    }
    rbm_features(quantized, input, with->out, with->scratch);
    hashes[output_features + form] = hash_bytes(hashes[output_features + form], with->out, quantized->hidden);
    const int32_t energy = rbm_free_energy(quantized, input, with->scratch);
    hashes[output_free_energy + form] = hash_number(hashes[output_free_energy + form], (uint32_t)energy);
  }
  for (unsigned step = 0; step < 2; ++step) {
    uint32_t* const hash = hashes + output_gibbs_step + step;
    rbm_gibbs_step(quantized, with->state, step == 0 ? NULL : with->clamped, random, with->scratch);
    *hash = hash_units(*hash, with->state, quantized->visible);
  }
}

/* The same of `inputs` random inputs, which go to the buffers. */
static inline void hash_random_inputs(const rbm_quantized* quantized, unsigned inputs,
                                      const runtime_buffers* with, uint32_t* hashes) {
  rbm_random random;
  rbm_random_seed(&random, 7);
  start_hashes(hashes);
  for (unsigned n = 0; n < inputs; ++n) {
    for (size_t unit = 0; unit < quantized->visible; ++unit) {
      with->bytes[unit] = (uint8_t)(rbm_random_next(&random) >> 24);
      rbm_set_unit(with->clamped, unit, (int)(rbm_random_next(&random) >> 31));
    }
    rbm_pack(with->bytes, quantized->visible, 128, with->state);
    hash_outputs(quantized, with, &random, hashes);
  }
  hashes[output_checksum] = rbm_checksum(quantized);
}

#endif
