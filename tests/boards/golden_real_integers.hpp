/// The stage of a device's integers: the model of golden_readings.hpp quantized, and all that a device
/// computes with it.
#pragma once

#include "rbm/pack.hpp"
#include "rbm/quantized.h"
#include "tests/boards/golden_labels.hpp"
#include "tests/boards/golden_readings.hpp"

namespace readings {

inline uint32_t words[rbm::packed_words(visible, hidden, 8)],
    loadings[rbm::packed_loading_words(visible, factors)];

inline void run_quantized(const rbm::QuantizedModelView& made, Hash& hash) {
  static uint32_t scratch[RBM_REAL_SCRATCH_WORDS(visible, hidden, factors) + visible];
  const rbm_real real = rbm::pack({words, rbm::packed_words(visible, hidden, made.bits)},
                                  {loadings, sizeof loadings / 4}, made);
  rbm_random random;
  rbm_random_seed(&random, 9);
  int16_t state[visible] = {}, out[visible];
  uint8_t features[hidden];
  const uint8_t known[RBM_STATE_BYTES(visible)] = {0x5a, 0xc3, 0x05};
  constexpr rbm_hidden_mode modes[] = {RBM_THRESHOLD, RBM_SAMPLE, RBM_MEAN};
  hash.add(rbm_real_checksum(&real));
  for (int n = 0; n < 20; ++n) {
    rbm_real_gibbs_step(&real, state, n % 2 == 0 ? nullptr : known, &random, scratch);
    hash.add_integers(state, visible);
    hash.add(static_cast<uint32_t>(rbm_real_free_energy(&real, rbm_from_int16(state), scratch)));
    rbm_real_features(&real, rbm_from_int16(state), features, scratch);
    hash.add_integers(features, hidden);
    for (const rbm_hidden_mode mode : modes) {
      rbm_real_reconstruct(&real, rbm_from_int16(state), mode, &random, out, scratch);
      hash.add_integers(out, visible);
    }
    rbm_real_fill(&real, out, known, 5, &random, scratch);
    hash.add_integers(out, visible);
  }
}

/// A stream of the readings that a model of windows of 19 draws, with gaps in it, through every detrending.
inline void run_streams(const rbm_real& real, Hash& hash) {
  constexpr uint16_t hop = 3;
  static uint32_t room[RBM_STREAM_WORDS(1, visible, hop, RBM_DETREND_DIFFERENCES, 2, hidden, factors)],
      scratch[RBM_FILL_WORDS(visible, hidden, factors)];
  const int16_t ranges[] = {-2000, 2000};
  int16_t drawn[visible] = {}, filled[visible + 1];
  rbm_random random;
  rbm_random_seed(&random, 10);
  for (uint8_t detrend = RBM_DETREND_NONE; detrend <= RBM_DETREND_DIFFERENCES; ++detrend) {
    const rbm_detector detector{&real, ranges, 1000,    visible, hop, static_cast<uint16_t>(1 + detrend % 2),
                                4,     1,      detrend, 2,       3};
    rbm_stream stream;
    rbm_stream_start(&stream, &detector, room);
    for (int n = 0; n < 12; ++n) {
      rbm_real_gibbs_step(&real, drawn, nullptr, &random, scratch);
      for (size_t t = 0; t < visible; ++t) {
        const bool missing = rbm_random_next(&random) % 64 == 0;
        const int16_t reading = missing ? int16_t{RBM_MISSING} : drawn[t];
        rbm_stream_push(&stream, &reading);
        if (rbm_stream_ready(&stream) == 0) continue;
        hash.add(static_cast<uint32_t>(rbm_score(&stream)));
        hash.add(rbm_stream_status(&stream) * 2 + static_cast<uint32_t>(rbm_is_odd(&stream)));
        if ((rbm_stream_status(&stream) & RBM_MISSING_READINGS) == 0 || t % 4 != 0) continue;
        rbm_fill(&stream, 4, &random, filled, scratch);
        hash.add_integers(filled, RBM_WINDOW_SPAN(visible, detrend));
      }
    }
  }
}

inline void quantize() {
  static uint8_t codes[hidden * visible], shifts[hidden], levels[factors * visible];
  static int16_t visible_bias[visible], hidden_bias[hidden], offsets[visible];
  static uint16_t scales[visible], gains[3 * factors];
  static float steps[visible], origin[visible], visible_means[visible], hidden_means[hidden];
  static rbm::Memory<rbm::chain_bytes({visible, hidden}, true)> chain_memory;
  rbm::Chain chain(chain_memory, {visible, hidden}, true);
  const rbm::Means means =
      rbm::sample_means({visible_means, visible}, {hidden_means, hidden}, chain, model(), 10);
  for (float& step : steps) step = 0.05f;
  constexpr unsigned widths[] = {8, 4};
  for (const unsigned bits : widths) {
    rbm::QuantizedModelView made{
        bits,         0,           visible,
        hidden,       codes,       shifts,
        visible_bias, hidden_bias, {0, 0, factors, steps, offsets, scales, levels, gains, origin}};
    rbm::quantize(made, model(), means);
    Hash hash;
    hash.add_integers(codes, hidden * visible);
    hash.add_integers(levels, factors * visible);
    hash.add_integers(visible_bias, visible);
    hash.add_integers(hidden_bias, hidden);
    run_quantized(made, hash);
    report(bits == 8 ? "readings-integers-8" : "readings-integers-4", hash);
    const rbm_real real =
        rbm::pack({words, rbm::packed_words(visible, hidden, bits)}, {loadings, sizeof loadings / 4}, made);
    Hash streams, of_labels;
    run_streams(real, streams);
    report(bits == 8 ? "streams-8" : "streams-4", streams);
    labels::run<visible, hidden, factors>(real, of_labels);
    report(bits == 8 ? "readings-labels-8" : "readings-labels-4", of_labels);
  }
}

}  // namespace readings
