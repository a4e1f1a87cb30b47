/// The stages of golden.cpp that fit into 16 KB of RAM; golden_small.cpp is these alone.
#pragma once

#include "rbm/rbm.hpp"
#include "tests/boards/golden_hash.hpp"

/// A multiplication and an addition that give 0 if each is rounded, and 2^-24 if they are fused.
inline void probe_fusion() {
  volatile float factor = 1.0f + 0x1p-12f, subtracted = 1.0f + 0x1p-11f;
  const float a = factor, c = subtracted;
  Hash hash;
  hash.add(a * a - c);
  report("fusion", hash);
}

inline void sweep_functions() {
  constexpr size_t chunk = 64;  // filled by loops of their own, which compilers turn into vectors
  float x[chunk], results[5][chunk];
  Hash hash;
  uint32_t bits = 0;
  for (int n = 0; n < 64; ++n) {
    for (size_t k = 0; k < chunk; ++k, bits += 1048573u) x[k] = rbm::from_bits(bits);
    for (size_t k = 0; k < chunk; ++k) results[0][k] = rbm::exp(x[k]);
    for (size_t k = 0; k < chunk; ++k) results[1][k] = rbm::log(x[k]);
    for (size_t k = 0; k < chunk; ++k) results[2][k] = rbm::sigmoid(x[k]);
    for (size_t k = 0; k < chunk; ++k) results[3][k] = rbm::softplus(x[k]);
    for (size_t k = 0; k < chunk; ++k) results[4][k] = rbm::square_root(rbm::absolute(x[k]));
    for (const float(&result)[chunk] : results) hash.add(rbm::VectorView<const float>{result, chunk});
  }
  report("functions", hash);
}

/// Learns by mini-batches, then goes on in place, a sample at a time, and walks a chain of the result.
inline void train_small() {
  constexpr size_t visible = 23, hidden = 11, batch = 4, samples = 12;
  constexpr rbm::TrainerShape shape{visible, hidden, batch, false};
  static rbm::Rbm<visible, hidden> model;
  static rbm::Memory<rbm::trainer_bytes<rbm::Adam>(shape)> memory;
  static rbm::Matrix<samples, visible> intensities;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(13);
  for (float& x : intensities.values) x = static_cast<float>(random.next() >> 24) * (1.0f / 255.0f);
  rbm::initialize(model, 0.1f, random);
  const rbm::MatrixView<const float> all = intensities;
  Hash hash;
  // Blocks, since a stack of 4 KB has room for one of the three at a time.
  {
    rbm::Trainer<rbm::Adam> trainer(model, memory, shape);
    for (size_t step = 0; step < 30; ++step) {
      const size_t first = step % 3 * batch;
      const rbm::BatchReport result = rbm::train(trainer, all.part(first, first + batch));
      hash.add(result.loss);
      hash.add(result.reconstruction);
    }
    hash.add(model);
  }
  {
    rbm::Online online(model, memory, {visible, hidden});
    for (size_t step = 0; step < 5 * samples; ++step) hash.add(rbm::learn(online, all.row(step % samples)));
    hash.add(model);
  }
  {
    rbm::Chain chain(memory, {visible, hidden});
    rbm::RandomStream stream = rbm::RandomStream::keyed(14);
    rbm::set_visible(chain.visible, all.row(0), rbm::VisibleUnits::sampled, stream);
    for (int step = 0; step < 20; ++step) {
      rbm::gibbs_step(chain, model, stream);
      hash.add(chain.visible);
      hash.add(chain.visible_probability);
    }
  }
  report("small", hash);
}

/// Learns in place in integers, a sample at a time.
inline void learn_small_in_fixed_point() {
  constexpr size_t visible = 23, hidden = 11, samples = 12;
  static rbm::FixedPointRbm<visible, hidden> model;
  static rbm::Memory<rbm::fixed_point_online_bytes({visible, hidden})> memory;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(15);
  rbm::FixedPointOnline online(model, memory, {visible, hidden});
  rbm::initialize(model, 6554, random);
  Hash hash;
  uint8_t intensities[samples][visible];
  for (uint8_t(&row)[visible] : intensities)
    for (uint8_t& intensity : row) intensity = static_cast<uint8_t>(random.next() >> 24);
  for (size_t step = 0; step < 5 * samples; ++step)
    hash.add(static_cast<uint32_t>(rbm::learn(online, {intensities[step % samples], visible})));
  hash.add_integers(model.weights, hidden * visible);
  hash.add_integers(model.visible_bias, visible);
  hash.add_integers(model.hidden_bias, hidden);
  report("small-integer", hash);
}

/// Learns readings in place in integers, a sample at a time, among them the worst.
inline void learn_small_readings_in_fixed_point() {
  constexpr size_t visible = 23, hidden = 11;
  static rbm::FixedPointRealRbm<visible, hidden> model;
  static rbm::Memory<rbm::fixed_point_real_online_bytes({visible, hidden})> memory;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(16);
  rbm::FixedPointRealOnline online(model, memory, {visible, hidden}, {2000, 2, 40});
  rbm::initialize(rbm::FixedPointRealRbmView(model), 2, online.random);
  Hash hash;
  int16_t readings[visible];
  for (int step = 0; step < 120; ++step) {
    const int32_t level = rbm::detail::draw_normal_state(random);
    for (size_t j = 0; j < visible; ++j) {
      const int32_t usual =
          700 + 9 * static_cast<int32_t>(j) + level + rbm::detail::draw_normal_state(random) / 8;
      readings[j] = static_cast<int16_t>(step % 20 == 19 ? (j % 2 == 0 ? -32768 : 32767) : usual);
    }
    hash.add(static_cast<uint32_t>(rbm::learn(online, {readings, visible})));
  }
  hash.add_integers(model.rbm.weights, hidden * visible);
  hash.add_integers(model.rbm.visible_bias, visible);
  hash.add_integers(model.rbm.hidden_bias, hidden);
  hash.add_integers(model.offset, visible);
  hash.add_integers(model.scale, visible);
  rbm::RealState x[visible];
  rbm::Probability probability[hidden];
  rbm::set_visible({x, visible}, model, {readings, visible});
  hash.add_integers(x, visible);
  hash.add(static_cast<uint32_t>(rbm::free_energy({probability, hidden}, model, {x, visible})));
  hash.add_integers(probability, hidden);
  rbm::to_readings({readings, visible}, model, {x, visible});
  hash.add_integers(readings, visible);
  report("small-readings", hash);
}
