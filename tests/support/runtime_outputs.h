/* Everything that the integer runtime computes, as a few numbers, for comparing builds: C99 and C++. */
#ifndef RUNTIME_OUTPUTS_H
#define RUNTIME_OUTPUTS_H

#include "rbm/quantized.h"

/* A hash for each of: reconstructions in the three modes, of bits and of bytes; features of both; free
   energies of both; Gibbs steps, free and clamped; the checksum as found. */
enum { runtime_outputs_count = 13 };

static uint32_t hash_bytes(uint32_t hash, const uint8_t* bytes, size_t count) {
  for (size_t n = 0; n < count; ++n) hash = (hash ^ bytes[n]) * 16777619u;
  return hash;
}

static uint32_t hash_number(uint32_t hash, uint32_t number) {
  for (unsigned byte = 0; byte < 4; ++byte, number >>= 8) hash = (hash ^ (number & 0xff)) * 16777619u;
  return hash;
}

/* Of this many inputs. `bytes` and `out` are as long as the larger layer, `state` and `clamped` as a packed
 * state. */
static void runtime_outputs(const rbm_quantized* model, unsigned inputs, uint8_t* bytes, uint8_t* out,
                            uint8_t* state, uint8_t* clamped, uint32_t* scratch,
                            uint32_t outputs[runtime_outputs_count]) {
  static const rbm_hidden_mode modes[] = {RBM_THRESHOLD, RBM_SAMPLE, RBM_MEAN};
  const size_t visible = model->visible, hidden = model->hidden;
  rbm_random random;
  for (unsigned n = 0; n < runtime_outputs_count; ++n) outputs[n] = 2166136261u;
  rbm_random_seed(&random, 7);
  for (unsigned round = 0; round < inputs; ++round) {
    for (size_t unit = 0; unit < visible; ++unit) {
      bytes[unit] = (uint8_t)(rbm_random_next(&random) >> 24);
      rbm_set_unit(clamped, unit, (int)(rbm_random_next(&random) >> 31));
    }
    rbm_pack(bytes, visible, 128, state);
    for (unsigned form = 0; form < 2; ++form) {
      const rbm_input input = form == 0 ? rbm_from_bits(state) : rbm_from_bytes(bytes);
      for (unsigned mode = 0; mode < 3; ++mode) {
        rbm_reconstruct(model, input, modes[mode], &random, out, scratch);
        outputs[3 * form + mode] = hash_bytes(outputs[3 * form + mode], out, visible);
      }
      rbm_features(model, input, out, scratch);
      outputs[6 + form] = hash_bytes(outputs[6 + form], out, hidden);
      outputs[8 + form] = hash_number(outputs[8 + form], (uint32_t)rbm_free_energy(model, input, scratch));
    }
    for (unsigned step = 0; step < 4; ++step) {
      rbm_gibbs_step(model, state, step < 2 ? NULL : clamped, &random, scratch);
      for (size_t unit = 0; unit < visible; ++unit) {
        const uint8_t on = rbm_get_unit(state, unit);
        outputs[10 + step / 2] = hash_bytes(outputs[10 + step / 2], &on, 1);
      }
    }
  }
  outputs[12] = rbm_checksum(model);
}

#endif
