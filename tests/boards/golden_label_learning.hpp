/// The stage of learning labels: a hybrid of both gradients, then labels alone, and what is likely then.
#pragma once

#include "rbm/rbm.hpp"
#include "tests/boards/golden_hash.hpp"

namespace label_learning {

constexpr size_t bits = 24, labels = 5, visible = bits + labels, hidden = 9, batch = 6;
constexpr rbm::VisibleGroup groups[] = {{rbm::VisibleKind::binary, 0, bits},
                                        {rbm::VisibleKind::choice, bits, visible}};
constexpr rbm::TrainerShape shape{visible, hidden, batch, false, 0, false, {bits, visible}};

inline rbm::Rbm<visible, hidden> storage;
inline rbm::Memory<rbm::trainer_bytes<rbm::Adam>(shape)> memory;

inline rbm::RbmView model() {
  rbm::RbmView view = storage;
  view.layer.groups = groups;
  view.layer.group_count = 2;
  return view;
}

/// A label says which bits are likely; every fourth example has none.
inline void make_batch(float (&data)[batch * visible], rbm::Xoshiro128& random) {
  for (size_t n = 0; n < batch; ++n) {
    const size_t label = rbm::draw_below(labels, random);
    for (size_t j = 0; j < bits; ++j)
      data[n * visible + j] = (rbm::draw_below(8, random) == 0) != (j % labels == label) ? 1.0f : 0.0f;
    for (size_t y = 0; y < labels; ++y) data[n * visible + bits + y] = n % 4 != 3 && y == label ? 1.0f : 0.0f;
  }
}

inline void learn() {
  rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(31);
  rbm::initialize(model(), 0.1f, random);
  rbm::TrainOptions options;
  options.centring = 0.01f;
  options.label_weight = 0.75f;
  rbm::Trainer<rbm::Adam> trainer(model(), memory, shape, options);
  Hash hash;
  for (int step = 0; step < 40; ++step) {
    if (step == 20) trainer.options.label_weight = 1.0f;
    float data[batch * visible];
    make_batch(data, random);
    const rbm::BatchReport report = rbm::train(trainer, {data, batch, visible, visible});
    hash.add(report.loss);
    hash.add(report.label_loss);
    hash.add(report.label_errors);
  }
  hash.add(rbm::ConstRbmView(model()));
  float inputs[hidden], probability[labels], scratch[hidden];
  rbm::multiply({inputs, hidden}, model().hidden_bias, model().weights, {});
  hash.add(rbm::label_probabilities({probability, labels}, {scratch, hidden}, trainer.weights, shape.labels,
                                    {inputs, hidden}));
  for (const float p : probability) hash.add(p);
  report("label-learning", hash);
}

}  // namespace label_learning
