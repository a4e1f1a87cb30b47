/// The mini-batch trainer: contrastive divergence, gradient and update of one batch a call.
///
///     static rbm::Rbm<784, 500> model;
///     static rbm::Memory<rbm::trainer_bytes<rbm::Adam>({784, 500, 64})> memory;
///     rbm::Trainer<rbm::Adam> trainer(model, memory, {784, 500, 64});
///     for (...) rbm::BatchReport report = rbm::train(trainer, intensities);
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "gradient.hpp"
#include "memory.hpp"
#include "model.hpp"
#include "optimizer.hpp"

namespace rbm {

/// What a trainer's memory depends on.
struct TrainerShape {
  size_t visible, hidden;  ///< those of the model
  size_t batch;            ///< the most samples in one batch, 1 to 65,535
  bool real = false;       ///< room for real-valued states; VisibleUnits::real needs it
};

/// Options of training beside those of the optimizer.
struct TrainOptions {
  uint64_t seed = 1;
  VisibleUnits visible_units = VisibleUnits::sampled;
  unsigned gibbs_steps = 1;  ///< k of CD-k, at least 1
};

/// Means over the samples of a batch.
struct BatchReport {
  float loss;            ///< F(v0) - F(vk), nats
  float reconstruction;  ///< squared error of p(v | h) a visible unit, after the first Gibbs step
};

/// Runs a body over a range at once, on the calling thread. Anything callable alike, such as a pool of
/// threads that splits the range and waits, can take its place and gives the same bits.
struct Serial {
  template <class Body>
  void operator()(size_t count, const Body& body) const {
    body(size_t{0}, count);
  }
};

/// A model in training. The working copy of W is the transposed one [visible][hidden], whose rows a visible
/// unit adds and the gradient touches once a batch; the model's own W is refreshed from it at the end of each
/// batch.
template <class Optimizer>
struct Trainer {
  RbmView rbm;
  TrainOptions options;
  Optimizer optimizer;
  typename Optimizer::Counters counters;
  uint64_t step = 0;  ///< batches trained

  MatrixView<float> transposed;                      ///< W' [visible][hidden], padded to whole registers
  VectorView<float> hidden_bias;                     ///< c, padded alike
  MatrixView<float> weight_slots[Optimizer::slots];  ///< the optimizer's arrays, shaped like their parameters
  VectorView<float> visible_slots[Optimizer::slots];
  VectorView<float> hidden_slots[Optimizer::slots];
  Phases phases;
  UnitLists data_samples, model_samples;  ///< for each visible unit, the samples in which it is on
  UnitList all_samples;
  size_t bytes;  ///< taken from the arena

  /// Begins training `target` from its present parameters; after they change from outside, start() again.
  constexpr Trainer(RbmView target, Arena arena, TrainerShape shape)
      : rbm(target),
        options{},
        optimizer{},
        counters{},
        transposed(arena.matrix(shape.visible, padded(shape.hidden))),
        hidden_bias(arena.vector(padded(shape.hidden))),
        weight_slots{},
        visible_slots{},
        hidden_slots{},
        phases(arena, shape.visible, shape.hidden, shape.batch, shape.real),
        data_samples(arena.lists(shape.visible, shape.batch, shape.real)),
        model_samples(arena.lists(shape.visible, shape.batch, shape.real)),
        all_samples(arena.list(shape.batch)),
        bytes(0) {
    for (size_t s = 0; s < Optimizer::slots; ++s) {
      weight_slots[s] = arena.matrix(shape.visible, padded(shape.hidden));
      visible_slots[s] = arena.vector(shape.visible);
      hidden_slots[s] = arena.vector(padded(shape.hidden));
    }
    RBM_ASSERT(shape.batch >= 1 && shape.batch <= most_units);
    RBM_ASSERT(shape.visible >= 1 && shape.visible <= most_units);
    RBM_ASSERT(shape.hidden >= 1 && shape.hidden <= most_units);
    bytes = arena.used;
    if (arena.base == nullptr) return;
    RBM_ASSERT(shape.visible == target.visible() && shape.hidden == target.hidden());
    for (size_t n = 0; n < shape.batch; ++n) all_samples.units[n] = static_cast<Unit>(n);
    start();
  }

  /// Begins training at step 0 from the model's present parameters, with the optimizer's arrays 0.
  void start() {
    step = 0;
    counters = {};
    for (size_t s = 0; s < Optimizer::slots; ++s) {
      clear(weight_slots[s].data, weight_slots[s].rows * weight_slots[s].stride);
      clear(visible_slots[s].data, visible_slots[s].size);
      clear(hidden_slots[s].data, hidden_slots[s].size);
    }
    load_model();
  }

  /// Takes over the model's parameters after they were changed from outside.
  void load_model() {
    clear(transposed.data, transposed.rows * transposed.stride);
    clear(hidden_bias.data, hidden_bias.size);
    transpose(transposed, rbm.weights, 0, rbm.hidden());
    for (size_t i = 0; i < rbm.hidden(); ++i) hidden_bias[i] = rbm.hidden_bias[i];
  }

 private:
  static void clear(float* values, size_t count) {
    for (size_t n = 0; n < count; ++n) values[n] = 0.0f;
  }
};

/// Bytes that a trainer takes from its arena.
template <class Optimizer>
constexpr size_t trainer_bytes(TrainerShape shape) {
  return Trainer<Optimizer>(RbmView{}, Arena{}, shape).bytes;
}

namespace detail {

/// One row of parameters, with the optimizer's arrays for it. The optimizer is a copy, because stores through
/// the pointers could change an original for all that the compiler knows, and it would read it again each
/// time.
template <class Optimizer>
struct ParameterRow {
  Optimizer optimizer;
  typename Optimizer::Counters counters;
  float* parameters;
  float* slots[Optimizer::slots];
};

/// Updates the parameters under a block from their gradient in its registers.
template <class Optimizer, class Lane, unsigned Registers>
RBM_INLINE void update_block(const ParameterRow<Optimizer>& row, size_t column,
                             const Block<Lane, Registers>& gradient, float mean, float decay) {
  for (unsigned r = 0; r < Registers; ++r) {
    const size_t at = column + r * Block<Lane, Registers>::lanes;
    Lane slot[Optimizer::slots];
    for (size_t s = 0; s < Optimizer::slots; ++s) slot[s] = load_lanes<Lane>(row.slots[s] + at);
    const Lane updated = row.optimizer.update(row.counters, load_lanes<Lane>(row.parameters + at),
                                              mean * gradient.sum[r], slot, decay);
    __builtin_memcpy(row.parameters + at, &updated, sizeof updated);
    for (size_t s = 0; s < Optimizer::slots; ++s)
      __builtin_memcpy(row.slots[s] + at, &slot[s], sizeof slot[s]);
  }
}

/// Gradient and update of columns of one row of W' (or of the hidden bias): the mean over the batch of
/// p(h | v0) over the samples in `data` less p(h | vk) over those in `model`.
template <class Optimizer, class Lane, unsigned Registers>
RBM_INLINE void update_row(const ParameterRow<Optimizer>& row, size_t column, Block<Lane, Registers>& block,
                           const Phases& phases, ActiveUnits data, ActiveUnits model, float mean,
                           float decay) {
  block.clear();
  block.add_rows(phases.data_hidden.data + column, phases.data_hidden.stride, data);
  block.template add_rows<true>(phases.model_hidden.data + column, phases.model_hidden.stride, model);
  update_block(row, column, block, mean, decay);
}

inline float sum_of_factors(ActiveUnits x) {
  if (x.factors == nullptr) return static_cast<float>(x.count);
  float sum = 0.0f;
  for (size_t n = 0; n < x.count; ++n) sum += x.factors[n];
  return sum;
}

/// Gradient and update of everything that belongs to the visible units `begin` up to `end`.
template <class Optimizer>
void update_visible_units(Trainer<Optimizer>& trainer, size_t samples, size_t begin, size_t end) {
  const float mean = 1.0f / static_cast<float>(samples);
  transpose_lists(trainer.data_samples, trainer.phases.data, samples, begin, end);
  transpose_lists(trainer.model_samples, trainer.phases.model, samples, begin, end);
  const RbmView& rbm = trainer.rbm;
  for_each_block<few_registers>(trainer.transposed.columns, [&](auto& block, size_t column) {
    ParameterRow<Optimizer> row{trainer.optimizer, trainer.counters, nullptr, {}};
    // The model's own W follows tile by tile, while the rows are in the nearest cache.
    const size_t units = rbm.hidden() - column;
    const MatrixView<float> weights{rbm.weights.data + column * rbm.weights.stride,
                                    units < block.columns ? units : block.columns, rbm.visible(),
                                    rbm.weights.stride};
    const MatrixView<float> panel{trainer.transposed.data + column, rbm.visible(), block.columns,
                                  trainer.transposed.stride};
    for (size_t top = begin; top < end; top += tile) {
      const size_t bottom = top + tile < end ? top + tile : end;
      for (size_t j = top; j < bottom; ++j) {
        row.parameters = trainer.transposed.row(j).data;
        for (size_t s = 0; s < Optimizer::slots; ++s) row.slots[s] = trainer.weight_slots[s].row(j).data;
        update_row(row, column, block, trainer.phases, trainer.data_samples.row(j),
                   trainer.model_samples.row(j), mean, trainer.optimizer.weight_decay);
      }
      transpose(weights, panel, top, bottom);
    }
  });
  ParameterRow<Optimizer> bias{trainer.optimizer, trainer.counters, trainer.rbm.visible_bias.data, {}};
  for (size_t s = 0; s < Optimizer::slots; ++s) bias.slots[s] = trainer.visible_slots[s].data;
  for (size_t j = begin; j < end; ++j) {
    const Block<float, 1> gradient{
        {sum_of_factors(trainer.data_samples.row(j)) - sum_of_factors(trainer.model_samples.row(j))}};
    update_block(bias, j, gradient, mean, 0.0f);
  }
}

/// The hidden bias is the row of a visible unit that is on in every sample.
template <class Optimizer>
void update_hidden_bias(Trainer<Optimizer>& trainer, size_t samples) {
  const ActiveUnits all{trainer.all_samples.units, nullptr, samples};
  ParameterRow<Optimizer> bias{trainer.optimizer, trainer.counters, trainer.hidden_bias.data, {}};
  for (size_t s = 0; s < Optimizer::slots; ++s) bias.slots[s] = trainer.hidden_slots[s].data;
  for_each_block<few_registers>(trainer.hidden_bias.size, [&](auto& block, size_t column) {
    update_row(bias, column, block, trainer.phases, all, all, 1.0f / static_cast<float>(samples), 0.0f);
  });
  for (size_t i = 0; i < trainer.rbm.hidden(); ++i) trainer.rbm.hidden_bias[i] = trainer.hidden_bias[i];
}

}  // namespace detail

/// Trains one batch of intensities (0 to 1), [samples][visible], at least one sample and at most the shape's
/// batch.
template <class Optimizer, class Parallel = Serial>
BatchReport train(Trainer<Optimizer>& trainer, MatrixView<const float> intensities,
                  Parallel&& parallel = {}) {
  const size_t samples = intensities.rows;
  RBM_ASSERT(samples >= 1 && samples <= trainer.phases.loss.size &&
             intensities.columns == trainer.rbm.visible());
  parallel(samples, [&](size_t begin, size_t end) {
    contrastive_divergence(trainer.phases, trainer.rbm, trainer.transposed, trainer.hidden_bias, intensities,
                           trainer.options.visible_units, trainer.options.gibbs_steps, trainer.options.seed,
                           trainer.step, begin, end);
  });
  trainer.optimizer.begin_step(trainer.counters);
  parallel(trainer.rbm.visible(),
           [&](size_t begin, size_t end) { detail::update_visible_units(trainer, samples, begin, end); });
  detail::update_hidden_bias(trainer, samples);
  ++trainer.step;

  BatchReport report{0.0f, 0.0f};
  for (size_t n = 0; n < samples; ++n) {
    report.loss += trainer.phases.loss[n];
    report.reconstruction += trainer.phases.reconstruction[n];
  }
  report.loss /= static_cast<float>(samples);
  report.reconstruction /= static_cast<float>(samples * trainer.rbm.visible());
  return report;
}

}  // namespace rbm
