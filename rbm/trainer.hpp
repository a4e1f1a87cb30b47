/// The mini-batch trainer: contrastive divergence, gradient and update, one batch a call.
///
///     static rbm::Rbm<784, 500> model;
///     static rbm::Memory<rbm::trainer_bytes<rbm::Adam>({784, 500, 64})> memory;
///     rbm::Trainer<rbm::Adam> trainer(model, memory, {784, 500, 64});
///     for (...) rbm::BatchReport report = rbm::train(trainer, intensities);
#pragma once

#include <stddef.h>

#include "batch_report.hpp"
#include "batch_update.hpp"
#include "gradient.hpp"
#include "parallel.hpp"
#include "sparsity.hpp"
#include "trainer_memory.hpp"

namespace rbm {

namespace detail {

/// Moves what follows from both phases alone, in each memory: offsets, mean activities, scales' gradient.
template <class Optimizer, class Parallel>
void follow_phases(Trainer<Optimizer>& trainer, size_t samples, float share, Parallel& parallel) {
  trainer.all_rows.count = 2 * samples;
  for (size_t n = 0; n < samples; ++n) {
    trainer.all_rows.units[n] = static_cast<Unit>(n);
    trainer.all_rows.units[samples + n] = static_cast<Unit>(trainer.phases.batch() + n);
  }
  // Before hidden probabilities take the pull to sparsity, which is none of the likelihood's.
  if (trainer.scales.is_on())
    set_scale_gradient(trainer.scales, trainer.phases, trainer.weights, trainer.phases.samples_on, samples,
                       parallel);
  if (trainer.options.sparsity_cost != 0.0f)
    parallel.in_each_memory(granules(trainer.rbm.hidden()), [&](size_t first, size_t last) {
      const Share units = Share{first, last}.units(trainer.rbm.hidden());
      pull_to_sparsity(trainer.phases, trainer.activity, trainer.options, samples, units.begin, units.end);
    });
  if (trainer.options.centring > 0.0f)
    centre(trainer.centring, trainer.phases, trainer.phases.samples_on, trainer.all_rows,
           trainer.options.centring, share, parallel);
}

}  // namespace detail

/// Trains one batch of intensities (0 to 1), or of readings, [samples][visible], of 1 sample up to the
/// shape's batch. Both phases use the weights `acting`: the model's own, or weights that follow from them,
/// such as rounded ones.
template <class Optimizer, class Parallel = Serial>
BatchReport train(Trainer<Optimizer>& trainer, const TwoWayWeights& acting,
                  MatrixView<const float> intensities, Parallel&& parallel = {}) {
  const size_t samples = intensities.rows, visible = trainer.rbm.visible();
  RBM_ASSERT(samples >= 1 && samples <= trainer.phases.batch() && intensities.columns == visible);
  contrastive_divergence(trainer.phases, acting, intensities, trainer.options, trainer.step, parallel);
  trainer.optimizer.begin_step(trainer.counters);

  trainer.all_rows.count = trainer.label_rows.count = 0;
  const float share = generative_share(trainer.phases.labels, trainer.options);
  const bool generative = share > 0.0f;
  if (generative)
    detail::follow_phases(trainer, samples, share, parallel);
  else
    for (size_t j = 0; j < visible; ++j) trainer.phases.samples_on.counts[j] = 0;
  const Centring* const centring =
      generative && trainer.options.centring > 0.0f ? &trainer.centring : nullptr;

  // Biases of the other visible units say nothing of labels.
  const float mean = (generative ? share : 1.0f) / static_cast<float>(samples);
  const Choice& labels = trainer.phases.labels.labels;
  const size_t first = generative ? 0 : labels.begin, label_row = 2 * trainer.phases.batch();
  const bool discriminative = labels.size() > 0 && trainer.options.label_weight > 0.0f;
  for (size_t n = 0; discriminative && n < samples; ++n) trainer.label_rows.add(label_row + n);
  // Weights take rows of labels that biases of other units do not.
  parallel.in_each_memory(granules(visible), [&](size_t top, size_t bottom) {
    const Share units = Share{top, bottom}.units(visible),
                without_labels = Share{top, bottom}.units(labels.begin);
    detail::update_visible_bias(trainer, centring, mean, units.begin < first ? first : units.begin,
                                units.end);
    if (discriminative)
      append_transposed(trainer.phases.samples_on, trainer.phases.data, samples, label_row,
                        without_labels.begin, without_labels.end);
  });
  detail::update_all_weights(trainer, centring, mean, parallel);
  if (generative && trainer.scales.is_on()) detail::update_scales(trainer, share);
  ++trainer.step;
  return detail::report_of(trainer.phases, samples, visible);
}

/// Trains one batch with the model's own weights.
template <class Optimizer, class Parallel = Serial>
BatchReport train(Trainer<Optimizer>& trainer, MatrixView<const float> intensities,
                  Parallel&& parallel = {}) {
  return train(trainer, trainer.weights, intensities, parallel);
}

}  // namespace rbm
