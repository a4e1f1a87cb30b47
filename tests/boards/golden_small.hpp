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

/// A stack of 4 KB has room for one trainer at a time.
template <class Body>
__attribute__((noinline)) void in_own_frame(const Body& body) {
  body();
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
  in_own_frame([&] {
    rbm::Trainer<rbm::Adam> trainer(model, memory, shape);
    for (size_t step = 0; step < 30; ++step) {
      const size_t first = step % 3 * batch;
      const rbm::BatchReport result = rbm::train(trainer, all.part(first, first + batch));
      hash.add(result.loss);
      hash.add(result.reconstruction);
    }
    hash.add(model);
  });
  in_own_frame([&] {
    rbm::Online online(model, memory, {visible, hidden});
    for (size_t step = 0; step < 5 * samples; ++step) hash.add(rbm::learn(online, all.row(step % samples)));
    hash.add(model);
  });
  in_own_frame([&] {
    rbm::Chain chain(memory, {visible, hidden});
    rbm::RandomStream stream = rbm::RandomStream::keyed(14);
    rbm::set_visible(chain.visible, all.row(0), rbm::VisibleUnits::sampled, stream);
    for (int step = 0; step < 20; ++step) {
      rbm::gibbs_step(chain, model, stream);
      hash.add(chain.visible);
      hash.add(chain.visible_probability);
    }
  });
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

/// Flash of two slots, for golden lines alone.
struct GoldenFlash {
  uint32_t words[2][104];

  void erase(unsigned slot) {
    for (uint32_t& word : words[slot]) word = UINT32_MAX;
  }
  void write(unsigned slot, size_t word, uint32_t value) { words[slot][word] = value; }
  uint32_t read(unsigned slot, size_t word) const { return words[slot][word]; }
};

/// Learns which windows are usual, watches for odd and faulty ones, and is saved and restored meanwhile.
inline void watch_small_readings() {
  constexpr size_t visible = 13, hidden = 5;
  static rbm::FixedPointRealRbm<visible, hidden> model;
  static rbm::Memory<rbm::fixed_point_real_online_bytes({visible, hidden})> memory;
  static GoldenFlash flash;
  static_assert(rbm::saved_detector_words({visible, hidden}) <= 104);
  rbm::FixedPointDetector detector(model, memory, {visible, hidden}, {2000, 1, 40, 1}, {40, 30, 16, 8});
  rbm::initialize(rbm::FixedPointRealRbmView(model), 2, detector.online.random);
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(17);
  Hash hash;
  int16_t readings[visible];
  for (int step = 0; step < 200; ++step) {
    const int32_t level = rbm::detail::draw_normal_state(random) * (step % 10 == 9 ? 20 : 1);
    for (size_t j = 0; j < visible; ++j)
      readings[j] = static_cast<int16_t>(100 * static_cast<int32_t>(j % 4) + level +
                                         rbm::detail::draw_normal_state(random) / 8);
    if (step % 30 == 29)
      readings[static_cast<size_t>(step) % visible] = step % 4 == 1 ? INT16_MAX : INT16_MIN;
    hash.add(static_cast<uint32_t>(rbm::watch(detector, {readings, visible})));
    hash.add(static_cast<uint32_t>(detector.score));
    hash.add(static_cast<uint32_t>(detector.limit()));
    if (step % 50 == 49)
      hash.add(rbm::save(flash, detector) && rbm::restore(flash, detector) ? uint32_t{1} : uint32_t{0});
  }
  for (const uint32_t(&slot)[104] : flash.words)
    hash.add_integers(slot, rbm::saved_detector_words({visible, hidden}));
  report("small-detector", hash);
}

/// Learns a choice, in floats and in integers, from readings by turns of a wave; its surprise makes oddness.
inline void learn_small_choice() {
  constexpr size_t levels = 8, hidden = 3;
  constexpr rbm::ChoiceShape shape{2 * levels, hidden, {0, levels}};
  static rbm::Rbm<2 * levels, hidden> model;
  static rbm::FixedPointRbm<2 * levels, hidden> integers;
  static rbm::Memory<rbm::choice_online_bytes<float>(shape)> memory;
  static rbm::Memory<rbm::choice_online_bytes<rbm::Parameter>(shape)> integer_memory;
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(17);
  rbm::ChoiceOnline online(model, memory, shape, {0.2f});
  rbm::FixedPointChoiceOnline integer_online(integers, integer_memory, shape);
  rbm::initialize(model, 0.1f, random);
  rbm::initialize(integers, 6554, random);
  rbm::ReadingLevels<int16_t> spans{{}, 20};
  rbm::Alarm<int16_t> alarm;
  alarm.options.start = 40;
  Hash hash;
  size_t before = 0;
  for (int n = 0; n < 200; ++n) {
    const int32_t noise = static_cast<int32_t>(random.next() >> 25);
    const int16_t reading = static_cast<int16_t>(n % 60 == 59 ? 4000 : n % 8 * 100 + noise);
    rbm::follow(spans, reading);
    const size_t level = rbm::level(spans, reading, levels);
    const rbm::Unit unit = static_cast<rbm::Unit>(levels + before);
    hash.add(rbm::learn(online, {&unit, nullptr, 1}, level));
    const int32_t surprise = rbm::learn(integer_online, {&unit, nullptr, 1}, level);
    hash.add(static_cast<uint32_t>(surprise));
    hash.add(rbm::follow(alarm, surprise > 0 ? static_cast<uint32_t>(surprise) : 0, reading));
    before = level;
  }
  hash.add(model);
  hash.add_integers(integers.weights, hidden * 2 * levels);
  hash.add_integers(integers.visible_bias, levels);
  hash.add_integers(integers.hidden_bias, hidden);
  report("small-choice", hash);
}
