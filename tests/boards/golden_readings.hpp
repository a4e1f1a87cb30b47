/// The stage of real units: learning, a chain and densities of a model of readings and bits.
#pragma once

#include "rbm/rbm.hpp"
#include "tests/boards/golden_hash.hpp"

namespace readings {

constexpr size_t visible = 19, hidden = 7, factors = 2, batch = 6;
constexpr rbm::VisibleGroup groups[] = {
    {rbm::VisibleKind::real, 0, 9}, {rbm::VisibleKind::binary, 9, 12}, {rbm::VisibleKind::real, 12, visible}};
constexpr rbm::TrainerShape shape{visible, hidden, batch, true, factors, true};

inline rbm::RealRbm<visible, hidden, factors> storage;
inline rbm::Memory<rbm::trainer_bytes<rbm::Adam>(shape)> memory;

/// The storage's model, with its groups.
inline rbm::RbmView model() {
  rbm::RbmView view = storage;
  view.layer.groups = groups;
  view.layer.group_count = 3;
  return view;
}

inline void hash_model(Hash& hash) {
  hash.add(rbm::ConstRbmView(model()));
  hash.add(storage.scale);
  for (const float loading : storage.loadings) hash.add(loading);
}

/// A level that all readings share, noise, and bits that follow its sign.
inline void make_batch(float (&data)[batch * visible], rbm::Xoshiro128& random) {
  for (size_t n = 0; n < batch; ++n) {
    const float level = rbm::draw_normal(random);
    for (size_t j = 0; j < visible; ++j) {
      const bool binary = j >= 9 && j < 12;
      data[n * visible + j] =
          binary ? (level > 0.0f ? 1.0f : 0.0f) : 20.0f + 2.0f * level + rbm::draw_normal(random);
    }
  }
}

inline void learn() {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(21);
  rbm::initialize(model(), 0.1f, random);
  for (size_t j = 0; j < visible; ++j) {
    const bool binary = j >= 9 && j < 12;
    storage.offset.values[j] = binary ? 0.0f : 20.0f;
    storage.scale.values[j] = binary ? 1.0f : 2.0f;
    for (size_t k = 0; k < factors; ++k)
      storage.loadings[k * visible + j] = binary ? 0.0f : 0.2f * rbm::draw_normal(random);
  }
  rbm::orthogonalize(model().layer.loadings, {});
  rbm::TrainOptions options{3, rbm::VisibleUnits::real, 2, true};
  options.centring = 0.01f;
  rbm::Trainer<rbm::Adam> trainer(model(), memory, shape, options);
  Hash hash;
  for (int step = 0; step < 60; ++step) {
    float data[batch * visible];
    make_batch(data, random);
    const rbm::BatchReport report = rbm::train(trainer, {data, batch, visible, visible});
    hash.add(report.loss);
  }
  hash_model(hash);
  report("readings", hash);
}

/// Goes on with the learned model, a sample at a time, first as it is, then with running offsets and scales.
inline void learn_online() {
  static rbm::Memory<rbm::online_bytes({visible, hidden, true})> online_memory;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(22);
  Hash hash;
  for (unsigned running = 0; running <= 50; running += 50) {
    rbm::RbmView continued = model();
    if (running > 0) continued.layer.loadings.rows = 0;
    rbm::Online online(continued, online_memory, {visible, hidden, true},
                       {0.01f, rbm::VisibleUnits::real, 2, 1, running, 0.01f});
    for (int step = 0; step < 10; ++step) {
      float data[batch * visible];
      make_batch(data, random);
      for (size_t n = 0; n < batch; ++n) hash.add(rbm::learn(online, {data + n * visible, visible}));
    }
    hash_model(hash);
    hash.add(storage.offset);
  }
  report("readings-online", hash);
}

inline void walk() {
  static rbm::Memory<rbm::chain_bytes({visible, hidden}, true)> chain_memory;
  rbm::Chain chain(chain_memory, {visible, hidden}, true);
  Hash hash;
  rbm::sample_states(chain, model(), 5, [&] {
    hash.add(chain.visible);
    hash.add(rbm::visible_quadratic(model().layer, chain.visible));
  });
  hash.add(rbm::log_volume(model().layer));
  report("readings-chain", hash);
}

}  // namespace readings
